-- Every query of the store. `-- name: …` begins one; the comment lines below it say what it answers.
-- Lists of keys and ids travel as one JSON array (json_each), so that a poll of 5,000 entries asks no more often
-- than a poll of one. CROSS JOIN keeps SQLite from turning the order of a join round.

-- name: feed_by_id
-- The state of one feed.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE id = :feed;

-- name: registered_feeds
-- The states of every feed that the configuration names.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE is_registered = 1
ORDER BY id;

-- name: due_feeds
-- Feeds to be polled now, longest overdue first; none that is gone or paused, or whose origin is held. A feed rests
-- where it was paused itself, or every outlet that names it: one outlet alone must not silence another.
-- Set apart: feeds, origins and domains by name, failing feeds unless `:failing`, and of one origin what is beyond `:each`.
-- Reads the index alone, and at most `:reach` of it, until it is known which feeds are meant. Where nothing is
-- paused (every kind is some text) nobody asks of each feed whether it rests.
WITH waiting AS (
    SELECT id, next_poll_at, origin
    FROM feed
    WHERE is_registered = 1 AND is_gone = 0 AND next_poll_at <= :now
      AND (:failing OR failures = 0)
      AND id NOT IN (SELECT value FROM json_each(:feeds))
      AND origin NOT IN (SELECT value FROM json_each(:origins))
      AND NOT EXISTS (SELECT 1 FROM json_each(:domains) AS domain
                      WHERE instr(feed.origin, '.' || domain.value || ':')
                         OR instr(feed.origin, '://' || domain.value || ':'))
      AND NOT EXISTS (SELECT 1 FROM origin_hold WHERE origin_hold.origin = feed.origin AND origin_hold.until > :now)
      AND (NOT EXISTS (SELECT 1 FROM pause WHERE pause.kind >= '')
           OR (NOT EXISTS (SELECT 1 FROM pause
                           WHERE pause.kind = 'feed' AND pause.subject = feed.url
                             AND (pause.until IS NULL OR pause.until > :now))
               AND (NOT EXISTS (SELECT 1 FROM feed_outlet WHERE feed_outlet.feed_id = feed.id)
                    OR EXISTS (SELECT 1 FROM feed_outlet
                               WHERE feed_outlet.feed_id = feed.id
                                 AND NOT EXISTS (SELECT 1 FROM pause
                                                 WHERE pause.kind = 'outlet' AND pause.subject = feed_outlet.outlet
                                                   AND (pause.until IS NULL OR pause.until > :now))))))
    ORDER BY next_poll_at
    LIMIT :reach
), placed AS (
    SELECT id, next_poll_at, row_number() OVER (PARTITION BY origin ORDER BY next_poll_at, id) AS place
    FROM waiting
), chosen AS (
    SELECT id FROM placed WHERE place <= :each ORDER BY next_poll_at, id LIMIT :limit
)
SELECT feed.id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at,
       body_digest, failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM chosen CROSS JOIN feed ON feed.id = chosen.id
ORDER BY next_poll_at, feed.id;

-- name: resting_feeds
-- Registered feeds that work, and what lies between their last poll and the next, where it is more than that.
SELECT url, next_poll_at - last_poll_at
FROM feed
WHERE is_registered = 1 AND is_gone = 0 AND failures = 0 AND next_poll_at - last_poll_at > :beyond
ORDER BY id;

-- name: overdue_feeds
-- All that `due_feeds` would ever give with nothing set apart, and whether they were never polled.
SELECT id, url, next_poll_at, last_poll_at IS NULL
FROM feed
WHERE is_registered = 1 AND is_gone = 0 AND next_poll_at <= :now
  AND NOT EXISTS (SELECT 1 FROM origin_hold WHERE origin_hold.origin = feed.origin AND origin_hold.until > :now)
  AND (NOT EXISTS (SELECT 1 FROM pause WHERE pause.kind >= '')
       OR (NOT EXISTS (SELECT 1 FROM pause
                       WHERE pause.kind = 'feed' AND pause.subject = feed.url
                         AND (pause.until IS NULL OR pause.until > :now))
           AND (NOT EXISTS (SELECT 1 FROM feed_outlet WHERE feed_outlet.feed_id = feed.id)
                OR EXISTS (SELECT 1 FROM feed_outlet
                           WHERE feed_outlet.feed_id = feed.id
                             AND NOT EXISTS (SELECT 1 FROM pause
                                             WHERE pause.kind = 'outlet' AND pause.subject = feed_outlet.outlet
                                               AND (pause.until IS NULL OR pause.until > :now))))));

-- name: name_moved_feeds
-- A feed that has moved to one of these addresses, and is not named by its old one any more, is the same feed: it keeps
-- all that is known of it. Where two have moved to one, the other is forgotten.
UPDATE OR IGNORE feed SET url = json_extract(moving, '$.adopted'), moving = '{}'
WHERE moving LIKE '%"adopted"%' AND json_extract(moving, '$.adopted') IN (SELECT value FROM json_each(:new))
  AND url NOT IN (SELECT value FROM json_each(:named));

-- name: name_moving_feeds
-- The same of one that is led to one of these addresses for good, though not for long enough to be believed: whoever writes
-- that address believes it.
UPDATE OR IGNORE feed SET url = json_extract(moving, '$.address'), moving = '{}'
WHERE moving LIKE '%"is_same":true%' AND json_extract(moving, '$.address') IN (SELECT value FROM json_each(:new))
  AND url NOT IN (SELECT value FROM json_each(:named));

-- name: respell_feed
-- A feed whose address is written otherwise is asked there at once, and without what the other one gave to ask with.
UPDATE OR IGNORE feed
SET url = :url, origin = :origin, next_poll_at = :next_poll_at, is_gone = 0, moving = '{}',
    validated_url = CASE WHEN validated_url = '' THEN url ELSE validated_url END
WHERE url = :before;

-- name: put_off_feed
-- An overdue feed is due a little later, unless it was polled meanwhile.
UPDATE feed SET next_poll_at = :until, next_reason = :reason WHERE id = :feed AND next_poll_at = :due_at;

-- name: known_feeds
-- Every feed, and whether the configuration names it.
SELECT id, url, is_registered FROM feed;

-- name: forget_feeds
-- Feeds that the configuration does not name any more are no longer due.
UPDATE feed SET is_registered = 0 WHERE id IN (SELECT value FROM json_each(:feeds));

-- name: name_feeds
-- Feeds that it names again.
UPDATE feed SET is_registered = 1 WHERE id IN (SELECT value FROM json_each(:feeds));

-- name: register_feed
-- A new feed gets its first due time.
INSERT INTO feed (url, origin, next_poll_at) VALUES (:url, :origin, :next_poll_at)
ON CONFLICT (url) DO NOTHING;

-- name: forget_feed_outlet
-- This outlet names this feed no more.
DELETE FROM feed_outlet WHERE outlet = :outlet AND feed_id = (SELECT id FROM feed WHERE url = :url);

-- name: add_feed_outlet
-- This outlet names this feed.
INSERT INTO feed_outlet (feed_id, outlet) SELECT id, :outlet FROM feed WHERE url = :url
ON CONFLICT DO NOTHING;

-- name: feed_outlets
-- Which outlets name which feeds.
SELECT feed.url, feed_outlet.outlet
FROM feed_outlet CROSS JOIN feed ON feed.id = feed_outlet.feed_id
ORDER BY feed_outlet.feed_id, feed_outlet.outlet;

-- name: outlets_of_feeds
-- Which outlets name these feeds, by address.
SELECT feed.url, feed_outlet.outlet
FROM json_each(:urls) AS asked
CROSS JOIN feed ON feed.url = asked.value
CROSS JOIN feed_outlet ON feed_outlet.feed_id = feed.id
ORDER BY feed.id, feed_outlet.outlet;

-- name: feeds_by_url
-- The states of registered feeds by address, in that order, and until when their origin is held.
SELECT feed.id, url, feed.origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at,
       body_digest, failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id), origin_hold.until
FROM json_each(:urls) AS asked
CROSS JOIN feed ON feed.url = asked.value AND feed.is_registered = 1
LEFT JOIN origin_hold ON origin_hold.origin = feed.origin
ORDER BY asked.key;

-- name: pauses
-- Everything that somebody has paused.
SELECT kind, subject, at, until, by FROM pause ORDER BY kind, subject;

-- name: add_pause
-- A pause; a new one of the same takes the place of the old.
INSERT INTO pause (kind, subject, at, until, by) VALUES (:kind, :subject, :at, :until, :by)
ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, until = excluded.until, by = excluded.by;

