-- In what capacity a role is held: as one's own post, acting while the post is empty or its holder away, or delegated by its holder. The last
-- two always have a last day.
ALTER TABLE role_holdings ADD COLUMN capacity TEXT NOT NULL DEFAULT 'own' CHECK (capacity IN ('own', 'acting', 'delegated'));
