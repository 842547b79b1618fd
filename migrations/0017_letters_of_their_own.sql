-- Letters drafted outside a step of the law, and late steps put before those above.

-- Where a draft stands: it goes with a step of the law, is being written, waits for its signature, or came back with a reason.
ALTER TABLE letters ADD COLUMN course TEXT NOT NULL DEFAULT 'step' CHECK (course IN ('step', 'writing', 'waiting', 'returned'));
-- What waits for a signature at an authority; few at a time.
CREATE INDEX letters_waiting ON letters (body_id, drafted_at, id) WHERE state = 'draft' AND course = 'waiting';
-- Why it came back; empty if it did not. Words, so it stands with the words.
ALTER TABLE letter_texts ADD COLUMN return_reason TEXT NOT NULL DEFAULT '';

-- How many working days after the last day of a legal period a late step is put before somebody above. Dated, with its source.
CREATE TABLE escalation_rules (
  clock TEXT NOT NULL,                   -- code of the legal period; '*' for all that have no row of their own
  level TEXT NOT NULL CHECK (level IN ('head', 'superior')),
  valid_from DATE NOT NULL,
  valid_to DATE,
  days BIGINT NOT NULL CHECK (days > 0), -- working days
  source TEXT NOT NULL,
  PRIMARY KEY (clock, level, valid_from)
);

-- A late step that was put before somebody above: once for each last day that was missed.
CREATE TABLE escalations (
  case_id TEXT NOT NULL REFERENCES cases (id),
  clock TEXT NOT NULL,                   -- code of the legal period
  last_day DATE NOT NULL,                -- which was missed
  level TEXT NOT NULL CHECK (level IN ('head', 'superior')),
  body_id TEXT NOT NULL,                 -- the authority that had the case then
  agency_id TEXT NOT NULL,               -- the unit within it, else the authority
  to_body_id TEXT NOT NULL,              -- whose head it was put before
  put_on DATE NOT NULL,
  demand_by DATE,                        -- by when a report must be demanded (Law on Denunciations, Article 38)
  demanded_on DATE,
  report_by DATE,
  reported_on DATE,
  settled_on DATE,                       -- nothing of the case is late any more
  PRIMARY KEY (case_id, clock, last_day, level)
);
CREATE INDEX escalations_open ON escalations (to_body_id, level, put_on, case_id) WHERE settled_on IS NULL;

-- How far a daily walk over the cases has come, so that it goes on there after a restart.
CREATE TABLE walks (
  name TEXT NOT NULL PRIMARY KEY,
  day DATE NOT NULL,
  body_id TEXT NOT NULL,                 -- the authority whose cases are walked
  due_on DATE NOT NULL,
  case_id TEXT NOT NULL,
  is_done BOOLEAN NOT NULL
);