-- name: end_pause
-- A pause is over.
DELETE FROM pause WHERE kind = :kind AND subject = :subject RETURNING kind, subject, at, until, by;

-- name: save_feed
-- Everything that a poll changes in its feed. What is NULL here, and is written as JSON, stays as it is.
UPDATE feed
SET origin = :origin, etag = :etag, last_modified = :last_modified, next_poll_at = :next_poll_at, last_poll_at = :last_poll_at,
    last_success_at = :last_success_at, baseline_at = :baseline_at, body_digest = :body_digest, failures = :failures,
    failing_since = :failing_since, last_outcome = :last_outcome, last_error = :last_error, is_gone = :is_gone,
    validated_url = :validated_url, habits = coalesce(:habits, habits), rhythm = coalesce(:rhythm, rhythm),
    moving = coalesce(:moving, moving), next_reason = :next_reason, fault = :fault, empty_since = :empty_since
WHERE id = :id;

-- name: save_last_read
-- Which parts of its document were read.
INSERT INTO last_read (feed_id, slices) VALUES (:feed, :slices)
ON CONFLICT (feed_id) DO UPDATE SET slices = excluded.slices;

-- name: note_window
-- This feed's document had entries: those seen now stand in its window.
UPDATE feed SET window_at = max(coalesce(window_at, :at), :at) WHERE id = :feed;

-- name: hold_origin
-- The longest wish of an origin counts.
INSERT INTO origin_hold (origin, until) VALUES (:origin, :until)
ON CONFLICT (origin) DO UPDATE SET until = max(until, excluded.until);

-- name: release_origins
-- Holds that are over.
DELETE FROM origin_hold WHERE until <= :now;

-- name: note_one_server
-- A domain that counts as one server has refused to be asked.
INSERT INTO one_server (domain, refused_at) VALUES (:domain, :at)
ON CONFLICT (domain) DO UPDATE SET refused_at = excluded.refused_at;

-- name: forget_one_servers
-- Domains that have been well since.
DELETE FROM one_server WHERE refused_at <= :since;

-- name: one_servers
-- Domains that have not.
SELECT domain, refused_at FROM one_server WHERE refused_at > :since;

-- name: move_due_times
-- The clock was set: what was to be, and what was, lies as far from now as before.
UPDATE feed SET next_poll_at = next_poll_at + :by, last_poll_at = last_poll_at + :by WHERE is_gone = 0;

-- name: move_holds
-- Likewise for origins that asked for patience.
UPDATE origin_hold SET until = until + :by;

-- name: forget_future_polls
-- A feed that was polled in the future was polled by a clock that was wrong: it counts as polled now.
UPDATE feed SET next_poll_at = next_poll_at - last_poll_at + :now, last_poll_at = :now
WHERE is_gone = 0 AND last_poll_at > :now;

-- name: forget_future_moments
-- Nor can it fail, be empty, or have been well since a moment that is still to come: alarms would wait for it.
UPDATE feed SET failing_since = min(failing_since, :now), empty_since = min(empty_since, :now),
    baseline_at = min(baseline_at, :now), last_success_at = min(last_success_at, :now)
WHERE max(coalesce(failing_since, 0), coalesce(empty_since, 0), coalesce(baseline_at, 0), coalesce(last_success_at, 0))
    > :now;

-- name: shorten_holds
-- Holds that no origin can have asked for.
UPDATE origin_hold SET until = :latest WHERE until > :latest;

-- name: known_entries
-- Entries of this feed by identity key, with the newest revision where its fingerprint was not asked for.
SELECT asked.value, entry.entry_key, story.story_key, coalesce(entry.text_key, story.story_key), entry.fingerprint,
       entry.revision, entry.is_baseline, revision.title, revision.summary, revision.body, revision.link,
       revision.published_at
FROM json_each(:keys) AS asked
CROSS JOIN identity ON identity.key = asked.value AND identity.feed_id = :feed
CROSS JOIN entry ON entry.id = identity.entry_id
CROSS JOIN story ON story.id = entry.story_id
LEFT JOIN revision ON revision.entry_id = entry.id AND revision.number = entry.revision
  AND entry.fingerprint NOT IN (SELECT value FROM json_each(:fingerprints));

-- name: known_links
-- The oldest story that has a link, from any feed whose links are not doubted, and the text of its first such entry: the
-- columns beside a min() are those of the row that has it (a window would cost half as much again).
SELECT found.key, story.story_key, coalesce(found.text_key, story.story_key)
FROM (
    SELECT identity.key AS key, entry.story_id AS story_id, entry.text_key AS text_key,
           min((entry.story_id << 32) | entry.id)
    FROM json_each(:links) AS asked
    CROSS JOIN identity ON identity.key = asked.value
    CROSS JOIN entry ON entry.id = identity.entry_id
    CROSS JOIN feed ON feed.id = entry.feed_id AND json_extract(feed.habits, '$.links.doubted_since') IS NULL
    GROUP BY identity.key
) AS found
CROSS JOIN story ON story.id = found.story_id;

-- name: known_texts
-- The oldest story that told these words in any revision, from any feed, of those seen after a moment, and the text of
-- its first such entry, found in the same way.
SELECT found.fingerprint, story.story_key, coalesce(found.text_key, story.story_key)
FROM (
    SELECT revision.fingerprint AS fingerprint, entry.story_id AS story_id, entry.text_key AS text_key,
           min((entry.story_id << 32) | entry.id)
    FROM json_each(:fingerprints) AS asked
    CROSS JOIN revision ON revision.fingerprint = asked.value
    CROSS JOIN entry ON entry.id = revision.entry_id
    WHERE entry.last_seen_at > :since
    GROUP BY revision.fingerprint
) AS found
CROSS JOIN story ON story.id = found.story_id;

-- name: known_words
-- The entries of this feed that told these words in any revision, of those seen after a moment; the last seen first.
SELECT asked.value, entry.entry_key, story.story_key, coalesce(entry.text_key, story.story_key), entry.fingerprint,
       entry.revision, entry.is_baseline, revision.published_at
FROM json_each(:fingerprints) AS asked
CROSS JOIN revision ON revision.fingerprint = asked.value
CROSS JOIN entry ON entry.id = revision.entry_id
CROSS JOIN story ON story.id = entry.story_id
WHERE entry.feed_id = :feed AND entry.last_seen_at > :since
ORDER BY entry.last_seen_at DESC, entry.id DESC;

-- name: moves_after
-- What was moved by hand since a serial, and the story in which it is now.
SELECT move.id, entry.feed_id, entry.entry_key, story.story_key
FROM move
CROSS JOIN entry ON entry.id = move.entry_id
CROSS JOIN story ON story.id = entry.story_id
WHERE move.id > :after
ORDER BY move.id;

-- name: told_rules
-- Stories by their keys, a merged one under its own; and for each rule that has fired its first alerts, what was
-- inherited first. A story that nobody was told of has a row without a rule.
SELECT asked.value, story.id, alert.rule, alert.public_id, alert.title, alert.id AS place
FROM json_each(:stories) AS asked
CROSS JOIN story AS named ON named.story_key = asked.value
CROSS JOIN story ON story.id = coalesce(named.merged_into, named.id)
LEFT JOIN alert ON alert.story_id IS NOT NULL AND alert.story_id = story.id AND alert.kind = 'first'
UNION ALL
SELECT asked.value, inherited.story_id, inherited.rule, inherited.public_id, first.title, 0
FROM json_each(:stories) AS asked
CROSS JOIN story AS named ON named.story_key = asked.value
CROSS JOIN inherited ON inherited.story_id = coalesce(named.merged_into, named.id)
LEFT JOIN alert AS first ON first.public_id = inherited.public_id
ORDER BY place;

-- name: channels_of_alerts
-- Where these alerts went, or are on their way to.
SELECT alert.public_id, delivery.channel
FROM json_each(:alerts) AS asked
CROSS JOIN alert ON alert.public_id = asked.value
CROSS JOIN delivery ON delivery.alert_id = alert.id
ORDER BY delivery.id;

-- name: outlets_of_stories
-- Who carries these stories.
SELECT DISTINCT entry.story_id, sighting.outlet
FROM json_each(:stories) AS asked
CROSS JOIN entry ON entry.story_id = asked.value
CROSS JOIN sighting ON sighting.entry_id = entry.id;

