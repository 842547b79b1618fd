-- Redaction: what is hidden before a text or a paper of a case becomes public. What hidden words were stands here and nowhere public:
-- `public_texts`, `public_cases` and `answers.public_body` hold the marks that took their place.

-- The text as its author wrote it before words were hidden, and which words are. One row for the public text, one for each answer.
CREATE TABLE redactions (
  case_id TEXT NOT NULL REFERENCES cases (id),
  target TEXT NOT NULL,                  -- 'public', or the id of an answer
  title TEXT NOT NULL,                   -- empty for an answer
  body TEXT NOT NULL,                    -- empty for an answer: that is in `answers`
  hidden TEXT NOT NULL,                  -- JSON: [["phone","0912 345 678"], …]
  PRIMARY KEY (case_id, target)
);

ALTER TABLE answers ADD COLUMN public_body TEXT;  -- the answer as the public reads it; NULL: as the citizen does

-- What the public sees of papers: each a paper of its own. The papers people sent are never handed out to the public by their own id.
CREATE TABLE public_papers (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  paper_id TEXT NOT NULL,                -- what it was made of
  stored_id TEXT NOT NULL,               -- under whose id its bytes lie: its own, or the paper's where nothing was covered
  kind TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  width BIGINT,
  height BIGINT,
  has_thumb BOOLEAN NOT NULL,
  title TEXT NOT NULL,                   -- what it is, in words for everybody; may be empty for a photo
  covers TEXT NOT NULL,                  -- the rectangles, one a line: page,x,y,width,height in thousandths
  is_proposed BOOLEAN NOT NULL,          -- chosen by whoever proposed the public text
  is_public BOOLEAN NOT NULL,            -- let out by a second person
  made_by TEXT REFERENCES accounts (id), -- none: from before this step
  made_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ                   -- replaced or taken back; its own bytes are gone
);
CREATE INDEX public_papers_by_case ON public_papers (case_id, made_at);

-- Photos that were chosen or are public keep their addresses.
INSERT INTO public_papers (id, case_id, paper_id, stored_id, kind, bytes, width, height, has_thumb, title, covers, is_proposed, is_public, made_by, made_at, ended_at)
SELECT id, case_id, id, id, kind, bytes, width, height, has_thumb, '', '', is_proposed, is_public, NULL, at, NULL
FROM papers
WHERE case_id IS NOT NULL AND kind <> 'pdf' AND (is_public = TRUE OR is_proposed = TRUE);
UPDATE papers SET is_public = FALSE, is_proposed = FALSE WHERE is_public = TRUE OR is_proposed = TRUE;
