-- Who wrote and who stands behind it: sealed before it reaches the database (app/src/vault). What stands in case_people and signer_people is
-- moved here at the next start and overwritten where it stood; both tables stay empty from then on.
CREATE TABLE sealed_people (
  owner_id TEXT NOT NULL PRIMARY KEY,    -- a case or a signer
  key_name TEXT NOT NULL,
  wrapped TEXT NOT NULL,                 -- the row's own key, wrapped with the named one
  sealed TEXT NOT NULL                   -- name, phone, e-mail, address, ID number, language
);

-- Whether a signer can be told by mail: asked of many at once, when nobody need be opened.
ALTER TABLE case_signers ADD COLUMN has_email BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE case_signers SET has_email = TRUE WHERE id IN (SELECT signer_id FROM signer_people WHERE email <> '');
