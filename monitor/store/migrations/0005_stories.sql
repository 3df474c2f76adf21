-- What likeness needs to know of entries and words, what it said of them, and what people moved by hand.

-- NULL: the text is that of the story's founder, so it is named as the story is. In a database from before, a story is
-- its link and its words: there all of its entries say the same.
ALTER TABLE entry ADD COLUMN text_key TEXT;

ALTER TABLE entry ADD COLUMN score REAL;

-- The story that stands for this one since somebody merged them; one that stands for itself.
ALTER TABLE story ADD COLUMN merged_into INTEGER REFERENCES story (id);

ALTER TABLE story ADD COLUMN merged_at INTEGER;

ALTER TABLE story ADD COLUMN merged_by TEXT NOT NULL DEFAULT '';

CREATE INDEX story_merged ON story (merged_into) WHERE merged_into IS NOT NULL;

-- Entries from before have no sketch: nothing is found to be like them until their words change.
CREATE TABLE sketch (
    entry_id INTEGER PRIMARY KEY REFERENCES entry (id),
    seen_at INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;

CREATE INDEX sketch_seen ON sketch (seen_at);

CREATE TABLE related (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    story_id INTEGER NOT NULL REFERENCES story (id),
    score REAL NOT NULL,
    PRIMARY KEY (entry_id, story_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX related_story ON related (story_id);

CREATE TABLE lexicon (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    vocabulary BLOB NOT NULL,
    entry_id INTEGER NOT NULL
) STRICT;

CREATE TABLE move (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    old_story TEXT NOT NULL,
    new_story TEXT NOT NULL,
    old_level TEXT NOT NULL,
    old_score REAL,
    old_reason TEXT NOT NULL
) STRICT;

CREATE INDEX move_entry ON move (entry_id);

CREATE TABLE inherited (
    story_id INTEGER NOT NULL REFERENCES story (id),
    rule TEXT NOT NULL,
    public_id TEXT NOT NULL,
    PRIMARY KEY (story_id, rule)
) STRICT, WITHOUT ROWID;
