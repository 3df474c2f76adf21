"""What the configuration says, checked: plain data for every room above."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from monitor.model.holding import DailyDigest, Handlings, Route
from monitor.model.rules import EntitySpec, RuleSpec
from monitor.model.upkeep import BackupSettings, Retention


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """A place in a configuration file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """One thing wrong in the configuration, and where."""

    mark: Mark
    path: str
    """the place in the structure, such as `rules.2.query`"""
    what: str

    def __str__(self) -> str:
        """`file:line:column: path: what`."""
        where = f"{self.mark.file}:{self.mark.line}:{self.mark.column}"
        return f"{where}: {self.path}: {self.what}" if self.path else f"{where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy that feeds are asked through."""

    address: str
    """`http://host:port`, without user and password; empty: none, whatever else says so"""
    authorization: str = field(default="", repr=False)
    """value of the Proxy-Authorization header; empty: none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a feed is asked with beside its address: for its own origin alone, never stored and never shown."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    authorization: str = field(default="", repr=False)
    """value of the Authorization header; empty: none"""
    user_agent: str = field(default="", repr=False)
    """empty: our own"""
    proxy: Proxy | None = None
    """None: as `polling:` says"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingSettings:
    """How often and how wide to poll."""

    every: timedelta = timedelta(minutes=15)
    min_interval: timedelta = timedelta(minutes=5)
    max_interval: timedelta = timedelta(hours=24)
    heed_ttl: bool = True
    """what a feed's document says of how long to wait counts: its ttl, its updatePeriod"""
    origin_gap: timedelta = timedelta(seconds=1)
    """between the starts of two requests to one server"""
    concurrency: int = 64
    timeout: timedelta = timedelta(seconds=30)
    """for one whole exchange, redirects included"""
    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    contact: str = ""
    """an address or page that the User-Agent names, so that a publisher can write to the operator"""
    proxy: Proxy | None = None
    """None: feeds are asked directly"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One URL of an outlet. `every` and `heed_ttl` None: as the outlet or `polling:` says."""

    url: str
    every: timedelta | None = None
    heed_ttl: bool | None = None
    access: Access = field(default=Access(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSpec:
    """A publisher we watch."""

    name: str
    publisher: str = ""
    """empty: see `app.publishers`"""
    language: str = ""
    tags: tuple[str, ...] = ()
    feeds: tuple[FeedSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """What a channel's messages are written by; empty: in our own words."""

    text: str = ""
    subject: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """A named destination. `options` are the channel kind's own, checked by it."""

    name: str
    kind: str
    options: Mapping[str, object] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """values that came from the environment, files or credentials: never to be shown"""
    fallback: str = ""
    """the channel that tells when this one fails; empty: all the others do"""
    templates: Templates = field(default_factory=Templates)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSettings:
    """How others see that we are alive."""

    ping: str = field(default="", repr=False)
    """an address that is asked while we are; whoever knows it can speak for us, so it is never shown; empty: none"""
    every: timedelta = timedelta(minutes=5)
    daily: DailyDigest | None = None
    """when one line a day says how things are"""
    channels: tuple[str, ...] = ()
    """those that get it; empty: those that hear alarms"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration."""

    polling: PollingSettings = field(default_factory=PollingSettings)
    outlets: tuple[OutletSpec, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    entities: tuple[EntitySpec, ...] = ()
    """the declared ones first, then those of packs"""
    rules: tuple[RuleSpec, ...] = ()
    handlings: Handlings = field(default_factory=Handlings)
    """how alerts are held back"""
    routes: tuple[Route, ...] = ()
    """which channels hear of alerts whose rule names none"""
    alarms: tuple[str, ...] = ()
    """channels that hear what is wrong with ourselves; empty: every one"""
    heartbeat: HeartbeatSettings = field(default_factory=HeartbeatSettings)
    retention: Retention = field(default_factory=Retention)
    backup: BackupSettings = field(default_factory=BackupSettings)
    grace: timedelta = timedelta(seconds=8)
    """the time given to finish at shutdown"""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """every substituted value, for the redaction of logs"""
