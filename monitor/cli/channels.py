"""`tocsin channels list` and `tocsin channels test`."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import nullcontext, redirect_stdout
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from monitor.app.examine import Plan, examined
from monitor.app.hearing import hearers
from monitor.cli.looking import circuit_words
from monitor.cli.options import ANYWHERE, Json, Places, look
from monitor.cli.output import say, show_json, show_rows
from monitor.cli.progress import counting
from monitor.config.nearest import nearest
from monitor.errors import StoreMissing, UsageError
from monitor.model.alerts import DeliveryState, SendFailed, Sent
from monitor.model.views import Status
from monitor.ports import Channel
from monitor.system.redaction import Redact, redactor

_UNAVAILABLE = 69
_EVERY = "all"
_WAITING = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.LEASED)


def list_channels(*, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """The channels, the rules that use them and what waits for them. Raises ConfigurationError, StoreError."""
    plan = examined(places.find_config(), os.environ)
    status, redact = _status(places), redactor(plan.settings.secrets)
    counts = {(channel, state): count for channel, state, count in status.deliveries} if status else {}
    now = datetime.now(UTC)
    circuits = {one.channel: redact(circuit_words(one, now)) for one in status.circuits} if status else {}
    columns = ("name", "kind", "rules", "waiting", "dead", "circuit")
    rows = [
        (
            spec.name,
            spec.kind,
            _rules(plan, spec.name),
            sum(counts.get((spec.name, state), 0) for state in _WAITING),
            counts.get((spec.name, DeliveryState.DEAD), 0),
            circuits.get(spec.name, "closed"),
        )
        for spec in plan.settings.channels
    ]
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    lines = ((name, kind, ", ".join(rules), *numbers) for name, kind, rules, *numbers in rows)
    show_rows(columns, lines, empty="no channels", stacked=("rules", "circuit"))


def try_out(
    name: Annotated[str, Parameter(name="NAME", help="The channel, or all.")],
    /,
    *,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> int:
    """Send a test message and say what came back; 69 where one failed. Raises ConfigurationError, UsageError."""
    from monitor.app.soundcheck import sound

    # A console prints its test wherever standard output leads; that must not get into the JSON.
    with redirect_stdout(sys.stderr) if as_json else nullcontext():
        plan = examined(places.find_config(), os.environ)
    channels = _chosen(plan, name)
    with counting("waiting for channels", len(channels)) as advance:
        outcomes = asyncio.run(sound(channels, wordings=plan.wordings, heard=lambda: advance(1)))
    redact = redactor(plan.settings.secrets)
    kinds = {spec.name: spec.kind for spec in plan.settings.channels}
    if as_json:
        show_json([_facts(one, kinds[one], outcome, redact) for one, outcome in outcomes.items()])
    else:
        for one, outcome in outcomes.items():
            say(_said(one, outcome, redact))
    return _UNAVAILABLE if any(isinstance(outcome, SendFailed) for outcome in outcomes.values()) else 0


def _chosen(plan: Plan, name: str) -> Mapping[str, Channel]:
    if name == _EVERY:
        return plan.channels
    if name in plan.channels:
        return {name: plan.channels[name]}
    meant = nearest(name, [*plan.channels, _EVERY])
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(plan.channels)}; or say all"
    raise UsageError(f"unknown channel {name}: {hint}")


def _rules(plan: Plan, channel: str) -> list[str]:
    """Those whose alerts it may hear of."""
    return [rule.name for rule in plan.settings.rules if channel in hearers(rule, plan.settings)]


def _status(places: Places) -> Status | None:
    """What the store knows; None where nothing was ever stored."""
    try:
        return look(places, lambda views: views.status())
    except StoreMissing:
        return None


def _said(name: str, outcome: Sent | SendFailed, redact: Redact) -> str:
    if isinstance(outcome, Sent):
        return f"{name}: sent{f': {redact(outcome.note)}' if outcome.note else ''}"
    return f"{name}: not sent: {redact(outcome.reason)}"


def _facts(name: str, kind: str, outcome: Sent | SendFailed, redact: Redact) -> dict[str, object]:
    said = outcome.note if isinstance(outcome, Sent) else outcome.reason
    return {"name": name, "kind": kind, "sent": isinstance(outcome, Sent), "said": redact(said)}