-- name: said_in_stories
-- The first and the last of what the entries of these stories said, oldest first.
SELECT found.story_id, revision.title, revision.summary
FROM (
    SELECT entry.story_id AS story_id, revision.id AS id,
           row_number() OVER (PARTITION BY entry.story_id ORDER BY revision.id) AS place,
           row_number() OVER (PARTITION BY entry.story_id ORDER BY revision.id DESC) AS place_from_end
    FROM json_each(:stories) AS asked
    CROSS JOIN entry ON entry.story_id = asked.value
    CROSS JOIN revision ON revision.entry_id = entry.id
) AS found
CROSS JOIN revision ON revision.id = found.id
WHERE found.place <= :half OR found.place_from_end <= :half
ORDER BY revision.id;

-- name: found_stories
-- Stories that are not known yet begin here.
INSERT INTO story (story_key, public_id, founded_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), :at FROM json_each(:stories) WHERE true
ON CONFLICT (story_key) DO NOTHING;

-- name: story_ids
-- Rows of stories by their keys; of a merged one that of the story it was merged into.
SELECT story.story_key, coalesce(story.merged_into, story.id)
FROM json_each(:stories) AS asked CROSS JOIN story ON story.story_key = asked.value;

-- name: entry_ids
-- Rows of this feed's entries by their keys.
SELECT entry.entry_key, entry.id
FROM json_each(:entries) AS asked
CROSS JOIN entry ON entry.feed_id = :feed AND entry.entry_key = asked.value;

-- name: last_entry
-- The highest row of entries: the writer alone gives out the next. One that is counted in the lexicon stands for its
-- entry for ever, though that may be gone.
SELECT max(coalesce((SELECT max(id) FROM entry), 0), coalesce((SELECT entry_id FROM lexicon WHERE id = 1), 0));

-- name: add_entry
-- An entry at first sight; a text that is named as its story is, is not named again.
INSERT INTO entry (id, feed_id, entry_key, story_id, revision, fingerprint, is_baseline, level, reason, score, text_key,
                   first_seen_at, last_seen_at)
SELECT ?1, ?2, ?3, story.id, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, story.story_key), ?12, ?12
FROM story WHERE story.id = ?4;

-- name: revise_entry
-- An entry whose words changed; its story, level and reason stay those of its first sight.
UPDATE entry SET revision = ?1, fingerprint = ?2, last_seen_at = max(last_seen_at, ?3) WHERE id = ?4 AND revision < ?1;

-- name: touch_entries
-- Entries that stand in the document unchanged.
UPDATE entry SET last_seen_at = :at
WHERE id IN (SELECT value FROM json_each(:ids)) AND last_seen_at < :at;

