-- Citizen reception (tiếp công dân): what the law asks for, the days, who booked, who came.

-- The figures of the law as dated rows (data/reception_rules.csv).
-- 'days': on how many days a week or month the head of such an agency receives in person at least.
-- 'representatives': how many may speak for a group of people_from to people_to.
CREATE TABLE reception_rules (
  rule TEXT NOT NULL CHECK (rule IN ('days', 'representatives')),
  agency_kind TEXT NOT NULL,             -- empty for 'representatives'
  area_kind TEXT NOT NULL,               -- 'province', 'commune'; empty: wherever
  per TEXT NOT NULL CHECK (per IN ('week', 'month', '')),
  people_from BIGINT NOT NULL,
  people_to BIGINT,
  n BIGINT NOT NULL,
  days TEXT NOT NULL,                    -- days proposed for a schedule: '5 20' of a month, 'thu' of a week
  valid_from DATE NOT NULL,
  valid_to DATE,
  source TEXT NOT NULL,
  PRIMARY KEY (rule, agency_kind, area_kind, people_from, valid_from)
);

-- Where an authority receives every working day, and what its schedules begin with.
CREATE TABLE reception_offices (
  body_id TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL,
  hours TEXT NOT NULL,                   -- of regular reception, in words
  phone TEXT NOT NULL,
  head_post TEXT NOT NULL,               -- "Chủ tịch UBND xã"
  deputy_post TEXT NOT NULL
);

-- One session. A published one is never deleted: a day that was missed stays, with its reason and the day it moved to.
CREATE TABLE receptions (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,         -- public: /tiep-dan/{number}
  body_id TEXT NOT NULL,
  day DATE NOT NULL,
  starts BIGINT NOT NULL,                -- minutes after midnight
  ends BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('regular', 'periodic', 'extraordinary')),
  mode TEXT NOT NULL CHECK (mode IN ('direct', 'online', 'mixed')),
  receiver TEXT NOT NULL CHECK (receiver IN ('head', 'deputy', 'staff')),
  post TEXT NOT NULL,                    -- whoever receives, by post
  place TEXT NOT NULL,
  topics TEXT NOT NULL,
  slots BIGINT NOT NULL,
  taken BIGINT NOT NULL,                 -- booked and not cancelled: never above slots
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'held', 'missed')),
  published_on DATE,
  late_reason TEXT NOT NULL,             -- why it was published later than the law asks; public
  tested_on DATE,                        -- online: the connection was tested
  held_by TEXT CHECK (held_by IN ('head', 'deputy', 'staff')), -- who received in fact
  missed_reason TEXT NOT NULL,           -- public
  moved_to TEXT REFERENCES receptions (id),
  version BIGINT NOT NULL,
  CHECK (taken BETWEEN 0 AND slots),
  CHECK (ends > starts),
  CHECK ((state = 'held') = (held_by IS NOT NULL)),
  CHECK (state <> 'missed' OR (missed_reason <> '' AND moved_to IS NOT NULL)),
  CHECK (state = 'draft' OR published_on IS NOT NULL)
);
CREATE INDEX receptions_by_body ON receptions (body_id, day, starts);
CREATE INDEX receptions_public ON receptions (day, body_id) WHERE state <> 'draft';
CREATE INDEX receptions_moved ON receptions (moved_to) WHERE moved_to IS NOT NULL;
INSERT INTO counters (name, value) VALUES ('reception_number', 0);

-- What was done to a session, for the people of the authority.
CREATE TABLE reception_acts (
  reception_id TEXT NOT NULL REFERENCES receptions (id),
  version BIGINT NOT NULL,               -- the session's after it
  at TIMESTAMPTZ NOT NULL,
  account_id TEXT,
  act TEXT NOT NULL,
  PRIMARY KEY (reception_id, version)
);

