-- Legal periods as dated rows, each with its source; app/src/deadlines says how they are counted.
CREATE TABLE deadline_rules (
  code TEXT NOT NULL,                    -- R1, K2, T5 …
  variant TEXT NOT NULL CHECK (variant IN ('', 'complex', 'most_complex', 'remote', 'remote_complex')),
  valid_from DATE NOT NULL,              -- days of the event for which it is the law
  valid_to DATE,
  direction TEXT NOT NULL CHECK (direction IN ('after', 'before')),
  length BIGINT NOT NULL CHECK (length BETWEEN 1 AND 1000),
  unit TEXT NOT NULL CHECK (unit IN ('working', 'calendar', 'year')),
  rolls_over BOOLEAN NOT NULL,           -- a last day that is a day off moves to the next working day
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  start TEXT NOT NULL,                   -- the event
  start_en TEXT NOT NULL,
  source TEXT NOT NULL,
  place BIGINT NOT NULL,                 -- order in lists
  PRIMARY KEY (code, variant, valid_from)
);
