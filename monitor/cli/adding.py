"""`tocsin add URL`: the feed of an address, or of the page there, found, tried, and written into the configuration."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter

from monitor.app.finding import Candidate, Search, find
from monitor.app.opml import web_address
from monitor.app.proposing import proposal
from monitor.app.publishers import publisher_of
from monitor.app.trial import typed_by_hand
from monitor.cadence.floors import LONGEST_FLOOR
from monitor.cadence.interval import configured
from monitor.cadence.paces import pace_of
from monitor.cadence.spans import span
from monitor.cli.extending import last_file, tell_daemon, to_be_extended
from monitor.cli.options import ANYWHERE, Json, Places, Sure
from monitor.cli.output import ask, is_terminal, say, show_json, show_rows, warn
from monitor.cli.progress import working
from monitor.config import duration
from monitor.config.adding import add_outlets, flaw
from monitor.config.document import Document
from monitor.config.load import Loaded
from monitor.config.writing import outlets_document
from monitor.errors import ConfigurationError, UsageError
from monitor.model.settings import FeedSpec, Mistake, OutletSpec, PollingSettings, Settings
from monitor.net.guard import refusal
from monitor.system.redaction import Redact, redactor
from monitor.text.addresses import same_address

_DATA = 65
_UNAVAILABLE = 69


def add(
    address: Annotated[str, Parameter(name="URL", help="Address of a page or of a feed; https:// may be left out.")],
    /,
    *,
    name: Annotated[str, Parameter(name="--name", show_default=False, help="What to call it; else its title.")] = "",
    tag: Annotated[
        tuple[str, ...], Parameter(name="--tag", negative="", show_default=False, help="A word of your own.")
    ] = (),
    every: Annotated[str, Parameter(name="--every", show_default=False, help="How often to ask it: 10m.")] = "",
    feed: Annotated[
        str, Parameter(name="--feed", show_default=False, help="Which one, where there are several: number or address.")
    ] = "",
    sure: Sure = False,
    only_print: Annotated[
        bool,
        Parameter(name="--print", negative="", show_default=False, help="Print the YAML instead of writing it."),
    ] = False,
    as_json: Json = False,
    places: Places = ANYWHERE,
) -> int:
    """Find a feed and watch it. Raises ConfigurationError, OutputUnwritable, UsageError."""
    address = web_address(address.strip())
    wish = OutletSpec(name=name or "?", tags=tuple(dict.fromkeys(tag)), feeds=(_typed(address, _pace(every)),))
    loaded = to_be_extended(places, may_be_missing=only_print)
    _refuse_misfit(wish, loaded)
    settings = loaded.settings if loaded and loaded.settings else Settings()
    manner = _Manner(
        redact=redactor(settings.secrets),
        as_json=as_json,
        only_print=only_print,
        may_ask=sys.stdin.isatty() and is_terminal() and not as_json,
    )
    if watched := _watched(wish.feeds[0].url, loaded):
        return _refused(watched)
    with working(f"looking for feeds at {manner.redact(address)}"):
        search = find(address, settings.polling)
    if not search.candidates:
        warn(f"tocsin: {manner.redact(address)}: {search.reason}")
        return _UNAVAILABLE if search.is_unreachable else _DATA
    chosen = _chosen(search, feed, manner)
    if chosen is None:
        return _undecided(search.candidates, manner)
    if watched := _watched(chosen.url, loaded) or _watched(chosen.arrived, loaded):
        return _refused(watched)
    proposed = proposal(chosen, search, settings.outlets, every=wish.feeds[0].every)
    outlet = replace(proposed, name=name or proposed.name, tags=wish.tags)
    _warn_of_ttl(chosen, proposed, settings.polling)
    if only_print or loaded is None:
        say(outlets_document((outlet,)).removesuffix("\n"))
        return 0
    _warn_of_guard(chosen.url, settings.polling)
    return _write(outlet, last_file(loaded), places, manner, search, is_sure=sure)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """How the command speaks."""

    redact: Redact
    as_json: bool
    only_print: bool
    may_ask: bool


def _refuse_misfit(wish: OutletSpec, loaded: Loaded | None) -> None:
    """Raises UsageError where the configuration would not take what was typed."""
    if what := flaw(wish):
        raise UsageError(what)
    known = loaded.settings.outlets if loaded and loaded.settings else ()
    if wish.name.casefold() in (one.name.casefold() for one in known):
        message = f"there is an outlet named {wish.name}: choose another --name"
        raise UsageError(message)


def _write(outlet: OutletSpec, target: Path, places: Places, manner: _Manner, search: Search, *, is_sure: bool) -> int:
    (feed,) = outlet.feeds
    if manner.may_ask and not is_sure and not _agreed(outlet, target):
        return 0
    add_outlets(target, (outlet,), lambda instead: _check(places, instead))
    if manner.as_json:
        show_json(_facts(outlet, target, search.candidates, manner.redact))
    else:
        say(f"{outlet.name} ({manner.redact(feed.url)}) added to {target}")
        tell_daemon(places)
    return 0


def _typed(address: str, every: timedelta | None) -> FeedSpec:
    return FeedSpec(url=address if "://" in address else f"https://{address}", every=every)


def _pace(every: str) -> timedelta | None:
    found = duration.parse(every) if every else None
    if every and found is None:
        message = "--every: expected a duration such as 15m, 2h or 1h30m"
        raise UsageError(message)
    return found


def _watched(url: str, loaded: Loaded | None) -> str:
    """Which outlet has this feed already, and where."""
    if loaded is None or loaded.settings is None:
        return ""
    wanted = same_address(url)
    for place, outlet in enumerate(loaded.settings.outlets):
        for number, one in enumerate(outlet.feeds):
            if same_address(one.url) == wanted:
                mark = loaded.locate(("outlets", place, "feeds", number, "url"))
                return f"{mark.file}:{mark.line}:{mark.column}: already watched, as a feed of {outlet.name}"
    return ""


def _refused(watched: str) -> int:
    warn(watched)
    return _DATA


def _chosen(search: Search, feed: str, manner: _Manner) -> Candidate | None:
    """The feed that is meant, shown with the others; None: somebody has to say. Raises UsageError for a wrong one."""
    candidates = search.candidates
    chosen = _named(candidates, feed) if feed else search.plain_choice
    if not manner.as_json and not manner.only_print:
        _show(candidates, manner.redact)
    if chosen is None and manner.may_ask:
        return _numbered(candidates, ask(f"which one? [1-{len(candidates)}, nothing for none]"))
    return chosen


def _named(candidates: Sequence[Candidate], feed: str) -> Candidate:
    wanted = same_address(feed)
    of_address = (one for one in candidates if wanted in map(same_address, (one.url, one.arrived)))
    found = _numbered(candidates, feed) or next(of_address, None)
    if found is None:
        choice = f"a number from 1 to {len(candidates)}" if len(candidates) > 1 else "1"
        message = f"--feed: no such feed was found; there is {choice}, or an address"
        raise UsageError(message)
    return found


def _numbered(candidates: Sequence[Candidate], number: str) -> Candidate | None:
    is_one = number.isascii() and number.isdigit() and len(number) < 4 and 1 <= int(number) <= len(candidates)  # noqa: PLR2004 - digits of a place in a short list
    return candidates[int(number) - 1] if is_one else None


def _undecided(candidates: Sequence[Candidate], manner: _Manner) -> int:
    if manner.may_ask:
        warn("nothing added")
        return 0
    if manner.as_json:
        show_json({"added": False, "candidates": [_candidate_facts(one, manner.redact) for one in candidates]})
    elif manner.only_print:
        for place, one in enumerate(candidates, start=1):
            warn(f"{place}: {one.title or '?'} ({one.kind}, {one.entries} entries): {manner.redact(one.url)}")
    warn(f"tocsin: {len(candidates)} feeds were found: say which, with --feed 1 or --feed ADDRESS")
    return UsageError.exit_code


def _show(candidates: Sequence[Candidate], redact: Redact) -> None:
    columns = ("feed", "kind", "entries", "newest", "title", "note", "address")
    rows = (
        (place, one.kind, one.entries, one.newest, one.title, _note(one, candidates) or None, redact(one.url))
        for place, one in enumerate(candidates, start=1)
    )
    show_rows(columns, rows, empty="no feeds", stacked=("title", "note", "address"))


def _note(one: Candidate, candidates: Iterable[Candidate]) -> str:
    if one.is_comments:
        return "comments"
    place = next((place for place, other in enumerate(candidates, start=1) if other.url == one.same_as), 0)
    return f"the same entries as {place}" if place else ""


def _agreed(outlet: OutletSpec, target: Path) -> bool:
    say(outlets_document((outlet,)).removesuffix("\n"))
    if ask(f"add this to {target}? [Y/n]") in ("", "y", "yes"):
        return True
    warn("nothing added")
    return False


def _check(places: Places, instead: Mapping[Path, Document]) -> None:
    """Look at the whole configuration as it would be. Raises ConfigurationError."""
    from monitor.app.examine import examine

    found = examine(places.find_config(), os.environ, instead)
    if isinstance(found, tuple):
        mistakes: tuple[Mistake, ...] = found
        raise ConfigurationError((*map(str, mistakes), "nothing was written"))


def _warn_of_guard(url: str, polling: PollingSettings) -> None:
    """Who types an address of this machine may try it; polls need a word in the configuration."""
    host = urlsplit(url).hostname or ""
    if typed_by_hand(url) and refusal("127.0.0.1" if host == "localhost" else host, polling.allow_private):
        warn("note: polls refuse an address of this machine unless polling: {allow_private: [127.0.0.0/8]} names it")


def _warn_of_ttl(chosen: Candidate, outlet: OutletSpec, polling: PollingSettings) -> None:
    """Who asks for a feed every ten minutes must know that it will be polled every ten hours."""
    pace = pace_of(polling, outlet.feeds[0])
    if pace.heeds_ttl and chosen.asks_for > configured(pace):
        asked, wish = span(min(chosen.asks_for, LONGEST_FLOOR)), span(configured(pace))
        warn(
            f"note: its ttl or updatePeriod asks for {asked} between two polls, longer than the {wish} configured, and "
            "that holds: heed_ttl: false with its outlet ends it"
        )


def _candidate_facts(one: Candidate, redact: Redact) -> dict[str, object]:
    return {
        "url": redact(one.url),
        "title": one.title,
        "kind": one.kind,
        "entries": one.entries,
        "newest": one.newest,
        "language": one.language,
        "is_comments": one.is_comments,
        "same_as": redact(one.same_as) or None,
        "asks_for_seconds": one.asks_for.total_seconds(),
    }


def _facts(outlet: OutletSpec, target: Path, candidates: Sequence[Candidate], redact: Redact) -> dict[str, object]:
    (feed,) = outlet.feeds
    return {
        "added": True,
        "file": str(target),
        "outlet": {
            "name": outlet.name,
            "publisher": publisher_of(outlet),
            "language": outlet.language,
            "tags": outlet.tags,
            "url": redact(feed.url),
            "every": duration.spell(feed.every) if feed.every else None,
        },
        "candidates": [_candidate_facts(one, redact) for one in candidates],
    }