-- name: add_revision
-- What an entry says now; a revision that is known already stays as it was.
INSERT INTO revision (entry_id, number, fingerprint, seen_at, published_at, link, language, authors, categories, title,
                      summary, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (entry_id, number) DO NOTHING;

-- name: drop_revisions
-- All but the first and the newest of an entry that is edited without end.
DELETE FROM revision WHERE entry_id = ? AND number > 1 AND number <= ?;

-- name: add_identity
-- A key by which an entry is recognised; one that another entry of the feed had is this one's now.
INSERT INTO identity (key, feed_id, entry_id) VALUES (?, ?, ?)
ON CONFLICT (key, feed_id) DO UPDATE SET entry_id = excluded.entry_id;

-- name: add_sightings
-- Each of these outlets carries each of these entries.
INSERT INTO sighting (entry_id, outlet)
SELECT entries.value, outlets.value FROM json_each(:ids) AS entries CROSS JOIN json_each(:outlets) AS outlets
WHERE true
ON CONFLICT DO NOTHING;

-- name: add_sketch
-- What likeness needs to know of an entry's newest words.
INSERT INTO sketch (entry_id, seen_at, data) VALUES (?, ?, ?)
ON CONFLICT (entry_id) DO UPDATE SET seen_at = excluded.seen_at, data = excluded.data;

-- name: drop_sketches
-- A few of those that likeness is not asked about any more, the oldest first; never one that the lexicon has yet to count.
DELETE FROM sketch WHERE entry_id IN (
    SELECT entry_id FROM sketch
    WHERE seen_at < :before AND entry_id <= (SELECT entry_id FROM lexicon WHERE id = 1)
    ORDER BY seen_at LIMIT :limit
);

-- name: add_related
-- A story that is near an entry.
INSERT INTO related (entry_id, story_id, score) VALUES (?, ?, ?)
ON CONFLICT (entry_id, story_id) DO UPDATE SET score = excluded.score;

-- name: save_lexicon
-- How common words are, counted up to the last entry.
INSERT INTO lexicon (id, vocabulary, entry_id) SELECT 1, :vocabulary, coalesce(max(entry.id), 0) FROM entry WHERE true
ON CONFLICT (id) DO UPDATE SET vocabulary = excluded.vocabulary, entry_id = max(entry_id, excluded.entry_id);

-- name: lexicon
-- How common words are, as it was written last.
SELECT vocabulary, entry_id FROM lexicon WHERE id = 1;

-- name: sketched_entries
-- Entries with sketches behind a place whose newest words came at a moment or later, in the order of places.
SELECT sketch.entry_id, entry.feed_id, entry.entry_key, story.story_key, coalesce(entry.text_key, story.story_key),
       sketch.seen_at, sketch.data
FROM sketch
CROSS JOIN entry ON entry.id = sketch.entry_id
CROSS JOIN story ON story.id = entry.story_id
WHERE sketch.entry_id > :after AND sketch.seen_at >= :since
ORDER BY sketch.entry_id
LIMIT :limit;

-- name: last_move
-- Serial of the last move by hand.
SELECT coalesce(max(id), 0) FROM move;

-- name: add_match
-- A rule found in a revision.
INSERT INTO match (entry_id, revision, rule, rule_hash, evidence, is_new) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: told_already
-- Which of these dedupe keys have their alert.
SELECT alert.dedupe_key FROM json_each(:keys) AS asked CROSS JOIN alert ON alert.dedupe_key = asked.value;

-- name: last_alert
-- The highest row of alerts: the writer alone gives out the next.
SELECT coalesce(max(id), 0) FROM alert;

-- name: add_alert
-- An alert that was not told before.
INSERT INTO alert (id, kind, dedupe_key, public_id, rule, story_id, priority, at, title, link, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_delivery
-- An alert on its way to a channel, unless that had it before this database was restored; sorted already where
-- nothing is to hold it back.
INSERT INTO delivery (alert_id, channel, state, created_at, sorted_at)
SELECT alert.id, ?2,
       CASE WHEN EXISTS (SELECT 1 FROM told WHERE told.public_id = alert.public_id AND told.channel = ?2)
            THEN 'sent' ELSE 'pending' END,
       ?3, ?4
FROM alert WHERE alert.id = ?1;

-- name: ready_channels
-- Channels whose first unfinished message may be sent now. The recursion hops from channel to channel along the
-- queue's index: its cost is that of the channels, not of the backlog.
WITH RECURSIVE busy (channel) AS (
    SELECT min(channel) FROM delivery WHERE state IN ('pending', 'leased') AND sorted_at IS NOT NULL
    UNION ALL
    SELECT (SELECT min(later.channel) FROM delivery AS later
            WHERE later.state IN ('pending', 'leased') AND later.sorted_at IS NOT NULL
              AND later.channel > busy.channel)
    FROM busy WHERE busy.channel IS NOT NULL
)
SELECT busy.channel
FROM busy
CROSS JOIN delivery ON delivery.id = (
    SELECT min(queue.id) FROM delivery AS queue
    WHERE queue.channel = busy.channel AND queue.state IN ('pending', 'leased') AND queue.sorted_at IS NOT NULL
)
LEFT JOIN message ON message.id = delivery.message_id
WHERE message.id IS NULL
   OR (message.state = 'leased' AND message.lease_until <= :now)
   OR (message.state <> 'leased' AND message.due_at <= :now)
ORDER BY delivery.id;

-- name: channel_queue
-- A channel's unfinished deliveries in order, as far as they are sorted, and whether the message of each may be sent
-- now; read only as far as needed. A message lives from when it was put on its way, however long it was held.
SELECT delivery.id, delivery.message_id, delivery.sorted_at, alert.public_id,
       message.id IS NULL
       OR (message.state = 'leased' AND message.lease_until <= :now)
       OR (message.state <> 'leased' AND message.due_at <= :now) AS is_free
FROM delivery
CROSS JOIN alert ON alert.id = delivery.alert_id
LEFT JOIN message ON message.id = delivery.message_id
WHERE delivery.channel = :channel AND delivery.state IN ('pending', 'leased') AND delivery.sorted_at IS NOT NULL
ORDER BY delivery.id;

-- name: add_message
-- A message for deliveries that have none yet.
INSERT INTO message (channel, public_id, state, due_at, form, created_at, title, hold)
VALUES (:channel, :public_id, 'pending', :created_at, :form, :created_at, :title, :hold)
RETURNING id;

-- name: carry_delivery
-- This message carries this delivery; whatever was not sorted before is so by this.
UPDATE delivery SET message_id = :message, sorted_at = coalesce(sorted_at, created_at) WHERE id = :delivery;

-- name: lease_messages
-- These messages are being sent by somebody until then.
UPDATE message SET state = 'leased', lease_until = :until WHERE id IN (SELECT value FROM json_each(:ids));

-- name: messages_by_id
-- Messages by row.
SELECT message.id, message.public_id, message.channel, message.created_at, message.attempts, message.form,
       message.is_repeat, message.title, message.hold
FROM json_each(:ids) AS asked CROSS JOIN message ON message.id = asked.value;

-- name: message_alerts
-- What these messages carry, in the order of the queue.
SELECT delivery.message_id, delivery.alert_id
FROM delivery
WHERE delivery.message_id IN (SELECT value FROM json_each(:ids))
ORDER BY delivery.id;

-- name: settle_sent
-- The channel took it.
UPDATE message
SET state = 'sent', lease_until = NULL, attempts = attempts + 1, last_error = :error, settled_at = :at, is_dropped = 0
WHERE id = :message AND state <> 'sent';

-- name: settle_dead
-- It will not be tried again.
UPDATE message
SET state = 'dead', lease_until = NULL, attempts = attempts + 1, last_error = :error, settled_at = :at
WHERE id = :message AND state <> 'sent';

-- name: settle_retry
-- It is tried again later, perhaps in a plainer form. What was sent stays sent, and what is dead, dead: a late answer
-- revives nothing.
UPDATE message
SET state = 'pending', lease_until = NULL, attempts = attempts + 1, last_error = :error, due_at = :due_at, form = :form,
    settled_at = NULL
WHERE id = :message AND state NOT IN ('sent', 'dead');

-- name: add_attempt
-- How a send of a message went.
INSERT INTO attempt (message_id, number, at, outcome, reason, took_ms)
SELECT id, 1 + coalesce((SELECT max(number) FROM attempt WHERE message_id = message.id), 0), :at, :outcome, :reason,
       :took_ms
FROM message WHERE id = :message
RETURNING number;

-- name: drop_attempt
-- One in the middle of very many.
DELETE FROM attempt WHERE message_id = :message AND number = :number;

-- name: release_messages
-- Leased, but not tried.
UPDATE message SET state = 'pending', lease_until = NULL
WHERE channel = :channel AND state = 'leased' AND public_id IN (SELECT value FROM json_each(:public_ids))
RETURNING id;

-- name: recover_messages
-- Every lease is given back.
UPDATE message SET state = 'pending', lease_until = NULL WHERE state = 'leased' RETURNING id;

-- name: follow_messages
-- Deliveries stand where the messages that carry them stand.
UPDATE delivery SET state = (SELECT message.state FROM message WHERE message.id = delivery.message_id)
WHERE message_id IN (SELECT value FROM json_each(:ids));

-- name: revive_dead
-- Every dead message that nobody dropped begins anew: due now, with a whole time to live.
UPDATE message
SET state = 'pending', due_at = :now, created_at = :now, attempts = 0, form = :form, settled_at = NULL
WHERE state = 'dead' AND is_dropped = 0 AND (:channel = '' OR channel = :channel)
RETURNING id;

-- name: revive_named
-- Dead or waiting messages that somebody named, by their own public id or by that of an alert they carry.
UPDATE message
SET due_at = :now,
    created_at = CASE state WHEN 'dead' THEN :now ELSE created_at END,
    attempts = CASE state WHEN 'dead' THEN 0 ELSE attempts END,
    form = CASE state WHEN 'dead' THEN :form ELSE form END,
    settled_at = NULL,
    is_dropped = 0,
    state = 'pending'
WHERE (state = 'dead' OR (state = 'pending' AND due_at > :now))
  AND (:channel = '' OR channel = :channel)
  AND id IN (
    SELECT message.id FROM message
    WHERE message.state IN ('dead', 'pending') AND message.public_id IN (SELECT value FROM json_each(:public_ids))
    UNION
    SELECT delivery.message_id
    FROM json_each(:public_ids) AS asked
    CROSS JOIN alert ON alert.public_id = asked.value
    CROSS JOIN delivery ON delivery.alert_id = alert.id
  )
RETURNING id;

-- name: kept_back
-- Deliveries of these alerts that are held or muted.
SELECT delivery.id
FROM json_each(:public_ids) AS asked
CROSS JOIN alert ON alert.public_id = asked.value
CROSS JOIN delivery ON delivery.alert_id = alert.id
WHERE delivery.state IN ('held', 'muted') AND (:channel = '' OR delivery.channel = :channel)
ORDER BY delivery.id;

-- name: chosen_deliveries
-- Deliveries in these states; what is empty asks for nothing. In the order of the queue.
SELECT alert.public_id, delivery.channel, delivery.state, alert.title
FROM delivery
CROSS JOIN alert ON alert.id = delivery.alert_id
LEFT JOIN message ON message.id = delivery.message_id
WHERE delivery.state IN (SELECT value FROM json_each(:states))
  AND (:channel = '' OR delivery.channel = :channel)
  AND (:rule = '' OR alert.rule = :rule)
  AND (:is_news = 0 OR alert.kind NOT IN ('alarm', 'heartbeat'))
  AND (:since IS NULL OR alert.at >= :since)
  AND (json_array_length(:ids) = 0 OR alert.public_id IN (SELECT value FROM json_each(:ids))
       OR message.public_id IN (SELECT value FROM json_each(:ids)))
ORDER BY delivery.id;

-- name: undelivered_alerts
-- Alerts that have no delivery to a channel, oldest first.
SELECT alert.public_id, :channel, '', alert.title
FROM alert
WHERE (:rule = '' OR alert.rule = :rule)
  AND (:is_news = 0 OR alert.kind NOT IN ('alarm', 'heartbeat'))
  AND (:since IS NULL OR alert.at >= :since)
  AND (json_array_length(:ids) = 0 OR alert.public_id IN (SELECT value FROM json_each(:ids)))
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.alert_id = alert.id AND delivery.channel = :channel)
ORDER BY alert.id;

-- name: named_deliveries
-- Deliveries by pairs of alert and channel, in that order; without a row of its own where there is none yet.
SELECT delivery.id, delivery.message_id, delivery.state, message.lease_until, delivery.created_at, alert.id,
       alert.public_id, json_extract(asked.value, '$[1]')
FROM json_each(:pairs) AS asked
CROSS JOIN alert ON alert.public_id = json_extract(asked.value, '$[0]')
LEFT JOIN delivery ON delivery.alert_id = alert.id AND delivery.channel = json_extract(asked.value, '$[1]')
LEFT JOIN message ON message.id = delivery.message_id
ORDER BY asked.key;

-- name: drop_messages
-- Dead by somebody's word; what went wrong before is not forgotten.
UPDATE message
SET state = 'dead', lease_until = NULL, settled_at = :at, is_dropped = 1,
    last_error = CASE last_error WHEN '' THEN :reason ELSE :reason || '; before: ' || last_error END
WHERE id IN (SELECT value FROM json_each(:ids)) AND is_dropped = 0
RETURNING id;

-- name: repeat_messages
-- To be sent again as if for the first time, though under the same name.
UPDATE message
SET is_repeat = max(is_repeat, state = 'sent'), is_dropped = 0, state = 'pending', lease_until = NULL, due_at = :now,
    created_at = :now, attempts = 0, form = :form, settled_at = NULL
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: last_delivery
-- The highest row of deliveries: the end of every queue.
SELECT coalesce(max(id), 0) FROM delivery;

-- name: move_delivery
-- To another place in its queue.
UPDATE delivery SET id = ? WHERE id = ?;

-- name: deliveries_of_messages
-- What these messages carry, in their order.
SELECT delivery.id
FROM json_each(:ids) AS asked
CROSS JOIN delivery ON delivery.message_id IS NOT NULL AND delivery.message_id = asked.value
ORDER BY asked.key, delivery.id;

-- name: count_deliveries_of
-- How many deliveries these messages carry.
SELECT count(*) FROM delivery WHERE message_id IN (SELECT value FROM json_each(:ids));

-- name: alerts_by_id
-- Alerts by row.
SELECT alert.id, alert.kind, alert.dedupe_key, alert.public_id, alert.rule, coalesce(story.story_key, ''),
       alert.priority, alert.at, alert.title, alert.link, alert.content
FROM json_each(:ids) AS asked
CROSS JOIN alert ON alert.id = asked.value
LEFT JOIN story ON story.id = alert.story_id;

-- name: alert_channels
-- The deliveries of these alerts, in order.
SELECT alert_id, channel, state FROM delivery
WHERE alert_id IN (SELECT value FROM json_each(:ids))
ORDER BY id;

-- name: newest_alerts
-- Rows of the newest alerts, newest first.
SELECT id FROM alert ORDER BY id DESC LIMIT :limit;

-- name: deliveries_in_states
-- Rows of deliveries in these states, oldest first.
SELECT id FROM delivery WHERE state IN (SELECT value FROM json_each(:states)) ORDER BY id LIMIT :limit;

-- name: deliveries_of_alerts
-- Rows of the deliveries of these alerts, oldest first.
SELECT id FROM delivery WHERE alert_id IN (SELECT value FROM json_each(:ids)) ORDER BY id;

-- name: deliveries_by_id
-- Deliveries, their alerts in brief, and the messages that carry them.
SELECT delivery.id, delivery.channel, delivery.state, coalesce(message.public_id, alert.public_id), alert.kind,
       alert.rule, alert.title, delivery.created_at, message.due_at, coalesce(message.attempts, 0),
       coalesce(message.last_error, ''), message.settled_at, delivery.hold, delivery.held_until, delivery.why,
       alert.public_id, coalesce(message.hold, '') <> ''
FROM json_each(:ids) AS asked
CROSS JOIN delivery ON delivery.id = asked.value
CROSS JOIN alert ON alert.id = delivery.alert_id
LEFT JOIN message ON message.id = delivery.message_id
ORDER BY delivery.id;

-- name: message_marks
-- What was done by hand to the messages of these deliveries.
SELECT delivery.id, message.is_repeat, message.is_dropped
FROM json_each(:ids) AS asked
CROSS JOIN delivery ON delivery.id = asked.value
CROSS JOIN message ON message.id = delivery.message_id;

-- name: attempts_of_deliveries
-- Every send of these deliveries that is kept, oldest first.
SELECT delivery.id, attempt.number, attempt.at, attempt.outcome, attempt.reason, attempt.took_ms
FROM json_each(:ids) AS asked
CROSS JOIN delivery ON delivery.id = asked.value
CROSS JOIN attempt ON attempt.message_id = delivery.message_id
ORDER BY delivery.id, attempt.number;

-- name: deliveries_of_name
-- Rows of the deliveries of an alert, or of a message, oldest first.
SELECT delivery.id FROM alert CROSS JOIN delivery ON delivery.alert_id = alert.id WHERE alert.public_id = :public_id
UNION
SELECT delivery.id
FROM message CROSS JOIN delivery ON delivery.message_id = message.id WHERE message.public_id = :public_id
ORDER BY 1;

-- name: alert_of_name
-- Row of an alert.
SELECT id FROM alert WHERE public_id = :public_id;

-- name: story_of_name
-- Row of a story.
SELECT id FROM story WHERE public_id = :public_id;

-- name: alert_names
-- Public ids of alerts between two.
SELECT public_id FROM alert WHERE public_id >= :first AND public_id < :beyond ORDER BY public_id LIMIT :limit;

-- name: story_names
-- Public ids of stories between two.
SELECT public_id FROM story WHERE public_id >= :first AND public_id < :beyond ORDER BY public_id LIMIT :limit;

-- name: delivery_names
-- Public ids between two of alerts, and of messages that carry them.
SELECT public_id FROM alert WHERE public_id >= :first AND public_id < :beyond
UNION
SELECT public_id FROM message WHERE public_id >= :first AND public_id < :beyond
ORDER BY public_id LIMIT :limit;

-- name: newest_stories
-- Rows of stories that stand for themselves, newest first.
SELECT id FROM story
WHERE merged_into IS NULL AND (:since IS NULL OR founded_at >= :since)
  AND (:outlet = '' OR EXISTS (
    SELECT 1 FROM entry CROSS JOIN sighting ON sighting.entry_id = entry.id AND sighting.outlet = :outlet
    WHERE entry.story_id = story.id))
ORDER BY id DESC
LIMIT :limit;

-- name: stories_by_id
-- Stories in brief, by row.
SELECT story.public_id, story.story_key, story.founded_at,
       coalesce((SELECT revision.title FROM entry
                 CROSS JOIN revision ON revision.entry_id = entry.id AND revision.number = entry.revision
                 WHERE entry.story_id = story.id ORDER BY entry.id LIMIT 1), ''),
       (SELECT count(*) FROM entry WHERE entry.story_id = story.id),
       (SELECT json_group_array(DISTINCT sighting.outlet) FROM entry
        CROSS JOIN sighting ON sighting.entry_id = entry.id
        WHERE entry.story_id = story.id),
       (SELECT count(*) FROM alert
        WHERE alert.story_id IS NOT NULL AND alert.story_id IN (
            SELECT story.id
            UNION ALL
            SELECT part.id FROM story AS part WHERE part.merged_into IS NOT NULL AND part.merged_into = story.id))
FROM json_each(:ids) AS asked
CROSS JOIN story ON story.id = asked.value
ORDER BY asked.key;

-- name: merger_of_story
-- Where a story went, if somebody merged it.
SELECT living.public_id, story.merged_at, story.merged_by
FROM story CROSS JOIN story AS living ON living.id = story.merged_into
WHERE story.id = :story;

-- name: sightings_of_story
-- The entries of a story, oldest first.
SELECT entry.id, feed.url, entry.story_id, story.story_key, entry.level, entry.reason, entry.is_baseline,
       entry.first_seen_at, entry.last_seen_at, entry.entry_key, entry.score
FROM story
CROSS JOIN entry ON entry.story_id = story.id
CROSS JOIN feed ON feed.id = entry.feed_id
WHERE story.id = :story
ORDER BY entry.id;

-- name: delivery_counts
-- How many deliveries of each channel stand where.
SELECT channel, state, count(*) FROM delivery GROUP BY channel, state ORDER BY channel, state;

-- name: entry_count
-- How many entries are remembered.
SELECT count(*) FROM entry;

-- name: story_count
-- How many stories are remembered; those that were merged into others are none any more.
SELECT (SELECT count(*) FROM story) - (SELECT count(*) FROM story WHERE merged_into IS NOT NULL);

-- name: sightings_of_link
-- The entries of every feed that have this identity key, oldest first.
SELECT entry.id, feed.url, entry.story_id, story.story_key, entry.level, entry.reason, entry.is_baseline,
       entry.first_seen_at, entry.last_seen_at, entry.entry_key, entry.score
FROM identity
CROSS JOIN entry ON entry.id = identity.entry_id
CROSS JOIN story ON story.id = entry.story_id
CROSS JOIN feed ON feed.id = entry.feed_id
WHERE identity.key = :link_key
ORDER BY entry.id;

-- name: outlets_of_entries
-- The outlets that carry these entries.
SELECT entry_id, outlet FROM sighting WHERE entry_id IN (SELECT value FROM json_each(:ids)) ORDER BY entry_id, outlet;

-- name: revisions_of_entries
-- All that these entries said, oldest first.
SELECT entry_id, number, seen_at, published_at, link, language, authors, categories, title, summary, body, is_worded
FROM revision WHERE entry_id IN (SELECT value FROM json_each(:ids)) ORDER BY entry_id, number;

-- name: matches_of_entries
-- The rules found in these entries.
SELECT entry_id, revision, rule, evidence FROM match
WHERE entry_id IN (SELECT value FROM json_each(:ids)) ORDER BY entry_id, revision, rule;

-- name: related_of_entries
-- The stories that were near these entries, or those they were merged into, and how they read now; the nearest first.
-- One that has become the entry's own story is not among them.
SELECT related.entry_id, near.public_id,
       coalesce((SELECT revision.title FROM entry AS founder
                 CROSS JOIN revision ON revision.entry_id = founder.id AND revision.number = founder.revision
                 WHERE founder.story_id = near.id ORDER BY founder.id LIMIT 1), ''),
       max(related.score)
FROM json_each(:ids) AS asked
CROSS JOIN related ON related.entry_id = asked.value
CROSS JOIN entry ON entry.id = related.entry_id
CROSS JOIN story ON story.id = related.story_id
CROSS JOIN story AS near ON near.id = coalesce(story.merged_into, story.id)
WHERE near.id <> entry.story_id
GROUP BY related.entry_id, near.id
ORDER BY related.entry_id, max(related.score) DESC, near.id;

-- name: moves_of_entries
-- What was done to these entries by hand, oldest first.
SELECT move.entry_id, move.kind, move.at, move.by, move.old_story, move.new_story, move.old_level, move.old_score,
       move.old_reason
FROM move WHERE move.entry_id IN (SELECT value FROM json_each(:ids))
ORDER BY move.id;

-- name: past_extent
-- The first and the last row of all that entries said; NULL where there is nothing. (Asked for together, SQLite would
-- read the whole table.)
SELECT (SELECT min(id) FROM revision), (SELECT max(id) FROM revision);

-- name: past_revisions
-- What entries said, a stretch of rows in the order in which it was stored, with the words that stood there before: those
-- of the revision before it, or of the last one kept (of very many those in the middle are dropped).
SELECT entry.id, entry.story_id, story.story_key, coalesce(entry.text_key, story.story_key), feed.url, revision.number, revision.seen_at,
       entry.is_baseline AND revision.number = 1, revision.published_at, revision.link, revision.language,
       revision.authors, revision.categories, revision.title, revision.summary, revision.body, revision.is_worded,
       earlier.title, earlier.summary, earlier.body
FROM revision
CROSS JOIN entry ON entry.id = revision.entry_id
CROSS JOIN story ON story.id = entry.story_id
CROSS JOIN feed ON feed.id = entry.feed_id
LEFT JOIN revision AS earlier
  ON earlier.entry_id = revision.entry_id
 AND earlier.number = (
     SELECT max(before.number) FROM revision AS before
     WHERE before.entry_id = revision.entry_id AND before.number < revision.number
 )
WHERE revision.id >= :first AND revision.id < :beyond
  AND revision.seen_at >= :since AND (:until IS NULL OR revision.seen_at < :until)
ORDER BY revision.id;

-- name: alerts_of_stories_or_link
-- Rows of the alerts of these stories and of what was merged into them, of the first ones that they inherited, and of
-- those that name this link, oldest first.
SELECT id FROM alert
WHERE story_id IS NOT NULL AND story_id IN (
    SELECT value FROM json_each(:stories)
    UNION ALL
    SELECT part.id FROM json_each(:stories) AS asked
    CROSS JOIN story AS part ON part.merged_into IS NOT NULL AND part.merged_into = asked.value)
UNION
SELECT alert.id
FROM json_each(:stories) AS asked
CROSS JOIN inherited ON inherited.story_id = asked.value
CROSS JOIN alert ON alert.public_id = inherited.public_id
UNION
SELECT id FROM alert WHERE link = :link AND link <> ''
ORDER BY id;

-- name: old_texts
-- Revisions that have their words, the oldest first, and whether these may go: they were replaced, or the entry has
-- left its feed's window long ago. Words in the window tell a revision from news.
SELECT revision.id, revision.seen_at,
       revision.number < entry.revision OR (entry.last_seen_at < :before AND entry.last_seen_at < feed.window_at)
FROM revision
CROSS JOIN entry ON entry.id = revision.entry_id
CROSS JOIN feed ON feed.id = entry.feed_id
WHERE revision.is_worded = 1 AND revision.seen_at < :before
  AND (revision.seen_at, revision.id) > (:moment, :row)
ORDER BY revision.seen_at, revision.id
LIMIT :limit;

-- name: old_entries
-- Entries in the order of their coming, whether they came before a moment, and whether they may be forgotten.
SELECT entry.id, entry.first_seen_at < :before, entry.last_seen_at < :before AND entry.last_seen_at < feed.window_at
FROM entry
CROSS JOIN feed ON feed.id = entry.feed_id
WHERE entry.id > :row
ORDER BY entry.id
LIMIT :limit;

-- name: old_alerts
-- Alerts in order, whether they were raised before a moment, whether a delivery is still on its way, whether an entry
-- of their story is remembered, and whether they hold more than that needs.
SELECT alert.id, alert.at < :before,
       EXISTS (SELECT 1 FROM delivery WHERE delivery.alert_id = alert.id AND delivery.state NOT IN ('sent', 'dead', 'muted')),
       alert.story_id IS NOT NULL AND EXISTS (
           SELECT 1 FROM story CROSS JOIN entry ON entry.story_id = coalesce(story.merged_into, story.id)
           WHERE story.id = alert.story_id),
       json_extract(alert.content, '$.text') <> '["","",""]'
       OR EXISTS (SELECT 1 FROM delivery WHERE delivery.alert_id = alert.id)
FROM alert
WHERE alert.id > :row
ORDER BY alert.id
LIMIT :limit;

-- name: let_texts_go
-- What is recognised stays: fingerprint, title, link and date.
UPDATE revision SET is_worded = 0, summary = '', body = '', authors = '[]', categories = '[]'
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: stories_of_entries
-- Stories that may end with these entries.
SELECT DISTINCT story_id FROM entry WHERE id IN (SELECT value FROM json_each(:ids));

-- name: stories_of_alerts
-- Stories that may end with these alerts.
SELECT DISTINCT story_id FROM alert WHERE story_id IS NOT NULL AND id IN (SELECT value FROM json_each(:ids));

-- name: messages_of_alerts
-- Messages that carry these alerts.
SELECT DISTINCT message_id FROM delivery
WHERE message_id IS NOT NULL AND alert_id IN (SELECT value FROM json_each(:ids));

-- name: forget_sightings
-- Entries are forgotten with all that hangs on them; children first.
DELETE FROM sighting WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_matches
-- The same.
DELETE FROM match WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_identities
-- The same.
DELETE FROM identity WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_revisions
-- The same.
DELETE FROM revision WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_sketches
-- The same.
DELETE FROM sketch WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_related
-- The same.
DELETE FROM related WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_moves
-- The same.
DELETE FROM move WHERE entry_id IN (SELECT value FROM json_each(:ids));

-- name: forget_entries
-- The same.
DELETE FROM entry WHERE id IN (SELECT value FROM json_each(:ids));

-- name: ended_stories
-- Of these stories, of what was merged into them, and of what they were merged into: those of which nothing is left. A
-- merged one is kept for as long as the other has entries, which its key leads to; that one, for as long as it has an
-- alert.
SELECT story.id
FROM (
    SELECT value AS id FROM json_each(:ids)
    UNION
    SELECT part.id FROM json_each(:ids) AS asked
    CROSS JOIN story AS part ON part.merged_into IS NOT NULL AND part.merged_into = asked.value
    UNION
    SELECT part.merged_into FROM json_each(:ids) AS asked CROSS JOIN story AS part ON part.id = asked.value
) AS found
CROSS JOIN story ON story.id = found.id
WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.story_id = coalesce(story.merged_into, story.id))
  AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.story_id IS NOT NULL AND alert.story_id = story.id)
  AND NOT EXISTS (
      SELECT 1 FROM story AS part
      CROSS JOIN alert ON alert.story_id IS NOT NULL AND alert.story_id = part.id
      WHERE part.merged_into IS NOT NULL AND part.merged_into = story.id);

