-- Steps (a small work or a short wait, asked for in bursts) that were used: each works once, whichever process it reaches.
-- An id says nothing about anybody; a row goes when the step could no longer be done.
CREATE TABLE spent_steps (
  id TEXT NOT NULL PRIMARY KEY,
  ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX spent_steps_by_end ON spent_steps (ends_at);

-- Papers that the virus scanner has not seen yet, or found something in. No row: scanned and clean, or taken in while no scanner was set.
-- Apart from the papers' own tables (there are three of them): a row is written before theirs and lives until the worker has scanned.
CREATE TABLE unscanned_papers (
  paper_id TEXT NOT NULL PRIMARY KEY,
  since TIMESTAMPTZ NOT NULL,
  next_try_at TIMESTAMPTZ NOT NULL,      -- the scanner was away: not before this
  is_infected BOOLEAN NOT NULL           -- found later: the bytes are gone, the row says why
);
CREATE INDEX unscanned_papers_by_try ON unscanned_papers (is_infected, next_try_at);
