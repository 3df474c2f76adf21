"""The poll store on SQLite."""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.polls import FeedState
from monitor.model.stories import Inquiry, Known, PollPlan, Question
from monitor.store.content import pack
from monitor.store.known import read_known
from monitor.store.moments import to_micros
from monitor.store.origins import origin_of
from monitor.store.plans import untold, write_plan
from monitor.store.queries import query
from monitor.store.rows import feed_state
from monitor.store.telling import read_told
from monitor.store.thread import StoreThread


class SqlitePolls:
    """The memory of polling; see `monitor.ports.PollStore`."""

    def __init__(self, thread: StoreThread) -> None:
        """Work through this thread."""
        self._thread = thread

    async def register(
        self, urls: Sequence[tuple[str, datetime]], outlets: Mapping[str, Collection[str]] | None = None
    ) -> tuple[FeedState, ...]:
        """Make these (url, first poll at) the feeds that are polled; known ones keep their state and due time."""
        return await self._thread.write(lambda connection: _register(connection, urls, outlets or {}))

    async def due(self, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Registered feeds to be polled now, longest overdue first; none that is gone, paused or held."""
        return await self._thread.read(lambda connection: _due(connection, now, limit))

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


def _register(
    connection: sqlite3.Connection, urls: Sequence[tuple[str, datetime]], outlets: Mapping[str, Collection[str]]
) -> tuple[FeedState, ...]:
    connection.execute(query("forget_unnamed_feeds"), {"urls": pack(url for url, _ in urls)})
    rows = [{"url": url, "origin": origin_of(url), "next_poll_at": to_micros(first_at)} for url, first_at in urls]
    connection.executemany(query("register_feed"), rows)
    connection.execute(query("forget_feed_outlets"))
    named = [{"url": url, "outlet": outlet} for url, names in outlets.items() for outlet in names]
    connection.executemany(query("add_feed_outlet"), named)
    states = {row[1]: feed_state(row) for row in connection.execute(query("registered_feeds"))}
    return tuple(states[url] for url, _ in urls)


def _due(connection: sqlite3.Connection, now: datetime, limit: int) -> tuple[FeedState, ...]:
    rows = connection.execute(query("due_feeds"), {"now": to_micros(now), "limit": limit})
    return tuple(feed_state(row) for row in rows)


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
        write_plan(connection, plan, question.since)
    return plan
