"""`tocsin outlets refresh`, `pause` and `resume`: what a person does to polling by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from monitor.cadence.pauses import in_force, resting
from monitor.cadence.refresh import refresh as decide_refresh
from monitor.cli.naming import EVERY, Choice, outlet_or_feed
from monitor.cli.options import ANYWHERE, Json, Length, Places, Until, change, settings_as_read
from monitor.cli.output import moment, say, show_json, show_rows, warn
from monitor.cli.person import who
from monitor.cli.resting import pause_words
from monitor.cli.when import ending
from monitor.model.polls import FeedState, Pause, PauseKind, Refresh
from monitor.model.settings import Settings
from monitor.system.lock import daemon_at_work
from monitor.system.redaction import Redact, redactor

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

_UNAVAILABLE = 69

Name = Annotated[str, Parameter(name="NAME", help="An outlet, whatever its case, or the address of a feed.")]


def refresh(
    name: Annotated[str, Parameter(name="NAME", help="An outlet, the address of a feed, or all.")],
    /,
    *,
    gone: Annotated[
        bool, Parameter(name="--gone", negative="", show_default=False, help="Also feeds that answered 410.")
    ] = False,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> int:
    """Let feeds be polled now; 69 where none will be. Raises ConfigurationError, UsageError, StoreError."""
    settings = settings_as_read(places)
    redact = redactor(settings.secrets)
    now = datetime.now(UTC)
    urls = _urls(name, settings, redact)

    def decide(feed: FeedState, held_until: datetime | None) -> Refresh:
        if pause := pauses.get(feed.url):
            return Refresh(feed=feed, at=None, reason=pause_words(pause))
        shortest = settings.polling.min_interval
        return decide_refresh(feed, now=now, shortest=shortest, held_until=held_until, is_gone_asked=gone)

    async def hasten(store: "SqliteStore") -> tuple[Refresh, ...]:
        status = await store.views.status()
        for url in urls:
            if pause := resting(url, status.outlets.get(url, ()), status.pauses, now):
                pauses[url] = pause
        return await store.feed_desk.hasten(urls, decide)

    pauses: dict[str, Pause] = {}
    refreshes = {one.feed.url: one for one in change(places, hasten)}
    rows = [(url, *_fate(refreshes, url, now)) for url in urls]
    if as_json:
        show_json([{"url": redact(url), "at": at, "reason": reason} for url, at, reason in rows])
    else:
        columns = ("feed", "polled", "why")
        shown = ((redact(url), _spoken(at, now), reason) for url, at, reason in rows)
        show_rows(columns, shown, empty="no feeds", stacked=("feed", "why"))
    will_be_polled = any(at is not None for _, at, _ in rows)
    if will_be_polled and daemon_at_work(places.find_state()) is None:
        warn("no daemon is at work: poll them with tocsin once, or start tocsin run")
    return 0 if will_be_polled else _UNAVAILABLE


def pause(
    name: Name,
    /,
    *,
    until: Until = "",
    length: Length = "",
    places: Places = ANYWHERE,
) -> None:
    """Let an outlet or a feed rest. Raises ConfigurationError, UsageError, StoreError."""
    now = datetime.now(UTC)
    end = ending(until, length, now)
    settings = settings_as_read(places)
    redact = redactor(settings.secrets)
    choice = outlet_or_feed(name, settings.outlets, redact)
    made = Pause(kind=choice.kind, subject=choice.subject, at=now, until=end, by=who())

    async def rest(store: "SqliteStore") -> None:
        await store.feed_desk.pause(made)

    change(places, rest)
    say(f"{redact(choice.subject)}: {pause_words(made)}")
    for url, names in _shared(choice, settings).items():
        say(f"{redact(url)} goes on: {', '.join(names)} {'names' if len(names) == 1 else 'name'} it too")


def resume(name: Name, /, *, places: Places = ANYWHERE) -> None:
    """End a pause. Raises ConfigurationError, UsageError, StoreError."""
    settings = settings_as_read(places)
    redact = redactor(settings.secrets)
    now = datetime.now(UTC)

    async def end(store: "SqliteStore") -> Pause | None:
        standing = in_force((await store.views.status()).pauses, now)
        kind, subject = _paused(name, standing, settings, redact)
        ended = await store.feed_desk.resume(kind, subject)
        return ended if ended in standing else None

    ended = change(places, end)
    if ended is None:
        say(f"{redact(name)} is not paused")
        return
    by = f" by {ended.by}" if ended.by else ""
    say(f"{redact(ended.subject)} is polled again; it was paused on {moment(ended.at)}{by}")


def _urls(name: str, settings: Settings, redact: Redact) -> tuple[str, ...]:
    if name != EVERY:
        return outlet_or_feed(name, settings.outlets, redact).urls
    return tuple(dict.fromkeys(feed.url for outlet in settings.outlets for feed in outlet.feeds))


def _fate(refreshes: Mapping[str, Refresh], url: str, now: datetime) -> tuple[datetime | None, str]:
    found = refreshes.get(url)
    if found is None:
        return None, "the daemon does not know it yet: it is polled after the next start or reload"
    return found.at and max(found.at, now), found.reason


def _spoken(at: datetime | None, now: datetime) -> str:
    return "not polled" if at is None else "at once" if at <= now else moment(at)


def _shared(choice: Choice, settings: Settings) -> dict[str, list[str]]:
    """Feeds of a paused outlet that go on, and the outlets that want them."""
    if choice.kind is PauseKind.FEED:
        return {}
    named = {
        url: [
            outlet.name
            for outlet in settings.outlets
            if outlet.name != choice.subject and any(feed.url == url for feed in outlet.feeds)
        ]
        for url in choice.urls
    }
    return {url: names for url, names in named.items() if names}


def _paused(name: str, standing: tuple[Pause, ...], settings: Settings, redact: Redact) -> tuple[PauseKind, str]:
    """What is to be resumed; it may have left the configuration since."""
    by_name = {redact(one.subject).casefold(): one for one in standing}
    if found := by_name.get(redact(name).casefold()):
        return found.kind, found.subject
    choice = outlet_or_feed(name, settings.outlets, redact)
    return choice.kind, choice.subject