-- name: forget_nearness
-- Nobody is near to what is gone.
DELETE FROM related WHERE story_id IN (SELECT value FROM json_each(:ids));

-- name: forget_inheritance
-- The same.
DELETE FROM inherited WHERE story_id IN (SELECT value FROM json_each(:ids));

-- name: forget_stories
-- Stories of which nothing is left.
DELETE FROM story WHERE id IN (SELECT value FROM json_each(:ids));

-- name: forget_deliveries
-- Alerts lose their deliveries.
DELETE FROM delivery WHERE alert_id IN (SELECT value FROM json_each(:ids));

-- name: forget_messages
-- Messages that carry nothing any more.
DELETE FROM message
WHERE id IN (SELECT value FROM json_each(:ids))
  AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.message_id IS NOT NULL AND delivery.message_id = message.id);

-- name: strip_alerts
-- An alert of a story that is still known keeps its key, so that it is not raised again, and little else.
UPDATE alert SET content = json_set(content, '$.text', json('["","",""]'), '$.evidence', json('[]'))
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: forget_alerts
-- Alerts of which nothing else is left.
DELETE FROM alert WHERE id IN (SELECT value FROM json_each(:ids));

-- name: forget_told
-- What was told so long ago that no backup is older.
DELETE FROM told WHERE at < :before;

