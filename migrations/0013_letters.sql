-- Official letters. Templates are dated rows: a change is a new row, and letters that were issued keep their own words.
CREATE TABLE letter_templates (
  code TEXT NOT NULL,
  valid_from DATE NOT NULL,
  place BIGINT NOT NULL,                 -- order in lists
  content TEXT NOT NULL,                 -- JSON of the template, as the files of data/letter_templates have it
  changed_by TEXT,                       -- the administrator; null for a row that came with an import
  changed_at TIMESTAMPTZ,
  PRIMARY KEY (code, valid_from)
);

-- The last number given, per authority, year and kind of letter. Raised in the transaction that issues, so that a number is
-- lost only with its letter.
CREATE TABLE letter_counters (
  body_id TEXT NOT NULL,
  year BIGINT NOT NULL,
  symbol TEXT NOT NULL,
  last_number BIGINT NOT NULL CHECK (last_number > 0),
  PRIMARY KEY (body_id, year, symbol)
);

-- A letter, without anything that names a person: number, hash and who signed stay when its words are sealed or deleted.
CREATE TABLE letters (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  template_code TEXT NOT NULL,
  template_from DATE NOT NULL,
  name TEXT NOT NULL,                    -- what officials call it
  addressee TEXT NOT NULL CHECK (addressee IN ('sender', 'accused', 'agency', 'superior')),
  body_id TEXT NOT NULL,                 -- the authority that writes
  unit_id TEXT,                          -- the unit that had the case
  symbol TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'issued')),
  drafted_by TEXT NOT NULL,
  drafted_at TIMESTAMPTZ NOT NULL,
  year BIGINT,
  number BIGINT,
  label TEXT,                            -- "12/TB-UBND"
  authority TEXT CHECK (authority IN ('head', 'deputy', 'by_order')),
  signed_by TEXT,
  signed_at TIMESTAMPTZ,
  sha256 TEXT,                           -- of letter_texts.sheet
  next_right_last_day DATE,
  CHECK (signed_by IS NULL OR signed_by <> drafted_by),
  CHECK ((state = 'issued') = (number IS NOT NULL AND year IS NOT NULL AND signed_by IS NOT NULL AND signed_at IS NOT NULL AND sha256 IS NOT NULL)),
  UNIQUE (body_id, symbol, year, number)
);
CREATE INDEX letters_by_case ON letters (case_id, drafted_at, id);
CREATE INDEX letters_by_template ON letters (template_code, template_from);

-- The words: to whom, the text as it was edited, and the frozen letter. Apart, so that they can be sealed and deleted.
CREATE TABLE letter_texts (
  letter_id TEXT NOT NULL PRIMARY KEY REFERENCES letters (id),
  to_name TEXT NOT NULL,
  known TEXT NOT NULL,                   -- JSON: what the step knew, by the names of places
  body TEXT NOT NULL,
  sheet TEXT                             -- JSON; null while a draft
);
