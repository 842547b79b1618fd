-- Numbers that must not repeat and marks that other processes watch, each one row, raised in the writer's transaction.
CREATE TABLE counters (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('public_number', 0);
INSERT INTO counters (name, value) VALUES ('public_version', 0);

-- The edited public text of a case: proposed by one official, approved by another.
CREATE TABLE public_texts (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved')),
  proposed_by TEXT NOT NULL,
  proposed_at TIMESTAMPTZ NOT NULL,
  approved_by TEXT,
  approved_at TIMESTAMPTZ,
  CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);

-- The public register. A denunciation cannot get in, whatever the code above thinks.
-- Numbers run over released cases only, so a gap tells nothing about what was not released.
CREATE TABLE public_cases (
  number BIGINT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE REFERENCES cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('report', 'recommendation', 'complaint')),
  state TEXT NOT NULL CHECK (state IN ('handling', 'answered')),
  body_id TEXT NOT NULL,
  area_code TEXT NOT NULL,
  year BIGINT NOT NULL,                  -- of filing
  title TEXT NOT NULL,
  body TEXT NOT NULL,                    -- the released text, as approved
  excerpt TEXT NOT NULL,
  filed_on DATE NOT NULL,
  due_on DATE NOT NULL,
  answered_on DATE,
  days_taken BIGINT,                     -- working days from receipt to answer
  is_on_time BOOLEAN,                    -- NULL until answered
  released_on DATE NOT NULL
);
CREATE INDEX public_cases_by_kind ON public_cases (kind, number);
CREATE INDEX public_cases_by_area ON public_cases (area_code, number);
CREATE INDEX public_cases_by_body ON public_cases (body_id, number);
CREATE INDEX public_cases_by_state ON public_cases (state, number);
CREATE INDEX public_cases_by_year ON public_cases (year, number);
CREATE INDEX public_cases_by_answer ON public_cases (answered_on, number);

-- The figures of the public pages: how many released cases in each cell. Raised and lowered with each release.
CREATE TABLE public_counts (
  body_id TEXT NOT NULL,
  year BIGINT NOT NULL,
  kind TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('handling', 'on_time', 'late')),
  n BIGINT NOT NULL,
  days_sum BIGINT NOT NULL,              -- sum of days_taken, for the mean
  PRIMARY KEY (body_id, year, kind, outcome)
);
