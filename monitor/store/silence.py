"""What used to be heard, and who listened when, on SQLite."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.holding import MuteKind
from monitor.model.polls import FeedId
from monitor.model.rules import RuleName
from monitor.model.silence import Heard, Portion, Span
from monitor.store.moments import to_micros, to_moment
from monitor.store.mutes import read_mutes
from monitor.store.queries import query
from monitor.store.rows import column, feed_state
from monitor.store.thread import StoreThread

BRIDGED = timedelta(hours=3)
"""between two moments at which somebody listened: a restart, not a stop"""
KEPT = timedelta(days=400)
"""how long it is known who listened when"""
STEP = timedelta(hours=6)
"""of the matches of a rule within this one is enough"""
MOST_CARRIERS = 50
"""matches of a rule that say in which outlets it matches"""


class SqliteSilence:
    """See `monitor.ports.SilenceStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def listen(self, now: datetime, *, is_dry: bool = False) -> tuple[Span, ...]:
        """Note that somebody listens at this moment; when somebody did, oldest first. Raises StoreError."""
        if is_dry:
            return await self._thread.read(lambda connection: _as_if_listening(connection, now))
        return await self._thread.write(lambda connection: _listen(connection, now))

    async def feeds(self, after: int, quiet_since: datetime, missed_since: datetime, limit: int) -> Portion:
        """Of the next feeds by id those of which there may be something to tell."""
        asked = {"quiet_since": to_micros(quiet_since), "missed_since": to_micros(missed_since)}
        return await self._thread.read(lambda connection: _feeds(connection, after, limit, asked))

    async def heard(
        self, rules: Sequence[tuple[RuleName, str]], quiet_since: datetime, back: timedelta
    ) -> tuple[Heard, ...]:
        """When and where these rules, each with its hash, matched up to their last match, and so far back from it."""
        return await self._thread.read(lambda connection: tuple(_heard(connection, rules, quiet_since, back)))

    async def hush(self, outlets: Collection[str], now: datetime, *, is_dry: bool = False) -> Mapping[str, datetime]:
        """Note that nothing is to be heard from these outlets; until when that was so, for all that are known."""
        if is_dry:
            return await self._thread.read(lambda connection: _as_if_hushed(connection, outlets, now))
        return await self._thread.write(lambda connection: _hush(connection, outlets, now))

    async def muted(self, kind: MuteKind, now: datetime) -> frozenset[str]:
        """Names of the rules, or the outlets, that somebody does not want to hear of."""
        return await self._thread.read(lambda connection: _muted(connection, kind, now))


def _listen(connection: sqlite3.Connection, now: datetime) -> tuple[Span, ...]:
    moment = to_micros(now)
    connection.execute(query("stop_listening"), {"now": moment, "before": to_micros(now - KEPT)})
    connection.execute(query("cut_listening"), {"now": moment})
    going_on = {"now": moment, "since": to_micros(now - BRIDGED)}
    if not connection.execute(query("go_on_listening"), going_on).rowcount:
        connection.execute(query("begin_listening"), {"now": moment})
    return _spans(connection)


def _as_if_listening(connection: sqlite3.Connection, now: datetime) -> tuple[Span, ...]:
    spans = [
        replace(one, until=min(one.until, now))
        for one in _spans(connection)
        if one.until >= now - KEPT and one.began_at <= now
    ]
    if spans and now - spans[-1].until <= BRIDGED:
        return (*spans[:-1], replace(spans[-1], until=now))
    return (*spans, Span(began_at=now, until=now))


def _spans(connection: sqlite3.Connection) -> tuple[Span, ...]:
    return tuple(
        Span(began_at=to_moment(began), until=to_moment(until))
        for began, until in connection.execute(query("listenings"))
    )


def _as_if_hushed(connection: sqlite3.Connection, outlets: Collection[str], now: datetime) -> Mapping[str, datetime]:
    known = ((outlet, to_moment(until)) for outlet, until in connection.execute(query("hushed")))
    return {outlet: until for outlet, until in known if now - KEPT <= until <= now} | dict.fromkeys(outlets, now)


def _hush(connection: sqlite3.Connection, outlets: Collection[str], now: datetime) -> Mapping[str, datetime]:
    moment = to_micros(now)
    connection.execute(query("forget_hushed"), {"now": moment, "before": to_micros(now - KEPT)})
    connection.executemany(query("note_hushed"), [{"outlet": outlet, "now": moment} for outlet in outlets])
    return {outlet: to_moment(until) for outlet, until in connection.execute(query("hushed"))}


def _feeds(connection: sqlite3.Connection, after: int, limit: int, asked: dict[str, int]) -> Portion:
    (last,) = connection.execute(query("feed_after"), {"after": after, "limit": limit}).fetchone()
    if last is None:
        return Portion()
    rows = connection.execute(query("quiet_feeds"), asked | {"after": after, "last": last})
    return Portion(feeds=tuple(feed_state(row) for row in rows), last=FeedId(last))


def _heard(
    connection: sqlite3.Connection, rules: Sequence[tuple[RuleName, str]], quiet_since: datetime, back: timedelta
) -> Iterator[Heard]:
    edges = _Edges(connection)
    for rule, digest in rules:
        last = connection.execute(query("last_match"), (rule, digest)).fetchone()
        if last is None:
            continue
        entry, at = last
        if at > to_micros(quiet_since):
            yield Heard(rule=rule, digest=digest, moments=(to_moment(at),))
            continue
        yield Heard(
            rule=rule,
            digest=digest,
            moments=tuple(map(to_moment, (*_before(connection, (rule, digest), edges, entry, at - _micros(back)), at))),
            carriers=dict(connection.execute(query("carriers"), (rule, digest, MOST_CARRIERS)).fetchall()),
        )


def _before(
    connection: sqlite3.Connection, rule: tuple[RuleName, str], edges: "_Edges", last: int, since: int
) -> Iterator[int]:
    """One match in each step before the last one: rules that match all the time cost no more than others."""
    step = since // _micros(STEP)
    place = edges.place(step)
    while True:
        found = connection.execute(query("next_match"), (*rule, place)).fetchone()
        if found is None or found[0] >= last:
            return
        entry, at = found
        yield at
        step = max(step, at // _micros(STEP)) + 1
        # Where the clock was set back, a later entry has an earlier moment.
        place = max(edges.place(step), entry + 1)


class _Edges:
    """The first entry of each step of time, found by halving: ids of entries grow with time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._end = column(connection, "last_entry", {})[0] + 1
        self._known: dict[int, int] = {}

    def place(self, step: int) -> int:
        if step not in self._known:
            self._known[step] = self._find(step * _micros(STEP))
        return self._known[step]

    def _find(self, at: int) -> int:
        low, high = 0, self._end
        while low < high:
            middle = (low + high) // 2
            entry = self._connection.execute(query("entry_from"), (middle,)).fetchone()
            if entry is None or entry[1] >= at:
                high = middle
            else:
                low = int(entry[0]) + 1
        return low


def _muted(connection: sqlite3.Connection, kind: MuteKind, now: datetime) -> frozenset[str]:
    return frozenset(one.subject for one in read_mutes(connection, to_micros(now)) if one.kind is kind)


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
