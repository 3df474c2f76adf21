-- What people do by hand: outlets paused, deliveries dropped and sent again; every attempt of a send; names of stories.

-- The outlets that name a feed, as the configuration last in force said.
CREATE TABLE feed_outlet (
    feed_id INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    outlet TEXT NOT NULL,
    PRIMARY KEY (feed_id, outlet)
) STRICT, WITHOUT ROWID;

-- What is not polled because somebody said so. Kept by name, not by row: it outlives a configuration without it.
CREATE TABLE pause (
    kind TEXT NOT NULL,                         -- outlet or feed
    subject TEXT NOT NULL,                      -- name of the outlet, URL of the feed
    at INTEGER NOT NULL,
    until INTEGER,                              -- NULL: until somebody resumes it
    by TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- How each send of a message went. Of very many the first and the last are kept.
CREATE TABLE attempt (
    message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                    -- counts from 1 and never anew, whatever message.attempts does
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,                      -- sent, retry or dead
    reason TEXT NOT NULL,                       -- what the channel answered
    took_ms INTEGER,
    PRIMARY KEY (message_id, number)
) STRICT, WITHOUT ROWID;

ALTER TABLE message ADD COLUMN is_repeat INTEGER NOT NULL DEFAULT 0;   -- was sent before, and is sent again by hand

ALTER TABLE message ADD COLUMN is_dropped INTEGER NOT NULL DEFAULT 0;  -- dead because somebody dropped it

ALTER TABLE story ADD COLUMN public_id TEXT NOT NULL DEFAULT '';       -- short name of the story_key, for people

UPDATE story SET public_id = short_name(story_key);

CREATE INDEX story_public_id ON story (public_id);
