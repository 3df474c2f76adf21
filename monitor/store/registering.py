"""Which feeds the configuration names. Only what has changed is written: of a hundred thousand feeds seldom any."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from monitor.store.content import pack
from monitor.store.moments import to_micros
from monitor.store.origins import origin_of
from monitor.store.queries import query
from monitor.text.addresses import same_address


def register_feeds(
    connection: sqlite3.Connection, urls: Sequence[tuple[str, datetime]], outlets: Mapping[str, Collection[str]]
) -> None:
    """Make these the feeds that are polled; see `monitor.ports.PollStore.register`."""
    known = {url: (feed, bool(is_named)) for feed, url, is_named in connection.execute(query("known_feeds"))}
    named = {url for url, _ in urls}
    if (new := named - known.keys()) and known:
        for name in ("name_moved_feeds", "name_moving_feeds"):
            connection.execute(query(name), {"new": pack(new), "named": pack(named)})
        _respell(connection, [(url, at) for url, at in urls if url in new], {u for u in known if known[u][1]} - named)
        known = {url: (feed, bool(is_named)) for feed, url, is_named in connection.execute(query("known_feeds"))}
    _mark(
        connection, "forget_feeds", (feed for url, (feed, is_named) in known.items() if is_named and url not in named)
    )
    _mark(connection, "name_feeds", (feed for url, (feed, is_named) in known.items() if not is_named and url in named))
    connection.executemany(
        query("register_feed"),
        [
            {"url": url, "origin": origin_of(url), "next_poll_at": to_micros(first_at)}
            for url, first_at in urls
            if url not in known
        ],
    )
    before = {(url, outlet) for url, outlet in connection.execute(query("feed_outlets"))}
    after = {(url, outlet) for url, names in outlets.items() for outlet in names}
    for name, pairs in (("forget_feed_outlet", before - after), ("add_feed_outlet", after - before)):
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


def _mark(connection: sqlite3.Connection, name: str, feeds: Iterable[int]) -> None:
    if chosen := list(feeds):
        connection.execute(query(name), {"feeds": pack(chosen)})
