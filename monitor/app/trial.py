"""A trial without configuration: read one feed, match one query, send one marked test alert."""

import asyncio
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from monitor.alerts.plan import content, public_id
from monitor.alerts.render import render
from monitor.channels.kinds import build
from monitor.entities.roster import build_roster
from monitor.errors import InputUnreadable, UsageError
from monitor.feeds.reader import TARGET, WorkerParser
from monitor.model.alerts import Alert, AlertKind, Message, MessageId, SendFailed, Sent
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched, FetchFailed, FetchRequest, NotModified
from monitor.model.rules import Match, RuleName, RuleSpec, View
from monitor.model.settings import ChannelSpec, PollingSettings
from monitor.net.fetch import HttpFetcher
from monitor.ports import Channel
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.system.languages import lemmas
from monitor.worker.pool import WorkerPool

TRIAL_RULE = RuleName("try")
_LARGEST_FILE = 20_000_000  # bytes, as for a decoded answer


def read_feed(source: str) -> ParsedFeed | FetchFailed | ParseFailed:
    """Fetch or open one feed document and parse it. Raises InputUnreadable where there is no such file, UsageError."""
    # A file is read before the event loop begins: within it, Ctrl-C would wait for a pipe that says nothing.
    return asyncio.run(_read(source, None if is_address(source) else _opened(source)))


async def _read(source: str, document: Fetched | None) -> ParsedFeed | FetchFailed | ParseFailed:
    answer = document or await _fetched(source)
    if isinstance(answer, FetchFailed):
        return answer
    if isinstance(answer, NotModified):
        return ParseFailed(reason="not modified, although nothing was known")
    pool = WorkerPool(target=TARGET, size=1)
    try:
        return await WorkerParser(pool=pool, clock=_now).parse(answer)
    finally:
        await pool.close()


async def _fetched(source: str) -> Fetched | NotModified | FetchFailed:
    fetcher = HttpFetcher(
        allow_private=typed_by_hand(source), timeout=PollingSettings().timeout, contact="", clock=_now
    )
    try:
        return await fetcher.fetch(FetchRequest(url=source))
    finally:
        await fetcher.close()


def trial_rules(query: str) -> Ruleset:
    """One rule for one query. Raises UsageError with every mistake and its column."""
    spec = RuleSpec(name=TRIAL_RULE, query=query)
    ruleset = compile_ruleset((spec,), build_roster(()), lemmas=lemmas())
    if isinstance(ruleset, Ruleset):
        return ruleset
    where = (f"column {one.column}: {one.what}" if one.column else one.what for one in ruleset)
    raise UsageError(f"--match: {'; '.join(where)}")


def views(feed: ParsedFeed) -> tuple[View, ...]:
    """What a rule would see of each entry."""
    outlet = feed.title or urlsplit(feed.site).hostname or "this feed"
    return tuple(
        View(
            text=entry.text,
            outlets=(outlet,),
            language=entry.language or feed.language,
            link=entry.link,
            authors=entry.authors,
            categories=entry.categories,
            published_at=entry.published_at or entry.updated_at,
        )
        for entry in feed.entries
    )


def trial_channel(target: str) -> Channel:
    """The channel for a test alert, a webhook; nothing is opened yet. Raises UsageError where the address is none."""
    if not is_address(target):
        message = "--to takes the address of a webhook, http:// or https://"
        raise UsageError(message)
    channel = build(ChannelSpec(name=TRIAL_RULE, kind="webhook", options={"url": target}))
    if isinstance(channel, tuple):
        raise UsageError("; ".join(f"--to: {mistake.what}" for mistake in channel))
    return channel


async def send_trial(channel: Channel, view: View, match: Match | None) -> Sent | SendFailed:
    """Send one test alert, marked as such, and let go of the channel."""
    now = _now()
    key = f"test|{now.isoformat()}"
    alert = Alert(
        kind=AlertKind.TEST,
        dedupe_key=key,
        public_id=public_id(key),
        at=now,
        content=content(match=match or Match(rule=TRIAL_RULE, evidence=()), view=view, now=now),
        channels=(TRIAL_RULE,),
    )
    trial = Message(
        id=MessageId(0), public_id=alert.public_id, channel=TRIAL_RULE, alerts=(alert,), created_at=now, attempts=0
    )
    try:
        return await channel.send(render(trial, now=now))
    finally:
        await channel.close()


def is_address(source: str) -> bool:
    """Whether a source is a web address rather than a file."""
    return source.lower().startswith(("http://", "https://"))


def typed_by_hand(source: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The loopback networks, where a person typed a loopback address; nothing else private."""
    try:
        host = urlsplit(source).hostname or ""
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    return (ip_network("127.0.0.0/8"), ip_network("::1/128")) if is_loopback else ()


def _now() -> datetime:
    return datetime.now(UTC)


def _opened(source: str) -> Fetched:
    if "://" in source:
        message = f"{source.partition('://')[0]}:// is not read: name a file, or an http:// or https:// address"
        raise UsageError(message)
    if not source:
        message = "name a file, or an http:// or https:// address"
        raise UsageError(message)
    path = Path(source)
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST_FILE + 1)
        if len(body) > _LARGEST_FILE:
            message = f"{path} is larger than {_LARGEST_FILE // 1_000_000} MB"
            raise InputUnreadable(message)
        return Fetched(body=body, url=path.resolve().as_uri())
    except FileNotFoundError as error:
        message = f"there is no file {source}; a web address begins with https://"
        raise InputUnreadable(message) from error
    except (OSError, ValueError) as error:
        message = f"cannot read {source}: {getattr(error, 'strerror', error)}"
        raise InputUnreadable(message) from error
