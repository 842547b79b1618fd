-- What was promised to the people in public (lời hứa): at a dialogue, at a reception, in the answer to a petition.

INSERT INTO counters (name, value) VALUES ('commitment_number', 0);
INSERT INTO counters (name, value) VALUES ('commitment_head', 0);

-- In whose name it was promised, as that stood then. People change posts: another person or another post is another row.
CREATE TABLE commitment_heads (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,         -- in addresses
  body_id TEXT NOT NULL,                 -- the authority
  post TEXT NOT NULL,                    -- "Chủ tịch UBND xã Chợ Đồn"
  name TEXT NOT NULL,                    -- empty: only the post is told
  account_id TEXT NOT NULL,              -- empty: none is known
  UNIQUE (body_id, post, name, account_id)
);

-- What the events of a commitment have made of it. Late is nowhere: it follows from the day.
CREATE TABLE commitments (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT UNIQUE,                  -- in its address; NULL until it is public, so that a gap tells nothing
  origin TEXT NOT NULL CHECK (origin IN ('dialogue', 'reception', 'case')),
  origin_id TEXT NOT NULL,
  origin_title TEXT NOT NULL,            -- what leads back to it in public; empty: nothing does
  origin_path TEXT NOT NULL,
  owner_id TEXT NOT NULL,                -- who must do it: an authority or one of its units
  body_id TEXT NOT NULL,                 -- the authority of the owner
  co_owners TEXT NOT NULL,               -- ids of agencies, a blank between them
  head_id TEXT NOT NULL REFERENCES commitment_heads (id),
  text TEXT NOT NULL,
  made_on DATE NOT NULL,
  first_day DATE NOT NULL,               -- promised first; never changes
  day DATE NOT NULL,                     -- promised now
  moves BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
  ended_on DATE,                         -- done or dropped
  evidences BIGINT NOT NULL,
  is_public BOOLEAN NOT NULL,
  is_late_told BOOLEAN NOT NULL,         -- those who follow it know that the day has passed
  changed_at TIMESTAMPTZ NOT NULL,
  version BIGINT NOT NULL,
  CHECK ((state = 'open') = (ended_on IS NULL))
);
CREATE INDEX commitments_by_origin ON commitments (origin, origin_id, id);
CREATE INDEX commitments_by_body ON commitments (body_id, state, day, id);
CREATE INDEX commitments_open ON commitments (day, body_id, head_id) WHERE state = 'open' AND is_public = TRUE;
CREATE INDEX commitments_untold ON commitments (day, id) WHERE state = 'open' AND is_public = TRUE AND is_late_told = FALSE;

-- Everything that happened to it, for good.
CREATE TABLE commitment_events (
  commitment_id TEXT NOT NULL REFERENCES commitments (id),
  seq BIGINT NOT NULL,                   -- the version it made
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  event TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON
  PRIMARY KEY (commitment_id, seq)
);

-- Where a public commitment stands in which list, one row for each: the same walk along the primary key serves every filter.
CREATE TABLE commitment_lists (
  scope TEXT NOT NULL,                   -- all, b:AUTHORITY, h:HEAD; with a year behind: all.2026
  lane TEXT NOT NULL,                    -- open, ended, done, kept, kept_moved, done_late, dropped
  day DATE NOT NULL,                     -- promised; of what has ended the day it ended
  number BIGINT NOT NULL,
  commitment_id TEXT NOT NULL,
  PRIMARY KEY (scope, lane, day, number)
);

-- The figures: public commitments by authority, head, year of the promise, and what became of them.
CREATE TABLE commitment_counts (
  body_id TEXT NOT NULL,
  head_id TEXT NOT NULL,
  year BIGINT NOT NULL,
  lane TEXT NOT NULL,                    -- open, kept, kept_moved, done_late, dropped
  n BIGINT NOT NULL,
  PRIMARY KEY (body_id, head_id, year, lane)
);

-- What shows that it was done.
CREATE TABLE commitment_evidence (
  id TEXT NOT NULL PRIMARY KEY,
  commitment_id TEXT NOT NULL REFERENCES commitments (id),
  text TEXT NOT NULL,
  by_id TEXT,
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX commitment_evidence_of ON commitment_evidence (commitment_id, at, id);
-- Its photos and papers. The bytes lie in the object store under the id.
CREATE TABLE commitment_papers (
  id TEXT NOT NULL PRIMARY KEY,
  commitment_id TEXT NOT NULL REFERENCES commitments (id),
  evidence_id TEXT NOT NULL REFERENCES commitment_evidence (id),
  kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
  bytes BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  has_thumb BOOLEAN NOT NULL,
  alt TEXT NOT NULL,                     -- what it shows, for who cannot see it
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX commitment_papers_of ON commitment_papers (commitment_id, at, id);

-- What the people concerned say of it: one for each device, and one for each contact as far as one was left.
CREATE TABLE commitment_voices (
  id TEXT NOT NULL PRIMARY KEY,
  commitment_id TEXT NOT NULL REFERENCES commitments (id),
  key_hash TEXT NOT NULL,                -- of the device for this commitment: the same device is not known again elsewhere
  says TEXT NOT NULL CHECK (says IN ('confirmed', 'contradicted')),
  proof TEXT NOT NULL CHECK (proof IN ('device', 'contact', 'code')),
  is_counted BOOLEAN NOT NULL,           -- false: the same contact has said something from another device
  words TEXT NOT NULL,
  words_state TEXT NOT NULL CHECK (words_state IN ('none', 'waiting', 'released', 'withheld')),
  at TIMESTAMPTZ NOT NULL,
  UNIQUE (commitment_id, key_hash)
);
CREATE INDEX commitment_voices_words ON commitment_voices (commitment_id, words_state, at, id) WHERE words_state <> 'none';
-- Hashes with a key that lies outside the database (as in case_marks).
CREATE TABLE commitment_voice_marks (
  commitment_id TEXT NOT NULL REFERENCES commitments (id),
  mark TEXT NOT NULL,
  voice_id TEXT NOT NULL REFERENCES commitment_voices (id),
  PRIMARY KEY (commitment_id, mark)
);
-- Their sums, apart from the commitment: many people at once do not hold up the officials, nor the other way round.
CREATE TABLE commitment_sums (
  commitment_id TEXT NOT NULL PRIMARY KEY REFERENCES commitments (id),
  confirmed BIGINT NOT NULL,
  contradicted BIGINT NOT NULL,
  confirmed_contact BIGINT NOT NULL,     -- of them with a contact
  contradicted_contact BIGINT NOT NULL,
  is_telling BOOLEAN NOT NULL            -- a job that renews the public pages is on its way
);

-- Who is told by mail. The token opens nothing but its own row, beside the address it belongs to. Leaving deletes the row.
CREATE TABLE commitment_followers (
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,                 -- c:COMMITMENT or b:AUTHORITY
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  asked_at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ,
  UNIQUE (subject, email)
);
CREATE INDEX commitment_followers_told ON commitment_followers (subject, id) WHERE confirmed_at IS NOT NULL;
CREATE INDEX commitment_followers_unconfirmed ON commitment_followers (asked_at) WHERE confirmed_at IS NULL;
