-- ATLAS's own tables. The prefix keeps them apart from whatever else a host keeps in the same file.
-- Times are UTC text, 2024-05-01T09:30:00Z.

-- What a ticket has beyond the specification's columns.
CREATE TABLE atlas_ticket_details (
    ticket_id INTEGER PRIMARY KEY REFERENCES jira_tickets(id) ON DELETE CASCADE,
    jira_id TEXT UNIQUE,                     -- survives a move to another project
    resolution TEXT,
    parent_key TEXT,
    content_hash BLOB,                       -- 16 bytes over all fields
    gone BOOLEAN NOT NULL DEFAULT 0          -- no longer in Jira
);

-- Every key that a ticket ever had.
CREATE TABLE atlas_ticket_keys (
    jira_key TEXT PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX atlas_ticket_keys_ticket ON atlas_ticket_keys(ticket_id);
INSERT OR IGNORE INTO atlas_ticket_keys (jira_key, ticket_id)
    SELECT upper(trim(jira_key)), id FROM jira_tickets ORDER BY id;

CREATE TABLE atlas_ticket_links (
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    other_key TEXT NOT NULL,
    PRIMARY KEY (ticket_id, kind, other_key)
) WITHOUT ROWID;

-- What a pattern has beyond the specification's columns.
CREATE TABLE atlas_pattern_details (
    pattern_id INTEGER PRIMARY KEY REFERENCES test_patterns(id) ON DELETE CASCADE,
    pattern_key TEXT UNIQUE,                 -- its key in its library
    origin TEXT NOT NULL,                    -- starter, imported, user, mined
    objective TEXT,
    precondition TEXT,
    labels TEXT,                             -- JSON array
    content_hash BLOB                        -- 16 bytes over what an import can change
);
CREATE INDEX atlas_test_patterns_name ON test_patterns(pattern_name);

-- One row per distinct text and model.
CREATE TABLE atlas_vectors (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    text_hash BLOB NOT NULL,                 -- 16 bytes
    codes BLOB NOT NULL,
    UNIQUE (model, text_hash)
);

-- What search knows of a ticket or pattern: the name alone, and the whole of it.
CREATE TABLE atlas_documents (
    owner TEXT NOT NULL CHECK (owner IN ('ticket', 'pattern')),
    owner_id INTEGER NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('name', 'whole')),
    text_hash BLOB NOT NULL,
    terms BLOB NOT NULL,
    vector_id INTEGER REFERENCES atlas_vectors(id),
    PRIMARY KEY (owner, owner_id, field)
) WITHOUT ROWID;
CREATE INDEX atlas_documents_text ON atlas_documents(text_hash);
-- Whole, not only where NULL: documents of another model's vectors are pending as well.
CREATE INDEX atlas_documents_vector ON atlas_documents(vector_id);

-- What was learned: for this ticket, this pattern was right or wrong.
CREATE TABLE atlas_observations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    pattern_id INTEGER NOT NULL REFERENCES test_patterns(id) ON DELETE CASCADE,
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
    origin TEXT NOT NULL CHECK (origin IN ('history', 'feedback', 'session')),
    observed_at TIMESTAMP,
    minutes INTEGER,
    prediction_id INTEGER REFERENCES predictions(id) ON DELETE SET NULL,
    host_id TEXT UNIQUE,                     -- the host's own id; makes a repeated call harmless
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX atlas_observations_ticket ON atlas_observations(ticket_id);
CREATE INDEX atlas_observations_pattern ON atlas_observations(pattern_id);
CREATE INDEX atlas_observations_prediction ON atlas_observations(prediction_id);
CREATE UNIQUE INDEX atlas_observations_history ON atlas_observations(ticket_id, pattern_id)
    WHERE origin = 'history';

-- Whole predictions, as they were answered.
CREATE TABLE atlas_prediction_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id INTEGER NOT NULL REFERENCES jira_tickets(id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,               -- of everything that the answer depends on
    body TEXT NOT NULL,                      -- JSON, without ids
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX atlas_prediction_runs_ticket ON atlas_prediction_runs(ticket_id);
CREATE TABLE atlas_prediction_run_items (
    run_id INTEGER NOT NULL REFERENCES atlas_prediction_runs(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    prediction_id INTEGER NOT NULL REFERENCES predictions(id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
CREATE INDEX atlas_prediction_run_items_prediction ON atlas_prediction_run_items(prediction_id);

-- Counters that say whether what was derived from the rows is still good.
CREATE TABLE atlas_revisions (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO atlas_revisions (name) VALUES ('tickets'), ('patterns'), ('observations'), ('vectors');

CREATE TABLE atlas_settings (
    key TEXT PRIMARY KEY,
    value TEXT
) WITHOUT ROWID;
