"""A message of every kind, invented: what templates are tried on before they are used."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from monitor.alerts.plan import public_id
from monitor.model.alerts import Alert, AlertContent, AlertKind, Hold, Message, MessageId
from monitor.model.entries import Text
from monitor.model.rules import Evidence, Priority

NOW = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
_TITLE = "Ferry strike ends as harbour talks succeed"
_SUMMARY = "The strike that closed the northern harbour for nine days is over."


def samples(channel: str) -> Iterator[tuple[str, Message]]:
    """Messages by the name of what they are, as this channel would get them."""
    first = _alert(AlertKind.FIRST)
    update = _alert(AlertKind.UPDATE, follows=first.public_id, changes=("injured: 3, now 30",))
    spread = _alert(AlertKind.SPREAD, follows=first.public_id, spread=5)
    bare = Alert(
        kind=AlertKind.FIRST,
        dedupe_key="sample bare",
        public_id=public_id("sample bare"),
        at=NOW - timedelta(hours=2),
        content=AlertContent(title="", outlets=()),
        channels=(),
    )
    alarm = _own(AlertKind.ALARM, "channel desk: messages do not get through")
    named = {
        "a first alert": first,
        "an alert without title, link and rule": bare,
        "an update": update,
        "a spread": spread,
        "a burst": _alert(AlertKind.BURST, title="250 new entries match rule ferries in Harbour Post at once"),
        "an alarm": alarm,
        "a test": _own(AlertKind.TEST, f"The channel {channel} works"),
    }
    for name, alert in named.items():
        yield name, _message(channel, alert)
    digest = "Digest of 29 March, 07:00 Europe/Berlin"
    yield "a digest", _message(channel, first, update, bare, spread, title=f"{digest}: 4 alerts", hold=Hold.DIGEST)
    yield "a digest without news", _message(channel, _own(AlertKind.DIGEST, f"{digest}: no alerts"), hold=Hold.DIGEST)
    many = [_alert(AlertKind.FIRST, number=number) for number in range(12)]
    yield "a roll-up", _message(channel, *many, title="12 alerts of rule ferries, told together", hold=Hold.THROTTLE)
    yield "a backlog", _message(channel, first, alarm)


def _alert(
    kind: AlertKind,
    *,
    number: int = 0,
    title: str = _TITLE,
    follows: str = "",
    changes: tuple[str, ...] = (),
    spread: int = 0,
) -> Alert:
    key = f"sample {kind} {number}"
    return Alert(
        kind=kind,
        dedupe_key=key,
        public_id=public_id(key),
        priority=Priority.NORMAL,
        at=NOW - timedelta(minutes=number),
        content=AlertContent(
            title=title,
            outlets=("Harbour Post",),
            also_in=("Island Radio",),
            link=f"https://harbour.example/news/{number}",
            rule="ferries",
            published_at=NOW - timedelta(minutes=10 + number),
            text=Text(title=title, summary=_SUMMARY),
            evidence=(Evidence(field="summary", start=4, end=10, part="strike"),),
            follows=follows,
            follows_title=_TITLE if follows else "",
            changes=changes,
            spread=spread,
        ),
        channels=(),
        story_key=f"sample story {number}",
    )


def _own(kind: AlertKind, title: str) -> Alert:
    content = AlertContent(title=title, outlets=("tocsin",), text=Text(title=title))
    key = f"sample {kind}"
    return Alert(kind=kind, dedupe_key=key, public_id=public_id(key), at=NOW, content=content, channels=())


def _message(channel: str, *alerts: Alert, title: str = "", hold: Hold | None = None) -> Message:
    return Message(
        id=MessageId(0),
        public_id=public_id(f"sample {title}") if title else alerts[0].public_id,
        channel=channel,
        alerts=alerts,
        created_at=NOW,
        title=title,
        hold=hold,
    )
