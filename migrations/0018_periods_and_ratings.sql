-- What was changed about legal periods, and how many clocks that moved.
CREATE TABLE period_changes (
  id TEXT NOT NULL PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  account_id TEXT,                       -- NULL: an import on the machine itself
  code TEXT NOT NULL,                    -- K3
  was TEXT NOT NULL,                     -- JSON: all versions of the rule before
  is_now TEXT NOT NULL,                  -- JSON: all versions after
  moved BIGINT                           -- cases; NULL until the clocks were computed anew
);
CREATE INDEX period_changes_at ON period_changes (at, id);

-- The last day of the periods of a finished case that are the citizen's or the law's own: the second complaint, the decision taking
-- effect. Empty for nearly all cases. Cases of before are marked as if theirs ran forever: they are looked at once more, no harm done.
ALTER TABLE cases ADD COLUMN rights_until DATE;
UPDATE cases SET rights_until = '9999-12-31' WHERE kind = 'complaint' AND progress <> '' AND is_open = FALSE;
CREATE INDEX cases_rights ON cases (id) WHERE rights_until IS NOT NULL;

-- Who was asked to rate an answer, from which day on: everybody who was answered, once for a case. Kept with the authority and unit that
-- had answered, wherever the case goes afterwards.
CREATE TABLE rating_asks (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  body_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,                 -- empty: no unit had it
  asked_on DATE NOT NULL
);
-- The figures: how often something was said in a month about the answers of an authority or one of its units. No sealed case is among
-- them (app/src/petitions/ratings.rs says what is counted).
CREATE TABLE rating_counts (
  agency_id TEXT NOT NULL,               -- an authority, or a unit
  month TEXT NOT NULL,                   -- 2026-11
  what TEXT NOT NULL,                    -- asked, rated, clarity_1 … result_5, solved, not_solved, answered_again, second_instance
  n BIGINT NOT NULL,
  is_body BOOLEAN NOT NULL,
  PRIMARY KEY (agency_id, month, what)
);
CREATE INDEX rating_counts_bodies ON rating_counts (month, agency_id, what, n) WHERE is_body = TRUE;
