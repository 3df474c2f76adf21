"""A desk that follows many outlets, each with a feed of its own, through the real poll: likeness, rules, alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor.entities.roster import build_roster
from monitor.flow.poll import PollPorts, poll
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Alert
from monitor.model.entries import Entry, Text
from monitor.model.holding import Route
from monitor.model.polls import Fetched
from monitor.model.rules import RuleSpec
from monitor.ports import PollStore
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.stories.recollection import Recollection
from tests.fakes.world import Publisher, Reader, SetClock
from tests.plain_values import NOW, PACE, parsed


def address(outlet: str) -> str:
    """The feed of an outlet."""
    return f"https://{outlet.lower().replace(' ', '-')}.example/rss"


@dataclass(slots=True, kw_only=True)
class WireDesk:
    """Outlets that are watched, and what their entries lead to. Every outlet is past its baseline."""

    polls: PollStore
    rules: tuple[RuleSpec, ...]
    outlets: tuple[str, ...]
    publishers: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: tuple[str, ...] = ("desk",)
    routes: tuple[Route, ...] = ()
    clock: SetClock = field(default_factory=SetClock)
    alerts: list[Alert] = field(default_factory=list)
    """all that go to a channel, in order"""
    silent: list[Alert] = field(default_factory=list)
    """those that are kept without going anywhere"""
    _publisher: Publisher = field(default_factory=Publisher)
    _reader: Reader = field(default_factory=Reader)
    _recollection: Recollection = field(default_factory=Recollection)
    _opened: set[str] = field(default_factory=set)
    _entries: int = 0

    @property
    def watch(self) -> Watch:
        """What is in force at this moment."""
        ruleset = compile_ruleset(self.rules, build_roster(()))
        assert isinstance(ruleset, Ruleset)
        feeds = {
            address(name): FeedWatch(
                url=address(name),
                outlets=(name,),
                tags=self.tags.get(name, ()),
                language="en",
                pace=PACE,
                names=(name,),
            )
            for name in self.outlets
        }
        return Watch(
            feeds=feeds,
            ruleset=ruleset,
            channels=self.channels,
            publishers=self.publishers,
            routes=self.routes,
        )

    async def carry(
        self, outlet: str, title: str, summary: str = "", *, again: str = "", language: str = ""
    ) -> tuple[Alert, ...]:
        """An outlet carries a story, or says `again` (the link of an entry) something else; what goes to channels."""
        return await self.carry_all(outlet, self.entry(outlet, title, summary, again=again, language=language))

    def entry(self, outlet: str, title: str, summary: str = "", *, again: str = "", language: str = "") -> Entry:
        """A new entry of an outlet, or one with the link of an old one."""
        self._entries += 1
        link = again or f"https://{outlet.lower().replace(' ', '-')}.example/news/{self._entries}"
        return Entry(id=link, link=link, text=Text(title=title, summary=summary), language=language)

    async def carry_all(self, outlet: str, *entries: Entry) -> tuple[Alert, ...]:
        """Several entries of one document."""
        if outlet not in self._opened:
            self._opened.add(outlet)
            await self._poll(outlet, self.entry(outlet, f"{outlet} begins its service for readers of all ages"))
        self.clock.pass_by(timedelta(minutes=3))
        return await self._poll(outlet, *entries)

    async def stand(self, outlet: str, *entries: Entry) -> tuple[Alert, ...]:
        """What stands in a feed at its very first poll."""
        self._opened.add(outlet)
        return await self._poll(outlet, *entries)

    async def _poll(self, outlet: str, *entries: Entry) -> tuple[Alert, ...]:
        url = address(outlet)
        body = f"{url} {len(self._reader.documents)}".encode()
        self._reader.documents[body] = replace(parsed(*entries), site=f"https://{outlet}.example/")
        self._publisher.answers[url] = Fetched(body=body, url=url)
        states = await self.polls.register([(address(name), NOW) for name in self.outlets])
        feed = next(state for state in states if state.url == url)
        ports = PollPorts(
            fetcher=self._publisher,
            parser=self._reader,
            store=self.polls,
            clock=self.clock,
            recollection=self._recollection,
        )
        told = (await poll(feed, self.watch, ports)).alerts
        sent = tuple(alert for alert in told if alert.channels and alert.content.rule)
        self.alerts += sent
        self.silent += (alert for alert in told if alert.content.rule and not alert.channels)
        return sent
