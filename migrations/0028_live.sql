-- A dialogue while it runs: what is on the stage stands with the questions (0026), the rest here. Everything is read from the database at
-- every look, so that a server that is started again, or a second one, shows the same.

-- No row: nothing has begun.
CREATE TABLE dialogue_live (
  dialogue_id TEXT NOT NULL PRIMARY KEY REFERENCES dialogues (id),
  phase TEXT NOT NULL CHECK (phase IN ('running', 'paused', 'ended')),
  message TEXT NOT NULL,                 -- one line to everybody: "Nghỉ 10 phút"; empty: none
  version BIGINT NOT NULL
);

-- When a question came to the stage it has now; NULL before it was ever called up.
ALTER TABLE questions ADD COLUMN stage_at TIMESTAMPTZ;

-- What was answered, as it was written down. Each piece is one secretary's and stands for itself, so that two who write at once lose
-- nothing; a correction names the version it corrects.
CREATE TABLE question_answers (
  id TEXT NOT NULL PRIMARY KEY,
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  question_id TEXT NOT NULL REFERENCES questions (id),
  position BIGINT NOT NULL,              -- 1, 2, 3 … of the question
  post TEXT NOT NULL,                    -- who said it: a post, not a name
  body TEXT NOT NULL,
  account_id TEXT NOT NULL,              -- who wrote it down
  at TIMESTAMPTZ NOT NULL,
  corrected_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  UNIQUE (question_id, position)
);
CREATE INDEX question_answers_of ON question_answers (dialogue_id, question_id, position);
