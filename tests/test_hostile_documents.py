"""Documents that lie or are odd, through the whole flow: nothing is told twice, and every distinct new link once."""

from collections.abc import AsyncIterator, Sequence
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from monitor.model.entries import Entry
from tests.lying_feeds import Feed, Window, expected
from tests.net_loopback import answer
from tests.newsstand import Newsstand, feed, item, newsstand, rss


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Newsstand]:
    """A feed that nobody has polled yet."""
    async with newsstand(tmp_path) as made:
        yield made


def sliding(*ends: int, size: int = 4) -> tuple[Window, ...]:
    return tuple(Window(end=end, size=size) for end in ends)


USUAL = sliding(6, 8, 9, 9, 11, 12, 14)
REWOUND = sliding(6, 8, 10, 6, 7, 10, 12)
DATES = {
    "honest": "",
    "missing": "",
    "1970": "Thu, 01 Jan 1970 00:00:00 GMT",
    "future": "Fri, 01 Jan 2100 00:00:00 GMT",
    "year 10000": "10000-01-01T00:00:00Z",
    "year -1": "-0001-01-01T00:00:00Z",
    "words": "yesterday, or the day before",
}
INTERRUPTIONS = {
    "HTML": answer(b"<!doctype html><html><body>Back soon</body></html>"),
    "an empty body": answer(b""),
    "an entry cut in two": answer(rss(item(900, "An unheard of regatta wins the day"))[:-45]),
}


def document(entries: Sequence[Entry], date: str = "honest") -> bytes:
    """Entries as RSS, with dates of this kind."""
    return rss(*(_item(entry, date) for entry in entries))


def _item(entry: Entry, date: str) -> str:
    stated = format_datetime(entry.published_at) if date == "honest" and entry.published_at else DATES[date]
    parts = {
        "guid isPermaLink='false'": entry.id,
        "title": entry.text.title,
        "link": entry.link,
        "description": entry.text.summary,
        "pubDate": stated,
    }
    return f"<item>{''.join(_element(name, value) for name, value in parts.items() if value)}</item>"


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name.partition(' ')[0]}>"


async def play(stand: Newsstand, lies: Feed, *, date: str = "honest", between: bytes = b"") -> None:
    """Poll document after document, a bad answer after each; every one tells what is new in it, and nothing else."""
    documents = lies.documents()
    for turn, ((numbers, entries), wanted) in enumerate(zip(documents, expected(documents), strict=True)):
        polled = await stand.poll(answer(document(entries, date)))
        by_title = {entry.text.title: number for number, entry in zip(numbers, entries, strict=True)}
        assert [by_title[title] for title in polled.told] == wanted, f"document {turn}"
        if between:
            before = await stand.feed()
            interrupted = await stand.poll(between)
            assert interrupted.told == ()
            assert (interrupted.feed.validators, interrupted.feed.body_digest) == (
                before.validators,
                before.body_digest,
            )


@pytest.mark.parametrize("windows", [USUAL, REWOUND], ids=["as usual", "a week back in the middle"])
@pytest.mark.parametrize("ids", ["honest", "flipped", "none", "constant", "position", "random", "huge"])
async def test_whatever_is_said_of_ids_each_link_is_told_once(
    stand: Newsstand, ids: str, windows: tuple[Window, ...]
) -> None:
    """All ids flip from one document to the next, all are one, 50 kB long, missing, or others at every poll."""
    await play(stand, Feed(ids=ids, windows=windows))


@pytest.mark.parametrize("date", DATES)
async def test_whatever_the_dates_are_each_link_is_told_once(stand: Newsstand, date: str) -> None:
    """Missing, 1970, the future, or nothing that could be a date; the feed goes back a week in the middle."""
    await play(stand, Feed(windows=REWOUND), date=date)


@pytest.mark.parametrize("between", INTERRUPTIONS)
async def test_bad_documents_between_good_ones_change_nothing(stand: Newsstand, between: str) -> None:
    """After each of them the feed goes on as if nothing had been; what they failed to show is no news later."""
    await play(stand, Feed(windows=USUAL), between=INTERRUPTIONS[between])


async def test_an_entry_edited_twenty_times_is_told_once(stand: Newsstand) -> None:
    """Each edit is kept as a revision."""
    await stand.poll(feed(item(1)))
    polls = [await stand.poll(feed(item(2, f"Fire in the old harbour kills {turn}"), item(1))) for turn in range(21)]
    assert [polled.told for polled in polls] == [("Fire in the old harbour kills 0",), *[()] * 20]
    assert sum(int(str(polled.log.get("revised", 0))) for polled in polls) == 20


