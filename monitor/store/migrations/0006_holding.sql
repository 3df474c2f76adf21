-- What stands between an alert and its sending: holds, digests, mutes; and which channels refuse what they are sent.

ALTER TABLE delivery ADD COLUMN sorted_at INTEGER;

ALTER TABLE delivery ADD COLUMN hold TEXT NOT NULL DEFAULT '';

ALTER TABLE delivery ADD COLUMN held_until INTEGER;

ALTER TABLE delivery ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- Whatever was on its way before goes on as it was.
UPDATE delivery SET sorted_at = created_at;

DROP INDEX delivery_queue;

CREATE INDEX delivery_queue ON delivery (channel, id) WHERE state IN ('pending', 'leased') AND sorted_at IS NOT NULL;

CREATE INDEX delivery_unsorted ON delivery (channel, id) WHERE state = 'pending' AND sorted_at IS NULL;

CREATE INDEX delivery_held ON delivery (held_until, channel) WHERE state = 'held';

CREATE INDEX delivery_sorted ON delivery (channel, sorted_at) WHERE sorted_at IS NOT NULL;

ALTER TABLE message ADD COLUMN title TEXT NOT NULL DEFAULT '';

ALTER TABLE message ADD COLUMN hold TEXT NOT NULL DEFAULT '';

CREATE TABLE digest (
    channel TEXT NOT NULL,
    rule TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (channel, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE mute (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER,
    by TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE circuit (
    channel TEXT PRIMARY KEY,
    refusals INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
