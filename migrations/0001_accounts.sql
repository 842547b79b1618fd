-- Who may sign in, with which role, from which day to which.
-- An account is a person's key; what the person may do hangs on dated role holdings, never on the account itself,
-- because people change posts in the middle of a year and their old acts keep the role they had then.
CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,            -- folded: lower case, no marks
  display_name TEXT NOT NULL,            -- as colleagues see it
  password_hash TEXT NOT NULL,           -- argon2id, PHC string
  is_active BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE role_holdings (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  agency_id TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('intake', 'handler', 'approver', 'head', 'administrator')),
  valid_from DATE NOT NULL,
  valid_to DATE                          -- the last day; NULL while it lasts
);
CREATE INDEX role_holdings_by_account ON role_holdings (account_id);
CREATE INDEX role_holdings_by_agency ON role_holdings (agency_id);

-- tower-sessions records. The id is stored hashed: a copy of the database opens nobody's session.
CREATE TABLE sessions (
  id_hash TEXT NOT NULL PRIMARY KEY,
  data TEXT NOT NULL,
  account_id TEXT,                       -- who is signed in, so that a new password ends all other sessions
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Failed tries (sign-in, case codes), counted per scope and subject in a window of time.
-- A subject is a hash; a row is deleted when its window has passed.
CREATE TABLE attempts (
  scope TEXT NOT NULL,
  subject TEXT NOT NULL,
  failures BIGINT NOT NULL,
  window_ends_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (scope, subject)
);
