"""The score: twenty points, each with the evidence of what lost it. It knows nothing of our code, only of requests."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from re import fullmatch, search

from tests.politeness.record import PERMANENT, REDIRECTS, Exchange, Record
from tests.politeness.validators import conditions

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_HOLD = 6 * HOUR

Point = Callable[[Record], Iterator[str]]


def marks(record: Record) -> dict[int, tuple[str, ...]]:
    """For each of the twenty points what was seen against it; nothing: the point is won."""
    against = {number: tuple(point(record)) for number, point in _POINTS.items()}
    for number, complaint in conditions(record.exchanges):
        against[number] = (*against.get(number, ()), complaint)
    return {number: against.get(number, ()) for number in range(1, 21)}


def lost(record: Record) -> set[int]:
    """The points that were not won."""
    return {number for number, complaints in marks(record).items() if complaints}


def _by_url(record: Record) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = defaultdict(list)
    for one in record.exchanges:
        found[one.url].append(one)
    return found


def _hops(record: Record) -> list[bool]:
    """Of each request, whether the answer just before it, at the same moment, led there."""
    led: dict[str, datetime] = {}
    hops = []
    for one in record.exchanges:
        hops.append(led.get(one.url) == one.at)
        if one.status in REDIRECTS:
            led[one.given(b"location").decode()] = one.at
    return hops


def _pairs(record: Record) -> Iterator[tuple[Exchange, Exchange]]:
    """Two requests in a row for one URL, the first of which was not lost with its process."""
    for asked in _by_url(record).values():
        yield from ((one, other) for one, other in pairwise(asked) if one.is_committed)


def _is_wanted(record: Record, one: Exchange, other: Exchange) -> bool:
    """Whether somebody wanted it to be polled, between the two."""
    return any(url == other.url and one.at <= at <= other.at for at, url in record.refreshes)


def _pace(record: Record) -> Iterator[str]:
    for one, other in _pairs(record):
        if other.at - one.at < record.shortest and not _is_wanted(record, one, other):
            yield f"{other.at:%d %H:%M:%S} {other.url}: {other.at - one.at} after the last time"
    for url, asked in _by_url(record).items():
        spans = [other.at - one.at for one, other in pairwise(asked)]
        if len(spans) >= 10 and len(set(spans)) == 1:
            yield f"{url}: {len(spans)} times exactly {spans[0]}"
        is_bare = not any(one.given(b"etag") or one.given(b"last-modified") for one in asked)
        terms = record.feeds.get(url)
        if is_bare and len(spans) >= 5 and terms is not None and terms.every is None:
            usual = sorted(spans)[len(spans) // 2]
            if usual < 2 * record.every:
                yield f"{url}: every {usual} although its server sends no validators"


def _persistence(record: Record) -> Iterator[str]:
    for restart in record.restarts:
        seen = set()
        for one in record.exchanges:
            if one.at < restart.at or one.url in seen:
                continue
            seen.add(one.url)
            due = restart.due.get(one.url)
            is_wanted = any(url == one.url and restart.at <= at <= one.at for at, url in record.refreshes)
            if due is not None and one.at < due and not is_wanted:
                yield f"{one.at:%d %H:%M:%S} {one.url}: after a restart, {due - one.at} too soon"


def _floor(one: Exchange) -> timedelta:
    stated = search(rb"max-age=(\d+)", one.given(b"cache-control"))
    if stated:
        return timedelta(seconds=min(int(stated[1]), 86_400))
    if expires := one.given(b"expires"):
        try:
            return max(timedelta(0), min(parsedate_to_datetime(expires.decode()) - one.at, DAY))
        except ValueError:
            return timedelta(0)
    return timedelta(0)


def _floors(record: Record) -> Iterator[str]:
    for url, asked in _by_url(record).items():
        ttl, skipped = timedelta(0), frozenset[int]()
        for one, other in pairwise(asked):
            if one.status == 200 and one.is_feed and one.is_committed:
                ttl, skipped = min(one.ttl, DAY), one.skip_hours
            if one.status not in {200, 304, 429, 503} or not one.is_committed or _is_wanted(record, one, other):
                continue
            floor = max(_floor(one), ttl if one.status in {200, 304} else timedelta(0))
            if other.at - one.at < floor:
                yield f"{other.at:%d %H:%M:%S} {url}: after {other.at - one.at}, asked for {floor}"
            if other.at.hour in skipped and other.at - one.at < DAY:
                yield f"{other.at:%d %H:%M:%S} {url}: at an hour to be skipped"


def _patience(record: Record) -> Iterator[str]:
    held: dict[str, datetime] = {}
    for one in record.exchanges:
        if one.at < held.get(one.origin, one.at):
            yield f"{one.at:%d %H:%M:%S} {one.url}: {held[one.origin] - one.at} before the server is to be asked again"
        asked = _retry_after(one) if one.status in {429, 503} and one.is_committed else None
        if asked is not None:
            held[one.origin] = max(held.get(one.origin, one.at), one.at + min(asked, LONGEST_HOLD))
    for one, other in _pairs(record):
        asked = _retry_after(one)
        if asked is not None and asked > LONGEST_HOLD and other.at - one.at > 7 * HOUR:
            yield f"{other.at:%d %H:%M:%S} {other.url}: only after {other.at - one.at}, six hours are enough"


def _retry_after(one: Exchange) -> timedelta | None:
    value = one.given(b"retry-after").decode("latin-1")
    if fullmatch(r"\d+", value):
        return timedelta(seconds=min(int(value), 10**9))
    try:
        return max(timedelta(0), parsedate_to_datetime(value) - one.at)
    except (ValueError, TypeError):
        return None


def _gone(record: Record) -> Iterator[str]:
    gone: set[str] = set()
    for one in record.exchanges:
        if one.url in gone:
            yield f"{one.at:%d %H:%M:%S} {one.url}: asked although it is gone"
        if one.status == 410 and one.is_committed:
            gone.add(one.url)
    yield from (f"{url}: gone, and nobody was told" for url in gone - record.alarmed)


def _moves(record: Record) -> Iterator[str]:
    """Runs of polls that one URL led, permanently all the way, to one other."""
    runs: dict[str, tuple[str, int, datetime]] = {}
    led = {one.given(b"location").decode() for one in record.exchanges if one.status in REDIRECTS}
    for path in _paths(record):
        one, end = path[0], path[-1]
        believed = {to for to, sightings, first in runs.values() if sightings >= 10 and one.at - first >= 7 * DAY}
        if one.url in led and one.url not in record.feeds and one.url not in believed - record.strangers:
            yield f"{one.at:%d %H:%M:%S} {one.url}: asked before it was believed that a feed has moved there"
        to, sightings, first = runs.get(one.url, ("", 0, one.at))
        if sightings >= 10 and one.at - first > 8 * DAY and to not in record.strangers:
            yield f"{one.at:%d %H:%M:%S} {one.url}: still asked, although it has led to {to} since {first:%d %H:%M}"
        if len(path) == 1 or any(hop.status not in PERMANENT for hop in path[:-1]):
            runs.pop(one.url, None)
        elif end.status in {200, 304}:
            runs[one.url] = (end.url, sightings + 1, first) if to == end.url else (end.url, 1, one.at)


def _paths(record: Record) -> list[list[Exchange]]:
    """Each poll with all its hops, in the order in which they began; polls at the same moment may mix."""
    paths: list[list[Exchange]] = []
    led: dict[str, list[Exchange]] = {}
    for one in record.exchanges:
        path = led.pop(one.url, None)
        if path is None or path[-1].at != one.at:
            path = []
            paths.append(path)
        path.append(one)
        if one.status in REDIRECTS:
            led[one.given(b"location").decode()] = path
    return paths


def _discretion(record: Record) -> Iterator[str]:
    led = {one.given(b"location").decode() for one in record.exchanges}
    for one in record.exchanges:
        for name in (b"cookie", b"referer", b"from", b"x-forwarded-for"):
            if one.sent(name):
                yield f"{one.at:%d %H:%M:%S} {one.url}: sent {name.decode()}"
        bare, mark, _ = one.url.partition("?")
        if mark and bare in record.feeds and one.url not in record.feeds and one.url not in led:
            yield f"{one.at:%d %H:%M:%S} {one.url}: a query was added"


def _name(record: Record) -> Iterator[str]:
    for one in record.exchanges:
        if not fullmatch(rb"tocsin/[0-9][^ ]* \(\+[^()]+\)", one.sent(b"user-agent")):
            yield f"{one.at:%d %H:%M:%S} {one.url}: User-Agent {one.sent(b'user-agent')!r}"


def _encodings(record: Record) -> Iterator[str]:
    for one in record.exchanges:
        if not {b"gzip", b"deflate"} <= {part.strip() for part in one.sent(b"accept-encoding").split(b",")}:
            yield f"{one.at:%d %H:%M:%S} {one.url}: Accept-Encoding {one.sent(b'accept-encoding')!r}"


def _connections(record: Record) -> Iterator[str]:
    last: dict[str, datetime] = {}
    for one, is_hop in zip(record.exchanges, _hops(record), strict=True):
        if one.open_here > 1:
            yield f"{one.at:%d %H:%M:%S} {one.url}: {one.open_here} connections at once"
        if is_hop:
            continue
        if one.origin in last and one.at - last[one.origin] < record.gap:
            yield f"{one.at:%d %H:%M:%S} {one.url}: {one.at - last[one.origin]} after another request to its server"
        last[one.origin] = one.at


def _once_for_all(record: Record) -> Iterator[str]:
    for one, other in _pairs(record):
        terms = record.feeds.get(one.url)
        if terms is not None and terms.named_by > 1 and other.at - one.at < MINUTE:
            yield f"{other.at:%d %H:%M:%S} {one.url}: once more for another outlet"


def _nothing_else(record: Record) -> Iterator[str]:
    led = {one.given(b"location").decode() for one in record.exchanges if one.status in REDIRECTS}
    wanted = {url.partition("?")[0] for url in {*record.feeds, *led}}
    for one in record.exchanges:
        if one.url.partition("?")[0] not in wanted:
            yield f"{one.at:%d %H:%M:%S} {one.url}: nobody wanted that"


def _by_hand(record: Record) -> Iterator[str]:
    for one, other in _pairs(record):
        if other.at - one.at < MINUTE and _is_wanted(record, one, other):
            yield f"{other.at:%d %H:%M:%S} {other.url}: refreshed {other.at - one.at} after the last time"


def _success(record: Record) -> Iterator[str]:
    for one, other in _pairs(record):
        terms = record.feeds.get(one.url)
        if terms is None or not terms.is_plain or terms.every is None or one.status != 304:
            continue
        off = sum((restart.off for restart in record.restarts if one.at <= restart.at <= other.at), timedelta(0))
        if other.at - one.at > terms.every * 1.1 + 30 * MINUTE + off:
            yield f"{other.at:%d %H:%M:%S} {one.url}: a 304, and then nothing for {other.at - one.at}"


_POINTS: dict[int, Point] = {
    7: _pace,
    8: _persistence,
    9: _floors,
    10: _patience,
    11: _gone,
    12: _moves,
    13: _discretion,
    14: _name,
    15: _encodings,
    16: _connections,
    17: _once_for_all,
    18: _nothing_else,
    19: _by_hand,
    20: _success,
}
