-- Second factors of officials (app/src/accounts/second): an application that shows codes, passkeys, recovery codes.

-- The secret an application and the portal share, sealed as people's names are (app/src/vault). One that is not proven by a code yet counts
-- for nothing; last_step is the last span of thirty seconds whose code was taken, so that no code is taken twice.
CREATE TABLE totp_secrets (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  key_name TEXT NOT NULL,
  wrapped TEXT NOT NULL,
  sealed TEXT NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  proven_at TIMESTAMPTZ,
  last_step BIGINT NOT NULL
);
CREATE INDEX totp_secrets_by_account ON totp_secrets (account_id);

-- Public keys only: what signs stays in the person's device.
CREATE TABLE passkeys (
  id TEXT NOT NULL PRIMARY KEY,          -- the credential's id, as browsers send it (base64url)
  account_id TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,                    -- what its owner calls it
  data TEXT NOT NULL,                    -- JSON of webauthn-rs: public key, counter
  made_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ
);
CREATE INDEX passkeys_by_account ON passkeys (account_id);

CREATE TABLE recovery_codes (
  code_hash TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  used_at TIMESTAMPTZ
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

-- The day a person was first asked for a second factor and had none: from here the days of grace are counted.
ALTER TABLE accounts ADD COLUMN factor_asked_on DATE;

-- What was done to somebody's sign-in by somebody else, shown until they say that they know.
CREATE TABLE account_notices (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  at TIMESTAMPTZ NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('factors_reset')),
  by_name TEXT NOT NULL,
  seen_at TIMESTAMPTZ
);
CREATE INDEX account_notices_by_account ON account_notices (account_id);
