"""Alarms: alerts about ourselves, one for a cause, subject and day, and a note once what they told of is over.

An alarm carries the troubles that it begins, a note those that it ends; they are written in one transaction with it, so
that a note is only ever raised after its alarm was, to those who heard it, also over restarts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.alerts.lines import minute
from monitor.alerts.plan import public_id
from monitor.model.alerts import (
    Alert,
    AlertContent,
    AlertKind,
    Message,
    PublicId,
    Scope,
    SendFailed,
    Sent,
    Settled,
    Settlement,
)
from monitor.model.troubles import Cause as Cause  # noqa: PLC0414 - whoever raises an alarm names its cause
from monitor.model.troubles import Trouble

LASTING_AFTER = timedelta(minutes=2)
"""a channel that only its owner can mend raises an alarm when it has failed for so long: once may be a hiccup"""
LASTING_WITHIN = timedelta(minutes=15)
"""… or at once, if it would not be tried again in this time"""
FAILING_AFTER = timedelta(hours=1)
"""a channel that fails for any other reason raises an alarm when it has failed for so long"""
_LONGEST_TITLE = 100  # of a message that died, as its alarm quotes it
_LONGEST_MISTAKE = 300  # of the first mistake, as the alarm of a refused reload quotes it
_OURSELVES = ("tocsin",)


def alarm(
    cause: Cause,
    *,
    subject: str,
    says: str,
    now: datetime,
    outlets: tuple[str, ...] = (),
    link: str = "",
    channels: tuple[str, ...] = (),
    begins: tuple[Trouble, ...] = (),
) -> Alert:
    """An alarm on `subject` (a feed's address, a channel's name), raised once for a cause and UTC day."""
    key = _key(cause, subject, now)
    return Alert(
        kind=AlertKind.ALARM,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(title=says, outlets=outlets, link=link),
        channels=channels,
        begins=tuple(replace(one, channels=channels) for one in begins),
    )


def alarm_on(
    trouble: Trouble,
    says: str,
    *,
    now: datetime,
    channels: tuple[str, ...],
    outlets: tuple[str, ...] = _OURSELVES,
    link: str = "",
) -> Alert:
    """An alarm on something that has an end, which will be told as well."""
    return alarm(
        trouble.cause,
        subject=trouble.subject,
        says=says,
        now=now,
        outlets=outlets,
        link=link,
        channels=channels,
        begins=(trouble,),
    )


def over(ended: Sequence[Trouble], says: str, *, now: datetime, channels: tuple[str, ...]) -> Alert:
    """The note that these are over; told once for each time that they began."""
    named = "|".join(f"{one.cause} {one.subject} {one.since.isoformat()}" for one in ended)
    subject = named if len(ended) == 1 else sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    key = f"over|{subject}"
    return Alert(
        kind=AlertKind.ALARM,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=AlertContent(title=f"over: {says}", outlets=_OURSELVES),
        channels=channels,
        ends=tuple(ended),
    )


def death_of(channel: str, at: datetime) -> PublicId:
    """The id of the alarm that told of messages given up on a channel on the day of this moment, if one did."""
    return public_id(_key(Cause.DIED, channel, at))


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
        says = (
            f"channel {name}: messages do not get through since {minute(failing_since)}, they wait "
            f"(try {message.attempts + 1}): {outcome.reason}; they are tried again for three days, "
            f"tocsin channels test {name} tries it at once"
        )
        trouble = Trouble(cause=Cause.CHANNEL, subject=name, about=f"channel {name}", since=failing_since)
        return (alarm(Cause.CHANNEL, subject=name, says=says, now=now, channels=channels, begins=(trouble,)),)
    return ()


def reload_refused(mistakes: Sequence[str], *, channels: tuple[str, ...], now: datetime) -> Alert:
    """A configuration with these mistakes was not taken; the same ones are told once a day."""
    more = f" and {len(mistakes) - 1} more" if len(mistakes) > 1 else ""
    says = (
        f"reload refused: {mistakes[0][:_LONGEST_MISTAKE]}{more}; "
        "the rules in force before stay in force, tocsin check shows every mistake"
    )
    subject = sha256("\n".join(mistakes).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    trouble = Trouble(cause=Cause.RELOAD, subject=subject, about="the configuration", since=now)
    return alarm_on(trouble, says, now=now, channels=channels)


def reload_mended(refused: Sequence[Trouble], *, now: datetime, channels: tuple[str, ...] = ()) -> tuple[Alert, ...]:
    """After refusals that were told a configuration was taken: one note. `channels` are those that exist."""
    if not refused:
        return ()
    since = minute(min(one.since for one in refused))
    says = f"the configuration is in force that was refused since {since}"
    return (over(refused, says, now=now, channels=hearers(refused, channels)),)


def hearers(ended: Sequence[Trouble], channels: tuple[str, ...]) -> tuple[str, ...]:
    """Who heard of any of these, as far as they still exist."""
    heard = {channel for one in ended for channel in one.channels}
    return tuple(channel for channel in channels if channel in heard)


def template_failed(channel: str, fault: str, *, channels: tuple[str, ...], now: datetime) -> Alert:
    """A channel's template could not be carried out: its messages go out in our own words until it can."""
    says = f"channel {channel}: its {fault}; messages go out in the default words: see docs/messages.md"
    return alarm(Cause.TEMPLATE, subject=channel, says=says, outlets=_OURSELVES, now=now, channels=channels)


def _key(cause: Cause, subject: str, at: datetime) -> str:
    return f"alarm|{cause}|{subject}|{at:%Y-%m-%d}"


def _is_alarming(outcome: SendFailed, settled: Settled, since: datetime, now: datetime) -> bool:
    if not outcome.is_lasting:
        return now - since >= FAILING_AFTER
    return now - since >= LASTING_AFTER or (settled.due_at or now) - since > LASTING_WITHIN
