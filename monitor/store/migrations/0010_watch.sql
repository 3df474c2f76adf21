-- Why the last poll of a feed failed, and since when its document has no entries.
ALTER TABLE feed ADD COLUMN fault TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN empty_since INTEGER;

CREATE INDEX feed_empty ON feed (id) WHERE is_registered = 1 AND empty_since IS NOT NULL;

-- When a rule matched: the ids of entries grow with time.
CREATE INDEX match_rule ON match (rule, rule_hash, entry_id);

-- From when until when somebody was listening: silence counts only then.
CREATE TABLE listening (
    began_at INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- Until when nothing was to be heard from an outlet in which a rule used to match.
CREATE TABLE hushed (
    outlet TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
