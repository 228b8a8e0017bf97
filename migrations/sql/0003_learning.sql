-- What learning needs: answers that can be taken back, models with versions, mined patterns.

-- A pattern's numbers as they were before ATLAS observed anything of it. The row comes with its
-- first observation and goes with its last, so that taking observations back is exact.
CREATE TABLE atlas_pattern_base (
    pattern_id INTEGER PRIMARY KEY REFERENCES test_patterns(id) ON DELETE CASCADE,
    success_rate REAL,
    frequency INTEGER,
    avg_time_minutes INTEGER,
    last_used TIMESTAMP
);
-- Observations counted so far are taken out of what the file has.
INSERT INTO atlas_pattern_base (pattern_id, success_rate, frequency, avg_time_minutes, last_used)
    SELECT p.id,
           CASE WHEN p.frequency > o.uses
                THEN min(max((p.success_rate * p.frequency - o.rights) / (p.frequency - o.uses), 0), 1)
                ELSE 0 END,
           max(p.frequency - o.uses, 0),
           CASE WHEN o.timed > 0 THEN NULL ELSE p.avg_time_minutes END,
           CASE WHEN p.frequency > o.uses THEN p.last_used END
    FROM test_patterns p
    JOIN (SELECT pattern_id, count(*) AS uses, sum(verdict = 'right') AS rights,
                 count(minutes) AS timed
          FROM atlas_observations GROUP BY pattern_id) o ON o.pattern_id = p.id;

-- One row per call of the host that can be undone.
CREATE TABLE atlas_feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    host_id TEXT UNIQUE,                     -- the host's own id; makes a repeated call harmless
    given_at TIMESTAMP NOT NULL
);
CREATE INDEX atlas_feedback_ticket ON atlas_feedback(ticket_id);

-- What it said of each scenario. The newest item of a prediction row or, where nothing was
-- predicted, of a ticket and pattern, is the one in force.
CREATE TABLE atlas_feedback_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feedback_id INTEGER NOT NULL REFERENCES atlas_feedback(id) ON DELETE CASCADE,
    prediction_id INTEGER REFERENCES predictions(id) ON DELETE CASCADE,
    pattern_id INTEGER REFERENCES test_patterns(id) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('accepted', 'rejected', 'modified', 'missed')),
    steps TEXT,                              -- JSON array: the tester's own version
    rating INTEGER,                          -- 1 to 5
    comments TEXT,
    actual_minutes INTEGER,
    made_pattern BOOLEAN NOT NULL DEFAULT 0  -- the pattern came with this answer and goes with it
);
CREATE INDEX atlas_feedback_items_feedback ON atlas_feedback_items(feedback_id);
CREATE INDEX atlas_feedback_items_prediction ON atlas_feedback_items(prediction_id);
CREATE INDEX atlas_feedback_items_pattern ON atlas_feedback_items(pattern_id);

-- The observation that a feedback item made.
ALTER TABLE atlas_observations ADD COLUMN feedback_item_id INTEGER
    REFERENCES atlas_feedback_items(id) ON DELETE CASCADE;
CREATE UNIQUE INDEX atlas_observations_feedback_item ON atlas_observations(feedback_item_id);

-- Pairs of tickets that the user called not similar; the smaller id first.
CREATE TABLE atlas_not_similar (
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    PRIMARY KEY (ticket_id, other_id),
    CHECK (ticket_id < other_id)
) WITHOUT ROWID;
CREATE INDEX atlas_not_similar_other ON atlas_not_similar(other_id);

-- What was learned from the observations, version by version.
CREATE TABLE atlas_models (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('serving', 'retired', 'refused', 'withdrawn')),
    trained_at TIMESTAMP NOT NULL,
    newest_observation INTEGER NOT NULL,     -- the largest id of an observation that it saw
    body TEXT,                               -- JSON; NULL once withdrawn
    log TEXT NOT NULL                        -- JSON: what it was trained on, and how it did
);
CREATE UNIQUE INDEX atlas_models_serving ON atlas_models(state) WHERE state = 'serving';

-- Which tickets a mined pattern came from.
CREATE TABLE atlas_pattern_sources (
    pattern_id INTEGER NOT NULL REFERENCES test_patterns(id) ON DELETE CASCADE,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    PRIMARY KEY (pattern_id, ticket_id)
) WITHOUT ROWID;
CREATE INDEX atlas_pattern_sources_ticket ON atlas_pattern_sources(ticket_id);

-- Proposals that the user dropped, by the hash of their steps; they are not made again.
CREATE TABLE atlas_dropped_proposals (
    steps_hash BLOB PRIMARY KEY              -- 16 bytes
) WITHOUT ROWID;

-- What of the ticket changed since a prediction, as a JSON array of field names; NULL for nothing.
ALTER TABLE atlas_prediction_runs ADD COLUMN stale TEXT;

INSERT INTO atlas_revisions (name) VALUES ('models');
