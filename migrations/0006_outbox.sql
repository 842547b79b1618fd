-- What must leave the portal (mail, files to delete) is a row written with the change that causes it; a worker does it later.
CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,                    -- JSON; ids only: the address is looked up when it is used
  run_at TIMESTAMPTZ NOT NULL,
  attempts BIGINT NOT NULL,
  claimed_until TIMESTAMPTZ,
  done_at TIMESTAMPTZ,
  failed_at TIMESTAMPTZ,                 -- given up; kept for a person to see
  last_error TEXT NOT NULL
);
CREATE INDEX outbox_waiting ON outbox (done_at, failed_at, run_at);
