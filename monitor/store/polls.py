"""The poll store on SQLite."""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.polls import FeedId, FeedState
from monitor.model.queue import NONE_APART, Apart, Overdue, PutOff
from monitor.model.stories import Inquiry, Known, PollPlan, Question
from monitor.store.content import pack
from monitor.store.known import read_known
from monitor.store.moments import to_micros, to_moment
from monitor.store.plans import untold, write_plan
from monitor.store.queries import query
from monitor.store.registering import register_feeds
from monitor.store.rows import feed_parameters, feed_state
from monitor.store.telling import read_told
from monitor.store.thread import StoreThread

LONGEST_HOLD = timedelta(hours=6)
"""of an origin; one that seems longer was written by a clock that was wrong"""
_MICROSECOND = timedelta(microseconds=1)
_REACH = 4096
"""due feeds, the longest overdue first, among which those of each origin are counted: a few milliseconds"""


class SqlitePolls:
    """The memory of polling; see `monitor.ports.PollStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def register(
        self,
        urls: Sequence[tuple[str, datetime]],
        outlets: Mapping[str, Collection[str]] | None = None,
        *,
        is_read: bool = True,
    ) -> tuple[FeedState, ...]:
        """Make these (url, first poll at) the feeds that are polled; known ones keep their state and due time."""
        return await self._thread.write(
            lambda connection: _register(connection, urls, outlets or {}, is_read=is_read),
        )

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        """Registered feeds to be polled now, longest overdue first; none that is gone, paused or held."""
        return await self._thread.read(lambda connection: _due(connection, now, limit, apart))

    async def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        """All that `due` would give without a limit, and no more of each than its name and time."""
        return await self._thread.read(lambda connection: _overdue(connection, now))

    async def put_off(self, feeds: Sequence[PutOff], reason: str) -> None:
        """Let overdue feeds be due later, all in one transaction."""
        await self._thread.write(lambda connection: _put_off(connection, feeds, reason))

    async def retime(self, now: datetime, by: timedelta) -> None:
        """The clock was set by so much: due times, last polls and holds are moved with it."""
        await self._thread.write(lambda connection: _retime(connection, now, by))

    async def hasten(
        self,
        beyond: timedelta,
        is_long: Callable[[str, timedelta], bool],
        decide: Callable[[FeedState], FeedState | None],
    ) -> int:
        """Let `decide` look at feeds that rest for long, and write the states that it gives; how many it gave."""
        return await self._thread.write(lambda connection: _hasten(connection, beyond, is_long, decide))

    async def commit(
        self, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool = False
    ) -> PollPlan:
        """Read what is known, let `decide` decide, and write its plan, in one transaction.

        It may ask once what was told of stories, and decides then.
        With `is_dry` nothing is written, and the plan holds the alerts that would have been.
        """
        # A poll that found nothing new makes nobody wait, and such polls are nearly all.
        found_nothing = not question.keys and not question.fingerprints
        return await self._thread.write(
            lambda connection: _commit(connection, question, decide, is_dry=is_dry), is_patient=found_nothing
        )


def _retime(connection: sqlite3.Connection, now: datetime, by: timedelta) -> None:
    if by:
        connection.execute(query("move_due_times"), {"by": by // _MICROSECOND})
        connection.execute(query("move_holds"), {"by": by // _MICROSECOND})
    for name in ("forget_future_polls", "forget_future_moments"):
        connection.execute(query(name), {"now": to_micros(now)})
    latest = to_micros(now + LONGEST_HOLD)
    connection.execute(query("shorten_holds"), {"latest": latest})


def _register(
    connection: sqlite3.Connection,
    urls: Sequence[tuple[str, datetime]],
    outlets: Mapping[str, Collection[str]],
    *,
    is_read: bool,
) -> tuple[FeedState, ...]:
    register_feeds(connection, urls, outlets)
    if not is_read:
        return ()
    states = {row[1]: feed_state(row) for row in connection.execute(query("registered_feeds"))}
    return tuple(states[url] for url, _ in urls)


def _due(connection: sqlite3.Connection, now: datetime, limit: int, apart: Apart) -> tuple[FeedState, ...]:
    asked = {
        "now": to_micros(now),
        "limit": limit,
        "feeds": pack(apart.feeds),
        "origins": pack(apart.origins),
        "domains": pack(apart.domains),
        "each": limit if apart.beyond is None else apart.beyond,
        "failing": not apart.is_failing,
        "reach": max(limit, _REACH),
    }
    return tuple(feed_state(row) for row in connection.execute(query("due_feeds"), asked))


def _overdue(connection: sqlite3.Connection, now: datetime) -> tuple[Overdue, ...]:
    rows = connection.execute(query("overdue_feeds"), {"now": to_micros(now)})
    return tuple(
        Overdue(feed=FeedId(feed), url=url, due_at=to_moment(at), is_new=bool(is_new)) for feed, url, at, is_new in rows
    )


def _put_off(connection: sqlite3.Connection, feeds: Sequence[PutOff], reason: str) -> None:
    connection.executemany(
        query("put_off_feed"),
        [
            {"feed": one.feed, "due_at": to_micros(one.due_at), "until": to_micros(one.until), "reason": reason}
            for one in feeds
        ],
    )


def _hasten(
    connection: sqlite3.Connection,
    beyond: timedelta,
    is_long: Callable[[str, timedelta], bool],
    decide: Callable[[FeedState], FeedState | None],
) -> int:
    resting = connection.execute(query("resting_feeds"), {"beyond": beyond // _MICROSECOND}).fetchall()
    urls = [url for url, length in resting if is_long(url, length * _MICROSECOND)]
    looked_at = connection.execute(query("feeds_by_url"), {"urls": pack(urls)}).fetchall() if urls else []
    hastened = [feed for row in looked_at if (feed := decide(feed_state(row[:-1]))) is not None]
    connection.executemany(query("save_feed"), map(feed_parameters, hastened))
    return len(hastened)


def _commit(
    connection: sqlite3.Connection, question: Question, decide: Callable[[Known], PollPlan | Inquiry], *, is_dry: bool
) -> PollPlan:
    known = read_known(connection, question)
    decided = decide(known)
    if isinstance(decided, Inquiry):
        decided = decide(replace(known, told=read_told(connection, decided.stories)))
    if isinstance(decided, Inquiry):
        raise TypeError("a decision that was told what it asked for asks again")
    plan = untold(connection, decided)
    if not is_dry:
        write_plan(connection, plan, known.feed, question.since)
    return plan
