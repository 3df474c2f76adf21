"""Lies that feeds tell, told by a series of captures: ids, links and dates rewritten on the fly.

A change that a feed makes once is made in the middle of the series. What the publisher meant does not change: what
must come of a mutated series is worked out from the captures as they were (see `dressed`), except that a rewound one
is a series of its own.
"""

import io
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import feedparser

from tests.benchmarks.truth import Expectation, Item, item_of

_ITEM = re.compile(rb"<(item|entry)\b.*?</\1>", re.DOTALL)
_GUID = re.compile(rb"<(guid|id)\b[^>]*>(.*?)</\1>", re.DOTALL)
_LINK = re.compile(rb"<link>\s*(.*?)\s*</link>", re.DOTALL)
_DATE = re.compile(rb"<(pubDate|dc:date|published|updated)\b[^>]*>.*?</\1>", re.DOTALL)

Rewrite = Callable[[bytes, "_Where"], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """The place of an item in the series."""

    place: int
    is_late: bool
    """in the second half"""
    chance: random.Random

    def id(self, item: bytes) -> bytes:
        """What the publisher would have for an id."""
        found = _GUID.search(item) or _LINK.search(item)
        return found[found.lastindex or 1] if found else b""


def mutate(name: str, captures: Sequence[bytes], chance: random.Random) -> list[bytes]:
    """The captures with this lie in them; KeyError for one that nobody tells."""
    if name == "rewind":
        return list(captures)  # what is in them stays: only their order changes, see `ordered`
    rewrite = MUTATIONS[name]
    made = []
    for number, capture in enumerate(captures):
        is_late, pieces, end = 2 * number >= len(captures), [], 0
        for place, found in enumerate(_ITEM.finditer(capture)):
            where = _Where(place=place, is_late=is_late, chance=chance)
            pieces += [capture[end : found.start()], rewrite(found[0], where)]
            end = found.end()
        made.append(b"".join([*pieces, capture[end:]]))
    return made


def ordered(name: str, captures: Sequence[bytes]) -> list[bytes]:
    """The order in which they are served: rewound, the second half goes back to the first and comes again."""
    if name != "rewind":
        return list(captures)
    middle, quarter = len(captures) // 2, len(captures) // 4
    return [*captures[:middle], *captures[quarter:middle], *captures[: quarter + 1], *captures[middle:], captures[-1]]


def dressed(expected: Expectation, captures: Sequence[bytes], mutated: Sequence[bytes]) -> Expectation:
    """What the untouched captures must lead to, under the names that the mutated ones give it."""
    names: dict[Item, dict[Item, None]] = {}
    for plain, lying in zip(captures, mutated, strict=True):
        for item, other in zip(_items(plain), _items(lying), strict=True):
            names.setdefault(item, {}).setdefault(other)
    for story in expected.stories:
        story.items = [other for item in story.items for other in names[item]]
    expected.baseline = [other for item in expected.baseline for other in names[item]]
    return expected


def _items(body: bytes) -> list[Item]:
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return [item_of(entry) for entry in parsed.entries]


def _with_id(item: bytes, value: bytes) -> bytes:
    stated = b'<guid isPermaLink="false">' + value + b"</guid>"
    bare = _GUID.sub(b"", item)
    return bare[: bare.rindex(b"</")] + stated + bare[bare.rindex(b"</") :]


def _with_link(item: bytes, change: Callable[[bytes], bytes]) -> bytes:
    return _LINK.sub(lambda found: b"<link>" + change(found[1]) + b"</link>", item)


def _digest(value: bytes) -> bytes:
    return sha256(value).hexdigest()[:24].encode()


def _flip_ids(item: bytes, where: _Where) -> bytes:
    return _with_id(item, b"urn:cms-two:" + _digest(where.id(item))) if where.is_late else item


def _random_ids(item: bytes, where: _Where) -> bytes:
    return _with_id(item, b"%032x" % where.chance.getrandbits(128))


def _position_ids(item: bytes, where: _Where) -> bytes:
    return _with_id(item, b"%d" % (where.place + 1))


def _one_id(item: bytes, _: _Where) -> bytes:
    return _with_id(item, b"news")


def _no_ids(item: bytes, _: _Where) -> bytes:
    return _GUID.sub(b"", item)


def _huge_ids(item: bytes, where: _Where) -> bytes:
    return _with_id(item, b"x" * 50_000 + where.id(item))


def _https(item: bytes, where: _Where) -> bytes:
    if where.is_late:
        return item.replace(b"http://", b"https://")
    return item.replace(b"https://", b"http://")


def _tracking(item: bytes, where: _Where) -> bytes:
    added = b"utm_source=rss&amp;utm_campaign=%08x&amp;fbclid=%08x" % (
        where.chance.getrandbits(32),
        where.chance.getrandbits(32),
    )
    return _with_link(item, lambda link: link + (b"&amp;" if b"?" in link else b"?") + added)


def _one_link(item: bytes, where: _Where) -> bytes:
    return _with_link(_with_id(item, where.id(item)), lambda _: b"https://news.example/live")


def _random_links(item: bytes, where: _Where) -> bytes:
    session = b"https://news.example/read?session=%032x" % where.chance.getrandbits(128)
    return _with_link(_with_id(item, where.id(item)), lambda _: session)


def _no_links(item: bytes, where: _Where) -> bytes:
    return _LINK.sub(b"", _with_id(item, where.id(item)))


def _moved(item: bytes, where: _Where) -> bytes:
    if not where.is_late:
        return item
    moved = _with_id(item, b"urn:new-home:" + _digest(where.id(item)))
    return _with_link(moved, lambda link: b"https://new-home.example/" + _digest(link))


def _no_dates(item: bytes, _: _Where) -> bytes:
    return _DATE.sub(b"", item)


def _one_date(item: bytes, _: _Where) -> bytes:
    return _DATE.sub(b"<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", item)


def _future_dates(item: bytes, where: _Where) -> bytes:
    return _DATE.sub(b"<pubDate>Fri, %02d Jan 2077 00:00:00 GMT</pubDate>" % (where.place % 28 + 1), item)


def _random_dates(item: bytes, where: _Where) -> bytes:
    day, hour = where.chance.randrange(1, 29), where.chance.randrange(24)
    return _DATE.sub(b"<pubDate>%02d Feb 2021 %02d:00:00 GMT</pubDate>" % (day, hour), item)


MUTATIONS: dict[str, Rewrite] = {
    "flip-ids": _flip_ids,
    "random-ids": _random_ids,
    "position-ids": _position_ids,
    "one-id": _one_id,
    "no-ids": _no_ids,
    "huge-ids": _huge_ids,
    "https": _https,
    "tracking": _tracking,
    "one-link": _one_link,
    "random-links": _random_links,
    "no-links": _no_links,
    "moved": _moved,
    "no-dates": _no_dates,
    "one-date": _one_date,
    "future-dates": _future_dates,
    "random-dates": _random_dates,
}
NAMES = (*MUTATIONS, "rewind")
