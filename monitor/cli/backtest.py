"""`tocsin rules backtest`: what rules would have found and told, had they been in force since then."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from monitor.app.retrial import held_against, tried
from monitor.cli.backtest_report import Report, facts, told
from monitor.cli.options import ANYWHERE, Json, Places, browse, examined_if_any
from monitor.cli.output import say, show_json
from monitor.cli.progress import counting
from monitor.cli.when import before
from monitor.errors import UsageError
from monitor.flow.backtest import Comparison, Coverage, Period, backtest
from monitor.store.sqlite import SqliteStore


def try_on_the_past(
    *names: Annotated[str, Parameter(help="Rules; all, or none named, means every one.")],
    since: Annotated[str, Parameter(name="--since", help="How far back, such as 90d, or a time with its zone.")],
    until: Annotated[str, Parameter(name="--until", show_default=False, help="Until when, likewise; else now.")] = "",
    query: Annotated[str, Parameter(name="--query", show_default=False, help="A query instead of rules.")] = "",
    against: Annotated[
        Path | None, Parameter(name="--against", help="An older configuration, or a file of rules, to compare with.")
    ] = None,
    samples: Annotated[
        int, Parameter(name="--samples", validator=Number(gte=0, lte=100), help="How many headlines of each kind.")
    ] = 5,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Try rules on all that is stored. Raises UsageError, ConfigurationError, InputUnreadable, StoreError."""
    if query and against:
        message = "--against compares rules of the same name, and a --query has none"
        raise UsageError(message)
    period = _period(since, until, datetime.now(UTC))
    plan = examined_if_any(places)
    wanted = tried(plan, names, query)
    other = held_against(against, plan, os.environ) if against else None
    trial = wanted.trial(samples)
    comparison = Comparison(new=trial, old=other.trial(samples)) if other else None

    async def run(store: SqliteStore) -> Coverage:
        extent = await store.annals.extent()
        with counting("trying rules on the past", extent.last - extent.first + 1) as advance:
            return await backtest(store.annals, extent, period, trial, comparison=comparison, advance=advance)

    report = Report(
        period=period,
        coverage=browse(places, run),
        trial=trial,
        comparison=comparison,
        names=wanted.names,
        is_of_all=len(wanted.names) == len(wanted.ruleset.names),
        against=str(against or ""),
        words_kept=plan.settings.retention.text if plan else None,
        samples=samples,
    )
    if as_json:
        show_json(facts(report))
        return
    for line in told(report):
        say(line)


def _period(since: str, until: str, now: datetime) -> Period:
    """Raises UsageError where it is none, or holds nothing."""
    period = Period(since=before(since, "--since", now), until=before(until, "--until", now) if until else now)
    if period.until is not None and period.since >= period.until:
        message = "--until: it must be later than --since"
        raise UsageError(message)
    return period
