"""Alarms: alerts about ourselves, one for a cause and day, kept as rows like any other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind, Message, Scope, SendFailed, Sent, Settled, Settlement

LASTING_AFTER = timedelta(minutes=2)
"""a channel that only its owner can mend raises an alarm when it has failed for so long: once may be a hiccup"""
LASTING_WITHIN = timedelta(minutes=15)
"""… or at once, if it would not be tried again in this time"""
FAILING_AFTER = timedelta(hours=1)
"""a channel that fails for any other reason raises an alarm when it has failed for so long"""
_LONGEST_TITLE = 100  # of a message that died, as its alarm quotes it
_LONGEST_MISTAKE = 300  # of the first mistake, as the alarm of a refused reload quotes it
_OURSELVES = ("tocsin",)


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
    RELOAD = "reload"
    """a changed configuration was refused"""
    TEMPLATE = "template"
    """a channel's template failed over a message"""


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


def reload_refused(mistakes: Sequence[str], *, channels: tuple[str, ...], now: datetime) -> Alert:
    """A configuration with these mistakes was not taken; the same ones are told once a day."""
    more = f" and {len(mistakes) - 1} more" if len(mistakes) > 1 else ""
    says = (
        f"reload refused: {mistakes[0][:_LONGEST_MISTAKE]}{more}; "
        "the rules in force before stay in force, tocsin check shows every mistake"
    )
    subject = sha256("\n".join(mistakes).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return alarm(Cause.RELOAD, subject=subject, says=says, outlets=_OURSELVES, now=now, channels=channels)


def reload_mended(refused_at: datetime, *, channels: tuple[str, ...], now: datetime) -> Alert:
    """After a refusal (the first one, where there were several) a configuration was taken again."""
    since = f"{refused_at:%Y-%m-%d %H:%M}"
    says = f"reloaded: the configuration is in force that was refused since {since} UTC"
    return alarm(
        Cause.RELOAD,
        subject=f"mended {refused_at.isoformat()}",
        says=says,
        outlets=_OURSELVES,
        now=now,
        channels=channels,
    )


def template_failed(channel: str, fault: str, *, channels: tuple[str, ...], now: datetime) -> Alert:
    """A channel's template could not be carried out: its messages go out in our own words until it can."""
    says = f"channel {channel}: its {fault}; messages go out in the default words: see docs/messages.md"
    return alarm(Cause.TEMPLATE, subject=channel, says=says, outlets=_OURSELVES, now=now, channels=channels)


def _is_alarming(outcome: SendFailed, settled: Settled, since: datetime, now: datetime) -> bool:
    if not outcome.is_lasting:
        return now - since >= FAILING_AFTER
    return now - since >= LASTING_AFTER or (settled.due_at or now) - since > LASTING_WITHIN
