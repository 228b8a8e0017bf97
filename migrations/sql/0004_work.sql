-- The tester's work: its log, from which sessions and play are derived, and what finds work fast.

-- What happened, once and for good: rows are only added. `at` has nine decimals, so that its
-- text sorts as its time.
CREATE TABLE atlas_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES user_profiles(id),
    session_id INTEGER REFERENCES testing_sessions(id),
    kind TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    zone TEXT,                               -- IANA name, if there was one
    offset_seconds INTEGER NOT NULL,         -- east of UTC
    day DATE NOT NULL,                       -- the tester's day
    day_start INTEGER NOT NULL,              -- at what hour it started, 0 to 23
    body TEXT NOT NULL,                      -- JSON: the kind and what belongs to it
    host_id TEXT UNIQUE                      -- the host's own id; makes a repeated call harmless
);
CREATE INDEX atlas_events_user ON atlas_events(user_id, at);
CREATE INDEX atlas_events_kind ON atlas_events(user_id, kind, day, session_id);
CREATE INDEX atlas_events_day ON atlas_events(user_id, day);
CREATE INDEX atlas_events_session ON atlas_events(session_id, at);

-- Which achievements are ATLAS's; rows without one are another program's.
CREATE TABLE atlas_achievement_details (
    achievement_id INTEGER PRIMARY KEY REFERENCES achievements(id) ON DELETE CASCADE,
    achievement_key TEXT UNIQUE NOT NULL,
    position INTEGER NOT NULL                -- in the catalogue
);

-- Which challenges are ATLAS's; rows without one are another program's.
CREATE TABLE atlas_challenge_details (
    challenge_id INTEGER PRIMARY KEY REFERENCES daily_challenges(id) ON DELETE CASCADE,
    goal TEXT NOT NULL                       -- JSON: the goal with its numbers
);

-- What is to be done, most urgent first, then newest change first; the same words as
-- `Priority::rank`. A query must repeat the expression to use these.
CREATE INDEX atlas_jira_tickets_work ON jira_tickets(
    CASE lower(trim(coalesce(priority, '')))
        WHEN 'blocker' THEN 0
        WHEN 'highest' THEN 1 WHEN 'critical' THEN 1 WHEN 'urgent' THEN 1 WHEN 'p0' THEN 1
        WHEN 'high' THEN 2 WHEN 'major' THEN 2 WHEN 'p1' THEN 2
        WHEN 'low' THEN 4 WHEN 'minor' THEN 4 WHEN 'p3' THEN 4
        WHEN 'lowest' THEN 5 WHEN 'trivial' THEN 5 WHEN 'p4' THEN 5
        ELSE 3 END,
    updated_date DESC, status, project_key, resolved_date);
CREATE INDEX atlas_jira_tickets_work_of ON jira_tickets(
    assignee COLLATE NOCASE,
    CASE lower(trim(coalesce(priority, '')))
        WHEN 'blocker' THEN 0
        WHEN 'highest' THEN 1 WHEN 'critical' THEN 1 WHEN 'urgent' THEN 1 WHEN 'p0' THEN 1
        WHEN 'high' THEN 2 WHEN 'major' THEN 2 WHEN 'p1' THEN 2
        WHEN 'low' THEN 4 WHEN 'minor' THEN 4 WHEN 'p3' THEN 4
        WHEN 'lowest' THEN 5 WHEN 'trivial' THEN 5 WHEN 'p4' THEN 5
        ELSE 3 END,
    updated_date DESC, status, project_key, resolved_date);

-- The few that are not to be listed.
CREATE INDEX atlas_ticket_details_gone ON atlas_ticket_details(ticket_id) WHERE gone = 1;

-- Sessions and notes by what they belong to.
CREATE INDEX atlas_testing_sessions_prediction ON testing_sessions(prediction_id);
CREATE INDEX atlas_ticket_notes_user ON ticket_notes(user_id, jira_ticket_id);
