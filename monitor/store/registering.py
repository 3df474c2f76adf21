"""Which feeds the configuration names. Only what has changed is written: of a hundred thousand feeds seldom any."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from monitor.store.content import pack
from monitor.store.moments import to_micros
from monitor.store.origins import origin_of
from monitor.store.queries import query
from monitor.text.addresses import same_address


def register_feeds(
    connection: sqlite3.Connection, urls: Sequence[tuple[str, datetime]], outlets: Mapping[str, Collection[str]]
) -> None:
    """Make these the feeds that are polled; see `monitor.ports.PollStore.register`."""
    named = {url for url, _ in urls}
    change = _change(connection, named)
    if change.new and change.known:
        for name in ("name_moved_feeds", "name_moving_feeds"):
            connection.execute(query(name), {"new": pack(change.new), "named": pack(named)})
        _respell(connection, [(url, at) for url, at in urls if url in change.new], change.dropped)
        change = _change(connection, named)
    _mark(connection, "forget_feeds", change.left)
    _mark(connection, "name_feeds", change.back)
    connection.executemany(
        query("register_feed"),
        [
            {"url": url, "origin": origin_of(url), "next_poll_at": to_micros(first_at)}
            for url, first_at in urls
            if url in change.new
        ],
    )
    _name_outlets(connection, outlets)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    known: int
    """feeds that there were"""
    new: Collection[str]
    """addresses that the store has never heard of"""
    left: Sequence[int]
    """feeds that are not named any more"""
    dropped: Sequence[str]
    """and their addresses"""
    back: Sequence[int]
    """feeds that are named again"""


# Rows are compared as they come: to hold them all, of a hundred thousand feeds, takes thirty megabytes for a moment.


def _change(connection: sqlite3.Connection, named: Collection[str]) -> _Change:
    new, left, dropped, back, known = set(named), list[int](), list[str](), list[int](), 0
    for feed, url, was_named in connection.execute(query("known_feeds")):
        is_named = url in named
        known += 1
        new.discard(url)
        if is_named != bool(was_named):
            (back if is_named else left).append(feed)
        if was_named and not is_named:
            dropped.append(url)
    return _Change(known=known, new=new, left=left, dropped=dropped, back=back)


def _name_outlets(connection: sqlite3.Connection, outlets: Mapping[str, Collection[str]]) -> None:
    gone: list[tuple[str, str]] = []
    added: list[tuple[str, str]] = []
    unseen = set(outlets)
    for url, rows in groupby(connection.execute(query("feed_outlets")), key=itemgetter(0)):
        before, after = {outlet for _, outlet in rows}, outlets.get(url, ())
        unseen.discard(url)
        gone += ((url, outlet) for outlet in before.difference(after))
        added += ((url, outlet) for outlet in set(after).difference(before))
    added += ((url, outlet) for url in unseen for outlet in outlets[url])
    for name, pairs in (("forget_feed_outlet", gone), ("add_feed_outlet", added)):
        connection.executemany(query(name), [{"url": url, "outlet": outlet} for url, outlet in sorted(pairs)])


def _respell(connection: sqlite3.Connection, new: Iterable[tuple[str, datetime]], dropped: Iterable[str]) -> None:
    """Feeds whose addresses are written otherwise from now on: `https` instead of `http`, with a slash at the end."""
    before = {same_address(url): url for url in dropped}
    connection.executemany(
        query("respell_feed"),
        [
            {"before": before[same], "url": url, "origin": origin_of(url), "next_poll_at": to_micros(first_at)}
            for url, first_at in new
            if (same := same_address(url)) in before
        ],
    )


def _mark(connection: sqlite3.Connection, name: str, feeds: Sequence[int]) -> None:
    if feeds:
        connection.execute(query(name), {"feeds": pack(feeds)})
