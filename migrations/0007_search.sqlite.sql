-- The one step that differs: both databases have word indexes, neither understands the other's.
-- Words are folded and split in Rust (app/src/search), so that both find the same; rows are contentless: the index keeps no text.
-- 'words' holds folded words in order, 'marked' the same words with their marks, 'facets' filter values as words.
CREATE VIRTUAL TABLE public_search USING fts5(words, marked, facets, content='', contentless_delete=1, tokenize='ascii');
CREATE VIRTUAL TABLE desk_search USING fts5(words, marked, facets, content='', contentless_delete=1, tokenize='ascii');
