"""Alarms: alerts about ourselves, one for a cause and day, kept as rows like any other."""

from datetime import datetime
from enum import StrEnum

from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind


class Cause(StrEnum):
    """What tocsin can be alarmed by."""

    GONE = "gone"
    """a feed answered 410 and is not asked any more"""
    FAILING = "failing"
    """a feed has failed for a day"""
    IDENTITY = "identity"
    """a feed's ids or links changed their nature, or identify nothing"""
    FLOOD = "flood"
    """a known feed brought hundreds of new entries at once"""
    STORE = "store"
    """the database"""


def alarm(cause: Cause, *, subject: str, says: str, outlets: tuple[str, ...], now: datetime, link: str = "") -> Alert:
    """An alarm on `subject` (a feed's address, a channel's name), raised once for a cause and UTC day.

    It goes to no channel yet: it is a row that lists and `status` show.
    """
    key = f"alarm|{cause}|{subject}|{now:%Y-%m-%d}"
    return Alert(
        kind=AlertKind.ALARM,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(title=says, outlets=outlets, link=link),
        channels=(),
    )
