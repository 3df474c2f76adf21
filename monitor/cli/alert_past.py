"""What stands around an alert: its story, what followed, what it was sent with, who told that it was given up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from monitor.alerts.alarms import death_of
from monitor.cli.output import moment
from monitor.cli.placing import judged
from monitor.model.alerts import Alert, DeliveryState
from monitor.model.views import AlertRow, DeliveryHistory, DeliveryRow, Sighting
from monitor.system.redaction import Redact
from monitor.text.naming import short_name

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

_MOST_COMPANIONS = 5  # named; `tocsin outbox show` names all


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the store has beside the alert itself."""

    sightings: tuple[Sighting, ...] = ()
    """entries of its story that have its link"""
    followers: tuple[AlertRow, ...] = ()
    """alerts that go on from it, oldest first"""
    companions: Mapping[str, tuple[DeliveryRow, ...]] = field(default_factory=dict)
    """channel → the other deliveries in its message"""
    deaths: Mapping[str, AlertRow] = field(default_factory=dict)
    """channel → the alarm that told of a message given up there on the day on which this one was"""


async def around(store: "SqliteStore", row: AlertRow, deliveries: tuple[DeliveryHistory, ...]) -> Around:
    """Ask for it. Raises StoreError."""
    alert, archive = row.alert, store.archive
    story = await archive.story(short_name(alert.story_key)) if alert.story_key else None
    companions: dict[str, tuple[DeliveryRow, ...]] = {}
    deaths: dict[str, AlertRow] = {}
    for one in (history.delivery for history in deliveries):
        if one.is_together:
            others = [history.delivery for history in await archive.deliveries(one.public_id)]
            companions[one.channel] = tuple(
                other for other in others if other.channel == one.channel and other.id != one.id
            )
        if one.state == DeliveryState.DEAD and one.settled_at is not None:
            told = await archive.alert(death_of(one.channel, one.settled_at))
            if told is not None:
                deaths[one.channel] = told
    return Around(
        sightings=tuple(one for one in story.sightings if _brought(one, alert)) if story else (),
        followers=tuple(
            sorted(
                (one for one in (story.alerts if story else ()) if one.alert.content.follows == alert.public_id),
                key=lambda one: one.alert.at,
            )
        ),
        companions=companions,
        deaths=deaths,
    )


def reasons(found: Around) -> Iterator[str]:
    """By what its entries stand in the story, and what followed, in lines."""
    for one in found.sightings:
        by = judged(one.level, one.score, one.reason)
        yield f"  entry {one.public_id} of {', '.join(one.outlets) or one.feed_url}: {by}"
    for row in found.followers:
        states = ", ".join(f"{channel} {state}" for channel, state in row.states) or "no channel"
        what = "; ".join(row.alert.content.changes)
        about = f" ({what})" if what else ""
        alert = row.alert
        yield f"followed by alert {alert.public_id}: {alert.kind}{about}, raised {moment(alert.at)}: {states}"


def beside(found: Around, channel: str) -> Iterator[str]:
    """What is to be said of the delivery to a channel, in lines."""
    others = found.companions.get(channel, ())
    for one in others[:_MOST_COMPANIONS]:
        yield f"    with alert {one.alert or one.public_id}: {one.title}"
    if others[_MOST_COMPANIONS:]:
        yield f"    and {len(others) - _MOST_COMPANIONS} more"
    if (row := found.deaths.get(channel)) is not None:
        states = ", ".join(f"{name} {state}" for name, state in row.states) or "nobody: there is no other channel"
        yield f"  told by alarm {row.alert.public_id}: {states}"


def around_facts(found: Around, redact: Redact) -> dict[str, object]:
    """The same as JSON."""
    return {
        "entries": [
            {
                "id": one.public_id,
                "outlets": one.outlets,
                "level": one.level,
                "score": one.score,
                "reason": redact(one.reason),
            }
            for one in found.sightings
        ],
        "followed_by": [
            {
                "id": row.alert.public_id,
                "kind": row.alert.kind,
                "at": row.alert.at,
                "changes": row.alert.content.changes,
                "deliveries": dict(row.states),
            }
            for row in found.followers
        ],
        "sent_with": {
            channel: [one.alert or one.public_id for one in others] for channel, others in found.companions.items()
        },
        "told_by": {
            channel: {"id": row.alert.public_id, "deliveries": dict(row.states)}
            for channel, row in found.deaths.items()
        },
    }


def discreetly(found: Around, redact: Redact) -> Around:
    """Without secrets in titles."""
    companions = {
        channel: tuple(replace(one, title=redact(one.title)) for one in others)
        for channel, others in found.companions.items()
    }
    return replace(found, companions=companions)


def _brought(one: Sighting, alert: Alert) -> bool:
    return any(seen.link == alert.content.link for _, _, seen in one.revisions)
