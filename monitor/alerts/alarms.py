"""Alarms: alerts about ourselves, one for a cause and day, kept as rows like any other."""

from datetime import datetime, timedelta
from enum import StrEnum

from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind, Message, Scope, SendFailed, Sent, Settled, Settlement

LASTING_AFTER = timedelta(minutes=2)
"""a channel that only its owner can mend raises an alarm when it has failed for so long: once may be a hiccup"""
LASTING_WITHIN = timedelta(minutes=15)
"""… or at once, if it would not be tried again in this time"""
FAILING_AFTER = timedelta(hours=1)
"""a channel that fails for any other reason raises an alarm when it has failed for so long"""
_LONGEST_TITLE = 100  # of a message that died, as its alarm quotes it


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
    CHANNEL = "channel"
    """a channel does not take messages"""
    DIED = "died"
    """a channel's message will not be tried again"""


def alarm(
    cause: Cause,
    *,
    subject: str,
    says: str,
    now: datetime,
    outlets: tuple[str, ...] = (),
    link: str = "",
    channels: tuple[str, ...] = (),
) -> Alert:
    """An alarm on `subject` (a feed's address, a channel's name), raised once for a cause and UTC day.

    Those on feeds go to no channel yet: they are rows that lists and `status` show.
    """
    key = f"alarm|{cause}|{subject}|{now:%Y-%m-%d}"
    return Alert(
        kind=AlertKind.ALARM,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(title=says, outlets=outlets, link=link),
        channels=channels,
    )


def channel_alarms(
    message: Message,
    outcome: Sent | SendFailed,
    settled: Settled,
    *,
    failing_since: datetime,
    channels: tuple[str, ...],
    now: datetime,
) -> tuple[Alert, ...]:
    """What a send raises about its own channel, for the others to tell: `channels` must not name it.

    `failing_since` is when the channel refused the first of the sends that it has refused in a row, this one included.
    """
    if isinstance(outcome, Sent):
        return ()
    name = message.channel
    if settled.fate is Settlement.DEAD:
        title = " ".join(message.alerts[0].content.title.split())[:_LONGEST_TITLE] if message.alerts else ""
        more = f" and {len(message.alerts) - 1} more" if message.alerts[1:] else ""
        says = (
            f"channel {name}: a message was given up ({settled.error}): {title}{more}; "
            "tocsin outbox retry --dead sends it again"
        )
        link = message.alerts[0].content.link if message.alerts else ""
        return (alarm(Cause.DIED, subject=name, says=says, now=now, link=link, channels=channels),)
    if outcome.scope is Scope.CHANNEL and _is_alarming(outcome, settled, failing_since, now):
        says = f"channel {name}: messages do not get through, they wait (try {message.attempts + 1}): {outcome.reason}"
        return (alarm(Cause.CHANNEL, subject=name, says=says, now=now, channels=channels),)
    return ()


def _is_alarming(outcome: SendFailed, settled: Settled, since: datetime, now: datetime) -> bool:
    if not outcome.is_lasting:
        return now - since >= FAILING_AFTER
    return now - since >= LASTING_AFTER or (settled.due_at or now) - since > LASTING_WITHIN
