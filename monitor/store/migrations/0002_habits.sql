-- What a feed has shown of its ids and links.
ALTER TABLE feed ADD COLUMN habits TEXT NOT NULL DEFAULT '{}';
