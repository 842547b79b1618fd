-- Another agency or unit that was asked for its part in a case (phối hợp). What was asked and what it answered are notes of the case.
CREATE TABLE coordinations (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  agency_id TEXT NOT NULL,               -- who was asked: an authority, or a unit
  body_id TEXT NOT NULL,                 -- the authority that is or has it
  of_body_id TEXT NOT NULL,              -- the authority that asked: it ends when the case goes elsewhere
  asked_by TEXT NOT NULL,
  asked_on DATE NOT NULL,
  note_id TEXT NOT NULL,                 -- the question
  answer_by DATE NOT NULL,
  opinion_id TEXT,                       -- the note with the answer
  answered_on DATE,
  ended_on DATE                          -- no longer needed
);
CREATE INDEX coordinations_of_case ON coordinations (case_id, asked_on, id);
CREATE INDEX coordinations_waiting ON coordinations (body_id, answer_by, id) WHERE answered_on IS NULL AND ended_on IS NULL;
