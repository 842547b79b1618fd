-- PostgreSQL's index keeps its shape; the table is there so that both answer the same question.
CREATE TABLE search_state (
  name TEXT NOT NULL PRIMARY KEY,
  is_built BOOLEAN NOT NULL
);
INSERT INTO search_state (name, is_built) VALUES ('public', TRUE), ('desk', TRUE);