-- name: carried
-- The public ids of these messages, where they have one of their own, and of the alerts that they carry, which come last.
SELECT message.public_id, 0 AS place FROM json_each(:ids) AS asked
CROSS JOIN message ON message.id = asked.value AND message.hold <> ''
UNION
SELECT alert.public_id, 1
FROM delivery CROSS JOIN alert ON alert.id = delivery.alert_id
WHERE delivery.message_id IN (SELECT value FROM json_each(:ids))
ORDER BY place;

-- name: knows_told
-- Whether this database knows that a channel had an alert.
SELECT EXISTS (SELECT 1 FROM told WHERE told.public_id = :public_id AND told.channel = :channel)
    OR EXISTS (SELECT 1 FROM alert CROSS JOIN delivery ON delivery.alert_id = alert.id AND delivery.channel = :channel
               LEFT JOIN message ON message.id = delivery.message_id
               WHERE alert.public_id = :public_id AND (delivery.state = 'sent' OR message.is_repeat = 1));

-- name: add_told
-- A channel had this alert.
INSERT INTO told (public_id, channel, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: messages_told_before
-- Messages not sent yet, of which everything was; not those that somebody wants sent again.
SELECT message.id FROM message
WHERE message.state <> 'sent' AND message.is_repeat = 0
  AND EXISTS (SELECT 1 FROM delivery WHERE delivery.message_id IS NOT NULL AND delivery.message_id = message.id)
  AND NOT EXISTS (
    SELECT 1 FROM delivery CROSS JOIN alert ON alert.id = delivery.alert_id
    WHERE delivery.message_id IS NOT NULL AND delivery.message_id = message.id
      AND NOT EXISTS (SELECT 1 FROM told WHERE told.public_id = alert.public_id AND told.channel = message.channel)
  );

-- name: mark_told_before
-- They count as sent.
UPDATE message SET state = 'sent', lease_until = NULL, settled_at = :at
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: mark_deliveries_told_before
-- Likewise those that no message carries yet.
UPDATE delivery SET state = 'sent'
WHERE state IN ('pending', 'held') AND message_id IS NULL AND EXISTS (
    SELECT 1 FROM alert CROSS JOIN told ON told.public_id = alert.public_id AND told.channel = delivery.channel
    WHERE alert.id = delivery.alert_id
);

-- name: story_to_correct
-- A story by its public id, and the public id of the one that stands for it.
SELECT story.id, story.story_key, living.public_id
FROM story LEFT JOIN story AS living ON living.id = story.merged_into
WHERE story.public_id = :public_id;

-- name: entries_of_story
-- The entries of a story, oldest first.
SELECT entry.id, feed.url, entry.entry_key
FROM entry CROSS JOIN feed ON feed.id = entry.feed_id
WHERE entry.story_id = :story
ORDER BY entry.id;

-- name: add_moves
-- These entries are moved: by whom, and what was said of them before.
INSERT INTO move (entry_id, kind, at, by, old_story, new_story, old_level, old_score, old_reason)
SELECT entry.id, :kind, :at, :by, :old_story, :new_story, entry.level, entry.score, entry.reason
FROM json_each(:ids) AS asked CROSS JOIN entry ON entry.id = asked.value
ORDER BY asked.key;

-- name: move_entries
-- They stand in the other story; their text keeps its name.
UPDATE entry
SET story_id = :story, text_key = coalesce(text_key, :old_story), level = :level, score = NULL, reason = :reason
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: inherit_inherited
-- A story counts as fired what another one does.
INSERT INTO inherited (story_id, rule, public_id)
SELECT :heir, rule, public_id FROM inherited AS earlier
WHERE earlier.story_id = :story AND NOT EXISTS (
    SELECT 1 FROM alert
    WHERE alert.story_id IS NOT NULL AND alert.story_id = :heir AND alert.kind = 'first' AND alert.rule = earlier.rule)
ON CONFLICT DO NOTHING;

-- name: inherit_fired
-- The same, of what the other one alerted on itself.
INSERT INTO inherited (story_id, rule, public_id)
SELECT :heir, rule, public_id FROM alert AS earlier
WHERE earlier.story_id IS NOT NULL AND earlier.story_id = :story AND earlier.kind = 'first' AND NOT EXISTS (
    SELECT 1 FROM alert
    WHERE alert.story_id IS NOT NULL AND alert.story_id = :heir AND alert.kind = 'first' AND alert.rule = earlier.rule)
ORDER BY earlier.id
ON CONFLICT DO NOTHING;

-- name: merge_story
-- Another story stands for this one, and for those that were merged into it before.
UPDATE story SET merged_into = :into, merged_at = coalesce(merged_at, :at),
                 merged_by = CASE WHEN merged_at IS NULL THEN :by ELSE merged_by END
WHERE id = :story OR (merged_into IS NOT NULL AND merged_into = :story);

-- name: unsorted_channels
-- Channels with deliveries that are to be sorted: new ones, found by hopping along their index, and those whose hold is
-- over.
WITH RECURSIVE busy (channel) AS (
    SELECT min(channel) FROM delivery WHERE state = 'pending' AND sorted_at IS NULL
    UNION ALL
    SELECT (SELECT min(later.channel) FROM delivery AS later
            WHERE later.state = 'pending' AND later.sorted_at IS NULL AND later.channel > busy.channel)
    FROM busy WHERE busy.channel IS NOT NULL
)
SELECT channel FROM busy WHERE channel IS NOT NULL
UNION
SELECT channel FROM delivery WHERE state = 'held' AND held_until <= :now
ORDER BY channel;

-- name: released_deliveries
-- A channel's deliveries whose hold is over, in the order of the queue. (The + keeps SQLite from reading all deliveries
-- in that order.)
SELECT delivery.id, delivery.alert_id, delivery.hold, delivery.held_until FROM delivery
WHERE delivery.channel = :channel AND delivery.state = 'held' AND delivery.held_until <= :now
ORDER BY +delivery.id LIMIT :limit;

