"""A replay without a daemon: the same captures through the same parser, flow and store, in one process, in seconds.

No network, no clock, no kills: what is tried is identity alone. Time goes by a quarter of an hour a capture.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.cadence.interval import Pace
from monitor.entities.roster import build_roster
from monitor.feeds.parse import parse_document
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Alert, AlertKind
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched, FetchRequest
from monitor.model.rules import OncePer, RuleName, RuleSpec
from monitor.model.slices import LastRead
from monitor.model.stories import PollPlan
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.store.sqlite import SqliteStore
from monitor.stories.identity import keyed
from monitor.stories.recollection import Recollection
from tests.benchmarks.judge import Receipt

FEED = "https://feed.example/rss"
OUTLET = "The Replayed Feed"


@dataclass(slots=True)
class Rehearsal:
    """What came of it."""

    receipts: list[Receipt] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    revised: int = 0


@dataclass(slots=True)
class _World:
    """Fetcher, parser and clock in one: it serves the body that it holds."""

    body: bytes = b""
    moment: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    async def fetch(self, request: FetchRequest) -> Fetched:
        return Fetched(body=self.body, content_type="application/xml", url=request.url)

    async def parse(self, document: Fetched, _: LastRead | None = None) -> ParsedFeed | ParseFailed:
        return parse_document(document.body, content_type=document.content_type, url=document.url, now=self.moment)

    def now(self) -> datetime:
        return self.moment

    def steady(self) -> float:
        return self.moment.timestamp()

    def chance(self) -> float:
        return 0.0


Observe = Callable[[PollPlan, dict[str, datetime | None]], None]
"""Hears of every poll, and which dates its document gives, by the strongest key of each entry."""


async def rehearse(
    captures: Sequence[bytes],
    folder: Path,
    *,
    rule: str = f'outlet:"{OUTLET}"',
    once_per: OncePer = OncePer.TEXT,
    observe: Observe | None = None,
) -> Rehearsal:
    """Poll the captures one after another into a new database in `folder`.

    What is expected of them is worked out text by text, so a text is what the rule alerts once for.
    """
    done, world = Rehearsal(), _World()
    store = await SqliteStore.open(folder / "state")
    try:
        ports = PollPorts(fetcher=world, parser=world, store=store.polls, clock=world, recollection=Recollection())
        for number, body in enumerate(captures):
            world.body = body
            world.moment += timedelta(minutes=15)
            (feed,) = await store.polls.register([(FEED, world.moment)])
            plan = await poll(feed, _watch(rule, once_per), ports)
            if observe is not None:
                observe(plan, await _dates(world))
            done.revised += sum(one.revision > 1 for one in plan.sift.fresh)
            done.alarms += [alert.content.title for alert in plan.alerts if alert.kind is AlertKind.ALARM]
            done.receipts += [
                _receipt(alert, number) for alert in plan.alerts if alert.channels and alert.kind is not AlertKind.ALARM
            ]
    finally:
        await store.close()
    return done


def _receipt(alert: Alert, capture: int) -> Receipt:
    return Receipt(public_id=alert.public_id, link=alert.content.link, title=alert.content.title, capture=capture)


async def _dates(world: _World) -> dict[str, datetime | None]:
    parsed = await world.parse(Fetched(body=world.body, content_type="application/xml", url=FEED))
    if isinstance(parsed, ParseFailed):
        return {}
    return {one.primary: one.entry.published_at for one in keyed(parsed)}


def _watch(rule: str, once_per: OncePer) -> Watch:
    pace = Pace(every=timedelta(minutes=15), shortest=timedelta(minutes=5), longest=timedelta(hours=24))
    spec = RuleSpec(name=RuleName("everything"), query=rule, once_per=once_per)
    ruleset = compile_ruleset((spec,), build_roster(()))
    if not isinstance(ruleset, Ruleset):
        raise TypeError(f"not a rule: {rule}")
    feeds = {FEED: FeedWatch(url=FEED, outlets=(OUTLET,), tags=(), language="", pace=pace)}
    return Watch(feeds=feeds, ruleset=ruleset, channels=("record",))
