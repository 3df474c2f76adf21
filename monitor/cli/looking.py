"""`tocsin status`, `alerts list`, `outbox list` and `outbox retry`: what the store says, while a daemon may be at work."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.options import Json, Limit, State, look, state_path
from monitor.cli.output import moment, say, show_json, show_rows
from monitor.errors import UsageError
from monitor.model.alerts import DeliveryState, PublicId
from monitor.model.polls import FeedState
from monitor.model.views import AlertRow, Status

_UNFINISHED = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.LEASED, DeliveryState.DEAD)


def status(*, state: State = None, as_json: Json = False) -> None:
    """Feeds with trouble, next polls, waiting deliveries, the last alerts.

    Example: tocsin status --json
    """
    found = look(state, lambda views: views.status())
    if as_json:
        show_json(_status_facts(found))
        return
    failing = [feed for feed in found.feeds if feed.failures or feed.is_gone]
    polled = [feed for feed in found.feeds if feed.last_poll_at]
    say(f"feeds: {len(found.feeds)}, polled at least once {len(polled)}, failing {len(failing)}")
    say(f"known: {found.entries} entries in {found.stories} stories")
    coming = min((feed.next_poll_at for feed in found.feeds if not feed.is_gone), default=None)
    say(f"next poll: {moment(coming)}")
    for feed in failing:
        say(f"  failing since {moment(feed.failing_since)}: {_shown(feed)}: {feed.last_error}")
    say("deliveries: " + (", ".join(f"{channel} {what} {count}" for channel, what, count in found.deliveries) or "none"))
    say("last alerts:" if found.alerts else "last alerts: none")
    for row in found.alerts:
        say(f"  {moment(row.alert.at)}  {row.alert.public_id}  [{row.alert.content.rule}]  {row.alert.content.title}")


def alerts(*, state: State = None, limit: Limit = 50, as_json: Json = False) -> None:
    """The last alerts, newest first, with the state of each delivery.

    Example: tocsin alerts list --limit 20
    """
    rows = look(state, lambda views: views.alerts(limit))
    if as_json:
        show_json([_alert_facts(row) for row in rows])
        return
    columns = ("at", "id", "rule", "outlet", "title", "deliveries", "link")
    show_rows(
        columns,
        (
            (
                row.alert.at,
                row.alert.public_id,
                row.alert.content.rule,
                ", ".join(row.alert.content.outlets),
                row.alert.content.title,
                _states(row.states),
                row.alert.content.link,
            )
            for row in rows
        ),
        empty="no alerts so far",
    )


def outbox(
    *,
    state: State = None,
    limit: Limit = 200,
    every: Annotated[bool, Parameter(name="--all", negative="", help="Also what was sent.")] = False,
    as_json: Json = False,
) -> None:
    """Deliveries that wait, are under way or are dead, oldest first.

    Example: tocsin outbox list --json
    """
    states = tuple(DeliveryState) if every else _UNFINISHED
    rows = look(state, lambda views: views.outbox(limit, states))
    if as_json:
        show_json(rows)
        return
    columns = ("since", "id", "channel", "state", "tries", "next try", "title", "last error")
    show_rows(
        columns,
        (
            (
                row.created_at,
                row.public_id,
                row.channel,
                row.state,
                row.attempts,
                row.due_at if row.state == DeliveryState.PENDING else None,
                row.title,
                row.last_error,
            )
            for row in rows
        ),
        empty="nothing waits",
    )


def retry(
    public_ids: Annotated[tuple[str, ...], Parameter(name="ID", help="Public ids, as lists and messages show them.")] = (),
    /,
    *,
    dead: Annotated[bool, Parameter(name="--dead", negative="", help="Every dead delivery.")] = False,
    state: State = None,
) -> None:
    """Send dead or waiting deliveries at the next beat of the daemon, whatever their next try was.

    Example: tocsin outbox retry --dead
    """
    if bool(public_ids) == dead:
        message = "name the public ids to send again, or --dead for every dead delivery"
        raise UsageError(message)
    count = asyncio.run(_retry(state_path(state), None if dead else public_ids))
    if public_ids and not count:
        message = "no dead or waiting delivery has such an id: see tocsin outbox list"
        raise UsageError(message)
    say(f"{count} {'delivery' if count == 1 else 'deliveries'} will be tried at once")


async def _retry(place: Path, public_ids: Iterable[str] | None) -> int:
    from monitor.store.sqlite import SqliteStore

    store = await SqliteStore.open(place, create=False)
    try:
        wanted = None if public_ids is None else [PublicId(one) for one in public_ids]
        return await store.outbox.retry(wanted, datetime.now(UTC))
    finally:
        await store.close()


def _status_facts(found: Status) -> dict[str, object]:
    return {
        "feeds": [
            {
                "url": _shown(feed),
                "outcome": feed.last_outcome,
                "error": feed.last_error,
                "failures": feed.failures,
                "failing_since": feed.failing_since,
                "is_gone": feed.is_gone,
                "last_poll_at": feed.last_poll_at,
                "last_success_at": feed.last_success_at,
                "next_poll_at": feed.next_poll_at,
            }
            for feed in found.feeds
        ],
        "entries": found.entries,
        "stories": found.stories,
        "deliveries": [
            {"channel": channel, "state": what, "count": count} for channel, what, count in found.deliveries
        ],
        "alerts": [_alert_facts(row) for row in found.alerts],
    }


def _alert_facts(row: AlertRow) -> dict[str, object]:
    alert, content = row.alert, row.alert.content
    return {
        "id": alert.public_id,
        "kind": alert.kind,
        "at": alert.at,
        "rule": content.rule,
        "priority": alert.priority,
        "title": content.title,
        "outlets": content.outlets,
        "link": content.link,
        "published_at": content.published_at,
        "is_late": content.is_late,
        "evidence": content.evidence,
        "deliveries": dict(row.states),
    }


def _states(states: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{channel} {what}" for channel, what in states)


def _shown(feed: FeedState) -> str:
    """A feed's address without user name and password."""
    scheme, _, rest = feed.url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"
