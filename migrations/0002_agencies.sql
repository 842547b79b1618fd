-- Areas and agencies are dated rows: nothing is renamed or deleted in place, a change closes a row and opens another.
-- A code alone does not name a row, code + valid_from does (Quảng Ninh was a tỉnh until 31/8/2026 and a thành phố after).
CREATE TABLE areas (
  code TEXT NOT NULL,                    -- 2 digits: province; 5 digits: commune level; text, zeros lead
  valid_from DATE NOT NULL,
  valid_to DATE,
  parent_code TEXT,
  kind TEXT NOT NULL,                    -- province, commune, ward, special_zone
  name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  doc TEXT NOT NULL,                     -- legal text behind the row
  sort_key TEXT NOT NULL,                -- Vietnamese alphabetical order, made in Rust
  search_text TEXT NOT NULL,             -- folded name, made in Rust
  PRIMARY KEY (code, valid_from)
);
CREATE INDEX areas_by_parent ON areas (parent_code, sort_key);

-- Old unit (own code list, never to be joined to areas.code) to new unit. One row per pair; a split unit has several.
CREATE TABLE area_succession (
  old_code TEXT NOT NULL,
  old_full_name TEXT NOT NULL,
  old_kind TEXT NOT NULL,
  old_parent_full_name TEXT NOT NULL,
  new_code TEXT NOT NULL,
  on_date DATE NOT NULL,
  search_text TEXT NOT NULL,
  PRIMARY KEY (old_code, new_code, on_date)
);

CREATE TABLE agencies (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  parent_id TEXT,
  body_id TEXT NOT NULL,                 -- the authority it belongs to: itself, or for a unit (phòng) its commune or department
  area_code TEXT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  doc TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  UNIQUE (code, valid_from)
);
CREATE INDEX agencies_by_body ON agencies (body_id);
CREATE INDEX agencies_by_area ON agencies (area_code);

-- Many to many: a merger, a split, tasks that move. Old cases keep the name of their time.
CREATE TABLE agency_succession (
  from_id TEXT NOT NULL REFERENCES agencies (id),
  to_id TEXT NOT NULL REFERENCES agencies (id),
  on_date DATE NOT NULL,
  what TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (from_id, to_id, on_date)
);

-- Days off on weekdays and working Saturdays. Only 'confirmed' and 'expected' rows count; a 'proposal' waits for a person.
CREATE TABLE holidays (
  day DATE NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('statutory', 'compensation', 'swap_off', 'make_up_work')),
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('confirmed', 'expected', 'proposal')),
  source TEXT NOT NULL
);
