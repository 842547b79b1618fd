-- Filters over finished cases. An index that a query is to be answered from alone needs every column the query names, the one in its own
-- condition too: without is_open each row that was walked was looked up in the table.
DROP INDEX cases_done;
CREATE INDEX cases_done ON cases (body_id, state, changed_at, id, kind, unit_id, handler_id, area_code, flags, is_open) WHERE is_open = FALSE;
DROP INDEX cases_done_unit;
CREATE INDEX cases_done_unit ON cases (unit_id, state, changed_at, id, body_id, kind, handler_id, area_code, flags, is_open) WHERE is_open = FALSE;
DROP INDEX cases_done_handler;
CREATE INDEX cases_done_handler ON cases (handler_id, state, changed_at, id, body_id, kind, unit_id, area_code, flags, is_open) WHERE is_open = FALSE;
-- By state as well: "closed" does not walk over what was withdrawn.
DROP INDEX cases_flagged_done;
CREATE INDEX cases_flagged_done ON cases ((COALESCE(body_id, '')), state, changed_at, id, kind, unit_id, handler_id, area_code, flags, is_open, body_id)
  WHERE is_open = FALSE AND flags <> 0;
DROP INDEX cases_flagged;
CREATE INDEX cases_flagged ON cases ((COALESCE(body_id, '')), due_on, id, kind, state, unit_id, handler_id, area_code, flags, is_open, body_id)
  WHERE is_open = TRUE AND flags <> 0;

-- The case's state stands beside its tag, kept up with the case like its place in the queue.
ALTER TABLE case_tags ADD COLUMN state TEXT NOT NULL DEFAULT '';
UPDATE case_tags SET state = (SELECT c.state FROM cases c WHERE c.id = case_tags.case_id);
DROP INDEX case_tags_done;
CREATE INDEX case_tags_done ON case_tags (tag_id, state, changed_at, case_id) WHERE is_open = FALSE;
