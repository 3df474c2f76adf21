"""Entries without their words: what is kept of them, and when the words are wanted after all."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from monitor.flow.last_read import MOST_TRACES, pack_last_read, unpack_last_read
from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import Habits, KeyHabit
from monitor.model.slices import Trace
from monitor.model.stories import Known, KnownEntry
from monitor.stories.identity import Keyed, draft, told_apart
from monitor.stories.sift import sift
from monitor.stories.unread import has_doubles, lacks_words, trace_of, unread
from tests.plain_values import NOW, entry, feed_state, parsed

SITE = "https://harbour.example/"
NEW = "Council votes for the new bridge over the Narva"


def drafted(one: Entry) -> Keyed:
    return draft(one, SITE)


def left_of(one: Entry) -> Keyed:
    """The entry without its words."""
    trace = trace_of(drafted(one), b"digest")
    assert trace is not None
    return unread(trace)


def known_of(one: Entry, *, revision: int = 1) -> KnownEntry:
    made = drafted(one)
    return KnownEntry(
        entry_key=made.primary,
        story_key=made.link_key,
        fingerprint=made.fingerprint,
        revision=revision,
        text=None,
        was_baseline=False,
    )


def knowing(*entries: Entry) -> Known:
    """A store that knows these entries by all their keys."""
    return Known(feed=feed_state(), entries={key: known_of(one) for one in entries for key in drafted(one).keys})


def test_what_is_left_of_an_entry_has_its_keys_and_its_date() -> None:
    """And signs of its id and its link, for the feed's habits to learn from."""
    one = replace(entry(1, title=NEW), published_at=NOW)
    left, whole = left_of(one), drafted(one)
    assert (left.id_key, left.link_key, left.text_key) == (whole.id_key, whole.link_key, whole.text_key)
    assert (left.keys, left.primary, left.fingerprint) == (whole.keys, whole.primary, whole.fingerprint)
    assert left.entry.published_at == NOW
    assert left.entry.text == Text()
    assert left.is_unread
    assert not whole.is_unread


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(entry(1, id="", link=""), id="no id and no link"),
        pytest.param(entry(1, link=SITE), id="a link to the outlet's own page"),
        pytest.param(entry(1, id="x" * 400), id="a huge id"),
        pytest.param(entry(1, id="sha256:1"), id="an id that was huge"),
        pytest.param(entry(1, link="https://harbour.example/" + "x" * 400), id="a huge link"),
        pytest.param(entry(1, title="…"), id="no words"),
    ],
)
def test_of_some_entries_nothing_is_kept(one: Entry) -> None:
    """They are read each time, as all were before."""
    assert trace_of(drafted(one), b"digest") is None
    assert trace_of(drafted(entry(1)), b"") is None


def test_an_unread_entry_that_is_known_by_all_its_keys_wants_no_words() -> None:
    """It is seen, and nothing else; the new one beside it is new."""
    known = knowing(entry(1), entry(2))
    document = told_apart([drafted(entry(3, title=NEW)), left_of(entry(1)), left_of(entry(2))])
    assert not lacks_words(document, known)
    sifted = sift(document, known)
    assert [one.entry.text.title for one in sifted.fresh] == [NEW]
    assert sifted.seen == (drafted(entry(1)).primary, drafted(entry(2)).primary)
    assert sifted == sift(told_apart([drafted(entry(3, title=NEW)), drafted(entry(1)), drafted(entry(2))]), known)


@pytest.mark.parametrize(
    ("known", "beside"),
    [
        pytest.param(knowing(), None, id="the store has forgotten it"),
        pytest.param(knowing(entry(1, title=NEW)), None, id="it says something else by now"),
        pytest.param(knowing(entry(1, link="")), None, id="its link is not known"),
        pytest.param(knowing(entry(1), entry(2)), entry(9, link=entry(1).link, id=""), id="another has its link"),
        pytest.param(knowing(entry(1)), entry(9, id="", link="", title=NEW), id="another has no keys"),
        pytest.param(knowing(entry(1), entry(2, title=NEW)), entry(2), id="the words before are with nobody here"),
    ],
)
def test_where_the_words_of_an_unread_entry_might_be_asked_for_the_document_is_read_whole(
    known: Known, beside: Entry | None
) -> None:
    """Rather too often than once too seldom."""
    drafts = [left_of(entry(1)), *(drafted(one) for one in (beside,) if one is not None)]
    assert lacks_words(told_apart(drafts), known)


