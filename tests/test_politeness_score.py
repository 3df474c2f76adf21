"""The score keeper itself: a polite client wins twenty points, and each point can be lost by a bad one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.politeness.record import Exchange, Headers, Record, Restart, Terms
from tests.politeness.score import lost, marks

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED, OTHER, AWAY = "http://quay.example:80/rss", "http://quay.example:80/sport", "http://port.example:80/rss"
POLITE = (b"Host: quay.example", b"User-Agent: tocsin/1.0 (+desk@quay.example)", b"Accept-Encoding: gzip, deflate")
ONE, TWO = (b"ETag", b'W/"1"'), (b"ETag", b'"2"')
THEN = (b"Last-Modified", b"Mon, 02 Mar 2026 12:00:00 GMT")
SAME, SINCE = b'If-None-Match: W/"1"', b"If-Modified-Since: Mon, 02 Mar 2026 12:00:00 GMT"


def asked(
    after: timedelta,
    status: int,
    given: Headers = (),
    *sent: bytes,
    url: str = FEED,
    instead: tuple[bytes, ...] = POLITE,
) -> Exchange:
    head = b"\r\n".join((b"GET /rss HTTP/1.1", *instead, *sent, b"", b""))
    return Exchange(at=NOW + after, url=url, head=head, status=status, headers=given)


def record(*exchanges: Exchange, every: timedelta | None = HOUR, named_by: int = 1) -> Record:
    terms = Terms(every=every, named_by=named_by, is_plain=True)
    return Record(exchanges=exchanges, feeds={FEED: terms, OTHER: terms}, until=NOW + 30 * DAY)


BEGUN = asked(0 * HOUR, 200, (ONE, THEN))
KNOWN = asked(1.01 * HOUR, 304, (), SAME, SINCE)


def led(days: float, *, status: int = 301, to: str = AWAY) -> tuple[Exchange, ...]:
    """A poll that is redirected to a document."""
    return (
        asked(days * DAY, status, ((b"Location", to.encode()),)),
        asked(days * DAY, 200, (), url=to),
    )


LED = tuple(one for number in range(10) for one in led(number * 0.9))

GOOD: dict[str, Record] = {
    "conditions": record(BEGUN, KNOWN, asked(2.03 * HOUR, 200, (TWO,), SAME, SINCE)),
    "both replaced": record(
        BEGUN, asked(1.01 * HOUR, 200, (TWO,), SAME, SINCE), asked(2 * HOUR, 304, (), b'If-None-Match: "2"')
    ),
    "by a 304": record(
        BEGUN, asked(1.01 * HOUR, 304, (TWO,), SAME, SINCE), asked(2 * HOUR, 304, (), b'If-None-Match: "2"', SINCE)
    ),
    "an error between": record(
        BEGUN, asked(1.01 * HOUR, 500, (TWO,), SAME, SINCE), asked(2.1 * HOUR, 304, (), SAME, SINCE)
    ),
    "a doubted ETag": record(
        BEGUN, *(asked(number * 1.01 * HOUR, 304, (), SAME, SINCE) for number in range(1, 27)), asked(27.3 * HOUR, 200)
    ),
    "held": record(asked(0 * HOUR, 429, ((b"Retry-After", b"7200"),)), asked(2.01 * HOUR, 200, (ONE,))),
    "gone": replace(record(BEGUN, asked(HOUR, 410, (), SAME, SINCE)), alarmed=frozenset({FEED})),
    "moved": record(*LED, asked(9.1 * DAY, 200, url=AWAY)),
    "by hand": replace(record(BEGUN, asked(2 * MINUTE, 304, (), SAME, SINCE)), refreshes=((NOW + MINUTE, FEED),)),
    "once again after a death": record(replace(BEGUN, is_committed=False), asked(timedelta(seconds=9), 200, (ONE,))),
}

BAD: dict[str, tuple[int, Record]] = {
    "asks without conditions": (1, record(BEGUN, asked(HOUR, 200, (ONE,)))),
    "does so after a restart": (
        1,
        replace(record(BEGUN, asked(HOUR, 200)), restarts=(Restart(at=NOW + MINUTE, due={}),)),
    ),
    "doubts an ETag twice": (
        1,
        record(
            BEGUN,
            *(asked(number * 1.01 * HOUR, 304, (), SAME, SINCE) for number in range(1, 27)),
            asked(27.3 * HOUR, 500),
            asked(28.3 * HOUR, 500),
        ),
    ),
    "writes dates anew": (
        2,
        record(BEGUN, asked(HOUR, 304, (), SAME, b"If-Modified-Since: Mon, 2 Mar 2026 12:00 GMT")),
    ),
    "computes a date": (2, record(asked(0 * HOUR, 200), asked(HOUR, 200, (), SINCE))),
    "takes the quotes off": (3, record(BEGUN, asked(HOUR, 304, (), b"If-None-Match: 1", SINCE))),
    "loses W/": (3, record(BEGUN, asked(HOUR, 304, (), b'If-None-Match: "1"', SINCE))),
    "mixes two answers": (
        4,
        record(BEGUN, asked(HOUR, 200, (TWO,), SAME, SINCE), asked(2 * HOUR, 304, (), b'If-None-Match: "2"', SINCE)),
    ),
    "keeps the old ones": (4, record(BEGUN, asked(HOUR, 200, (TWO,), SAME, SINCE), asked(2 * HOUR, 200, (), SAME))),
    "is deaf to a 304": (
        5,
        record(BEGUN, asked(HOUR, 304, (TWO,), SAME, SINCE), asked(2 * HOUR, 304, (), SAME, SINCE)),
    ),
    "believes an error": (
        6,
        record(BEGUN, asked(HOUR, 500, (TWO,), SAME, SINCE), asked(2 * HOUR, 304, (), b'If-None-Match: "2"', SINCE)),
    ),
    "believes a poll that was lost": (6, record(replace(BEGUN, is_committed=False), asked(HOUR, 304, (), SAME, SINCE))),
    "believes a page": (6, record(replace(BEGUN, is_feed=False), asked(HOUR, 200, (), SAME, SINCE))),
    "comes too soon": (7, record(BEGUN, asked(4 * MINUTE, 304, (), SAME, SINCE))),
    "comes by the clock": (7, record(BEGUN, *(asked(number * HOUR, 304, (), SAME, SINCE) for number in range(1, 12)))),
    "comes often for the whole": (7, record(*(asked(number * 16 * MINUTE, 200) for number in range(8)), every=None)),
    "forgets when it was to come": (
        8,
        replace(record(BEGUN, KNOWN), restarts=(Restart(at=NOW + MINUTE, due={FEED: NOW + 2 * HOUR}),)),
    ),
    "does not heed max-age": (
        9,
        record(asked(0 * HOUR, 200, ((b"Cache-Control", b"max-age=7200"),)), asked(HOUR, 200)),
    ),
    "nor that of a 429": (9, record(asked(0 * HOUR, 429, ((b"Cache-Control", b"max-age=7200"),)), asked(HOUR, 200))),
    "nor Expires": (
        9,
        record(asked(0 * HOUR, 200, ((b"Expires", b"Mon, 02 Mar 2026 14:00:00 GMT"),)), asked(HOUR, 200)),
    ),
    "nor ttl": (9, record(replace(BEGUN, ttl=DAY), KNOWN)),
    "nor skipHours": (9, record(replace(BEGUN, skip_hours=frozenset({13})), KNOWN)),
    "does not heed Retry-After": (10, record(asked(0 * HOUR, 429, ((b"Retry-After", b"7200"),)), asked(HOUR, 200))),
    "nor its date": (
        10,
        record(asked(0 * HOUR, 503, ((b"Retry-After", b"Mon, 02 Mar 2026 14:00:00 GMT"),)), asked(HOUR, 200)),
    ),
    "asks elsewhere on the server": (
        10,
        record(asked(0 * HOUR, 429, ((b"Retry-After", b"7200"),)), asked(HOUR, 200, url=OTHER)),
    ),
    "obeys for a month": (10, record(asked(0 * HOUR, 429, ((b"Retry-After", b"2592000"),)), asked(20 * DAY, 200))),
    "asks what is gone": (11, replace(record(asked(0 * HOUR, 410), asked(DAY, 410)), alarmed=frozenset({FEED}))),
    "tells nobody": (11, record(asked(0 * HOUR, 410))),
    "believes a redirect at once": (12, record(*led(0), asked(DAY, 200, url=AWAY))),
    "believes one for a time": (
        12,
        record(
            *(one for day in range(12) for one in led(day + day * day / 1_000, status=302)),
            asked(13 * DAY, 200, url=AWAY),
        ),
    ),
    "believes a stranger": (12, replace(record(*LED, asked(9.1 * DAY, 200, url=AWAY)), strangers=frozenset({AWAY}))),
    "never believes": (12, record(*(one for day in range(12) for one in led(day + day * day / 1_000)))),
    "sends cookies": (13, record(asked(0 * HOUR, 200, (), b"Cookie: visitor=1"))),
    "says where it comes from": (13, record(asked(0 * HOUR, 200, (), b"Referer: http://quay.example/"))),
    "adds a query": (13, record(asked(0 * HOUR, 200, url=FEED + "?t=1"))),
    "has no name": (14, record(asked(0 * HOUR, 200, instead=(b"User-Agent: Mozilla/5.0", POLITE[2])))),
    "takes nothing compressed": (15, record(asked(0 * HOUR, 200, instead=POLITE[:2]))),
    "opens many connections": (16, record(BEGUN, replace(asked(HOUR, 200, url=OTHER), open_here=2))),
    "leaves no pause": (16, record(BEGUN, asked(timedelta(milliseconds=500), 200, url=OTHER))),
    "fetches once an outlet": (17, record(BEGUN, asked(5 * timedelta(seconds=1), 304, (), SAME, SINCE), named_by=2)),
    "looks round": (18, record(BEGUN, asked(HOUR, 404, url="http://quay.example:80/favicon.ico"))),
    "obeys an impatient hand": (
        19,
        replace(record(BEGUN, asked(MINUTE / 2, 304, (), SAME, SINCE)), refreshes=((NOW + MINUTE / 4, FEED),)),
    ),
    "takes a 304 for a failure": (20, record(BEGUN, KNOWN, asked(9 * HOUR, 304, (), SAME, SINCE))),
}
_ALSO = {"fetches once an outlet": {7}}
"""what such a client loses besides"""


@pytest.mark.parametrize("client", GOOD)
def test_a_polite_client_wins_all_twenty(client: str) -> None:
    """And the marks say so, point by point."""
    given = marks(GOOD[client])
    assert list(given) == list(range(1, 21))
    assert not any(given.values()), given


@pytest.mark.parametrize("client", BAD)
def test_a_bad_client_loses_its_point_and_is_told_why(client: str) -> None:
    """And no other, but where one misdeed is two."""
    point, seen = BAD[client]
    assert lost(seen) == {point} | _ALSO.get(client, set())
    assert all(complaint for complaint in marks(seen)[point])


def test_every_point_can_be_lost() -> None:
    """A point that nobody can lose is none."""
    assert {point for point, _ in BAD.values()} == set(range(1, 21))
