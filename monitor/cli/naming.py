"""What a person means by a name: an outlet or a feed, a channel, the beginning of a public id."""

from collections.abc import Collection
from dataclasses import dataclass

from monitor.config.nearest import nearest
from monitor.errors import UsageError
from monitor.model.polls import PauseKind
from monitor.model.settings import OutletSpec
from monitor.model.views import Named
from monitor.ports import Archive
from monitor.system.redaction import Redact

EVERY = "all"

_SHORTEST = 4
_MOST_SHOWN = 5
_LISTS = {
    Named.ALERT: ("no alert has", "tocsin alerts list"),
    Named.STORY: ("no story has", "tocsin stories list"),
    Named.DELIVERY: ("no delivery has", "tocsin outbox list --all"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An outlet with all its feeds, or one feed."""

    kind: PauseKind
    subject: str
    """name of the outlet as the configuration writes it, or URL of the feed"""
    urls: tuple[str, ...]


def outlet_or_feed(name: str, outlets: Collection[OutletSpec], redact: Redact) -> Choice:
    """The outlet of that name, whatever its case, or the feed at that address, also as lists show it.

    Raises UsageError with the nearest name.
    """
    by_name = {one.name: one for one in outlets}
    found = by_name.get(name) or {known.casefold(): one for known, one in by_name.items()}.get(name.casefold())
    if found is not None:
        return Choice(kind=PauseKind.OUTLET, subject=found.name, urls=tuple(feed.url for feed in found.feeds))
    urls = dict.fromkeys(feed.url for one in outlets for feed in one.feeds)
    meant = [name] if name in urls else [url for url in urls if redact(url) == name]
    if len(meant) == 1:
        return Choice(kind=PauseKind.FEED, subject=meant[0], urls=(meant[0],))
    if meant:
        message = f"{len(meant)} feeds have the address {name}, but for what is hidden: name their outlet"
        raise UsageError(message)
    raise UsageError(unknown("outlet or feed", redact(name), by_name))


def unknown(noun: str, name: str, known: Collection[str]) -> str:
    """What to say of a name that nothing has."""
    meant = nearest(name, known)
    if meant:
        return f"unknown {noun} {name}: did you mean {meant}?"
    shown = ", ".join(list(known)[:_MOST_SHOWN]) + (" …" if len(known) > _MOST_SHOWN else "")
    return f"unknown {noun} {name}: there {'are ' + shown if known else 'is none'}"


def beginning_of(given: str) -> str:
    """Enough of a public id to look for it. Raises UsageError where it is too short."""
    beginning = given.strip().lower()
    if len(beginning) < _SHORTEST:
        message = f"{given or 'nothing'} is too short for an id: give its first {_SHORTEST} characters at least"
        raise UsageError(message)
    return beginning


async def public_id(archive: Archive, what: Named, given: str, *, missing: str = "") -> str:
    """The one public id that begins so. Raises UsageError where there is none, or several; `missing` says the first."""
    beginning = beginning_of(given)
    names = await archive.names(what, beginning, _MOST_SHOWN + 1)
    if beginning in names or len(names) == 1:
        return beginning if beginning in names else names[0]
    if not names:
        none, where = _LISTS[what]
        raise UsageError(missing or f"{none} an id that begins with {given}: see {where}")
    shown = ", ".join(names[:_MOST_SHOWN]) + (" and more" if len(names) > _MOST_SHOWN else "")
    message = f"{given} is the beginning of several ids: {shown}; give more of it"
    raise UsageError(message)
