"""`tocsin outbox retry`, `drop` and `replay`: what a person does to deliveries by hand."""

import os
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from monitor.app.examine import Plan, examined
from monitor.cli.confirming import confirmed
from monitor.cli.naming import public_id, unknown
from monitor.cli.options import ANYWHERE, Places, Sure, browse, change
from monitor.cli.output import say, show_rows, warn
from monitor.cli.progress import counting
from monitor.cli.when import before
from monitor.errors import UsageError
from monitor.model.alerts import DeliveryState, PublicId
from monitor.model.views import Chosen, Named, Wanted

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

_BATCH = 200
"""deliveries a transaction: a daemon's polls and sends come between"""
_DEAD = (DeliveryState.DEAD,)
_NOT_SENT = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.LEASED, DeliveryState.DEAD)
_DONE = (DeliveryState.SENT, DeliveryState.DEAD)

Ids = Annotated[
    tuple[str, ...],
    Parameter(name="ID", show_default=False, help="Public ids, or their first characters, four at least."),
]
Only = Annotated[str, Parameter(name="--channel", show_default=False, help="Only deliveries to this channel.")]


def retry(
    public_ids: Ids = (),
    /,
    *,
    dead: Annotated[
        bool, Parameter(name="--dead", negative="", show_default=False, help="Every dead delivery.")
    ] = False,
    channel: Only = "",
    places: Places = ANYWHERE,
) -> None:
    """Make deliveries due now. Raises UsageError where none is named or found, and StoreError."""
    if bool(public_ids) == dead:
        message = "name the public ids to send again, or --dead for every dead delivery"
        raise UsageError(message)
    missing = "no dead or waiting delivery has such an id: see tocsin outbox list"

    async def revive(store: "SqliteStore") -> int:
        await _check_channel(store, channel)
        wanted = [PublicId(await public_id(store.archive, Named.DELIVERY, one, missing=missing)) for one in public_ids]
        return await store.outbox.retry(None if dead else wanted, datetime.now(UTC), channel)

    count = change(places, revive)
    if public_ids and not count:
        raise UsageError(missing)
    if count:
        say(f"{_counted(count)} will be tried at once, or when tocsin next runs")
    else:
        say("no delivery is dead")


def drop(
    public_ids: Ids = (),
    /,
    *,
    channel: Only = "",
    dead: Annotated[
        bool, Parameter(name="--dead", negative="", show_default=False, help="The dead ones of the channel.")
    ] = False,
    every: Annotated[
        bool, Parameter(name="--all", negative="", show_default=False, help="All of the channel that were not sent.")
    ] = False,
    yes: Sure = False,
    places: Places = ANYWHERE,
) -> None:
    """Give deliveries up. Raises UsageError, StoreError."""
    if [bool(public_ids), dead, every].count(True) != 1 or not (public_ids or channel):
        message = "name the public ids to drop, or --channel with --dead or --all"
        raise UsageError(message)

    async def find(store: "SqliteStore") -> tuple[Chosen, ...]:
        await _check_channel(store, channel)
        ids = [await public_id(store.archive, Named.DELIVERY, one) for one in public_ids]
        wanted = Wanted(states=_DEAD if dead else _NOT_SENT, ids=tuple(ids), channel=channel)
        return await store.outbox_desk.choose(wanted)

    chosen = browse(places, find)
    if not chosen:
        say("nothing to drop: what was sent cannot be called back" if public_ids else "nothing to drop")
        return
    if not confirmed(f"drop {_counted(len(chosen))}", is_sure=yes):
        say("nothing was dropped")
        return
    count = _in_batches(places, "dropping", chosen, lambda store, some: store.outbox_desk.drop(some, datetime.now(UTC)))
    say(f"{_counted(count)} dropped: dead, and not sent again unless named")
    if count < len(chosen):
        warn(f"{len(chosen) - count} left alone: dropped before, being sent at this moment, or sent meanwhile")


def replay(
    *,
    since: Annotated[str, Parameter(name="--since", help="Alerts raised so long ago at most: 2d, 12h; or a time.")],
    channel: Annotated[
        str,
        Parameter(
            name="--channel",
            show_default=False,
            help="Only to this channel; also alerts that never were on their way to it.",
        ),
    ] = "",
    rule: Annotated[str, Parameter(name="--rule", show_default=False, help="Only alerts of this rule.")] = "",
    dry_run: Annotated[
        bool, Parameter(name="--dry-run", negative="", show_default=False, help="Only list what would be sent.")
    ] = False,
    yes: Sure = False,
    places: Places = ANYWHERE,
) -> None:
    """Send alerts of the past again. Raises UsageError, ConfigurationError, StoreError."""
    plan = examined(places.find_config(), os.environ)
    if channel and channel not in plan.channels:
        raise UsageError(unknown("channel", channel, plan.channels))
    start = before(since, "--since", datetime.now(UTC))
    chosen = _replayable(
        places,
        plan,
        Wanted(states=_DONE, channel=channel, rule=rule, since=start, is_news=True, may_be_added=bool(channel)),
    )
    if dry_run or not chosen:
        columns = ("id", "channel", "was", "title")
        rows = ((one.public_id, one.channel, one.state or "never sent", one.title) for one in chosen)
        show_rows(columns, rows, empty="nothing to send again")
        return
    if not confirmed(f"send {_counted(len(chosen))} again", is_sure=yes):
        say("nothing is sent again")
        return
    what = "putting into the outbox"
    count = _in_batches(places, what, chosen, lambda store, some: store.outbox_desk.replay(some, datetime.now(UTC)))
    say(f"{_counted(count)} will be sent again at once, or when tocsin next runs")


def _replayable(places: Places, plan: Plan, wanted: Wanted) -> Sequence[Chosen]:
    """What can be sent again. A rule that nobody has, now or then, is a slip of the pen; see `unknown`."""
    chosen = browse(places, lambda store: store.outbox_desk.choose(wanted))
    rules = [spec.name for spec in plan.settings.rules]
    if wanted.rule and not chosen and wanted.rule not in rules:
        raise UsageError(unknown("rule", wanted.rule, rules))
    lost = sorted({one.channel for one in chosen} - plan.channels.keys())
    if lost:
        warn(f"left out, for there is no such channel any more: {', '.join(lost)}")
    return [one for one in chosen if one.channel in plan.channels]


async def _check_channel(store: "SqliteStore", channel: str) -> None:
    """Whether something is, or was, on its way there: the configuration may have forgotten it. Raises UsageError."""
    known = dict.fromkeys(name for name, _, _ in (await store.views.status()).deliveries)
    if channel and channel not in known:
        raise UsageError(unknown("channel", channel, known))


def _in_batches(
    places: Places,
    what: str,
    chosen: Sequence[Chosen],
    do: Callable[["SqliteStore", Sequence[Chosen]], Coroutine[None, None, int]],
) -> int:
    async def work(store: "SqliteStore") -> int:
        count = 0
        for start in range(0, len(chosen), _BATCH):
            some = chosen[start : start + _BATCH]
            count += await do(store, some)
            advance(len(some))
        return count

    with counting(what, len(chosen), is_wanted=len(chosen) > _BATCH) as advance:
        return change(places, work)


def _counted(count: int) -> str:
    return f"{count} {'delivery' if count == 1 else 'deliveries'}"
