-- Accounts of citizens, who may but need not have one. Name and contact lie in sealed_people under the account's id; here are only keyed
-- hashes, made with a key of their own, so that no mark of a case tells whose account it is.
CREATE TABLE citizens (
  id TEXT NOT NULL PRIMARY KEY,
  contact_mark TEXT UNIQUE,              -- keyed hash of the proven contact; none while only a national identity is known
  identity_mark TEXT UNIQUE,             -- keyed hash of who somebody is at the national identity
  identity_level TEXT NOT NULL,          -- the level of assurance the provider told; empty without one
  identified_at TIMESTAMPTZ,
  round BIGINT NOT NULL,                 -- sessions begun in an earlier round are over
  created_at TIMESTAMPTZ NOT NULL
);

-- Cases somebody keeps in their account. A denunciation is never among them.
CREATE TABLE citizen_cases (
  citizen_id TEXT NOT NULL REFERENCES citizens (id),
  case_id TEXT NOT NULL REFERENCES cases (id),
  added_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (citizen_id, case_id)
);
CREATE INDEX citizen_cases_by_case ON citizen_cases (case_id);

-- Denunciations somebody asked to be reminded of: a keyed hash, from which no case can be found.
CREATE TABLE citizen_sealed_cases (
  citizen_id TEXT NOT NULL REFERENCES citizens (id),
  mark TEXT NOT NULL,
  added_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (citizen_id, mark)
);

-- Codes sent to a contact to prove it: contact and code sealed together, for minutes.
CREATE TABLE citizen_codes (
  id TEXT NOT NULL PRIMARY KEY,          -- hash of the token the browser holds
  citizen_id TEXT,                       -- whose contact is being changed; none: somebody signs in
  key_name TEXT NOT NULL,
  wrapped TEXT NOT NULL,
  sealed TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX citizen_codes_by_expiry ON citizen_codes (expires_at);
