-- Taking part in a dialogue conference: seats, who has one, who waits, who came.

-- The hall of a dialogue: a row as soon as an official has said something of it. Whatever changes who has a seat, who waits or who came
-- changes this row first, so that such changes come one after another.
CREATE TABLE dialogue_halls (
  dialogue_id TEXT NOT NULL PRIMARY KEY REFERENCES dialogues (id),
  kind TEXT NOT NULL CHECK (kind IN ('limited', 'unlimited', 'online')), -- so many seats; as many as come; nobody sits anywhere
  seats BIGINT NOT NULL,                 -- 0 unless limited
  is_open BOOLEAN NOT NULL,              -- people may register by themselves
  closes_at TIMESTAMPTZ,                 -- until when; NULL: until it begins
  seated BIGINT NOT NULL,                -- people with a seat
  waiting BIGINT NOT NULL,               -- people on the wait list
  last_number BIGINT NOT NULL,           -- of the registration made last
  walk_ins BIGINT NOT NULL,              -- people who came without registering
  reminded_for TIMESTAMPTZ,              -- the beginning that was reminded of
  is_telling BOOLEAN NOT NULL,           -- the public page is about to be renewed
  settings_version BIGINT NOT NULL,      -- how often an official changed the settings
  version BIGINT NOT NULL,
  CHECK (kind <> 'limited' OR seated <= seats),
  CHECK (seated >= 0 AND waiting >= 0 AND walk_ins >= 0)
);

-- A registration of one or more people. Who they are stands apart, so that it can be deleted by itself.
CREATE TABLE dialogue_registrations (
  id TEXT NOT NULL PRIMARY KEY,
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  number BIGINT NOT NULL,                -- 1, 2, 3 … of the dialogue, in the order they came
  code_hash TEXT NOT NULL UNIQUE,
  people BIGINT NOT NULL,                -- the group, whoever registered among them
  state TEXT NOT NULL CHECK (state IN ('seated', 'waiting', 'cancelled')),
  at TIMESTAMPTZ NOT NULL,
  moved_up_at TIMESTAMPTZ,               -- from the wait list to a seat
  cancelled_at TIMESTAMPTZ,
  account_id TEXT,                       -- the official who wrote it down for somebody; NULL: they did it themselves
  arrived BIGINT NOT NULL,               -- people of the group who came
  arrived_at TIMESTAMPTZ,
  call_for TEXT NOT NULL CHECK (call_for IN ('', 'moved_up', 'put_off', 'cancelled')), -- somebody without e-mail has to be told this
  called_at TIMESTAMPTZ,
  UNIQUE (dialogue_id, number),
  CHECK (people > 0 AND arrived >= 0)
);
CREATE INDEX dialogue_registrations_waiting ON dialogue_registrations (dialogue_id, number) WHERE state = 'waiting';

CREATE TABLE dialogue_registration_people (
  registration_id TEXT NOT NULL PRIMARY KEY REFERENCES dialogue_registrations (id),
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,             -- for looking somebody up at the door
  place TEXT NOT NULL,                   -- the village, in words
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  needs TEXT NOT NULL,                   -- codes apart by blanks: wheelchair hearing sign tay nung dao mong
  other_need TEXT NOT NULL,
  language TEXT NOT NULL                 -- of notices
);

-- By what somebody is known to have registered for this dialogue (hashes of a phone or e-mail, with a key that lies outside the database).
CREATE TABLE dialogue_registration_marks (
  dialogue_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  registration_id TEXT NOT NULL REFERENCES dialogue_registrations (id),
  PRIMARY KEY (dialogue_id, mark, registration_id)
);
CREATE INDEX dialogue_registration_marks_of ON dialogue_registration_marks (registration_id);

-- Every press of a button at the door, by the id the phone gave it: sent again, it counts once.
CREATE TABLE dialogue_presses (
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  press TEXT NOT NULL,
  number BIGINT,                         -- the registration; NULL: people without one
  people BIGINT NOT NULL,                -- of a registration: how many have come now; without one: how many more
  account_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (dialogue_id, press)
);
