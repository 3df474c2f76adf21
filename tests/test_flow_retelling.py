"""Entries told one after another: what a store would know of those before is kept in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.flow.retelling import Begin, Kind, Retelling, Retold, Source, placing_by, shown
from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import FeedId
from monitor.model.stories import Home, Known, Level, PollPlan
from monitor.stories.identity import Keyed, keyed
from monitor.stories.recollection import Recollection
from monitor.stories.sift import Nowhere, Placement, question, sift
from tests.fakes.store import FakeStore

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
STORM = "Ferries stop as the storm comes in"


@dataclass(slots=True)
class ByFirstWord:
    """A placer to which stories are alike that begin with the same word."""

    homes: dict[str, Home] = field(default_factory=dict)
    begun: list[tuple[FeedId, tuple[str, ...], datetime, str]] = field(default_factory=list)

    def begin(self, feed: FeedId, names: tuple[str, ...], now: datetime, publisher: str) -> "ByFirstWord":
        self.begun.append((feed, names, now, publisher))
        return self

    def find(self, one: Keyed) -> Placement:
        home = self.homes.get(one.entry.text.title.split()[0])
        if home is None:
            return Placement(home=None, level=Level.NEW, reason="nothing is alike", score=0.1, related=(("x", 0.1),))
        return Placement(home=Home(story_key=home.story_key), level=Level.SAME_STORY, reason="a word", score=0.7)

    def hold(self, one: Keyed, entry_key: str, home: Home, *, is_new: bool) -> bytes:
        assert entry_key.startswith("id:")
        self.homes.setdefault(one.entry.text.title.split()[0], home)
        return f"{entry_key} {is_new}".encode()


def retelling() -> Retelling:
    return Retelling(begin=lambda *_: Nowhere())


def entry(number: int = 0, title: str = STORM, *, link: str | None = None, id_: str | None = None) -> Entry:
    return Entry(
        id=f"n{number}" if id_ is None else id_,
        link=f"https://a.example/{number}" if link is None else link,
        text=Text(title=title),
        published_at=START + timedelta(minutes=number),
    )


def told(one: Retelling, what: Entry, outlet: str = "Gazette", after: timedelta = timedelta(0)) -> Retold:
    source = Source(outlet=outlet, names=(outlet,), publisher="the press") if outlet else Source()
    return one.tell(what, source, START + after)


def test_the_kinds_that_need_no_likeness() -> None:
    """New, told again as it was, told again in other words, told by another outlet at the same link or in its words."""
    one = retelling()
    first = told(one, entry(1))
    found = [
        told(one, entry(1)),
        told(one, entry(1, "Ferries run again after the storm")),
        told(one, entry(1, "Sailings resume", id_="w1"), "Wire"),
        told(one, entry(9, id_="w9"), "Wire"),
        told(one, entry(2, "Mayor opens a bridge in the valley")),
    ]
    assert first.kind is Kind.NEW
    assert [each.kind for each in found] == [
        Kind.SAME_ENTRY,
        Kind.UPDATE,
        Kind.SAME_ENTRY,
        Kind.SAME_TEXT,
        Kind.NEW,
    ]
    assert [each.story_key == first.story_key for each in found] == [True, True, True, True, False]
    assert all(each.reason for each in found)
    assert {each.score for each in found} == {None}


def test_likeness_is_asked_with_the_feed_its_names_and_the_moment() -> None:
    """The feeds of two outlets are two; what the placer says of story, score and relatives is passed on."""
    placer = ByFirstWord()
    one = Retelling(begin=placer.begin)
    first = told(one, entry(1))
    second = told(one, entry(2, "Ferries wait for calm in harbour"), "Wire", timedelta(hours=1))
    assert (first.kind, first.score, first.related) == (Kind.NEW, 0.1, (("x", 0.1),))
    assert (second.kind, second.score, second.story_key) == (Kind.SAME_STORY, 0.7, first.story_key)
    assert placer.begun == [
        (FeedId(1), ("Gazette",), START, "the press"),
        (FeedId(2), ("Wire",), START + timedelta(hours=1), "the press"),
    ]


def test_entries_of_nobody_knows_whom_are_known_again_and_compared_as_of_many() -> None:
    """Their ids and links count among them; but each has a feed and a publisher of its own to the placer."""
    placer = ByFirstWord()
    one = Retelling(begin=placer.begin)
    first, second = told(one, entry(1), ""), told(one, entry(2, "Mayor opens a bridge in the valley"), "")
    again = told(one, entry(1, "Mayor closes the bridge in the valley"), "")
    assert [each.kind for each in (first, second, again)] == [Kind.NEW, Kind.NEW, Kind.UPDATE]
    assert again.story_key == first.story_key
    feeds = [feed for feed, *_ in placer.begun]
    assert feeds[0] == feeds[2] != feeds[1]
    assert max(feeds) < 0
    assert {publisher for *_, publisher in placer.begun} == {""}


def test_words_count_for_three_days_and_links_for_good() -> None:
    """A weekly column with unchanged words is news again; what is seen again stays in mind."""
    one = retelling()
    first = told(one, entry(1))
    assert told(one, entry(2), "Wire", timedelta(hours=71)).story_key == first.story_key
    assert told(one, entry(3), "Post", timedelta(hours=142)).story_key == first.story_key
    late = told(one, entry(4), "Post", timedelta(hours=142 + 73))
    assert (late.kind, late.story_key == first.story_key) == (Kind.NEW, False)
    assert told(one, entry(1, id_="z"), "Herald", timedelta(days=60)).story_key == first.story_key


def test_entries_without_id_and_link_are_known_by_their_words() -> None:
    """Within an outlet."""
    one = retelling()
    bare = entry(link="", id_="")
    first = told(one, bare)
    assert told(one, bare).kind is Kind.SAME_ENTRY
    assert told(one, bare, "Wire").kind is Kind.SAME_TEXT
    assert told(one, entry(title="Calm", link="", id_="")).story_key != first.story_key


def test_a_link_that_stands_at_everything_joins_nothing() -> None:
    """A file whose stories all link to one page shows no second link: other words are other stories."""
    one = retelling()
    titles = [f"{word} reported from the valley today" for word in ("Fire", "Flood", "Strike", "Quake", "Theft")]
    found = [told(one, entry(place, title, link="https://a.example/live")) for place, title in enumerate(titles)]
    assert [each.kind for each in found] == [Kind.NEW] * 5
    assert len({each.story_key for each in found}) == 5


def test_an_id_that_stands_at_everything_joins_nothing() -> None:
    """Likewise."""
    one = retelling()
    titles = [f"{word} reported from the valley today" for word in ("Fire", "Flood", "Strike", "Quake", "Theft")]
    found = [told(one, entry(place, title, id_="same")) for place, title in enumerate(titles)]
    assert len({each.story_key for each in found}) == 5


def test_retitled_entries_stay_what_they_are_however_often_words_and_links_disagree() -> None:
    """An outlet whose stories take over one another's headlines does not lose the use of its links."""
    one = retelling()
    words = [f"{word} in the valley, captains say" for word in ("Fire", "Flood", "Strike", "Quake", "Theft", "Snow")]
    homes = [told(one, entry(number, title)).story_key for number, title in enumerate(words)]
    for number in range(5):
        told(one, entry(number, words[number + 1]))
    again = [told(one, entry(number, f"Harbour quiet after day {number} of talks")) for number in range(6)]
    assert [each.kind for each in again] == [Kind.UPDATE] * 6
    assert [each.story_key for each in again] == homes


