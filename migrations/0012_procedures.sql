-- Where a case stands in the procedure of its kind, with its clocks (JSON, app/src/procedures). Empty: nothing but the receipt has
-- happened, and the first clock is that of due_on; so filing writes nothing here.
ALTER TABLE cases ADD COLUMN progress TEXT NOT NULL DEFAULT '';

-- Steps that go out with a letter: drafted by one person, signed by another.
CREATE TABLE step_drafts (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  step TEXT NOT NULL,                    -- JSON
  letters TEXT NOT NULL DEFAULT '[]',    -- JSON: ids of the letters that go out with it
  reason TEXT NOT NULL,                  -- becomes a note when it is signed; empty where none is asked
  state TEXT NOT NULL CHECK (state IN ('proposed', 'returned', 'signed')),
  drafted_by TEXT NOT NULL,
  drafted_at TIMESTAMPTZ NOT NULL,
  decided_by TEXT,
  decided_at TIMESTAMPTZ,
  return_reason TEXT NOT NULL,
  CHECK (decided_by IS NULL OR decided_by <> drafted_by)
);
CREATE INDEX step_drafts_by_case ON step_drafts (case_id, drafted_at, id);

-- Places that are far and hard to reach (vùng sâu, vùng xa đi lại khó khăn), by document and date: complaints there have longer
-- periods, denunciations have not.
CREATE TABLE remote_areas (
  area_code TEXT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  source TEXT NOT NULL,
  PRIMARY KEY (area_code, valid_from)
);

-- The day by which an answer promises something, if it does.
ALTER TABLE answers ADD COLUMN promised_on DATE;
