-- Finished cases of one kind, the last change first: a rare kind is not looked for among all the others.
-- Partial like its sisters: filing a case does not touch it.
CREATE INDEX cases_done_kind ON cases (body_id, state, kind, changed_at, id) WHERE is_open = FALSE;
