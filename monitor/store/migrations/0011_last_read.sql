-- Which parts of a feed's last document were read, apart from the feed: these two kilobytes change with the document
-- alone, and a feed that has nothing new is written thousands of times between two of them.
CREATE TABLE last_read (
    feed_id INTEGER PRIMARY KEY REFERENCES feed (id),
    slices BLOB NOT NULL
) STRICT;

INSERT INTO last_read (feed_id, slices) SELECT id, slices FROM feed WHERE slices <> x'';

ALTER TABLE feed DROP COLUMN slices;
