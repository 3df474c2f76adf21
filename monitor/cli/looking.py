"""`tocsin status`, `alerts list` and `outbox list`: asking the store while a daemon may be at work."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from monitor.cadence.pauses import in_force, resting
from monitor.cadence.stalling import STALLED_AFTER, stalled_since
from monitor.cli.options import ANYWHERE, Json, Limit, Places, browse, look
from monitor.cli.output import moment, say, show_json, show_rows
from monitor.cli.resting import mute_facts, mute_words, pause_facts, pause_words
from monitor.cli.unheard import trouble_facts, unheard_lines
from monitor.model.alerts import DeliveryState, Hold
from monitor.model.polls import FeedState
from monitor.model.views import AlertRow, CircuitRow, DeliveryRow, Status
from monitor.system.lock import at_work_since, daemon_at_work
from monitor.system.redaction import Redact

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

_UNFINISHED = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.LEASED, DeliveryState.DEAD)


def status(*, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """Feeds with trouble, the next poll, waiting deliveries, the last alerts. Raises StoreError."""

    async def ask(store: "SqliteStore") -> tuple[Status, tuple[FeedState, ...]]:
        return await store.views.status(), await store.polls.due(datetime.now(UTC) - STALLED_AFTER, 1)

    found, overdue = browse(places, ask)
    redact, now = places.discretion(), datetime.now(UTC)
    pauses = in_force(found.pauses, now)
    rests = {feed.id for feed in found.feeds if resting(feed.url, found.outlets.get(feed.url, ()), pauses, now)}
    found = replace(found, feeds=_discreet_feeds(found.feeds, redact))
    muted = [one for one in found.mutes if one.until is None or one.until > now]
    refusing = [replace(one, error=redact(one.error)) for one in found.circuits]
    process = daemon_at_work(places.find_state())
    stalled = None
    if process is not None:
        began_at = at_work_since(places.find_state()) or now
        stalled = stalled_since(found.feeds, next(iter(overdue), None), began_at=began_at, now=now)
    if as_json:
        show_json(
            {
                "daemon": {
                    "is_at_work": process is not None,
                    "process": process or None,
                    "is_polling": process is not None and stalled is None,
                },
                **_status_facts(found),
                "pauses": [pause_facts(one, redact) for one in pauses],
                "mutes": [mute_facts(one) for one in muted],
                "refusing": [circuit_facts(one, now) for one in refusing],
                "troubles": [trouble_facts(one, redact) for one in found.troubles],
            }
        )
        return
    say(f"daemon: {_daemon_words(process, stalled)}")
    failing = [feed for feed in found.feeds if feed.failures or feed.is_gone]
    polled = sum(feed.last_poll_at is not None for feed in found.feeds)
    awake = [feed for feed in found.feeds if not feed.is_gone and feed.id not in rests]
    coming = min((feed.next_poll_at for feed in awake), default=None)
    waiting = ", ".join(f"{channel} {state} {count}" for channel, state, count in found.deliveries)
    say(f"feeds: {len(found.feeds)}, polled at least once: {polled}, failing: {len(failing)}")
    for feed in failing:
        gone = "gone, not polled any more" if feed.is_gone else f"failing since {moment(feed.failing_since)}"
        say(f"  {feed.url}: {gone}: {feed.last_error}")
    for line in unheard_lines(found.troubles, found.feeds, redact):
        say(f"  {line}")
    for pause in pauses:
        say(f"  {redact(pause.subject)}: {pause_words(pause)}")
    say(f"known: {found.entries} entries in {found.stories} stories")
    say(f"next poll: {moment(coming)}")
    say(f"deliveries: {waiting or 'none'}")
    for circuit in refusing:
        say(f"  channel {circuit.channel}: {circuit_words(circuit, now)}")
    for mute in muted:
        say(f"  {mute_words(mute)}")
    say("last alerts:" if found.alerts else "last alerts: none")
    for row in found.alerts:
        about = row.alert.content.rule or row.alert.kind.value
        say(f"  {moment(row.alert.at)}  {row.alert.public_id}  [{about}]  {row.alert.content.title}")


def _daemon_words(process: int | None, stalled: datetime | None) -> str:
    if process is None:
        return "not at work"
    number = f" (process {process})" if process else ""
    if stalled is None:
        return f"at work{number}"
    return f"hangs{number}: nothing was polled since {moment(stalled)}, although feeds are due; see its log, restart it"


def alerts(*, places: Places = ANYWHERE, limit: Limit = 50, as_json: Json = False) -> None:
    """The last alerts, newest first, with the state of each delivery. Raises StoreError."""
    rows = look(places, lambda views: views.alerts(limit))
    if as_json:
        show_json([alert_facts(row) for row in rows])
        return
    columns = ("at", "id", "rule", "outlets", "title", "deliveries", "link")
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
        stacked=("title", "outlets", "deliveries", "link"),
    )


def outbox(
    *,
    places: Places = ANYWHERE,
    limit: Limit = 200,
    every: Annotated[
        bool, Parameter(name="--all", negative="", show_default=False, help="Also what was sent.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Deliveries that wait, are under way or are dead, oldest first. Raises StoreError."""
    states = tuple(DeliveryState) if every else _UNFINISHED
    rows = discreet_deliveries(look(places, lambda views: views.outbox(limit, states)), places.discretion())
    if as_json:
        show_json([delivery_facts(row) for row in rows])
        return
    columns = ("since", "id", "channel", "state", "tries", "next try", "title", "last error", "waits for")
    show_rows(
        columns,
        (
            (
                row.created_at,
                row.public_id,
                row.channel,
                row.state,
                row.attempts,
                next_try(row),
                row.title,
                row.last_error,
                held_words(row),
            )
            for row in rows
        ),
        empty="nothing waits",
        stacked=("title", "tries", "next try", "last error", "waits for"),
    )