-- Slots booked. Who booked stands apart, so that it can be deleted by itself.
CREATE TABLE reception_bookings (
  id TEXT NOT NULL PRIMARY KEY,
  reception_id TEXT NOT NULL REFERENCES receptions (id),
  slot BIGINT NOT NULL,                  -- from 1
  code_hash TEXT NOT NULL UNIQUE,
  case_id TEXT,                          -- the case it is about, shown by its code
  at TIMESTAMPTZ NOT NULL,
  cancelled_at TIMESTAMPTZ,
  arrived_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX reception_bookings_slot ON reception_bookings (reception_id, slot) WHERE cancelled_at IS NULL;
CREATE TABLE reception_booking_people (
  booking_id TEXT NOT NULL PRIMARY KEY REFERENCES reception_bookings (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  matter TEXT NOT NULL,
  needs TEXT NOT NULL,                   -- codes apart by blanks: interpreter wheelchair hearing writing
  language TEXT NOT NULL                 -- of notices
);
-- By what one person is known to have booked before (hashes with a key that lies outside the database).
CREATE TABLE reception_booking_marks (
  mark TEXT NOT NULL,
  booking_id TEXT NOT NULL REFERENCES reception_bookings (id),
  PRIMARY KEY (mark, booking_id)
);

-- The register (Sổ tiếp công dân, form 03/TCD): one row for each visit (lượt).
CREATE TABLE reception_visits (
  id TEXT NOT NULL PRIMARY KEY,
  reception_id TEXT NOT NULL REFERENCES receptions (id),
  body_id TEXT NOT NULL,
  day DATE NOT NULL,
  year BIGINT NOT NULL,
  no BIGINT NOT NULL,                    -- running number of the authority's year
  token_hash TEXT NOT NULL UNIQUE,       -- of the form it came from: sent twice, it is one visit
  booking_id TEXT REFERENCES reception_bookings (id),
  kind TEXT,                             -- as kinds of petitions; NULL for none of them
  people BIGINT NOT NULL,                -- who came
  same_people BIGINT NOT NULL,           -- column 7: people with the same content
  first_id TEXT REFERENCES reception_visits (id), -- an earlier visit in the same matter; NULL: its first
  resolved_by TEXT NOT NULL,
  is_competent BOOLEAN NOT NULL,
  guided_to TEXT NOT NULL,
  handled_by TEXT NOT NULL,
  result TEXT NOT NULL,
  note TEXT NOT NULL,
  is_read_back BOOLEAN NOT NULL,         -- written down for the person, read back and confirmed
  case_id TEXT,
  refusal TEXT,                          -- the ground; NULL: received
  refusal_due_on DATE,                   -- a written notice is owed by then
  refusal_sent_on DATE,
  refusal_number TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  version BIGINT NOT NULL,
  CHECK (people > 0 AND same_people >= 0),
  UNIQUE (body_id, year, no)
);
CREATE INDEX reception_visits_days ON reception_visits (body_id, day);
CREATE INDEX reception_visits_session ON reception_visits (reception_id, no);
CREATE INDEX reception_visits_owed ON reception_visits (body_id, refusal_due_on) WHERE refusal_due_on IS NOT NULL AND refusal_sent_on IS NULL;
-- Who came and what they said. A denunciation has no row here: its words and its sender stand in the sealed case only.
CREATE TABLE reception_visit_people (
  visit_id TEXT NOT NULL PRIMARY KEY REFERENCES reception_visits (id),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  id_number TEXT NOT NULL,
  content TEXT NOT NULL,
  representatives TEXT NOT NULL          -- one a line
);
-- Papers handed in (giấy biên nhận, form 02/TCD).
CREATE TABLE reception_papers (
  visit_id TEXT NOT NULL REFERENCES reception_visits (id),
  place BIGINT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,                   -- original or copy, condition
  PRIMARY KEY (visit_id, place)
);

-- The head's conclusion (thông báo kết luận việc tiếp công dân); its tasks are commitments.
CREATE TABLE reception_conclusions (
  reception_id TEXT NOT NULL PRIMARY KEY REFERENCES receptions (id),
  number TEXT NOT NULL,
  body TEXT NOT NULL,
  issued_on DATE NOT NULL,
  issued_by TEXT NOT NULL
);
