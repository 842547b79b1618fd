-- Since when entries and deeds are made with a key (app/src/record): what stands on earlier pages was hashed without one.
CREATE TABLE record_keys (
  key_name TEXT NOT NULL PRIMARY KEY,    -- by what one key is told from another; tells nothing of the key
  after_page BIGINT NOT NULL,            -- the last page from before this key
  seal TEXT NOT NULL                     -- over both, with the key
);
