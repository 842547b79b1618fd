-- The one step that differs: both databases have word indexes, neither understands the other's.
-- Words are folded and split in Rust (app/src/search), so that both find the same. Facets are words of their own kind.
CREATE TABLE public_search (row_key BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL, marked TSVECTOR NOT NULL);
CREATE INDEX public_search_words ON public_search USING GIN (words);
CREATE INDEX public_search_marked ON public_search USING GIN (marked);
CREATE TABLE desk_search (row_key BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL, marked TSVECTOR NOT NULL);
CREATE INDEX desk_search_words ON desk_search USING GIN (words);
CREATE INDEX desk_search_marked ON desk_search USING GIN (marked);
