-- What is kept how long and why; cases that are held back from every deletion; plans of deletion; what people ask about their own data.

-- Dated rows with their source (data/retention_rules.csv). What each code is and where it lies: app/src/retention/what.rs.
CREATE TABLE retention_rules (
  code TEXT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  n BIGINT,                              -- how many of the unit; NULL: for good
  unit TEXT NOT NULL CHECK (unit IN ('minute', 'hour', 'day', 'month', 'year', 'ever')),
  counted_from TEXT NOT NULL,
  what TEXT NOT NULL,
  what_en TEXT NOT NULL,
  source TEXT NOT NULL,
  place BIGINT NOT NULL,                 -- order in lists
  PRIMARY KEY (code, valid_from),
  CHECK ((unit = 'ever') = (n IS NULL))
);

-- A legal hold: nothing of the case is deleted while it stands. One at a time; a new one follows when the last has ended.
CREATE TABLE legal_holds (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  reason TEXT NOT NULL,
  until_on DATE,                         -- the last day; NULL: until it is lifted
  set_by TEXT NOT NULL,
  set_at TIMESTAMPTZ NOT NULL,
  lifted_by TEXT,                        -- NULL with lifted_at: its last day had passed
  lifted_at TIMESTAMPTZ,
  lift_reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX legal_holds_standing ON legal_holds (case_id) WHERE lifted_at IS NULL;
CREATE INDEX legal_holds_of_case ON legal_holds (case_id, set_at);

-- A plan of deletion: what was due on a day, as it was counted then. Never more than that is deleted under it.
CREATE TABLE retention_plans (
  id TEXT NOT NULL PRIMARY KEY,
  made_at TIMESTAMPTZ NOT NULL,
  made_by TEXT,                          -- NULL: the command on the machine itself
  day DATE NOT NULL,
  rules TEXT NOT NULL,                   -- JSON: up to which day each rule reaches
  state TEXT NOT NULL CHECK (state IN ('waiting', 'released', 'done', 'withdrawn')),
  released_by TEXT,
  released_at TIMESTAMPTZ,
  begun_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  at_code TEXT NOT NULL DEFAULT '',      -- how far it has come: the rule …
  after_id TEXT NOT NULL DEFAULT '',     -- … and the last thing of it
  CHECK (released_by IS NULL OR made_by IS NULL OR released_by <> made_by)
);
CREATE UNIQUE INDEX retention_plans_open ON retention_plans (state) WHERE state IN ('waiting', 'released');
CREATE INDEX retention_plans_made ON retention_plans (made_at);

CREATE TABLE retention_counts (
  plan_id TEXT NOT NULL REFERENCES retention_plans (id),
  code TEXT NOT NULL,
  body_id TEXT NOT NULL,
  planned BIGINT NOT NULL,
  held BIGINT NOT NULL,                  -- due, and held back
  oldest_on DATE,
  done BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (plan_id, code, body_id)
);

-- That something of a case or a signer was deleted, and why: pages say so instead of saying that nothing was left.
CREATE TABLE erasures (
  owner_id TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('people', 'words')),
  at TIMESTAMPTZ NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('time', 'asked')),
  PRIMARY KEY (owner_id, what)
);

-- What people ask about their own data, and what became of it. No value stands here: what is to be written (ID.new), what a held case had
-- before (ID.old) and where the answer goes (ID.notice) are rows of sealed_people, so that keys change for them too.
CREATE TABLE data_requests (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  owner_id TEXT NOT NULL,                -- whose data: the case's, for its sender, or a signer's
  kind TEXT NOT NULL CHECK (kind IN ('correct', 'erase_person', 'erase_all')),
  fields TEXT NOT NULL,                  -- of a correction: codes apart by blanks
  state TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'refused')),
  asked_at TIMESTAMPTZ NOT NULL,
  answer_by DATE NOT NULL,
  decided_by TEXT,                       -- NULL: the portal itself, at once
  decided_at TIMESTAMPTZ,
  ground TEXT NOT NULL,                  -- why it was refused: a code of app/src/retention/rules.rs
  words TEXT NOT NULL                    -- what the official adds, for whoever asked
);
CREATE INDEX data_requests_of_case ON data_requests (case_id, asked_at, id);
CREATE INDEX data_requests_waiting ON data_requests (answer_by, id) WHERE state = 'waiting';
CREATE UNIQUE INDEX data_requests_one ON data_requests (owner_id, kind) WHERE state = 'waiting';
