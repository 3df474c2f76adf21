-- The current schema, for reading; a test proves that the migrations lead here from nothing.
--
-- Every moment is an INTEGER of microseconds since 1970-01-01 UTC: exact both ways, and it sorts.
-- Every truth value is 0 or 1. Words of closed sets (level, kind, state …) are those of the enums in monitor/model;
-- they are not repeated in CHECKs, because SQLite can only change a CHECK by rebuilding the table.
-- Texts that name things across restores (entry_key, story_key, dedupe_key, public_id) never hold row ids.
-- PRAGMA application_id 0x746F6373 ("tocs") says whose file this is, PRAGMA user_version which migration it has.

-- One address that is polled, and what is remembered of it between polls.
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,                       -- scheme://host:port
    is_registered INTEGER NOT NULL DEFAULT 1,   -- the configuration names it; others stay, and are not due
    etag BLOB NOT NULL DEFAULT x'',
    last_modified BLOB NOT NULL DEFAULT x'',
    validated_url TEXT NOT NULL DEFAULT '',     -- who gave these two, where redirects led elsewhere
    next_poll_at INTEGER NOT NULL,
    last_poll_at INTEGER,
    last_success_at INTEGER,
    baseline_at INTEGER,
    body_digest BLOB NOT NULL DEFAULT x'',
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    last_outcome TEXT NOT NULL DEFAULT '',
    last_error TEXT NOT NULL DEFAULT '',
    is_gone INTEGER NOT NULL DEFAULT 0,
    habits TEXT NOT NULL DEFAULT '{}',          -- JSON: what it has shown of its ids and links, see habits.py
    window_at INTEGER,                          -- its last document with entries: those seen then stand in it still
    rhythm TEXT NOT NULL DEFAULT '{}',          -- JSON: how often it brings news, see rhythm.py
    next_reason TEXT NOT NULL DEFAULT '',       -- why the next poll is when it is
    moving TEXT NOT NULL DEFAULT '{}',          -- JSON: a permanent redirect, until it is believed
    fault TEXT NOT NULL DEFAULT '',             -- kind of the failure of the last poll; empty: it did not fail
    empty_since INTEGER                         -- its document has no entries, although it had some
) STRICT;

-- Which parts of a feed's last document were read, see feeds/slices.py. Not a column of the feed: they change with the
-- document alone, and a feed that has nothing new is written thousands of times between two of them.
CREATE TABLE last_read (
    feed_id INTEGER PRIMARY KEY REFERENCES feed (id),
    slices BLOB NOT NULL
) STRICT;

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

CREATE INDEX feed_due ON feed (next_poll_at, origin, failures) WHERE is_registered = 1 AND is_gone = 0;

CREATE INDEX feed_failing ON feed (id) WHERE is_registered = 1 AND (failures > 0 OR is_gone = 1);

CREATE INDEX feed_empty ON feed (id) WHERE is_registered = 1 AND empty_since IS NOT NULL;

-- Retry-After: no feed of this origin is asked before.
CREATE TABLE origin_hold (
    origin TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Domains that count as one server, whatever names their servers have, since several of these refused to be asked.
CREATE TABLE one_server (
    domain TEXT PRIMARY KEY,
    refused_at INTEGER NOT NULL                 -- last
) STRICT, WITHOUT ROWID;

-- The news itself. Ids grow in the order of founding: the smaller id is the older story, whatever the clock did.
CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    story_key TEXT NOT NULL UNIQUE,
    founded_at INTEGER NOT NULL,
    public_id TEXT NOT NULL DEFAULT '',         -- short name of the story_key, for people
    merged_into INTEGER REFERENCES story (id),  -- the story that stands for this one; never one that is merged itself
    merged_at INTEGER,
    merged_by TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX story_public_id ON story (public_id);

CREATE INDEX story_merged ON story (merged_into) WHERE merged_into IS NOT NULL;

-- One item of one feed, and the story it was given at first sight, or by hand later (level, score and reason say by
-- what).
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feed (id),
    entry_key TEXT NOT NULL,
    story_id INTEGER NOT NULL REFERENCES story (id),
    revision INTEGER NOT NULL,                  -- number of the newest revision
    fingerprint TEXT NOT NULL,                  -- of the newest revision
    is_baseline INTEGER NOT NULL,
    level TEXT NOT NULL,
    reason TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    text_key TEXT,                              -- names the words; NULL: as the story is named
    score REAL,                                 -- from 0 to 1; NULL: likeness was not asked
    UNIQUE (feed_id, entry_key)
) STRICT;

