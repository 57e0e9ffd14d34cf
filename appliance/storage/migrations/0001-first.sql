-- What the database holds. No row tells whose it is, or when it was written but for the week.
-- depends:

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE summary (
    mark BLOB PRIMARY KEY,
    nonce BLOB NOT NULL,
    week INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE tally (
    day INTEGER PRIMARY KEY,
    started INTEGER NOT NULL DEFAULT 0,
    completed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
