-- Test cases and results in the formats of other tools.

-- Ids that other tools, or files for them, know a pattern by, beside its key.
CREATE TABLE atlas_external_ids (
    external_id TEXT PRIMARY KEY,
    pattern_id INTEGER NOT NULL REFERENCES test_patterns(id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX atlas_external_ids_pattern ON atlas_external_ids(pattern_id);

-- What was last written for a tool.
CREATE TABLE atlas_exports (
    format TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content_hash BLOB NOT NULL,              -- 16 bytes over all that was written
    exported_at TIMESTAMP NOT NULL,
    PRIMARY KEY (format, external_id)
) WITHOUT ROWID;

-- What came of the newest run of a test for a ticket: more of an observation of history.
CREATE TABLE atlas_test_runs (
    observation_id INTEGER PRIMARY KEY REFERENCES atlas_observations(id) ON DELETE CASCADE,
    outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'blocked')),
    seconds REAL,
    ran_at TIMESTAMP
);
