-- Dialogue conferences of heads with the people (hội nghị đối thoại). Not the dialogue that is a step of a complaint, and no reception.

-- How often each kind of agency must hold one in a year, as dated rows with their source (data/dialogue_minimums.csv).
CREATE TABLE dialogue_minimums (
  agency_kind TEXT NOT NULL,             -- commune_committee …, as in agencies.kind
  per_year BIGINT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,                         -- the last day; NULL while it is in force
  source TEXT NOT NULL,
  PRIMARY KEY (agency_kind, valid_from)
);

-- A dialogue as it stands: a cache of its events, which a test replays.
CREATE TABLE dialogues (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,         -- public address: /doi-thoai/12
  body_id TEXT NOT NULL,                 -- the authority whose head meets the people
  state TEXT NOT NULL CHECK (state IN ('draft', 'announced', 'held', 'published', 'cancelled')),
  facts TEXT NOT NULL,                   -- JSON: what, where, who, how to take part (app/src/dialogues/rules.rs)
  title_folded TEXT NOT NULL,            -- for the filter by topic
  area_code TEXT NOT NULL,
  begins_at TIMESTAMPTZ NOT NULL,
  held_on DATE NOT NULL,                 -- the day of begins_at in Viet Nam
  year BIGINT NOT NULL,                  -- of held_on
  publish_at TIMESTAMPTZ,                -- the notice goes out by itself then
  announced_on DATE,
  late_reason TEXT NOT NULL,             -- why the notice came later than the law says; empty: it did not
  moves TEXT NOT NULL,                   -- JSON: days it was put off from, with reasons
  cancel_reason TEXT NOT NULL,
  holding TEXT NOT NULL,                 -- JSON: who chaired in fact, how many came; empty before
  outcome TEXT NOT NULL,                 -- the result as it was published; empty before
  published_on DATE,
  is_public BOOLEAN NOT NULL,            -- announced once: from then on everybody sees it
  version BIGINT NOT NULL                -- events so far; also the SEQUENCE of its calendar entry
);
CREATE INDEX dialogues_of_body ON dialogues (body_id, year, held_on, id);
CREATE INDEX dialogues_public ON dialogues (begins_at, number) WHERE is_public = TRUE;
CREATE INDEX dialogues_by_year ON dialogues (year, begins_at, number) WHERE is_public = TRUE;

-- What happened to a dialogue, append-only.
CREATE TABLE dialogue_events (
  dialogue_id TEXT NOT NULL REFERENCES dialogues (id),
  position BIGINT NOT NULL,              -- 1, 2, 3 …
  at TIMESTAMPTZ NOT NULL,
  account_id TEXT,                       -- NULL: the portal itself, at the hour set
  event TEXT NOT NULL,                   -- JSON
  PRIMARY KEY (dialogue_id, position)
);

-- What an authority plans for a year, before a day is set.
CREATE TABLE dialogue_plans (
  id TEXT NOT NULL PRIMARY KEY,
  body_id TEXT NOT NULL,
  year BIGINT NOT NULL,
  quarter BIGINT NOT NULL CHECK (quarter BETWEEN 1 AND 4),
  topic TEXT NOT NULL,
  place TEXT NOT NULL,
  dialogue_id TEXT REFERENCES dialogues (id),   -- what came of it
  account_id TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  dropped_reason TEXT NOT NULL           -- empty: it stands
);
CREATE INDEX dialogue_plans_of_body ON dialogue_plans (body_id, year, quarter, id);

INSERT INTO counters (name, value) VALUES ('dialogues', 0);
