-- A citizen's half-written petition, from the first screen on. The id is the hash of a token that only the phone has.
-- After sending, the row stays until it expires, so that sending twice finds the case that was filed the first time.
CREATE TABLE drafts (
  id TEXT NOT NULL PRIMARY KEY,
  data TEXT NOT NULL,                    -- JSON of the form; emptied when sent
  case_id TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX drafts_by_expiry ON drafts (expires_at);

-- Photos and papers: first of a draft, then of a case. The bytes lie in the object store under the id.
CREATE TABLE papers (
  id TEXT NOT NULL PRIMARY KEY,
  draft_id TEXT,
  case_id TEXT REFERENCES cases (id),
  message_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
  bytes BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  has_thumb BOOLEAN NOT NULL,
  original_name TEXT NOT NULL,           -- may name a person: shown to sender and handler only
  is_proposed BOOLEAN NOT NULL DEFAULT FALSE, -- chosen by whoever proposed the public text
  is_public BOOLEAN NOT NULL,            -- released together with the public text
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX papers_by_draft ON papers (draft_id);
CREATE INDEX papers_by_case ON papers (case_id, at, id);