def next_try(row: DeliveryRow) -> datetime | None:
    """When a delivery that failed is tried again; one that was not tried yet goes when its turn comes."""
    return row.due_at if row.state == DeliveryState.PENDING and row.attempts else None


def held_words(row: DeliveryRow) -> str:
    """What a delivery waits for and until when, or why it was never sent; empty where neither is so."""
    if row.state == DeliveryState.MUTED:
        return row.why
    if row.state == DeliveryState.HELD and row.hold:
        return f"{row.hold} until {moment(row.held_until)}"
    return ""


def waited_words(row: DeliveryRow) -> str:
    """What a delivery that is on its way, sent or dead had to wait for."""
    return "while its channel was away" if row.hold == Hold.AWAY else f"for {row.hold}"


def circuit_words(row: CircuitRow, now: datetime) -> str:
    """How a channel stands that refused what it was sent last."""
    is_trying = row.is_trying or (row.due_at is not None and row.due_at <= now)
    state = "half-open, one message is being tried" if is_trying else "open"
    again = f", next try {moment(row.due_at)}" if row.due_at and not is_trying else ""
    times = f"{row.circuit.refusals} {'refusal' if row.circuit.refusals == 1 else 'refusals'} in a row"
    return f"{state} since {moment(row.circuit.since)}: {times}{again}{f': {row.error}' if row.error else ''}"


def circuit_facts(row: CircuitRow, now: datetime) -> dict[str, object]:
    """The same as JSON."""
    is_trying = row.is_trying or (row.due_at is not None and row.due_at <= now)
    return {
        "channel": row.channel,
        "state": "half-open" if is_trying else "open",
        "since": row.circuit.since,
        "refusals": row.circuit.refusals,
        "next_try_at": row.due_at,
        "error": row.error,
    }


def delivery_facts(row: DeliveryRow) -> dict[str, object]:
    """A delivery as JSON; without the number of its row, which means nothing outside."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "rule": row.rule,
        "channel": row.channel,
        "state": row.state,
        "title": row.title,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "attempts": row.attempts,
        "last_error": row.last_error,
        "settled_at": row.settled_at,
        "alert": row.alert,
        "is_together": row.is_together,
        "hold": row.hold,
        "held_until": row.held_until,
        "why": row.why,
    }


def discreet_deliveries(rows: Iterable[DeliveryRow], redact: Redact) -> tuple[DeliveryRow, ...]:
    """The rows without secrets in what a channel answered."""
    return tuple(replace(row, last_error=redact(row.last_error)) for row in rows)


def _status_facts(found: Status) -> dict[str, object]:
    return {
        "feeds": [
            {
                "url": feed.url,
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
        "alerts": [alert_facts(row) for row in found.alerts],
    }


def alert_facts(row: AlertRow) -> dict[str, object]:
    """An alert as JSON, as `--help` of `tocsin alerts list` names the keys."""
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
        "follows": content.follows,
        "changes": content.changes,
        "spread": content.spread,
        "evidence": content.evidence,
        "deliveries": dict(row.states),
    }


def _states(states: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{channel} {what}" for channel, what in states)


def _discreet_feeds(feeds: Iterable[FeedState], redact: Redact) -> tuple[FeedState, ...]:
    return tuple(replace(feed, url=redact(feed.url), last_error=redact(feed.last_error)) for feed in feeds)
