-- A case, without anything that names a person. What the citizen wrote and who the citizen is stand in tables of their own,
-- so that they can be sealed or deleted without touching the case.
CREATE TABLE cases (
  id TEXT NOT NULL PRIMARY KEY,
  search_key BIGINT NOT NULL UNIQUE,     -- random in time order; the row number in the search index
  kind TEXT NOT NULL CHECK (kind IN ('report', 'recommendation', 'complaint', 'denunciation')),
  state TEXT NOT NULL CHECK (state IN ('submitted', 'received', 'assigned', 'waiting', 'proposed', 'answered', 'closed', 'withdrawn')),
  is_open BOOLEAN NOT NULL,              -- state is one in which an answer is still owed
  body_id TEXT NOT NULL,                 -- the authority that has it now
  unit_id TEXT,                          -- the unit within it
  handler_id TEXT,
  area_code TEXT NOT NULL,
  may_publish BOOLEAN NOT NULL,          -- the sender did not refuse publication
  received_on DATE NOT NULL,             -- day 0 of the clock
  due_on DATE NOT NULL,                  -- last day for the answer
  answered_on DATE,
  filed_at TIMESTAMPTZ NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  version BIGINT NOT NULL                -- number of history entries; the optimistic lock
);
-- The queue: an authority's open cases by the clock; a unit's and a person's likewise.
CREATE INDEX cases_queue ON cases (body_id, is_open, due_on, id);
CREATE INDEX cases_queue_state ON cases (body_id, state, due_on, id);
CREATE INDEX cases_queue_unit ON cases (unit_id, is_open, due_on, id);
CREATE INDEX cases_queue_handler ON cases (handler_id, is_open, due_on, id);
-- What is finished is listed by its last change. Partial: filing a case does not touch them.
CREATE INDEX cases_done ON cases (body_id, state, changed_at, id) WHERE is_open = FALSE;
CREATE INDEX cases_done_unit ON cases (unit_id, state, changed_at, id) WHERE is_open = FALSE;
CREATE INDEX cases_done_handler ON cases (handler_id, state, changed_at, id) WHERE is_open = FALSE;

-- How many cases an authority has in each state, so that a queue need not count them at every look.
CREATE TABLE case_counts (
  body_id TEXT NOT NULL,
  state TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (body_id, state)
);

-- The citizen's own words. Never public.
CREATE TABLE case_texts (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  place TEXT NOT NULL,
  latitude_e6 BIGINT,                    -- micro-degrees
  longitude_e6 BIGINT
);

-- Who the citizen is. Opened only with a reason, and each opening is in the history.
CREATE TABLE case_people (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  address TEXT NOT NULL,
  id_number TEXT NOT NULL,
  language TEXT NOT NULL                 -- of the notices: vi or en
);

-- The secret case code exists only as a hash here and on the citizen's paper.
CREATE TABLE case_codes (
  code_hash TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE REFERENCES cases (id)
);

-- What happened, in order, for good. The columns of cases are a cache of this; a test replays it.
-- Entries carry ids and codes, never a person's words.
CREATE TABLE history (
  case_id TEXT NOT NULL REFERENCES cases (id),
  seq BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('citizen', 'official', 'system')),
  actor_id TEXT,
  event TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON
  PRIMARY KEY (case_id, seq)
);

CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  side TEXT NOT NULL CHECK (side IN ('citizen', 'official')),
  author_id TEXT,
  body TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX messages_by_case ON messages (case_id, at, id);

-- Notes between officials. Never shown to the citizen or the public.
CREATE TABLE notes (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  author_id TEXT NOT NULL,
  body TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
CREATE INDEX notes_by_case ON notes (case_id, at, id);

CREATE TABLE answers (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  body TEXT NOT NULL,                    -- light Markdown as written; cleaned when shown
  state TEXT NOT NULL CHECK (state IN ('proposed', 'returned', 'approved')),
  drafted_by TEXT NOT NULL,
  drafted_at TIMESTAMPTZ NOT NULL,
  decided_by TEXT,
  decided_at TIMESTAMPTZ,
  return_reason TEXT NOT NULL,
  CHECK (decided_by IS NULL OR decided_by <> drafted_by)
);
CREATE INDEX answers_by_case ON answers (case_id, drafted_at, id);

CREATE TABLE ratings (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  clarity BIGINT NOT NULL CHECK (clarity BETWEEN 1 AND 5),
  attitude BIGINT NOT NULL CHECK (attitude BETWEEN 1 AND 5),
  result BIGINT NOT NULL CHECK (result BETWEEN 1 AND 5),
  comment TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
