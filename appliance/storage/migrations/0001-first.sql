-- What the database holds. No row tells whose it is, or when it was written but for the week.
-- The power may go between a step and the note that it was taken: each must bear to be taken twice.
-- depends:

CREATE TABLE IF NOT EXISTS fact (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS summary (
    mark BLOB PRIMARY KEY,
    nonce BLOB NOT NULL,
    week INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tally (
    day INTEGER PRIMARY KEY,
    started INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
