"""One feed polled twice over: by a desk that reads only what is new, and by one that reads every document whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.entities.roster import build_roster
from monitor.feeds.reader import WorkerParser
from monitor.feeds.work import parse_request
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched, Validators
from monitor.model.rules import RuleName, RuleSpec
from monitor.model.slices import LastRead
from monitor.model.stories import PollPlan
from monitor.ports import Parser
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.stories.recollection import Recollection
from monitor.worker.replies import Reply
from tests.fakes.store import FakeStore
from tests.fakes.world import Publisher, SetClock
from tests.plain_values import NOW, PACE
from tests.store_values import Store

URL = "https://heron.example/feed"


@dataclass(slots=True)
class Hands:
    """A pool that works in this very process, and counts the entries that it had to read."""

    requests: int = 0
    read: int = 0

    async def run(self, request: bytes, meta: Mapping[str, object]) -> Reply:
        self.requests += 1
        reply = Reply(value=parse_request(request, meta))
        entries = reply.value.get("entries", [])
        assert isinstance(entries, list)
        self.read += len(entries)
        return reply


@dataclass(frozen=True, slots=True)
class WholeReader:
    """Knows of no slices."""

    parser: WorkerParser

    async def parse(self, document: Fetched, _known: LastRead | None = None) -> ParsedFeed | ParseFailed:
        feed = await self.parser.parse(document)
        return feed if isinstance(feed, ParseFailed) else replace(feed, frame=b"", slices=())


@dataclass(slots=True, kw_only=True)
class SlicingDesk:
    """Everything around the polls of one feed."""

    is_slicing: bool
    store: Store = field(default_factory=FakeStore)
    clock: SetClock = field(default_factory=SetClock)
    hands: Hands = field(default_factory=Hands)
    recollection: Recollection = field(default_factory=Recollection)
    publisher: Publisher = field(default_factory=Publisher)

    async def publish(self, body: bytes, watch: Watch, *, content_type: str = "") -> PollPlan:
        """One more document, polled."""
        self.clock.pass_by(timedelta(minutes=37))
        (feed,) = await self.store.polls.register([(URL, NOW)])
        etag = str(len(self.publisher.requests)).encode()
        self.publisher.answers[URL] = Fetched(
            body=body, url=URL, content_type=content_type, validators=Validators(etag=etag)
        )
        reader = WorkerParser(pool=self.hands, clock=self.clock.now)
        parser: Parser = reader if self.is_slicing else WholeReader(reader)
        ports = PollPorts(
            fetcher=self.publisher,
            parser=parser,
            store=self.store.polls,
            clock=self.clock,
            recollection=self.recollection,
        )
        return await poll(feed, watch, ports)


@dataclass(slots=True, kw_only=True)
class BothDesks:
    """The two, over the same documents."""

    watch: Watch
    slicing: SlicingDesk = field(default_factory=lambda: SlicingDesk(is_slicing=True))
    whole: SlicingDesk = field(default_factory=lambda: SlicingDesk(is_slicing=False))

    def begin_at(self, moment: datetime) -> None:
        """Let the first poll be at this moment."""
        self.slicing.clock.moment = self.whole.clock.moment = moment

    async def publish(self, body: bytes, *, content_type: str = "") -> tuple[PollPlan, PollPlan]:
        """What either decided about one more document, without what only one of them keeps."""
        ours = await self.slicing.publish(body, self.watch, content_type=content_type)
        theirs = await self.whole.publish(body, self.watch, content_type=content_type)
        return _comparable(ours), _comparable(theirs)


def _comparable(plan: PollPlan) -> PollPlan:
    return replace(plan, feed=replace(plan.feed, slices=b""))


def watching(queries: Mapping[str, str], channels: Sequence[str] = ("desk",)) -> Watch:
    """A watch over the feed with these rules."""
    specs = tuple(RuleSpec(name=RuleName(name), query=query) for name, query in queries.items())
    ruleset = compile_ruleset(specs, build_roster(()))
    assert isinstance(ruleset, Ruleset), ruleset
    feeds = {URL: FeedWatch(url=URL, outlets=("The Heron",), tags=(), language="en", pace=PACE)}
    return Watch(feeds=feeds, ruleset=ruleset, channels=tuple(channels))
