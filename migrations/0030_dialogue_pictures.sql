-- Pictures and signed papers of a dialogue, each with words for whoever cannot see it. Public with the result. The bytes lie in the object
-- store under the id; they go when a picture is taken out, the row with its reason stays.
CREATE TABLE dialogue_pictures (
  id TEXT NOT NULL PRIMARY KEY,
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  once TEXT NOT NULL UNIQUE,             -- of the form: sent twice, it is added once
  kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
  bytes BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  has_thumb BOOLEAN NOT NULL,
  alt TEXT NOT NULL,                     -- what it shows, or what the paper is
  by_id TEXT,
  at TIMESTAMPTZ NOT NULL,
  removed_by TEXT,
  removed_at TIMESTAMPTZ,
  removed_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX dialogue_pictures_of ON dialogue_pictures (dialogue_id, at, id);
