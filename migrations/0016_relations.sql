-- What a case has in common with others, and the people who stand behind one together.

-- By what a case is recognised: its sender's phone, e-mail, ID number ('p…', 'e…', 'i…': hashes with a key that lies outside the
-- database, so a copy of it names nobody) and the square of the map it happened in ('g…'). No denunciation has a row.
-- Written a moment after filing (app/src/petitions/marks.rs), so that filing does not wait for it.
CREATE TABLE case_marks (
  mark TEXT NOT NULL,
  search_key BIGINT NOT NULL,            -- the case's: newest first without a sort
  case_id TEXT NOT NULL REFERENCES cases (id),
  PRIMARY KEY (mark, search_key)
);
CREATE INDEX case_marks_by_case ON case_marks (case_id);
-- Cases up to this search key have their marks.
INSERT INTO counters (name, value) VALUES ('marked_up_to', 0);

-- Cases that belong together. Nothing is ever merged: both keep code, record and clock; a link can be taken back.
-- 'same_petition': the same sender, the same content (trùng đơn). 'same_matter': the same matter (vụ việc), another sender.
-- 'part': taken out of a petition with several contents (tách đơn).
CREATE TABLE case_links (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),   -- the later one; the part
  other_id TEXT NOT NULL REFERENCES cases (id),  -- the first one; the whole
  kind TEXT NOT NULL CHECK (kind IN ('same_petition', 'same_matter', 'part')),
  body_id TEXT NOT NULL,                 -- the authority that had the later one then
  by_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  ended_by TEXT,
  ended_at TIMESTAMPTZ,
  CHECK (case_id <> other_id)
);
CREATE UNIQUE INDEX case_links_one ON case_links (case_id, other_id) WHERE ended_at IS NULL;
CREATE INDEX case_links_other ON case_links (other_id) WHERE ended_at IS NULL;
CREATE INDEX case_links_body ON case_links (body_id, kind) WHERE ended_at IS NULL;

-- A petition's own words before a denunciation was taken out of it. Belongs to the part and is as sealed as that is.
CREATE TABLE split_originals (
  part_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL
);

-- Those who sign with the sender: on paper, or by joining a released case. Who they are stands apart, so that it can be sealed.
CREATE TABLE case_signers (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  place BIGINT NOT NULL,                 -- 2, 3 …; the sender is 1
  origin TEXT NOT NULL CHECK (origin IN ('joined', 'paper')),
  proof TEXT NOT NULL CHECK (proof IN ('said', 'contact', 'seen')),
  has_signed BOOLEAN NOT NULL,
  is_representative BOOLEAN NOT NULL,
  is_counted BOOLEAN NOT NULL,           -- false: the same contact stands behind the case already
  added_by TEXT,                         -- the official who took the list over
  added_at TIMESTAMPTZ NOT NULL,
  left_at TIMESTAMPTZ,                   -- withdrew; the row stays
  UNIQUE (case_id, place)
);
CREATE TABLE signer_people (
  signer_id TEXT NOT NULL PRIMARY KEY REFERENCES case_signers (id),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  address TEXT NOT NULL,
  id_number TEXT NOT NULL,
  language TEXT NOT NULL
);
CREATE TABLE signer_codes (
  code_hash TEXT NOT NULL PRIMARY KEY,
  signer_id TEXT NOT NULL UNIQUE REFERENCES case_signers (id)
);
-- By what two signers of one case are known to be one person.
CREATE TABLE signer_marks (
  case_id TEXT NOT NULL REFERENCES cases (id),
  mark TEXT NOT NULL,
  signer_id TEXT NOT NULL REFERENCES case_signers (id),
  PRIMARY KEY (case_id, mark, signer_id)
);
CREATE INDEX signer_marks_by_signer ON signer_marks (signer_id);

-- What must be known of a group at once. No row: the sender is alone.
CREATE TABLE case_groups (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  places BIGINT NOT NULL,                -- the last place given
  signers BIGINT NOT NULL,               -- those who count and have not left, without the sender
  unsigned BIGINT NOT NULL,              -- of the list on paper: signatures that are missing
  has_sender_signed BOOLEAN NOT NULL,
  is_sender_representative BOOLEAN NOT NULL,
  has_sender_left BOOLEAN NOT NULL,
  joined BIGINT NOT NULL,                -- joined and left since the record last told
  gone BIGINT NOT NULL,
  is_telling BOOLEAN NOT NULL            -- a job that tells the record is on its way
);
CREATE INDEX case_groups_many ON case_groups (signers) WHERE signers >= 4;
