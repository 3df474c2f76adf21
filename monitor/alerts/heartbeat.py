"""The daily line that says how things are, and when a heartbeat that is not heard is worth an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.alerts.alarms import alarm_on, hearers, over
from monitor.alerts.calendar import last_slot
from monitor.alerts.lines import minute
from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind
from monitor.model.holding import DailyDigest
from monitor.model.troubles import Cause, Trouble

UNHEARD_AFTER = timedelta(hours=1)
"""a ping that fails for so long raises an alarm"""
LATEST = timedelta(hours=12)
"""a line that could not be sent in its time is still said within this; later it would say nothing of its day"""
_SUBJECT = "ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How things are."""

    feeds: int
    failing: int
    last_poll_at: datetime | None
    entries: int
    """all that are known"""
    alerts: int
    """raised within a day, alarms and the like left out"""
    waiting: int
    """deliveries"""
    dead: int


def due_day(daily: DailyDigest, now: datetime) -> date | None:
    """The local date whose line is due, be it told already or not; None between two of them."""
    slot = last_slot(daily, now)
    return slot.day if now - slot.at <= LATEST else None


def daily_line(day: date, vitals: Vitals, *, channels: tuple[str, ...], now: datetime) -> Alert:
    """The line of a local date: one key for each, whatever becomes of clocks, restarts and the configured time."""
    key = f"heartbeat|{day:%Y-%m-%d}"
    return Alert(
        kind=AlertKind.HEARTBEAT,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(title=_says(vitals), outlets=("tocsin",)),
        channels=channels,
    )


def unheard(since: datetime, reason: str, *, channels: tuple[str, ...], now: datetime) -> Alert | None:
    """The alarm on a ping that has failed since then, with the last reason; None where it is too early for one."""
    if now - since < UNHEARD_AFTER:
        return None
    trouble = Trouble(cause=Cause.HEARTBEAT, subject=_SUBJECT, about="the heartbeat", since=since)
    says = (
        f"the heartbeat cannot be sent since {minute(since)}: {reason}; whoever waits for it may think that tocsin is "
        "dead, which it is not: it polls and sends as ever, and goes on trying; see ping under heartbeat"
    )
    return alarm_on(trouble, says, now=now, channels=channels)


def heard_again(
    known: Sequence[Trouble], *, is_wanted: bool, channels: tuple[str, ...], now: datetime
) -> tuple[Alert, ...]:
    """The note that the ping is taken again, or not wanted any more, if it was told that it is not."""
    silent = [one for one in known if one.cause is Cause.HEARTBEAT]
    if not silent:
        return ()
    what = "is sent again" if is_wanted else "is not in the configuration any more"
    says = f"the heartbeat {what}, after trouble since {minute(silent[0].since)}"
    return (over(silent, says, now=now, channels=hearers(silent, channels)),)


def _says(vitals: Vitals) -> str:
    last = minute(vitals.last_poll_at) if vitals.last_poll_at else "never"
    return (
        f"tocsin is alive: {_count(vitals.feeds, 'feed')}, {vitals.failing} failing, last poll {last}; "
        f"{vitals.entries:,} {'entry' if vitals.entries == 1 else 'entries'} known; "
        f"{_count(vitals.alerts, 'alert')} in 24 hours; "
        f"{_count(vitals.waiting, 'delivery', 'deliveries')} waiting, {vitals.dead} dead"
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
