-- The word indexes in a new shape, see app/src/search: one column, no places of words, each word once more within its scope.
-- They are filled from the texts when the portal starts (app/src/petitions/reindex.rs).
DROP TABLE public_search;
DROP TABLE desk_search;
CREATE VIRTUAL TABLE public_search USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii', detail=none);
CREATE VIRTUAL TABLE desk_search USING fts5(tokens, content='', contentless_delete=1, tokenize='ascii', detail=none);
-- How the folded words of the register are written.
CREATE TABLE word_forms (
  folded TEXT NOT NULL,
  marked TEXT NOT NULL,
  PRIMARY KEY (folded, marked)
) WITHOUT ROWID;
CREATE TABLE search_state (
  name TEXT NOT NULL PRIMARY KEY,
  is_built BOOLEAN NOT NULL              -- false: the index must be filled from the texts
);
INSERT INTO search_state (name, is_built) SELECT 'public', NOT EXISTS (SELECT 1 FROM public_cases);
INSERT INTO search_state (name, is_built) SELECT 'desk', NOT EXISTS (SELECT 1 FROM cases);
