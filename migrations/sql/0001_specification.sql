-- The nine tables of the specification. IF NOT EXISTS throughout: a database that was made with
-- the specification's own DDL keeps its tables and rows and only gains what it lacks.

CREATE TABLE IF NOT EXISTS jira_tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    jira_key TEXT UNIQUE NOT NULL,
    summary TEXT NOT NULL,
    description TEXT,
    ticket_type TEXT NOT NULL,
    status TEXT NOT NULL,
    priority TEXT,
    assignee TEXT,
    reporter TEXT,
    components TEXT,                         -- JSON array of names
    labels TEXT,                             -- JSON array
    created_date TIMESTAMP,
    updated_date TIMESTAMP,
    resolved_date TIMESTAMP,
    project_key TEXT NOT NULL,
    synced_from_jira BOOLEAN DEFAULT 0,
    last_synced TIMESTAMP,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_jira_tickets_key ON jira_tickets(jira_key);
CREATE INDEX IF NOT EXISTS idx_jira_tickets_assignee ON jira_tickets(assignee);
CREATE INDEX IF NOT EXISTS idx_jira_tickets_status ON jira_tickets(status);
CREATE INDEX IF NOT EXISTS idx_jira_tickets_project ON jira_tickets(project_key);
CREATE INDEX IF NOT EXISTS idx_jira_tickets_updated ON jira_tickets(updated_date);

CREATE TABLE IF NOT EXISTS test_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_type TEXT NOT NULL,
    pattern_name TEXT NOT NULL,
    test_steps TEXT NOT NULL,                -- JSON array
    success_rate REAL DEFAULT 0,             -- 0 to 1
    frequency INTEGER DEFAULT 0,
    avg_time_minutes INTEGER,
    component TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    last_used TIMESTAMP,
    is_active BOOLEAN DEFAULT 1
);
CREATE INDEX IF NOT EXISTS idx_patterns_type ON test_patterns(pattern_type);
CREATE INDEX IF NOT EXISTS idx_patterns_component ON test_patterns(component);
CREATE INDEX IF NOT EXISTS idx_patterns_frequency ON test_patterns(frequency DESC);
CREATE INDEX IF NOT EXISTS idx_patterns_success ON test_patterns(success_rate DESC);

CREATE TABLE IF NOT EXISTS predictions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    jira_ticket_id INTEGER NOT NULL,
    pattern_id INTEGER,
    confidence_score REAL NOT NULL,          -- 0 to 100
    predicted_steps TEXT NOT NULL,           -- JSON array
    source TEXT NOT NULL,
    user_feedback TEXT,                      -- accepted, rejected, modified
    user_rating INTEGER,                     -- 1 to 5
    user_comments TEXT,
    actual_time_minutes INTEGER,
    estimated_time_minutes INTEGER,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (jira_ticket_id) REFERENCES jira_tickets(id),
    FOREIGN KEY (pattern_id) REFERENCES test_patterns(id)
);
CREATE INDEX IF NOT EXISTS idx_predictions_ticket ON predictions(jira_ticket_id);
CREATE INDEX IF NOT EXISTS idx_predictions_pattern ON predictions(pattern_id);
CREATE INDEX IF NOT EXISTS idx_predictions_confidence ON predictions(confidence_score DESC);
CREATE INDEX IF NOT EXISTS idx_predictions_feedback ON predictions(user_feedback);
CREATE INDEX IF NOT EXISTS idx_predictions_source ON predictions(source);

CREATE TABLE IF NOT EXISTS testing_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    jira_ticket_id INTEGER NOT NULL,
    prediction_id INTEGER,
    user_id INTEGER NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    duration_minutes INTEGER,
    break_count INTEGER DEFAULT 0,
    break_time_minutes INTEGER DEFAULT 0,
    steps_completed INTEGER DEFAULT 0,
    steps_total INTEGER,
    status TEXT NOT NULL,                    -- active, paused, completed
    outcome TEXT,                            -- passed, failed, blocked
    notes TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (jira_ticket_id) REFERENCES jira_tickets(id),
    FOREIGN KEY (prediction_id) REFERENCES predictions(id),
    FOREIGN KEY (user_id) REFERENCES user_profiles(id)
);
CREATE INDEX IF NOT EXISTS idx_sessions_status ON testing_sessions(status);
CREATE INDEX IF NOT EXISTS idx_sessions_user_started ON testing_sessions(user_id, started_at);
CREATE INDEX IF NOT EXISTS idx_sessions_ticket ON testing_sessions(jira_ticket_id);

CREATE TABLE IF NOT EXISTS user_profiles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT UNIQUE NOT NULL,
    email TEXT,
    xp_total INTEGER DEFAULT 0,
    xp_level INTEGER DEFAULT 1,
    current_streak INTEGER DEFAULT 0,
    longest_streak INTEGER DEFAULT 0,
    last_session_date DATE,
    coach_personality TEXT DEFAULT 'coach',
    theme TEXT DEFAULT 'light',
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_user_username ON user_profiles(username);
CREATE INDEX IF NOT EXISTS idx_user_xp ON user_profiles(xp_total DESC);

CREATE TABLE IF NOT EXISTS achievements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    achievement_type TEXT NOT NULL,          -- milestone, streak, mastery, discovery
    achievement_name TEXT NOT NULL,
    description TEXT NOT NULL,
    icon TEXT,
    target INTEGER,
    current_progress INTEGER DEFAULT 0,
    xp_reward INTEGER DEFAULT 50,
    is_earned BOOLEAN DEFAULT 0,
    earned_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_achievements_earned ON achievements(is_earned);
CREATE INDEX IF NOT EXISTS idx_achievements_type ON achievements(achievement_type);
CREATE INDEX IF NOT EXISTS idx_achievements_progress ON achievements(current_progress);

CREATE TABLE IF NOT EXISTS ticket_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    jira_ticket_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    note TEXT,
    difficulty_rating INTEGER,               -- 1 to 5
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE(jira_ticket_id, user_id),
    FOREIGN KEY (jira_ticket_id) REFERENCES jira_tickets(id),
    FOREIGN KEY (user_id) REFERENCES user_profiles(id)
);

CREATE TABLE IF NOT EXISTS daily_challenges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL,
    challenge_date DATE NOT NULL,
    challenge_type TEXT NOT NULL,
    challenge_goal TEXT NOT NULL,
    target INTEGER NOT NULL,
    current_progress INTEGER DEFAULT 0,
    is_completed BOOLEAN DEFAULT 0,
    completed_at TIMESTAMP,
    xp_reward INTEGER DEFAULT 50,
    UNIQUE(user_id, challenge_date),
    FOREIGN KEY (user_id) REFERENCES user_profiles(id)
);

CREATE TABLE IF NOT EXISTS agent_memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_type TEXT NOT NULL,               -- pattern, context, preference, session
    key TEXT NOT NULL,
    value TEXT,                              -- JSON or text
    embedding BLOB,
    vector_id TEXT,
    expires_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE(memory_type, key)
);
