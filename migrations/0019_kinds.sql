-- Two more kinds: a petition about administrative rules (phản ánh, kiến nghị về quy định hành chính) and praise (khen ngợi).
-- SQLite cannot change a CHECK, so the column is put anew; the default is only there because an added column needs one: every
-- insert names the kind. The indexes are those of 0010, 0014 and 0005.
DROP INDEX cases_queue;
DROP INDEX cases_done;
DROP INDEX cases_done_kind;
ALTER TABLE cases ADD COLUMN kind_now TEXT NOT NULL DEFAULT 'report'
  CHECK (kind_now IN ('report', 'recommendation', 'complaint', 'denunciation', 'administrative_rule', 'praise'));
UPDATE cases SET kind_now = kind;
ALTER TABLE cases DROP COLUMN kind;
ALTER TABLE cases RENAME COLUMN kind_now TO kind;
CREATE INDEX cases_queue ON cases (body_id, is_open, due_on, id, kind, state, unit_id, handler_id, area_code, flags);
CREATE INDEX cases_done ON cases (body_id, state, changed_at, id, kind, unit_id, handler_id, area_code, flags) WHERE is_open = FALSE;
CREATE INDEX cases_done_kind ON cases (body_id, state, kind, changed_at, id) WHERE is_open = FALSE;

DROP INDEX public_cases_by_kind;
ALTER TABLE public_cases ADD COLUMN kind_now TEXT NOT NULL DEFAULT 'report'
  CHECK (kind_now IN ('report', 'recommendation', 'complaint', 'administrative_rule', 'praise'));
UPDATE public_cases SET kind_now = kind;
ALTER TABLE public_cases DROP COLUMN kind;
ALTER TABLE public_cases RENAME COLUMN kind_now TO kind;
CREATE INDEX public_cases_by_kind ON public_cases (kind, number);

-- What a complainant states about when they knew of the decision, and what kept them from complaining (K1). No row: nothing stated.
CREATE TABLE complaint_limitations (
  case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
  known_on DATE NOT NULL,
  obstacle_from DATE,
  obstacle_to DATE,
  obstacle TEXT NOT NULL,
  CHECK ((obstacle_from IS NULL) = (obstacle_to IS NULL))
);
