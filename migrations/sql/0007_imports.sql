-- Imports as units that can be taken back.

-- One row per import of a file, and per sync, that found or changed anything.
CREATE TABLE atlas_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN
        ('tickets', 'patterns', 'history', 'results', 'training', 'sync')),
    source TEXT NOT NULL,                    -- the file's name without its folder, or Jira's host
    is_sample BOOLEAN NOT NULL DEFAULT 0,    -- the invented data that ships
    began_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,                      -- NULL: stopped half-way, or under way
    tickets_new INTEGER NOT NULL DEFAULT 0,
    tickets_updated INTEGER NOT NULL DEFAULT 0,
    patterns_new INTEGER NOT NULL DEFAULT 0,
    patterns_updated INTEGER NOT NULL DEFAULT 0,
    observations_new INTEGER NOT NULL DEFAULT 0,
    observations_updated INTEGER NOT NULL DEFAULT 0,
    journal_bytes INTEGER NOT NULL DEFAULT 0, -- about what its rows below take
    state TEXT NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'undone', 'forgotten'))
);

-- What an import changed, a row each; a row that came with its ticket, pattern or observation and
-- goes with it has none. `table_no` and the bytes are explained in store/import_rows.rs.
CREATE TABLE atlas_import_rows (
    table_no INTEGER NOT NULL,
    row_key BLOB NOT NULL,
    import_id INTEGER NOT NULL,
    before BLOB,                             -- columns that it changed, as they were; NULL: no row
    after BLOB,                              -- 8 bytes over the row as it left it; NULL: no row
    PRIMARY KEY (table_no, row_key, import_id)
) WITHOUT ROWID;