CREATE INDEX entry_story ON entry (story_id);

-- What likeness knows of an entry's newest words, as long as it may be asked about them.
CREATE TABLE sketch (
    entry_id INTEGER PRIMARY KEY REFERENCES entry (id),
    seen_at INTEGER NOT NULL,                   -- when these words came
    data BLOB NOT NULL                          -- see stories/sketch.py
) STRICT;

CREATE INDEX sketch_seen ON sketch (seen_at);

-- Stories that were near an entry when it came, but not near enough.
CREATE TABLE related (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    story_id INTEGER NOT NULL REFERENCES story (id),
    score REAL NOT NULL,
    PRIMARY KEY (entry_id, story_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX related_story ON related (story_id);

-- How common words are: one row, written now and then.
CREATE TABLE lexicon (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    vocabulary BLOB NOT NULL,                   -- see stories/vocabulary.py
    entry_id INTEGER NOT NULL                   -- the last entry that is counted; it may be gone
) STRICT;

-- Entries that somebody gave another story. The serial of one that is forgotten is not given out again: a daemon asks
-- for what came after the last one that it knows.
CREATE TABLE move (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    kind TEXT NOT NULL,                         -- split or merge
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    old_story TEXT NOT NULL,                    -- story_key; it may be gone
    new_story TEXT NOT NULL,
    old_level TEXT NOT NULL,                    -- by what it stood in the old story
    old_score REAL,
    old_reason TEXT NOT NULL
) STRICT;

CREATE INDEX move_entry ON move (entry_id);

-- Rules that had alerted on what was merged into a story, or on what it was split off from. A copy: it outlives the
-- alert, and what the other part is told later is no business of this one.
CREATE TABLE inherited (
    story_id INTEGER NOT NULL REFERENCES story (id),
    rule TEXT NOT NULL,
    public_id TEXT NOT NULL,                    -- of the first alert
    PRIMARY KEY (story_id, rule)
) STRICT, WITHOUT ROWID;

-- By which keys an entry is recognised. The key comes first, so that one tree answers both
-- "this key in this feed" and "this link in any feed". A feed that gives a key to another entry
-- moves it there: the newest holder is the one that the next document means.
CREATE TABLE identity (
    key TEXT NOT NULL,
    feed_id INTEGER NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    PRIMARY KEY (key, feed_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_entry ON identity (entry_id);

-- What an entry said, each time its text changed; number counts from 1.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    number INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    published_at INTEGER,
    link TEXT NOT NULL,
    language TEXT NOT NULL,
    authors TEXT NOT NULL,                      -- JSON array
    categories TEXT NOT NULL,                   -- JSON array
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    is_worded INTEGER NOT NULL DEFAULT 1,       -- 0: let go of all words but the title
    UNIQUE (entry_id, number)
) STRICT;

CREATE INDEX revision_fingerprint ON revision (fingerprint);

CREATE INDEX revision_worded ON revision (seen_at) WHERE is_worded = 1;

-- The outlets whose feed carries an entry.
CREATE TABLE sighting (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    outlet TEXT NOT NULL,
    PRIMARY KEY (entry_id, outlet)
) STRICT, WITHOUT ROWID;

-- A rule found in a revision.
CREATE TABLE match (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    revision INTEGER NOT NULL,
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    evidence TEXT NOT NULL,                     -- JSON array of [field, start, end, part]
    is_new INTEGER NOT NULL,                    -- 0: the revision before matched too
    PRIMARY KEY (entry_id, revision, rule)
) STRICT, WITHOUT ROWID;

CREATE INDEX match_rule ON match (rule, rule_hash, entry_id);

-- The decision that somebody must hear; one for one dedupe_key, for ever.
CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    public_id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    story_id INTEGER REFERENCES story (id),     -- NULL: about ourselves, not about a story
    priority TEXT NOT NULL,
    at INTEGER NOT NULL,
    title TEXT NOT NULL,
    link TEXT NOT NULL,
    content TEXT NOT NULL                       -- JSON: the rest of what it says, see content.py
) STRICT;

CREATE INDEX alert_story ON alert (story_id, kind, rule) WHERE story_id IS NOT NULL;

CREATE INDEX alert_link ON alert (link) WHERE link <> '';

-- One send of one or more deliveries to one channel; a row is made when the first delivery is claimed.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    public_id TEXT NOT NULL,
    state TEXT NOT NULL,
    lease_until INTEGER,                        -- while leased; once past, the lease counts as given back
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    form TEXT NOT NULL,
    last_error TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,                -- the time to live counts from here
    settled_at INTEGER,
    is_repeat INTEGER NOT NULL DEFAULT 0,       -- was sent before, and is sent again by hand
    is_dropped INTEGER NOT NULL DEFAULT 0,      -- dead because somebody dropped it
    title TEXT NOT NULL DEFAULT '',             -- of a digest or a roll-up
    hold TEXT NOT NULL DEFAULT '',              -- what its deliveries have waited for; empty: one alert by itself
    UNIQUE (public_id, channel)
) STRICT;

CREATE INDEX message_leased ON message (id) WHERE state = 'leased';

CREATE INDEX message_dead ON message (id) WHERE state = 'dead';

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

-- One alert on its way to one channel. A channel's queue is in the order of ids; what was held goes to its end.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    alert_id INTEGER NOT NULL REFERENCES alert (id),
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    message_id INTEGER REFERENCES message (id),
    created_at INTEGER NOT NULL,
    sorted_at INTEGER,                          -- when it was put on its way, held or muted; NULL: not yet
    hold TEXT NOT NULL DEFAULT '',              -- what it waits for, or has waited for last
    held_until INTEGER,                         -- … and until when
    why TEXT NOT NULL DEFAULT '',               -- why it was muted
    UNIQUE (alert_id, channel)
) STRICT;

