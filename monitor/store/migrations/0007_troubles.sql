-- What was told of ourselves and is not over as far as anybody knows, so that its end can be told, also after a restart.
CREATE TABLE trouble (
    cause TEXT NOT NULL,
    subject TEXT NOT NULL,
    about TEXT NOT NULL,
    since INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    channels TEXT NOT NULL,
    PRIMARY KEY (cause, subject)
) STRICT, WITHOUT ROWID;

-- Asked every minute, over ten thousand feeds of which most are well.
CREATE INDEX feed_failing ON feed (id) WHERE is_registered = 1 AND (failures > 0 OR is_gone = 1);
