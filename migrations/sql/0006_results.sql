-- Results of tests, each test for itself.

-- The newest run of each test that covers a pattern for a ticket. A test is its class, or the path
-- of its suites, and its name. The worst of an observation's rows is its row in atlas_test_runs;
-- rows of there that were stored before this table have none here.
CREATE TABLE atlas_test_results (
    observation_id INTEGER NOT NULL REFERENCES atlas_observations(id) ON DELETE CASCADE,
    class TEXT NOT NULL,                     -- empty where there is none
    name TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'blocked')),
    seconds REAL,
    ran_at TIMESTAMP,
    PRIMARY KEY (observation_id, class, name)
) WITHOUT ROWID;