async def test_of_a_document_that_is_cut_whole_entries_are_told_and_the_rest_later(stand: Newsstand) -> None:
    """Half an entry is none; the validators of the cut document are not kept, so that no 304 hides the rest."""
    titles = {2: "Ferry Alma runs aground", 3: "Mayor resigns over the bridge", 4: "Bakers win the regatta"}
    await stand.poll(feed(item(1), etag='"good"'))
    items = [item(number, title) for number, title in titles.items()]
    whole = rss(*items, item(1))
    cut = whole[: whole.index(b"Bakers win the regatta") + 9]
    for turn in range(2):
        polled = await stand.poll(answer(cut, b'ETag: "cut"'))
        assert polled.told == ((titles[2], titles[3]) if turn == 0 else ())
        assert polled.feed.validators.etag == b'"good"'
        assert polled.log["flaw"]
    polled = await stand.poll(answer(whole, b'ETag: "whole"'))
    assert (polled.told, polled.feed.validators.etag) == ((titles[4],), b'"whole"')


async def test_odd_entries_are_told_clean(stand: Newsstand) -> None:
    """What cannot be seen, cannot be stored or can be run does not reach anybody; the news in it does."""
    await stand.poll(feed(item(1)))
    odd = {
        "<title>Ferry\0 Al\x07ma\x1b[31m aground</title><link>javascript:alert(1)</link>": "Ferry Alma[31m aground",
        "<title>Mayor &#xD800;resigns&#0; again</title><link>data:text/html,x</link>": "Mayor resigns again",
        "<title>Regatta \u202eyadot\u202c is off</title><link>//harbour.example/r</link>": "Regatta yadot is off",
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;Bakers strike</title><link>ftp://x/y</link>": "Bakers strike",
        f"<title>Endless {'pier ' * 1_000}</title><link>http://[broken/</link>": "Endless pier",
        "<title></title><description>Storm warning for all islands</description>": "Storm warning for all islands",
    }
    polled = await stand.poll(feed(*(f"<item>{words}</item>" for words in odd), item(1)))
    assert len(polled.told) == len(odd)
    for said, wanted in zip(polled.told, odd.values(), strict=True):
        assert said.startswith(wanted)
        assert len(said) <= 500
        assert said.isprintable()
    assert all(link == "" or link.startswith(("http://", "https://")) for link in polled.links)


@pytest.mark.parametrize(
    "more",
    [
        f"<author>{'a' * 100_000}</author>",
        "<x " + " ".join(f"a{one}='1'" for one in range(8_000)) + "/>",
        "<description>&#xD800;&#99999999999;</description>",
    ],
    ids=["an author of 100 kB", "8,000 attributes", "impossible characters"],
)
async def test_what_kills_a_parser_costs_no_news(stand: Newsstand, more: str) -> None:
    """An entry that plain feedparser takes minutes for, or raises at, is told like the one beside it."""
    await stand.poll(feed(item(1)))
    polled = await stand.poll(feed(item(2, "Regatta is off", more=more), item(3, "Bakers go on strike"), item(1)))
    assert polled.told == ("Regatta is off", "Bakers go on strike")


async def test_a_wrong_charset_spoils_letters_and_repeats_nothing(stand: Newsstand) -> None:
    """Latin-1 bytes called UTF-8, then the same news as it should be: a revision."""
    await stand.poll(feed(item(1)))
    document_of = rss(item(2, "Caf\u00e9 burns down at the harbour")).decode()
    wrong = await stand.poll(answer(document_of.encode("latin-1"), b"Content-Type: text/xml; charset=utf-8"))
    assert len(wrong.told) == 1
    right = await stand.poll(answer(document_of.encode(), b"Content-Type: text/xml; charset=utf-8"))
    assert (right.told, right.log["outcome"]) == ((), "fetched")


async def test_thousands_of_new_entries_are_one_digest_and_one_alarm(stand: Newsstand) -> None:
    """One message for the rule, however many entries; afterwards they are as known as any."""
    await stand.poll(feed(item(1)))
    flood = feed(*(item(number) for number in range(2, 1_202)), item(1))
    polled = await stand.poll(flood)
    assert polled.told == ("1,200 new entries match rule everything in The Harbour at once",)
    assert polled.alarms == (
        "The Harbour: 1,200 new entries in one poll; what they say of a rule is told in one message",
    )
    later = await stand.poll(feed(*(item(number, f"Pier {number} is painted anew") for number in range(2, 30))))
    assert (later.told, later.alarms) == ((), ())
