"""A database that is older than what was told: it learns at the start which channel had what."""

import sqlite3

from monitor.store.content import pack
from monitor.store.journal import Journal
from monitor.store.queries import query
from monitor.store.rows import column


def reconcile(connection: sqlite3.Connection, journal: Journal) -> int:
    """Mark as sent what the record says was sent, now and for alerts still to come; how many lines were news."""
    last = journal.last()
    if last is None or _is_known(connection, last[1], last[2]):
        return 0
    before = connection.total_changes
    connection.executemany(query("add_told"), ((public_id, channel, at) for at, public_id, channel in journal.lines()))
    learned = connection.total_changes - before
    told = column(connection, "messages_told_before", {})
    connection.execute(query("mark_told_before"), {"ids": pack(told), "at": last[0]})
    connection.execute(query("follow_messages"), {"ids": pack(told)})
    connection.execute(query("mark_deliveries_told_before"))
    return learned


def _is_known(connection: sqlite3.Connection, public_id: str, channel: str) -> bool:
    asked = {"public_id": public_id, "channel": channel}
    (is_known,) = connection.execute(query("knows_told"), asked).fetchone()
    return bool(is_known)
