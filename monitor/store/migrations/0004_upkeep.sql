-- What lets the past go in small pieces, and what a restored database must not tell again.
ALTER TABLE feed ADD COLUMN window_at INTEGER;
UPDATE feed SET window_at = (SELECT max(entry.last_seen_at) FROM entry WHERE entry.feed_id = feed.id);

ALTER TABLE revision ADD COLUMN is_worded INTEGER NOT NULL DEFAULT 1;
CREATE INDEX revision_worded ON revision (seen_at) WHERE is_worded = 1;

-- Without it, every entry that goes would have its keys looked for in the whole tree.
CREATE INDEX identity_entry ON identity (entry_id);

CREATE TABLE told (
    public_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (public_id, channel)
) STRICT, WITHOUT ROWID;