-- name: unsorted_deliveries
-- A channel's new deliveries, in order.
SELECT delivery.id, delivery.alert_id, '', NULL FROM delivery
WHERE delivery.channel = :channel AND delivery.state = 'pending' AND delivery.sorted_at IS NULL
ORDER BY delivery.id LIMIT :limit;

-- name: unsorted_in_channel
-- Rows of all of them, in order.
SELECT delivery.id FROM delivery
WHERE delivery.channel = :channel AND delivery.state = 'pending' AND delivery.sorted_at IS NULL
ORDER BY delivery.id;

-- name: backlog_of_channel
-- News that waits for its turn on a channel and was never tried, in the order of the queue, with the message that may
-- carry it already: the first ones, and with them what stands in one message with any of them. Left out is what somebody
-- wants sent again, and what was put together at this very moment.
WITH found AS (
    SELECT delivery.id, delivery.alert_id, delivery.message_id,
           CASE coalesce(message.hold, '') WHEN '' THEN '' ELSE message.public_id END AS together
    FROM delivery
    CROSS JOIN alert ON alert.id = delivery.alert_id
    LEFT JOIN message ON message.id = delivery.message_id
    WHERE delivery.channel = :channel AND delivery.state IN ('pending', 'leased') AND delivery.sorted_at IS NOT NULL
      AND delivery.state = 'pending'
      AND alert.kind NOT IN ('alarm', 'heartbeat', 'test', 'digest')
      AND (message.id IS NULL
           OR (message.attempts = 0 AND message.is_repeat = 0
               AND (message.hold <> :hold OR message.created_at <> :now)
               AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.message_id = message.id)))
    ORDER BY delivery.id LIMIT :limit
)
SELECT id, alert_id, message_id, together FROM found
UNION
SELECT delivery.id, delivery.alert_id, delivery.message_id, asked.together
FROM (SELECT DISTINCT message_id, together FROM found WHERE together <> '') AS asked
CROSS JOIN delivery ON delivery.message_id IS NOT NULL AND delivery.message_id = asked.message_id
ORDER BY 1;

-- name: story_names_of_alerts
-- Which stories these alerts are about, or those that stand for them now.
SELECT alert.id, coalesce(living.public_id, story.public_id)
FROM json_each(:ids) AS asked
CROSS JOIN alert ON alert.id = asked.value
CROSS JOIN story ON story.id = alert.story_id
LEFT JOIN story AS living ON living.id = story.merged_into;

-- name: put_on_way
-- When a channel's messages were put on their way since a moment, each once, oldest first; and the first and the last of
-- the rules that they tell of.
SELECT min(delivery.sorted_at) AS at, min(alert.rule), max(alert.rule)
FROM delivery CROSS JOIN alert ON alert.id = delivery.alert_id
WHERE delivery.channel = :channel AND delivery.sorted_at >= :since AND delivery.state NOT IN ('held', 'muted')
GROUP BY coalesce(delivery.message_id, -delivery.id)
ORDER BY at;

-- name: digests_of_channel
-- Up to which moment a channel has had its digests.
SELECT rule, at FROM digest WHERE channel = :channel;

-- name: note_digest
-- A digest was made, or had nothing to say.
INSERT INTO digest (channel, rule, at) VALUES (:channel, :rule, :at)
ON CONFLICT (channel, rule) DO UPDATE SET at = excluded.at;

