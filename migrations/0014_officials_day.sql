-- The officials' day: what marks a case, who looks at it, whom it is put before, and what an official keeps for themselves.

-- Marks of a case as bits (app/src/petitions/flags.rs): 1 complex, 2 many people, 4 prolonged, 8 publicly noted.
ALTER TABLE cases ADD COLUMN flags BIGINT NOT NULL DEFAULT 0;

-- The queue's own index carries what a filter asks for, so that rows which do not fit are passed over without being read.
-- One wider index instead of one per filter: filing a case writes no more rows than before.
DROP INDEX cases_queue;
CREATE INDEX cases_queue ON cases (body_id, is_open, due_on, id, kind, state, unit_id, handler_id, area_code, flags);
DROP INDEX cases_done;
CREATE INDEX cases_done ON cases (body_id, state, changed_at, id, kind, unit_id, handler_id, area_code, flags) WHERE is_open = FALSE;
-- Few cases are marked, and a new one never is: filing does not touch these. Written as an expression because SQLite, without
-- statistics, would otherwise walk the wider index above over all open cases.
CREATE INDEX cases_flagged ON cases ((COALESCE(body_id, '')), due_on, id) WHERE is_open = TRUE AND flags <> 0;
CREATE INDEX cases_flagged_done ON cases ((COALESCE(body_id, '')), changed_at, id) WHERE is_open = FALSE AND flags <> 0;

-- An authority's own words for groups of cases, made when first used.
CREATE TABLE tags (
  id TEXT NOT NULL PRIMARY KEY,
  body_id TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,                  -- lower case with marks: the same word twice is one tag
  created_by TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  UNIQUE (body_id, folded)
);
-- Order and place of the case stand here too, kept up with it, so that a tag is walked like the queue.
CREATE TABLE case_tags (
  case_id TEXT NOT NULL REFERENCES cases (id),
  tag_id TEXT NOT NULL REFERENCES tags (id),
  is_open BOOLEAN NOT NULL,
  due_on DATE NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (case_id, tag_id)
);
CREATE INDEX case_tags_queue ON case_tags (tag_id, is_open, due_on, case_id);
CREATE INDEX case_tags_done ON case_tags (tag_id, changed_at, case_id) WHERE is_open = FALSE;

-- Who has a case open on the screen right now. Warns, never locks; a row ends by itself.
CREATE TABLE case_viewers (
  case_id TEXT NOT NULL REFERENCES cases (id),
  account_id TEXT NOT NULL,
  body_id TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL,
  until TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (case_id, account_id)
);
CREATE INDEX case_viewers_of_body ON case_viewers (body_id, until);

-- A case put before an official: by a mention in a note, or by a reminder (đôn đốc). The words are the note's.
CREATE TABLE nudges (
  note_id TEXT NOT NULL REFERENCES notes (id),
  account_id TEXT NOT NULL,
  case_id TEXT NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('mention', 'reminder')),
  by_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  read_at TIMESTAMPTZ,
  PRIMARY KEY (note_id, account_id)
);
CREATE INDEX nudges_unread ON nudges (account_id, at, note_id) WHERE read_at IS NULL;
CREATE INDEX nudges_by_case ON nudges (case_id);

-- A place in the queue under a name. With a unit, everybody of that unit has it.
CREATE TABLE saved_filters (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  shared_with TEXT,                      -- the agency or unit whose people see it; NULL: only its owner
  name TEXT NOT NULL,
  query TEXT NOT NULL,                   -- the place as it stands in addresses
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX saved_filters_by_account ON saved_filters (account_id);
CREATE INDEX saved_filters_shared ON saved_filters (shared_with) WHERE shared_with IS NOT NULL;

-- Answers written once and used often, with places to be filled from the case.
CREATE TABLE canned_answers (
  id TEXT NOT NULL PRIMARY KEY,
  body_id TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  is_active BOOLEAN NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX canned_answers_by_body ON canned_answers (body_id);
-- Each time one went into an answer or a question. The rating of the case is looked up from here.
CREATE TABLE canned_uses (
  canned_id TEXT NOT NULL REFERENCES canned_answers (id),
  case_id TEXT NOT NULL REFERENCES cases (id),
  used_for TEXT NOT NULL CHECK (used_for IN ('answer', 'question')),
  text_id TEXT NOT NULL,                 -- the answer or message it went into
  account_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (canned_id, text_id)
);
CREATE INDEX canned_uses_at ON canned_uses (canned_id, at);