CREATE INDEX delivery_queue ON delivery (channel, id) WHERE state IN ('pending', 'leased') AND sorted_at IS NOT NULL;

CREATE INDEX delivery_unsorted ON delivery (channel, id) WHERE state = 'pending' AND sorted_at IS NULL;

CREATE INDEX delivery_held ON delivery (held_until, channel) WHERE state = 'held';

CREATE INDEX delivery_sorted ON delivery (channel, sorted_at) WHERE sorted_at IS NOT NULL;

CREATE INDEX delivery_message ON delivery (message_id) WHERE message_id IS NOT NULL;

-- What a channel had before this database was restored from an older backup (see journal.py): it is not sent again.
CREATE TABLE told (
    public_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (public_id, channel)
) STRICT, WITHOUT ROWID;

-- Up to which moment a channel has had its digests.
CREATE TABLE digest (
    channel TEXT NOT NULL,
    rule TEXT NOT NULL,                         -- empty: the channel's own
    at INTEGER NOT NULL,
    PRIMARY KEY (channel, rule)
) STRICT, WITHOUT ROWID;

-- What somebody does not want to hear of. Kept by name, as a pause is.
CREATE TABLE mute (
    kind TEXT NOT NULL,                         -- rule, entity, outlet or story
    subject TEXT NOT NULL,                      -- name of the rule or outlet, id of the entity, public id of the story
    at INTEGER NOT NULL,
    until INTEGER,                              -- NULL: until somebody ends it
    by TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- A channel that refused what it was sent last; none that works has a row.
CREATE TABLE circuit (
    channel TEXT PRIMARY KEY,
    refusals INTEGER NOT NULL,                  -- in a row, over all of its messages
    since INTEGER NOT NULL                      -- the first of them
) STRICT, WITHOUT ROWID;

-- What was told of ourselves and is not over as far as anybody knows.
CREATE TABLE trouble (
    cause TEXT NOT NULL,
    subject TEXT NOT NULL,                      -- a feed's address, a channel's name
    about TEXT NOT NULL,                        -- the same in words
    since INTEGER NOT NULL,
    told_at INTEGER NOT NULL,                   -- last
    channels TEXT NOT NULL,                     -- JSON array: who heard of it
    PRIMARY KEY (cause, subject)
) STRICT, WITHOUT ROWID;

-- From when until when somebody was listening to the outlets, over stops and nights without a network: silence counts
-- only then.
CREATE TABLE listening (
    began_at INTEGER PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- Until when nothing was to be heard from an outlet in which a rule used to match: it was silent, failed or rested, and
-- for so long the rule's silence does not count.
CREATE TABLE hushed (
    outlet TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
