-- What else identifies people or could betray a denouncer, sealed before it reaches the database (app/src/vault/kept.rs): each value is owned by
-- one thing of one purpose and opens nowhere else. What stood in the open before is moved here at the next start and overwritten.
CREATE TABLE sealed_values (
  purpose TEXT NOT NULL,                 -- booking, visit, registration, asker, contact, follower, words, part, message, note, paper …
  owner_id TEXT NOT NULL,
  key_name TEXT NOT NULL,
  wrapped TEXT NOT NULL,                 -- the row's own key, wrapped with the named one
  sealed TEXT NOT NULL,
  PRIMARY KEY (purpose, owner_id)
);

-- Raised when what was in the open has been sealed: the next start need not look again.
INSERT INTO counters (name, value) VALUES ('open_values_sealed', 0);
INSERT INTO counters (name, value) VALUES ('open_papers_sealed', 0);

-- Whether somebody can be told by mail: asked of many at once, when nobody need be opened.
ALTER TABLE reception_bookings ADD COLUMN has_email BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE reception_bookings SET has_email = TRUE WHERE id IN (SELECT booking_id FROM reception_booking_people WHERE email <> '');
ALTER TABLE dialogue_registrations ADD COLUMN has_email BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE dialogue_registrations SET has_email = TRUE WHERE id IN (SELECT registration_id FROM dialogue_registration_people WHERE email <> '');
ALTER TABLE questions ADD COLUMN has_email BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE questions SET has_email = TRUE WHERE email <> '';

-- questions.name keeps only what the public reads; village and email stay empty from now on.
-- Followers are found by a hash with a key that lies outside the database; where an '@' stands it is an address from before.
ALTER TABLE commitment_followers RENAME COLUMN email TO mark;

-- Whether a paper's bytes are sealed in the object store; the key of each is a sealed value.
ALTER TABLE papers ADD COLUMN is_sealed BOOLEAN NOT NULL DEFAULT FALSE;
