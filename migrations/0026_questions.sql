-- Questions to a dialogue, before it and while it runs: asked by anybody without an account, read by moderators, supported by others.

-- What a dialogue has beside its questions: the last number given, and the agenda by topic.
CREATE TABLE question_boards (
  dialogue_id TEXT NOT NULL PRIMARY KEY REFERENCES dialogues (id),
  last_number BIGINT NOT NULL,
  topics TEXT NOT NULL,                  -- one a line, in the order of the agenda; empty: none yet
  agenda_published_on DATE,              -- from then on everybody reads it
  version BIGINT NOT NULL                -- of the agenda
);

CREATE TABLE questions (
  id TEXT NOT NULL PRIMARY KEY,
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  number BIGINT NOT NULL,                -- 1, 2, 3 … within the dialogue; public address: /doi-thoai/12/cau-hoi/3
  asked_at TIMESTAMPTZ NOT NULL,
  moment TEXT NOT NULL CHECK (moment IN ('before', 'during')),
  channel TEXT NOT NULL CHECK (channel IN ('web', 'desk')),       -- desk: taken down by an official for somebody
  topic TEXT NOT NULL,                   -- as the asker chose it; may be empty
  body TEXT NOT NULL,                    -- the asker's words, for officials only; empty once sealed
  public_text TEXT NOT NULL,             -- as moderation lets it be read; empty until open, and of private ones
  name TEXT NOT NULL,                    -- how the asker wants to be called in public; may be empty
  village TEXT NOT NULL,                 -- private
  email TEXT NOT NULL,                   -- private; may be empty
  language TEXT NOT NULL,                -- of the mails
  code_digest TEXT NOT NULL UNIQUE,      -- of the code by which the asker finds it again
  asker_key TEXT NOT NULL,               -- digest of the device for this dialogue, as in question_supports; of a desk question of its form
  is_private BOOLEAN NOT NULL,           -- only for the organiser
  state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'refused', 'sealed', 'withdrawn', 'linked')),
  reason TEXT NOT NULL,                  -- why refused: a code of app/src/dialogues/questions/rules.rs; public in words
  reason_words TEXT NOT NULL,            -- what the moderator adds; public
  linked_to TEXT REFERENCES questions (id),                       -- the question this one repeats
  case_id TEXT,                          -- the case that came of it or that it came from; internal
  topic_group TEXT NOT NULL,             -- the topic of the agenda it stands under; empty: under none
  agenda_position BIGINT NOT NULL,       -- its place there; 0: behind those that have one
  answer_unit TEXT,                      -- the agency that prepares an answer
  answer_draft TEXT NOT NULL,            -- what it prepared; internal until spoken
  -- These belong to the live part, which alone writes them.
  stage TEXT NOT NULL DEFAULT 'queued' CHECK (stage IN ('queued', 'now', 'answered', 'later', 'out')),
  stage_order BIGINT NOT NULL DEFAULT 0,
  promised_on DATE,                      -- by when it is answered that was not answered on the spot
  stage_reason TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL,
  UNIQUE (dialogue_id, number)
);
CREATE INDEX questions_of_state ON questions (dialogue_id, state, number);
CREATE INDEX questions_linked ON questions (linked_to) WHERE linked_to IS NOT NULL;
CREATE INDEX questions_of_asker ON questions (dialogue_id, asker_key);
CREATE INDEX questions_of_unit ON questions (answer_unit, dialogue_id) WHERE answer_unit IS NOT NULL;

-- Who supports a question: each row is one person as far as a device or a contact proves it. How many there are is counted, never kept.
CREATE TABLE question_supports (
  question_id TEXT NOT NULL,             -- no foreign key: rows come out of questions, which are never deleted, and a thousand come in a second
  dialogue_id TEXT NOT NULL,
  supporter TEXT NOT NULL,               -- digest of the device, or of the contact it confirmed, for this dialogue: elsewhere it is another
  proof TEXT NOT NULL CHECK (proof IN ('device', 'contact')),
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (question_id, supporter)
);
CREATE INDEX question_supports_of ON question_supports (dialogue_id, supporter, question_id);

-- The contact a device confirms for a dialogue: from then on all it supports there counts as that contact's, once for all its devices.
CREATE TABLE question_contacts (
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  device TEXT NOT NULL,                  -- digest of the device for this dialogue
  contact TEXT NOT NULL,                 -- digest of the address for this dialogue, with a key that lies outside the database
  email TEXT NOT NULL,                   -- where answers are told; goes with the row
  language TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,            -- what the link in the mail carries
  asked_at TIMESTAMPTZ NOT NULL,
  confirmed_at TIMESTAMPTZ,
  PRIMARY KEY (dialogue_id, device)
);
CREATE INDEX question_contacts_of ON question_contacts (dialogue_id, contact) WHERE confirmed_at IS NOT NULL;
CREATE INDEX question_contacts_unconfirmed ON question_contacts (asked_at) WHERE confirmed_at IS NULL;

-- What happened to a question, append-only. Never its words: a sealed question leaves none here.
CREATE TABLE question_events (
  question_id TEXT NOT NULL REFERENCES questions (id),
  position BIGINT NOT NULL,              -- the version the question had afterwards
  at TIMESTAMPTZ NOT NULL,
  account_id TEXT,                       -- NULL: the asker
  event TEXT NOT NULL,                   -- JSON
  PRIMARY KEY (question_id, position)
);
