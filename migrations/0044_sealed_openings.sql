-- Openings of what is sealed of a denunciation (app/src/sealed): who opened what, for which duty, until when. The reason is a sealed note.
CREATE TABLE sealed_openings (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  body_id TEXT NOT NULL,                 -- the authority that had the case then
  account_id TEXT NOT NULL,
  session TEXT NOT NULL,                 -- hash of what only the session that opened has
  what TEXT NOT NULL CHECK (what IN ('identity', 'original')),
  duty TEXT NOT NULL,                    -- a code of app/src/sealed/rules.rs
  note_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sealed_openings_of_body ON sealed_openings (body_id, at, id);
CREATE INDEX sealed_openings_of_case ON sealed_openings (case_id, until_at);

-- What handlers of a denunciation see of a paper: nothing (empty), all of it ('whole'), or the paper of this id, its redacted version.
ALTER TABLE papers ADD COLUMN handling TEXT NOT NULL DEFAULT '';