def test_a_feed_whose_keys_are_doubted_is_read_whole_where_nothing_is_left_of_them() -> None:
    """What is left then are the words."""
    doubted = Habits(ids=KeyHabit(doubted_since=NOW), links=KeyHabit(doubted_since=NOW))
    known = knowing(entry(1))
    assert lacks_words((left_of(entry(1)),), replace(known, feed=replace(known.feed, habits=doubted)))


def test_doubles_are_looked_at_whole() -> None:
    """The same keys, or the same words under others: which of the two counts is decided by more than keys."""
    assert has_doubles([left_of(entry(1)), left_of(entry(1))])
    assert has_doubles([left_of(entry(1)), drafted(entry(1, title=NEW))])
    assert has_doubles([left_of(entry(1, title=NEW)), drafted(entry(2, title=NEW))])
    assert not has_doubles([drafted(entry(1)), drafted(entry(1))])
    assert not has_doubles([left_of(entry(1)), drafted(entry(2, title=NEW))])


def trace(number: int, *, days_old: int | None = 1) -> Trace:
    return Trace(
        digest=number.to_bytes(12, "big"),
        id_key=f"id:цапля-{number}",
        link_key=f"link:https://harbour.example/news/{number}",
        fingerprint=f"{number:032x}",
        published_at=None if days_old is None else NOW - timedelta(days=days_old, microseconds=number),
    )


def test_what_was_read_is_kept_in_few_bytes_and_comes_back() -> None:
    """With all that is said of the feed; thirty entries take some two kilobytes."""
    feed = replace(
        parsed(),
        frame=b"frame",
        title="The Harbour",
        ttl_seconds=1200,
        update_seconds=600,
        skip_hours=frozenset({3}),
        skip_days=frozenset({6}),
    )
    said = {one.name for one in fields(ParsedFeed)} - {"entries", "ahead", "slices", "unread", "is_whole", "flaw"}
    nothing = ParsedFeed(kind="")
    assert {name for name in said if getattr(feed, name) != getattr(nothing, name)} == said, "a new field is to be kept"
    traces = tuple(trace(number) for number in range(30))
    packed = pack_last_read(replace(feed, entries=(entry(1),), slices=(b"1",)), traces)
    reading = unpack_last_read(packed, NOW)
    assert reading is not None
    assert (reading.feed, reading.traces) == (feed, traces)
    assert len(packed) < 2_500
    assert len(pack_last_read(feed, [trace(number) for number in range(MOST_TRACES + 5)])) < 200_000


def test_what_cannot_be_taken_out_again_is_as_good_as_nothing() -> None:
    """Damage, another program's bytes, or nothing at all."""
    feed = replace(parsed(), frame=b"frame")
    packed = pack_last_read(feed, [trace(1)])
    assert pack_last_read(feed, []) == pack_last_read(parsed(), [trace(1)]) == b""
    assert [unpack_last_read(damaged, NOW) for damaged in (b"", b"no", packed[:-9], packed[::-1])] == [None] * 4


def test_an_entry_whose_date_will_soon_be_too_old_to_count_is_not_kept() -> None:
    """A date of more than twenty years ago is taken for none."""
    packed = pack_last_read(
        replace(parsed(), frame=b"frame"), [trace(1, days_old=19 * 365 + 1), trace(2, days_old=None)]
    )
    reading = unpack_last_read(packed, NOW)
    assert reading is not None
    assert reading.traces == (trace(2, days_old=None),)
