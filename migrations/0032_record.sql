-- The record nobody can quietly change (app/src/record). Each entry of a case is hashed together with the one before; a worker gathers what is
-- loose into pages, each hashed together with the one before and sealed with a key outside the database.
ALTER TABLE history ADD COLUMN hash TEXT NOT NULL DEFAULT '';          -- empty: from before there were hashes; filled at the start
ALTER TABLE history ADD COLUMN page BIGINT NOT NULL DEFAULT 0;         -- 0: on no page yet
CREATE INDEX history_loose ON history (case_id, seq) WHERE page = 0;

-- What officials do beside the cases: signing in, seeing what is sealed, taking lists away, changing rights and rules. Ids and codes only.
CREATE TABLE deeds (
  id TEXT NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  body_id TEXT NOT NULL,                 -- the authority it concerns
  deed TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON
  once TEXT UNIQUE,                      -- for what is written once a day for each person: hash of who, what, day
  hash TEXT NOT NULL,
  page BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX deeds_loose ON deeds (id) WHERE page = 0;
CREATE INDEX deeds_by_body ON deeds (body_id, at, id);

CREATE TABLE record_pages (
  page BIGINT NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  entries BIGINT NOT NULL,
  root TEXT NOT NULL,
  link TEXT NOT NULL,
  seal TEXT NOT NULL
);

-- The link of the last page of each day, as it was published.
CREATE TABLE record_anchors (
  day DATE NOT NULL PRIMARY KEY,
  page BIGINT NOT NULL,
  link TEXT NOT NULL,
  seal TEXT NOT NULL
);