def test_beyond_a_number_those_not_seen_for_longest_are_forgotten() -> None:
    """With all that leads to them, so that memory does not grow."""
    one = Retelling(begin=lambda *_: Nowhere(), most_remembered=3)
    first, second = told(one, entry(1, "Storm one at sea is over")), told(one, entry(2, "Storm two at sea is over"))
    assert told(one, entry(1, "Storm one at sea is over")).story_key == first.story_key
    for number in range(3, 5):
        told(one, entry(number, f"Storm {number} at sea is over"))
    assert told(one, entry(1, "Storm one at sea is over")).kind is Kind.SAME_ENTRY
    again = told(one, entry(2, "Storm two at sea is over"))
    assert (again.kind, again.story_key) == (Kind.NEW, second.story_key)  # its key is its link, as it was
    for number in range(10, 200):
        told(one, entry(number, f"Gale {number} at sea is over", id_=f"i{number}"))
    held = (one._held, one._keys, one._links, one._prints)  # that nothing is left behind cannot be seen from outside
    assert [len(each) for each in held] == [3, 6, 3, 3]


_OUTLETS = ("Gazette", "Wire", "Post")
_TITLES = (
    STORM,
    "Ferries run again after the storm at sea",
    "Mayor opens a bridge in the valley",
    "Morning briefing",
    "Storm at sea stops the ferries, captains say",
)
_LINES = st.tuples(
    st.sampled_from(_OUTLETS),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["", "https://a.example/1", "https://a.example/2", "https://b.example/3"]),
    st.sampled_from(_TITLES),
    st.sampled_from(["", "Captains wait for a calmer sea before they sail"]),
    st.sampled_from([None, START, START + timedelta(days=1)]),
    st.sampled_from([0, 1, 30, 80]),
)


@given(st.lists(_LINES, max_size=14))
def test_what_is_told_one_after_another_is_what_polls_of_one_entry_would_find(
    lines: list[tuple[str, str, str, str, str, datetime | None, int]],
) -> None:
    """Story for story and kind for kind, over a store that passes the contract, with likeness and without."""
    asyncio.run(_compared(lines, lambda *_: Nowhere(), lambda *_: Nowhere()))
    asyncio.run(_compared(lines, placing_by(Recollection()), placing_by(Recollection())))


async def _compared(
    lines: list[tuple[str, str, str, str, str, datetime | None, int]], begin: Begin, begin_poll: Begin
) -> None:
    one, store = Retelling(begin=begin), FakeStore().polls
    await store.register([(f"outlet:{outlet}", START) for outlet in dict.fromkeys(line[0] for line in lines)])
    feeds = {feed.url: feed for feed in await store.due(START, 10)}
    at = START
    for outlet, id_, link, title, summary, published_at, hours in lines:
        at += timedelta(hours=hours)
        what = Entry(id=id_, link=link, text=Text(title=title, summary=summary), published_at=published_at)
        retold = told(one, what, outlet, at - START)
        document = keyed(ParsedFeed(kind="", entries=(what,)))
        feed = feeds[f"outlet:{outlet}"]

        def decide(
            known: Known, document: Sequence[Keyed] = document, outlet: str = outlet, at: datetime = at
        ) -> PollPlan:
            found = sift(document, known, begin_poll(known.feed.id, (outlet,), at, "the press"))
            habits = shown(known.feed.habits, found.signs)
            return PollPlan(feed=replace(known.feed, habits=habits, baseline_at=START), at=at, sift=found)

        plan = await store.commit(question(feed, document, at), decide)
        fresh = plan.sift.fresh
        if not fresh:
            assert retold.kind is Kind.SAME_ENTRY
        elif fresh[0].revision > 1:
            assert (retold.kind, retold.story_key) == (Kind.UPDATE, fresh[0].story_key)
        else:
            assert (retold.kind.value, retold.story_key) == (fresh[0].level.value, fresh[0].story_key)
            assert (retold.score, retold.related) == (fresh[0].score, fresh[0].related)
