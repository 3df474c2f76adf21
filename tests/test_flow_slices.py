"""Reading only what is new comes to the same as reading everything: alerts, revisions, stories, habits.

Each test polls one feed twice over, with and without slices (`tests.slicing`), and holds the plans against each other.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.slicing import BothDesks, watching

QUERIES = {"strikes": "strike OR walkout", "ferries": "ferry"}
HEADLINES = (
    "Ferry Albatross runs aground off Tasketh in thick fog",
    "Ferry Albatross aground off Tasketh in a thick fog",
    "Dock workers call a strike over the night shift at the northern quay",
    "Council votes for the new bridge over the Narva after nine years",
    "Bakers of Tasketh end their walkout and bake again on Sunday",
    "Morning briefing",
    "",
)
DATES = (
    "Mon, 02 Mar 2026 09:00:00 GMT",
    "Mon, 02 Mar 2026 10:30:00 GMT",
    "Wed, 04 Mar 2026 12:00:00 GMT",
    "the day before",
    "",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of an RSS document; numbers below zero state nothing."""

    guid: int = -1
    link: int = -1
    title: str = ""
    text: str = ""
    date: str = ""
    note: str = ""

    def __str__(self) -> str:
        parts = (
            f"<guid isPermaLink='false'>urn:heron:{self.guid}</guid>" if self.guid >= 0 else "",
            "<link>https://heron.example/</link>" if self.link == 0 else "",
            f"<link>https://heron.example/news/{self.link}</link>" if self.link > 0 else "",
            f"<title>{self.title}</title>" if self.title else "",
            f"<description>{self.text}</description>" if self.text else "",
            f"<pubDate>{self.date}</pubDate>" if self.date else "",
            self.note,
        )
        return f"<item>{''.join(parts)}</item>"


def rss(items: Sequence[Item | str], *, built: int = 0, title: str = "The Heron", is_cut: bool = False) -> bytes:
    head = f"<title>{title}</title><link>https://heron.example/</link><ttl>20</ttl>"
    head += f"<lastBuildDate>Mon, 02 Mar 2026 09:{built % 60:02}:00 GMT</lastBuildDate>"
    whole = f'<?xml version="1.0"?>\n<rss version="2.0"><channel>{head}\n{"".join(map(str, items))}\n</channel></rss>'
    return whole.encode()[: -30 if is_cut else None]


def news(number: int, *, text: str = "", title: str = "") -> Item:
    headline = title or f"{HEADLINES[number % 5]} {number}"
    return Item(
        guid=number, link=number + 1, title=headline, text=text, date=f"Mon, 02 Mar 2026 0{number % 9}:00:00 GMT"
    )


async def all_alike(*documents: bytes) -> BothDesks:
    """Poll each in turn; the plans must be the same."""
    desks = BothDesks(watch=watching(QUERIES))
    for document in documents:
        ours, theirs = await desks.publish(document)
        assert ours == theirs
    return desks


async def test_thirty_known_entries_and_one_new_are_one_to_read() -> None:
    """And what was built at another time, with nothing new in it, asks no worker at all."""
    old = [news(number) for number in range(30)]
    first = rss(old)
    desks = await all_alike(first, rss([news(30), *old[:-1]], built=1), rss([news(30), *old[:-1]], built=2))
    assert (desks.slicing.hands.requests, desks.slicing.hands.read) == (2, 31)
    assert (desks.whole.hands.requests, desks.whole.hands.read) == (3, 90)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param([news(0, text="Edited"), news(1), news(2)], id="edited in place"),
        pytest.param([news(2), news(0), news(1)], id="reshuffled"),
        pytest.param([news(0), news(1)], id="the last one dropped"),
        pytest.param([], id="nothing left"),
        pytest.param([news(0), news(1), news(1), news(2)], id="one twice, byte for byte"),
        pytest.param([news(0), news(1), news(1, text="twin"), news(2)], id="one twice, with other words"),
        pytest.param([news(0), news(1), Item(guid=2, link=9, title=HEADLINES[3])], id="an id that moved"),
        pytest.param([news(0), news(1), news(2), Item(guid=2, link=9, title=HEADLINES[3])], id="an id at two entries"),
        pytest.param([news(0), news(1), Item(guid=9, link=3, title=HEADLINES[3])], id="a link that moved"),
        pytest.param([news(0), news(1), Item(title=news(2).title)], id="its keys gone"),
        pytest.param([news(0), news(1), news(2), Item(title=news(2).title)], id="the same words without keys"),
        pytest.param([news(0), news(1), news(2), Item(guid=7, link=8, title=news(2).title)], id="the same words again"),
        pytest.param([Item(guid=9 - one, link=one + 1, title=news(one).title) for one in range(3)], id="all ids anew"),
    ],
)
async def test_what_changes_is_seen_the_same_way(second: list[Item]) -> None:
    """Whatever becomes of three entries, and when they are all back afterwards."""
    old = [news(0), news(1), news(2)]
    await all_alike(rss(old), rss(second, built=1), rss(old, built=2), rss([news(3), *second], built=3))


