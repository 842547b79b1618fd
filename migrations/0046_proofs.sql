-- Until when a first password opens anything: whoever was given one chooses their own before. Empty for a password of one's own.
ALTER TABLE accounts ADD COLUMN password_until TIMESTAMPTZ;
-- Whose page a citizen's session is, so that its holder sees where else they are signed in and ends it there.
ALTER TABLE sessions ADD COLUMN citizen_id TEXT;
CREATE INDEX sessions_citizen ON sessions (citizen_id) WHERE citizen_id IS NOT NULL;
