-- Officials who sign in through the staff directory (OpenID Connect). Who somebody is there is bound to an account by an administrator and
-- by nothing else: an address is given to the next person, a name is shared, and whoever may write a directory could take any account by it.
CREATE TABLE directory_bindings (
  issuer TEXT NOT NULL,                  -- the directory, as configured
  subject TEXT NOT NULL,                 -- who it is there; a directory never gives one to somebody else
  account_id TEXT NOT NULL REFERENCES accounts (id),
  bound_at TIMESTAMPTZ NOT NULL,
  bound_by TEXT NOT NULL REFERENCES accounts (id),
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, account_id)
);

-- Somebody the directory knows and no account is bound to yet. The code is read to the administrator, who sees whose it is before binding.
CREATE TABLE directory_requests (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  code_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,                    -- as the directory tells it
  email TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX directory_requests_by_expiry ON directory_requests (expires_at);