async def test_an_entry_that_is_back_after_a_while_is_recognised_and_not_told_again() -> None:
    """Its slice is forgotten when it leaves the document; its keys are not."""
    old = [news(number) for number in range(5)]
    desks = await all_alike(rss(old), rss(old[1:], built=1), rss(old, built=2))
    assert desks.slicing.hands.read == 5 + 0 + 1


async def test_a_broken_document_leaves_what_was_read_as_it_was() -> None:
    """It is read by other means, shows only a part, and the one after it is compared with the last whole one."""
    old = [news(number) for number in range(6)]
    desks = await all_alike(rss(old), rss([news(6), *old], is_cut=True), rss([news(6), *old], built=2))
    assert desks.slicing.hands.requests == 3
    assert desks.slicing.hands.read <= 6 + 7 + 1


async def test_another_frame_makes_everything_new() -> None:
    """Entries inherit from it. Its dates, and comments in it, tell nothing of them."""
    old = [news(number) for number in range(6)]
    await all_alike(rss(old), rss(old, built=1).replace(b"<ttl>20</ttl>", b"<!-- generated in 0.35 seconds -->"))
    desks = await all_alike(rss(old), rss(old).replace(b"heron.example/</link>", b"wader.example/</link>"))
    assert desks.slicing.hands.read == 12
    desks = await all_alike(rss(old), rss(old).replace(b"\n</channel>", b"<!-- generated in 0.35 s -->\n</channel>"))
    assert desks.slicing.hands.read == 6


items = st.builds(
    Item,
    guid=st.integers(-1, 4),
    link=st.integers(-1, 4),
    title=st.sampled_from(HEADLINES),
    text=st.sampled_from(("", "", "A short text about what happened at the quay.", *HEADLINES[:3])),
    date=st.sampled_from(DATES),
    note=st.sampled_from(("", "", "<!-- 1 -->", "<category>news</category>", "<category>sea</category>")),
)
steady = st.builds(news, st.integers(0, 9))
edited = st.builds(news, st.integers(0, 9), text=st.sampled_from(("Edited once", "Edited twice, by the ferry")))
usual = st.lists(steady, min_size=2, max_size=8, unique_by=lambda item: item.guid)
unusual: st.SearchStrategy[list[Item]] = st.one_of(
    st.just([]), st.lists(edited, max_size=2), st.lists(items, max_size=2), st.lists(steady, max_size=1)
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Mostly what was there before, something in between, and now and then another head or a broken end."""
    contents: list[Item] = [*draw(usual), *draw(unusual)]
    return rss(
        draw(st.permutations(contents)),
        built=draw(st.integers(0, 59)),
        title="The Wader" if draw(st.integers(0, 9)) == 9 else "The Heron",
        is_cut=draw(st.integers(0, 9)) == 9,
    )


@given(series=st.lists(documents(), min_size=2, max_size=6))
@settings(deadline=None, max_examples=100)
def test_any_series_of_documents_comes_to_the_same(series: list[bytes]) -> None:
    """Ids and links that are lacking, shared, moved or alike; entries that go, come back and change; broken ends."""
    desks = asyncio.run(all_alike(*series))
    event("slices saved reading" if desks.slicing.hands.read < desks.whole.hands.read else "all was read")
