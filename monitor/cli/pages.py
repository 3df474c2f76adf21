"""What `--help` says: one page for each command. No command is loaded for it."""

from dataclasses import dataclass

SUMMARY = "A news monitor that misses no story, tells none twice, and can be trusted when it is silent."
START = "Start with: tocsin demo, then tocsin try FEED_URL --match 'ceasefire OR truce', then tocsin init"
GROUPS = {
    "outlets": "The publishers that are watched.",
    "stories": "What is the same news.",
    "rules": "What is watched for.",
    "alerts": "What was alerted.",
    "outbox": "What is not delivered yet.",
    "channels": "Where alerts go.",
    "db": "The database.",
    "entities": "The people, places and organisations that rules speak of.",
    "config": "The configuration's own shape.",
}
"""names that only hold commands"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One command: its name, its function, and what it promises. The first paragraph also stands in the overview."""

    name: str
    function: str
    text: str
    example: str


PAGES = (
    Page(
        name="init",
        function="beginning:init",
        text="""Write a first configuration with comments.

It has one outlet, one rule and a console channel, and works as it is. Nothing is overwritten.""",
        example="tocsin init config",
    ),
    Page(
        name="check",
        function="beginning:check",
        text="""Show every mistake of the configuration at once.

Each stands on a line of its own as file:line:column: what; exit 78 where there is one. Rules are compiled and their
examples tried, the options of channels are checked; nothing is fetched or sent. What is allowed and may not be meant,
such as a OR b NOT c or a rule that has expired, is a note: and no mistake.

--channels also asks channels whether they can be reached, as far as that can be known without sending: a mail server is
greeted and logged in to, Telegram is asked for the chat; for other kinds there is tocsin channels test. Exit 69 where
one cannot.

--json: one object with mistakes and notes (lists of lines, empty if there is none), outlets, feeds, rules and entities
(numbers), channels (names); with --channels also reached (name, is_reached and said).""",
        example="tocsin check --config config",
    ),
    Page(
        name="add",
        function="adding:add",
        text="""Find the feed of a web address, try it, and write it into the configuration.

The address may be that of a feed, which is taken as it is, or of a page: then the feeds that the page names are fetched
and shown, or, where it names none, the first one found where publishing systems keep theirs, as far as the site's
robots.txt allows. Comments and the same news in another format come last. Name, language and publisher are taken from
the feed and the page. The lines are put behind the last outlet, everything else in the file stays as it is, and the
whole configuration is checked before it is written. What is watched already, also as http or with a slash at the end,
is refused and named.

Where several feeds are found, a terminal is asked which; a pipe lists them (feed, kind, entries, newest, title, note,
address, parted by tabs) and needs --feed with a number or an address. --yes asks nothing. --print writes nothing and
needs no configuration. A proxy and the contact of polling: are used. A feed whose own ttl would have it polled more
seldom than configured is added with a note.

--json: an object with added, file, outlet (name, publisher, language, tags, url, every) and candidates (url, title,
kind, entries, newest, language, is_comments, same_as, asks_for_seconds: between two polls, by its ttl or updatePeriod).

Exit 64: it has to be said which; 65: no feed, or watched already; 69: no answer; 78: mistakes, nothing was written.""",
        example="tocsin add https://www.themoscowtimes.com --tag russia",
    ),
    Page(
        name="demo",
        function="demo:demo",
        text="Watch invented outlets change and alerts arrive; needs no network and leaves nothing behind.",
        example="tocsin demo",
    ),
    Page(
        name="try",
        function="trying:trying",
        text="""Try a feed, or rules or threading on stories from a file; needs no configuration.

Fetches a feed or opens a file, shows its entries and which of them a query matches and why, and the YAML to watch it.
In a pipe: published, title, matched parts and link, parted by tabs. Nothing is remembered.

--json: a list of entries, each with title, summary, link, published_at, lang, authors, categories, matches (true or
false) and evidence (field, start, end, part).

Exit 66: no such file; 65: not a feed; 69: cannot be fetched, or the test alert was not taken.""",
        example="tocsin try https://www.themoscowtimes.com/rss/news --match 'ceasefire OR \"peace talks\"'",
    ),
    Page(
        name="try rules",
        function="trying_rules:try_rules",
        text="""Match the rules of a configuration on stories from a file: JSON Lines, or a headline on each line.

One line a match: id, rule, evidence and title, parted by tabs. A story is an object with id, outlet, link, title,
summary, body, published and lang; also tags, authors and categories. None is required, others are passed over. Lines
that are no story are reported with their number and the rest goes on; the exit code then is 65. A file that does not
begin with { is plain text. --rules tries these rules only, and may be given several times. A line is held at a time.

--json: one object a match and line, with id, rule and evidence: a list of field, start, end (characters of that field,
end exclusive), text and part.""",
        example="tocsin try rules --config config --on stories.jsonl --json",
    ),
    Page(
        name="try threading",
        function="trying_threading:try_threading",
        text="""Show which stories of a file are the same news; needs no configuration.

They are told one after another, in the order of the file, as if each came in a poll of its own, and threaded by the
same decisions as in the daemon; entries of one outlet are one feed. A story is an object as in tocsin try rules; seen
(seconds since 1970), else published, says when it came, and time does not go back. Those that say nothing come a minute
apart. Says how many stories of what size there are, and shows the largest with their headlines: --largest 0 shows none.
Lines that are no story are reported with their number and the rest goes on; the exit code then is 65. Nothing is
remembered, and a file of any length is read in bounded memory: at most 100,000 entries are recognised again.

--json: one object a story and line, at once, with id, story (a name for all that is the same news), kind and score.
kind is new, same_entry, same_text, same_story, or update: an entry of this outlet that is known, with other words.
score says how alike the nearest story is, from 0 to 1; null where that was not asked. With --why also reason, and
related: a list of stories with their scores that are near, but not near enough.""",
        example="tocsin try threading --on stories.jsonl --why",
    ),
    Page(
        name="once",
        function="running:once",
        text="""One round: poll what is due, deliver what is due, leave.

A feed seen for the first time gives a baseline: its entries are remembered and alert nobody. Logs go to standard
error, a line a poll and a delivery.""",
        example="tocsin once --dry-run",
    ),
    Page(
        name="run",
        function="running:run",
        text="""The daemon, in the foreground: watch, match and deliver until stopped.

Ctrl-C or SIGTERM finishes what is under way, a second one does not wait; SIGHUP reads the configuration again. Logs go
to standard error, a line a poll and a delivery. A second daemon on the same state exits 75.""",
        example="tocsin run --config config --state /var/lib/tocsin",
    ),
    Page(
        name="status",
        function="looking:status",
        text="""Feeds with trouble, what fell silent, the next poll, waiting deliveries, the last alerts.

Asks the database only, while a daemon may be at work.

A daemon that has polled nothing for two minutes although feeds are due is said to hang.

--json: one object with daemon (is_at_work, process, is_polling), feeds (url, outcome, error, failures, failing_since,
is_gone, last_poll_at, last_success_at, next_poll_at), entries, stories, deliveries (channel, state, count), alerts as
in tocsin alerts list, pauses (kind: outlet or feed, subject, since, until, by), mutes as in tocsin mutes, refusing: the
channels that refused what they were sent last (channel, state: open or half-open, since, refusals, next_try_at, error),
and troubles: what an alarm told of and is not over (cause, subject, about, since, told_at).""",
        example="tocsin status --json",
    ),
    Page(
        name="mute",
        function="muting:mute",
        text="""Hear no more of a rule, an entity, an outlet or a story, for a time or until it is unmuted.

Polls and matches go on, and alerts are raised and kept with the reason why nobody was told: tocsin alerts show says so.
A muted entity silences whatever was found by it, a muted story its updates too, a muted outlet what no other outlet
carries. No mute silences an alarm. A daemon hears of it before it sends what comes next; what is on its way already
goes out.

A story is named by its id or that of one of its alerts, the first four characters at least, or by a link.""",
        example="tocsin mute rule peace-talks --for 2h",
    ),
    Page(
        name="unmute",
        function="muting:unmute",
        text="""Hear of a rule, an entity, an outlet or a story again.

What was muted until now stays so.""",
        example="tocsin unmute rule peace-talks",
    ),
    Page(
        name="mutes",
        function="muting:mutes",
        text="""What is muted at this moment, since when, until when and by whom.

In a pipe: kind, name, since, until and by, parted by tabs.

--json: a list of objects with kind (rule, entity, outlet or story), name, since, until and by.""",
        example="tocsin mutes",
    ),
    Page(
        name="outlets list",
        function="outlets:list_outlets",
        text="""Every feed of every outlet: how it fares, and when it is polled.

In a pipe: outlet, state, last poll, next poll, tags and feed, parted by tabs.

--json: a list of objects, one a feed, with outlet, publisher (by which several outlets count as one), url, language,
tags, every, outcome, error, failures, failing_since, is_gone, last_poll_at, last_success_at, next_poll_at, pause (kind,
subject, since, until, by; null where there is none), is_resting: true where it is not polled for a pause,
silent_since: the last news of an outlet that fell silent, as an alarm told, and overruled: how its document asks to be
left alone for longer than the every stated for it, else null.""",
        example="tocsin outlets list",
    ),
    Page(
        name="outlets show",
        function="feed_page:show_outlet",
        text="""One outlet, or one feed: how each feed fares, when it is polled next, and why then.

Tells what the last poll came to, the interval that was learned and from what, how often the feed brings news and how
long it is usually silent at most, what its publisher asks for, and what else keeps it from being polled.

--json: a list of objects, one a feed, with url, outlets, state, outcome, error, failures, failing_since, is_gone,
last_poll_at, last_success_at, baseline_at, next_poll_at (null where it is not polled), why, is_due, every, is_stated
(every was said of this feed or its outlet), heeds_ttl, overruled (how its document asks to be left alone for longer
than every says, in words), interval_seconds, new_per_day, window (entries in the document), fresh (of
them new at the last poll), last_new_at, usual_longest_gap_seconds, missed_at, publisher (header_seconds,
document_seconds, skip_hours, skip_days), validators (a list of etag and last_modified), held_until, pause, moving
(address, sightings, first_seen_at, adopted, adopted_at; null where it does not), unmodified_since (304s in a row) and
doubts (key, since). What is not known is null.""",
        example="tocsin outlets show 'The Moscow Times'",
    ),
    Page(
        name="outlets refresh",
        function="tending:refresh",
        text="""Let the feeds of an outlet, one feed, or all be polled at the daemon's next beat.

Says for each feed when that will be. Two polls of one feed lie a minute apart, or min_interval where that is shorter;
what a server asked for with Retry-After is kept. A paused feed is not polled; one that answered 410 only with --gone.
Without a daemon the wish is remembered for tocsin once or tocsin run.

In a pipe: feed, when and why not at once, parted by tabs. Exit 69 where no feed will be polled.

--json: a list of objects with url, at (null where it is not polled) and reason.""",
        example="tocsin outlets refresh 'The Moscow Times'",
    ),
    Page(
        name="outlets pause",
        function="tending:pause",
        text="""Let an outlet, or one feed, rest: it is not polled until it is resumed, or for a time.

Holds through restarts and reloads. A feed that other outlets name as well goes on until all of them are paused, or it
is paused itself by its address. Nothing is forgotten: after the pause the next poll is a common one, and what is new in
the feed by then alerts; what has left the feed meanwhile was not seen.""",
        example="tocsin outlets pause 'The Moscow Times' --for 2h",
    ),
    Page(
        name="outlets resume",
        function="tending:resume",
        text="""End the pause of an outlet or a feed; it is polled when it is due, which mostly means at once.""",
        example="tocsin outlets resume 'The Moscow Times'",
    ),
    Page(
        name="outlets import",
        function="outlets:import_list",
        text="""Add the feeds of an OPML list to the configuration.

They are written behind the last outlet, into the file where that stands; everything else in it stays as it is, and
it is replaced whole or not at all. Folders and categories become tags, and feeds of one name and site one outlet. What
is there already, or cannot be watched, is named with its line in the list.

--print writes nothing and prints the YAML; it needs no configuration.

Exit 65: no list could be read, or something in it was broken (the rest is imported); 66: no such file.""",
        example="tocsin outlets import feeds.opml",
    ),
    Page(
        name="outlets export",
        function="outlets:export",
        text="""Print the feeds of the configuration as OPML, which every feed reader takes.

An outlet's tags become categories. How often a feed is polled has no place in that format.""",
        example="tocsin outlets export",
    ),
    Page(
        name="stories list",
        function="stories:list_stories",
        text="""The last stories, newest first: how many entries and outlets carry each, and how many alerts it raised.

In a pipe: founded, id, entries, publishers, alerts and title, parted by tabs. Several outlets of one publisher count
once.

--json: a list of objects with id, key, founded_at, title, outlets (names), entries, publishers and alerts (counts).""",
        example="tocsin stories list --since 2d --outlet 'The Moscow Times'",
    ),
    Page(
        name="stories show",
        function="stories:show_story",
        text="""One story: who carries it and why it is the same, what was edited, which rules matched, its alerts.

Named by its id, or the first characters of it, or by the link of any of its entries. Each entry says by what it stands
there: new (it founded the story), same_entry (id or link), same_text, same_story (other words; how likely), by_hand;
which stories were near it, but not near enough (related); and what somebody moved by hand: who, when, and by what it
stood where before. Alerts stay with the story that they were raised for; those of a story that was merged into this
one, or that this one was split off from, are shown as such. A story that was merged says where it went.

--json: a list of objects, mostly one, as in tocsin stories list with merged (into, at, by; null where it is not),
sightings and alerts (id, kind, rule, at, story, deliveries) besides. A sighting has id, feed, outlets, level, score
(from 0 to 1, or null), reason, related (id, title, score), moves (kind: split or merge, at, by, from, to, level_before,
score_before, reason_before), is_baseline, first_seen_at, last_seen_at and revisions: number, seen_at, title,
title_before, link, changed, matches (rule and evidence).""",
        example="tocsin stories show 7k3m",
    ),
    Page(
        name="stories split",
        function="stories_desk:split",
        text="""Take entries out of a story: they are other news, and get a story of their own.

Entries are named by their links, or by their ids as tocsin stories show names them. A link that several feeds have
means all of them. What is decided by hand holds for good: through revisions, restarts, and whatever likeness says.
Rules that have alerted on the story count as having alerted on the new one too; its alerts stay where they are. A
daemon hears of it at its next poll. --dry-run only says what would be moved.

--json: one object with story (id of the new one; null with --dry-run), from, entries (ids) and is_dry.""",
        example="tocsin stories split 7k3m https://www.themoscowtimes.com/2026/03/02/ferries-a91235",
    ),
    Page(
        name="stories merge",
        function="stories_desk:merge",
        text="""Make a story a part of another one: they are the same news.

The entries of the first go to the second, now and for ever: what would have come to the one comes to the other. A rule
that has alerted on either alerts on neither again; alerts stay where they are. Entries can be taken out again with
tocsin stories split. A daemon hears of it at its next poll. --dry-run only says what would be moved.

--json: one object with story (id of the second), from (id of the first), entries (ids) and is_dry.""",
        example="tocsin stories merge 7k3m 2h8x --dry-run",
    ),
    Page(
        name="rules list",
        function="rules:list_rules",
        text="""The rules: their queries, priorities and channels, and what they are limited to.

In a pipe: name, priority, channels, limits and query, parted by tabs.

--json: a list of objects with name, query, understood (the query as it was read), hash, filed_under (a story is looked
at only if it has one of these; null: every story), required, channels (all that may hear of it, by its own list or by
routes), priority, outlets, tags, languages, once_per, updates, spread (null: never), expires and notes.""",
        example="tocsin rules list --json",
    ),
    Page(
        name="rules test",
        function="rules:try_out",
        text="""Whether a rule, or any query, matches a headline; else the part that fails, and what is nearly there.

Exit 1 where it does not match. What the rule is limited to (outlets, tags, languages, its end) does not count here. A
query may name the entities of the configuration, if there is one.

--json: one object with matched, failed, evidence (field, start, end, part) and near_misses (a list of lines).""",
        example="tocsin rules test --query 'negoti* NEAR/5 Miami' 'Negotiators return to Miami'",
    ),
    Page(
        name="rules explain",
        function="rules:explain",
        text="""How a rule was understood, under which words it is filed, and what it costs.

A rule is looked at only for stories that have one of the words it is filed under. With --on the share of such stories
in a JSON Lines file is counted (see tocsin try rules for its form).

--json: one object, that of tocsin rules list with cost (stories, looked_at, matches; null without --on).""",
        example="tocsin rules explain peace-talks --on stories.jsonl",
    ),
    Page(
        name="rules backtest",
        function="backtest:try_on_the_past",
        text="""What rules would have found and told, tried on all that is stored.

A rule is tried as if it were new at --since: it alerts once for a story (text or entry, as its once_per says), on
entries and on revisions that it matches for the first time; baselines are silent, and counted apart. What follows a
first alert, updates: and spread:, is not counted. For each rule: entries, stories, alerts a day (UTC; a burst
counts as one), the other rules that alert on the same stories, and the latest headlines with the matches marked. Tags
come from the configuration as it is. On entries whose words are no longer kept no rule can be tried; they are counted.

--against compares with the rules of the same names in another configuration (a folder or file), or in a file of rules
alone: stories that these rules gain and lose; rules that only one side has. --query tries a query that is no rule yet.
A daemon may be at work meanwhile.

--json: one object with since, until, entries, revisions, baseline, words_not_kept, first_at, last_at, rules, against,
new_rules and removed_rules. A rule has rule, entries, stories, alerts, alerts_a_day, alerts_by_day, baseline, bursts,
burst_stories, overlap (rule, share from 0 to 1), samples, gained and lost (stories and samples; null without a
comparison). A sample has seen_at, story, outlets, title, link, marked and evidence.""",
        example="tocsin rules backtest peace-talks --since 90d --against config.before",
    ),
    Page(
        name="alerts list",
        function="looking:alerts",
        text="""The last alerts, newest first, with the state of each delivery.

In a pipe: at, id, rule, outlets, title, deliveries and link, parted by tabs.

--json: a list of objects with id, kind, at, rule, priority, title, outlets, link, published_at, is_late, follows (id of
the first alert that it goes on from), changes (what is new in an update), spread (publishers; 0 where it says nothing
of them), evidence (field, start, end, part) and deliveries (channel: state).""",
        example="tocsin alerts list --limit 20",
    ),
    Page(
        name="alerts show",
        function="records:show_alert",
        text="""The whole history of one alert: what it says and which words satisfied its rule.

Then its story and by what its entry stands in it, what it goes on from and what followed; of each delivery where it
stands, what it waited for and until when, what it was sent with, every attempt with what came back, and who told that
it was given up.

Of very many attempts the first fifty and the last fifty are kept.

--json: one object as in tocsin alerts list with text and story (its id) besides; deliveries is a list as in tocsin
outbox show; entries (id, outlets, level, score, reason), followed_by (id, kind, at, changes, deliveries), sent_with
(channel: ids of alerts) and told_by (channel: id and deliveries of the alarm on a message that was given up).""",
        example="tocsin alerts show 7k3m",
    ),
    Page(
        name="outbox list",
        function="looking:outbox",
        text="""Deliveries that wait, are under way or are dead, oldest first.

One that is held says what for (digest, quiet hours or throttle) and until when; with --all also what was muted, and
why.

In a pipe: since, id, channel, state, tries, next try, title, last error and what it waits for, parted by tabs.

--json: a list of objects with id (of the message that carries it; before there is one, of its alert), kind, rule,
channel, state, title, created_at, due_at, attempts, last_error, settled_at, alert (id of its alert), is_together (its
message is a digest, a roll-up or what waited for a channel that was away), hold, held_until and why (it was muted).""",
        example="tocsin outbox list --json",
    ),
    Page(
        name="outbox show",
        function="records:show_delivery",
        text="""The deliveries of an alert, channel by channel, with every attempt and what came back.

--json: a list of objects as in tocsin outbox list with is_repeat, is_dropped and tries (number, at, outcome, reason,
took_ms) besides.""",
        example="tocsin outbox show 7k3m",
    ),
    Page(
        name="outbox drop",
        function="outbox_desk:drop",
        text="""Give deliveries up: they are kept as dead, with the reason.

After that tocsin outbox retry sends them only where they are named; retry --dead leaves them alone.

Named by their ids, or with --channel all that was not sent (--all), or what is dead (--dead). What is being sent at
this moment is left alone. Asks before it does so; --yes where nobody can be asked.""",
        example="tocsin outbox drop --channel desk --all --yes",
    ),
    Page(
        name="outbox replay",
        function="outbox_desk:replay",
        text="""Send alerts of the past again, or to a channel that was added since.

Takes what was sent or is dead; what still waits goes out by itself. With --channel also alerts that never were on their
way to that channel. They queue up behind what waits there.

The public id stays the same, so that receivers which know it (Idempotency-Key, Message-ID) take nothing twice: there a
repeat changes nothing. For people a repeated message says that it was sent before. Asks before it does so; --yes
where nobody can be asked.""",
        example="tocsin outbox replay --since 2d --channel desk --dry-run",
    ),
    Page(
        name="outbox retry",
        function="outbox_desk:retry",
        text="""Send dead or waiting deliveries at the next beat of the daemon, whatever their next try was.

Names are the public ids that lists and messages show, or their first characters: what is held or muted goes out by the
name of its alert, too. With --dead every dead delivery that nobody dropped. --channel leaves the others alone.""",
        example="tocsin outbox retry --dead",
    ),
    Page(
        name="channels list",
        function="channels:list_channels",
        text="""The channels: their kind, the rules that use them and the deliveries that wait or are dead.

The circuit of a channel is closed while it takes what it is sent. Refused, it is open: tried with one message at a
time, at growing intervals up to an hour; half-open while that is under way. What waits goes on in order afterwards.

Addresses are never shown. In a pipe: name, kind, rules, waiting, dead and circuit, parted by tabs.

--json: a list of objects with name, kind, rules (names), waiting and dead (numbers), and circuit: closed, or else why
not.""",
        example="tocsin channels list",
    ),
    Page(
        name="channels test",
        function="channels:try_out",
        text="""Send a marked test message through a channel, or through all, and say what came back.

Nothing is stored, and no daemon is needed. Exit 69 where one failed.

--json: a list of objects with name, kind, sent (true or false) and said (what the channel answered).""",
        example="tocsin channels test all",
    ),
    Page(
        name="entities list",
        function="entities:list_entities",
        text="""The entities of the configuration and of its packs, with what they are called.

Notes on names that several entities share go to standard error. In a pipe: id, type, name, forms and pack, parted by
tabs.

--json: a list of objects with id, type, name, aliases, forms (their number), pack (empty: your own) and notes.""",
        example="tocsin entities list --type person",
    ),
    Page(
        name="entities forms",
        function="entities:forms",
        text="""Every form that an entity is found by: where it comes from, and whether it is enough.

It may be asked for by its id or by any of these forms, in quotes where that has several words.

Sure: the form alone makes a mention. Possible: it takes context, or the name is another's too. What was left out, and
why, goes to standard error.

--json: one object with id, type, forms (form, certainty, alias, how and why) and notes.""",
        example="tocsin entities forms kremlin --config config",
    ),
    Page(
        name="db check",
        function="database:check",
        text="""Read every page of the database and say whether it is whole.

A daemon may be at work meanwhile. Exit 65 where it is damaged; nothing is mended or changed.""",
        example="tocsin db check --state /var/lib/tocsin",
    ),
    Page(
        name="db prune",
        function="database:prune",
        text="""Let go of what is older than retention: says in the configuration.

A daemon does so once a day by itself; this is for those who run tocsin once from a timer, and may be used beside a
daemon. What stands in a feed's window or waits to be sent stays. Freed pages are used again; a backup that is restored
is as small as can be.

--dry-run counts what would go and keeps it.""",
        example="tocsin db prune --dry-run",
    ),
    Page(
        name="db backup",
        function="database:backup",
        text="""Copy the database, while a daemon may be at work.

Without FILE the copy gets a dated name in the folder backups beside the database, and all but the newest --keep of
those are removed. It is read back before it gets its name. An older copy of that name is replaced; nothing else is:
exit 73.""",
        example="tocsin db backup",
    ),
    Page(
        name="db restore",
        function="database:restore",
        text="""Make a backup the database again, of this tocsin or an older one.

The daemon must be stopped: exit 75. The file is read as a whole first: exit 65 where it is damaged, of a newer tocsin
or not ours, 66 where there is none. The database before is kept beside it under a dated name. What channels were told
since the backup was made is on record (told-*.log beside the database) and is not told again.""",
        example="tocsin db restore /var/lib/tocsin/backups/tocsin-20260302T040000Z.db",
    ),
    Page(
        name="config schema",
        function="shell:schema",
        text="""Print the JSON Schema of the configuration, for editors.

It is what tocsin init writes beside the configuration; after an upgrade it may know more.""",
        example="tocsin config schema",
    ),
    Page(
        name="completion",
        function="shell:completion",
        text="""Print a script that completes commands and options in a shell.

bash: source <(tocsin completion bash), in ~/.bashrc. zsh: tocsin completion zsh > ~/.zfunc/_tocsin, with that folder in
fpath before compinit. fish: tocsin completion fish > ~/.config/fish/completions/tocsin.fish.""",
        example="tocsin completion bash",
    ),
    Page(
        name="why",
        function="why:why",
        text="""Why there was an alert for a link, or why there was none; why a rule or an outlet is silent.

Of a link it says whether it was ever seen, in which feed and when, whether it was part of a baseline, for each rule
which words matched or which part failed, why there was no alert, and how each delivery went. Rules that did not match,
and all rules on what stood in a baseline, are judged as they stand in the configuration today; without one they are
left out. Of a link that no feed has brought it says whether the outlets of its site were heard.

With --rule or --outlet it says when that matched or brought something last, how long such a silence usually is at the
longest, whether this one is suspicious and from when on an alarm is raised, and what kept tocsin from hearing: time in
which it did not run, feeds that fail, rest, are gone or have moved, that are polled seldom because their publisher asks
for it, or of which entries may have been missed. docs/alarms.md has the measures.

--json: one object. Of a link with link, was_seen, sightings (feed, outlets, story, level, score, reason, related and
moves as in tocsin stories show, is_baseline, first_seen_at, last_seen_at, revisions and quiet: the rules that matched
without an alert, and the reason), alerts (id, kind, rule, at, follows, changes and spread as in tocsin alerts list),
deliveries (as in tocsin outbox list), silence (why there is no alert, empty where there is one) and outlets (those of
its site, where it was never seen, as below). A revision has number, seen_at, title, is_bare (only its title is still
kept), matches (rule and evidence) and rules_today (rule, matched, failed).

Of a silence with outlet or rule, standing (usual, suspicious, explained, unheard or unjudged), reason, last_at,
usual_longest_gap_seconds, alarm_at (when it is told at the earliest), told_at (when it was), unheard_seconds (of the
time since last_at, how long nobody listened), is_at_work (a daemon), outlets, and feeds (url, outlets, last_poll_at,
last_new_at, next_poll_at, why, and remarks: what keeps its news from being heard). What is not known is null.""",
        example="tocsin why https://www.themoscowtimes.com/2026/03/02/some-story",
    ),
)


def page(name: str) -> Page:
    """The page of a command. Raises KeyError where there is no such command."""
    return {one.name: one for one in PAGES}[name]


def flowing(text: str) -> str:
    """The text with each paragraph on one line, for a terminal to break where it ends."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