-- name: sort_alone
-- Each on its way, as a message of its own.
UPDATE delivery SET state = 'pending', sorted_at = :now WHERE id IN (SELECT value FROM json_each(:ids));

-- name: sort_held
-- They wait until then, and are sorted again.
UPDATE delivery SET state = 'held', sorted_at = :now, hold = :hold, held_until = :until
WHERE id IN (SELECT value FROM json_each(:ids));

-- name: sort_muted
-- Never sent, and why.
UPDATE delivery SET state = 'muted', sorted_at = ?, why = ? WHERE id = ?;

-- name: is_message_made
-- Whether a channel has, or once had, a message of this name.
SELECT EXISTS (SELECT 1 FROM message WHERE message.public_id = :public_id AND message.channel = :channel)
    OR EXISTS (SELECT 1 FROM told WHERE told.public_id = :public_id AND told.channel = :channel);

-- name: mutes
-- Everything that somebody has muted and that is not over; all of it where no moment is given.
SELECT kind, subject, at, until, by FROM mute
WHERE :now IS NULL OR until IS NULL OR until > :now
ORDER BY kind, subject;

-- name: add_mute
-- A mute; a new one of the same takes the place of the old.
INSERT INTO mute (kind, subject, at, until, by) VALUES (:kind, :subject, :at, :until, :by)
ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, until = excluded.until, by = excluded.by;

-- name: forget_mutes
-- Those that were over at a moment.
DELETE FROM mute WHERE until <= :now;

-- name: end_mute
-- A mute is over.
DELETE FROM mute WHERE kind = :kind AND subject = :subject RETURNING kind, subject, at, until, by;

-- name: note_circuit
-- A channel has refused so many sends in a row.
INSERT INTO circuit (channel, refusals, since) VALUES (:channel, :refusals, :since)
ON CONFLICT (channel) DO UPDATE SET refusals = excluded.refusals, since = excluded.since;

-- name: close_circuit
-- It took one.
DELETE FROM circuit WHERE channel = :channel;

-- name: circuit_of_channel
-- How often a channel has refused in a row.
SELECT refusals, since FROM circuit WHERE channel = :channel;

-- name: circuits
-- Channels that refuse, with the message that is tried next.
SELECT circuit.channel, circuit.refusals, circuit.since, message.state, message.due_at, message.last_error
FROM circuit
LEFT JOIN delivery ON delivery.id = (
    SELECT min(queue.id) FROM delivery AS queue
    WHERE queue.channel = circuit.channel AND queue.state IN ('pending', 'leased') AND queue.sorted_at IS NOT NULL
)
LEFT JOIN message ON message.id = delivery.message_id
ORDER BY circuit.channel;

-- name: last_sends
-- When sends of a channel ended since a moment, among the newest messages: enough to go on at the channel's pace.
SELECT newest.settled_at
FROM (SELECT channel, settled_at FROM message ORDER BY id DESC LIMIT :limit) AS newest
WHERE newest.channel = :channel AND newest.settled_at >= :since
ORDER BY newest.settled_at;

-- name: begin_trouble
-- An alarm tells of it; told again it is as old as it was, and whoever heard of it before hears of its end as well.
INSERT INTO trouble (cause, subject, about, since, told_at, channels) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (cause, subject) DO UPDATE SET
    about = excluded.about, told_at = excluded.told_at,
    channels = (
        SELECT json_group_array(value) FROM (
            SELECT value FROM json_each(trouble.channels) UNION SELECT value FROM json_each(excluded.channels)
            ORDER BY value
        )
    );

-- name: end_trouble
-- A note says that it is over.
DELETE FROM trouble WHERE cause = ? AND subject = ?;

-- name: troubles
-- All that was told and is not over.
SELECT cause, subject, about, since, told_at, channels FROM trouble ORDER BY since, cause, subject;

-- name: failing_feeds
-- Feeds of the configuration whose last poll failed, or that are gone.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE is_registered = 1 AND (failures > 0 OR is_gone = 1)
ORDER BY id;

-- name: empty_feeds
-- Feeds of the configuration that used to have entries and have none.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE is_registered = 1 AND empty_since IS NOT NULL
ORDER BY id;

-- name: strange_feeds
-- Feeds of the configuration of which an alarm told that their ids or links changed their nature. Its subject begins with
-- the address.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE is_registered = 1
  AND url IN (SELECT substr(subject, 1, instr(subject, ' ') - 1) FROM trouble WHERE cause = 'identity')
ORDER BY id;

-- name: feed_after
-- How far the next feeds reach, by id.
SELECT max(id) FROM (SELECT id FROM feed WHERE id > :after ORDER BY id LIMIT :limit) AS found;

-- name: quiet_feeds
-- Of these feeds of the configuration those that brought nothing new since a moment, may have had entries that were
-- missed since another, or have moved.
SELECT id, url, origin, etag, last_modified, next_poll_at, last_poll_at, last_success_at, baseline_at, body_digest,
       failures, failing_since, last_outcome, last_error, is_gone, validated_url, habits,
       rhythm, next_reason, moving, fault, empty_since,
       (SELECT slices FROM last_read WHERE last_read.feed_id = feed.id)
FROM feed
WHERE id > :after AND id <= :last AND is_registered = 1
  AND (coalesce(json_extract(rhythm, '$.last_new_at'), 0) <= :quiet_since
       OR json_extract(rhythm, '$.missed_at') >= :missed_since
       OR json_extract(moving, '$.adopted') IS NOT NULL)
ORDER BY id;

-- name: stop_listening
-- Spans that are long over, and those that a clock wrote which was wrong: they would swallow every silence.
DELETE FROM listening WHERE until < :before OR began_at > :now;

-- name: cut_listening
-- A span that was going on when the clock was set back goes on: what was heard of it was heard.
UPDATE listening SET until = :now WHERE until > :now;

-- name: go_on_listening
-- Who listened a moment ago listens still.
UPDATE listening SET until = :now WHERE began_at = (SELECT max(began_at) FROM listening) AND until >= :since;

-- name: begin_listening
-- Somebody listens from now on.
INSERT INTO listening (began_at, until) VALUES (:now, :now);

-- name: listenings
-- When somebody listened.
SELECT began_at, until FROM listening ORDER BY began_at;

-- name: forget_hushed
-- Outlets that were heard for long, and those of a clock that was wrong.
DELETE FROM hushed WHERE until < :before OR until > :now;

-- name: note_hushed
-- Nothing was to be heard from an outlet until now.
INSERT INTO hushed (outlet, until) VALUES (:outlet, :now)
ON CONFLICT (outlet) DO UPDATE SET until = excluded.until;

-- name: hushed
-- Until when nothing was to be heard from outlets.
SELECT outlet, until FROM hushed;

-- name: entry_from
-- The first entry from an id on, and when it was seen first.
SELECT id, first_seen_at FROM entry WHERE id >= ? ORDER BY id LIMIT 1;

-- name: last_match
-- The newest entry that a rule of this hash matched, and when it was seen first.
SELECT match.entry_id, entry.first_seen_at
FROM match CROSS JOIN entry ON entry.id = match.entry_id AND entry.is_baseline = 0
WHERE match.rule = ? AND match.rule_hash = ?
ORDER BY match.entry_id DESC LIMIT 1;

-- name: next_match
-- The first such entry from an id on.
SELECT match.entry_id, entry.first_seen_at
FROM match CROSS JOIN entry ON entry.id = match.entry_id AND entry.is_baseline = 0
WHERE match.rule = ? AND match.rule_hash = ? AND match.entry_id >= ?
ORDER BY match.entry_id LIMIT 1;

-- name: carriers
-- In how many of its last matches each outlet had a part.
SELECT sighting.outlet, count(DISTINCT found.entry_id)
FROM (
    SELECT match.entry_id AS entry_id FROM match
    WHERE match.rule = ? AND match.rule_hash = ? ORDER BY match.entry_id DESC LIMIT ?
) AS found
CROSS JOIN sighting ON sighting.entry_id = found.entry_id
GROUP BY sighting.outlet;

-- name: feed_count
-- How many feeds of the configuration are asked.
SELECT count(*) FROM feed WHERE is_registered = 1 AND is_gone = 0;

-- name: refusing_channels
-- Those that refused what they were sent last.
SELECT channel FROM circuit ORDER BY channel;

-- name: alerts_since
-- How many alerts on news were raised since a moment; asked once a day.
SELECT count(*) FROM alert WHERE at >= :since AND kind NOT IN ('alarm', 'heartbeat', 'test', 'digest');
