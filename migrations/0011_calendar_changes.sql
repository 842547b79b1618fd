-- What administrators changed about days off, and how many open clocks that moved.
CREATE TABLE calendar_changes (
  id TEXT NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  account_id TEXT NOT NULL,
  day DATE NOT NULL,
  was TEXT,                              -- JSON of the row before; null: a plain day
  is_now TEXT,                           -- JSON of the row after; null: a plain day again
  moved BIGINT                           -- cases; null until the clocks were computed anew
);
CREATE INDEX calendar_changes_at ON calendar_changes (at, id);
