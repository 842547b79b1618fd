-- Who decides on what, as dated rows with their sources (app/src/routing). Rows are ended, never deleted.
CREATE TABLE competence_rules (
  kind TEXT NOT NULL CHECK (kind IN ('report', 'recommendation', 'complaint', 'denunciation')),
  instance BIGINT NOT NULL CHECK (instance IN (1, 2)),
  contested TEXT NOT NULL,               -- kind of the agency whose decision, act or conduct it is; empty: any
  about TEXT NOT NULL CHECK (about IN ('', 'head', 'staff')),
  relation TEXT NOT NULL CHECK (relation IN ('itself', 'above', 'code', 'outside')),
  decider TEXT NOT NULL,                 -- above: a kind of agency; code: a code with {province}; outside: a name
  decider_en TEXT NOT NULL,              -- outside: the name in English
  valid_from DATE NOT NULL,
  valid_to DATE,
  note TEXT NOT NULL,                    -- why, in plain words
  note_en TEXT NOT NULL,
  source TEXT NOT NULL,
  place BIGINT NOT NULL,                 -- order in lists
  PRIMARY KEY (kind, instance, contested, about, valid_from)
);
-- Everyday subjects with the words by which they are recognised.
CREATE TABLE subjects (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  beats TEXT NOT NULL,                   -- codes of subjects that give way where both are recognised
  words TEXT NOT NULL,                   -- separated by semicolons
  place BIGINT NOT NULL
);
-- Which agency and unit a subject goes to. Rows of the data files have no added_by.
CREATE TABLE routing_rules (
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,
  area_code TEXT NOT NULL,               -- empty: any
  kind TEXT NOT NULL,                    -- empty: any but denunciations
  level TEXT NOT NULL CHECK (level IN ('commune', 'department')),
  unit TEXT NOT NULL,                    -- end of the code: KT, VHXH …; SXD … of a department; empty: the authority itself
  valid_from DATE NOT NULL,
  valid_to DATE,
  note TEXT NOT NULL,
  note_en TEXT NOT NULL,
  source TEXT NOT NULL,
  place BIGINT NOT NULL,
  added_by TEXT,
  added_at TIMESTAMPTZ,
  ended_by TEXT,
  ended_at TIMESTAMPTZ
);
-- Who is complained of and must neither see the case nor be given it; see app/src/petitions/barred.rs. Empty for nearly all.
ALTER TABLE cases ADD COLUMN barred TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_barred ON cases (body_id, id) WHERE barred <> '';
-- The person or office complained of, in the citizen's words. An official finds out who that is.
ALTER TABLE case_texts ADD COLUMN about TEXT NOT NULL DEFAULT '';
