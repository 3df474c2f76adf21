"""`tocsin outlets list`, `import` and `export`."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.opml import PassedOver, additions, subscriptions
from monitor.app.publishers import publisher_of
from monitor.cadence.floors import overruling
from monitor.cadence.paces import paces_of
from monitor.cadence.pauses import in_force, resting
from monitor.cli.extending import last_file, tell_daemon, to_be_extended
from monitor.cli.options import ANYWHERE, Json, Places, look
from monitor.cli.output import moment, say, show_json, show_rows, warn
from monitor.cli.progress import working
from monitor.cli.resting import pause_facts, pause_words
from monitor.config.document import Document
from monitor.config.duration import spell
from monitor.config.load import load
from monitor.errors import ConfigurationError, InputUnreadable, StoreMissing
from monitor.model.polls import FeedState, Pause, PauseKind
from monitor.model.settings import FeedSpec, OutletSpec, Settings
from monitor.model.troubles import Cause
from monitor.model.views import Status
from monitor.system.redaction import Redact, redactor

_DATA = 65
_MOST_BROKEN = 1_000
"""outlines that are named one by one: each is for somebody to mend"""
_MOST_THERE = 20
"""the same of those that are there already, with which nothing is wrong"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One feed of an outlet, as it is configured and as it fares."""

    outlet: OutletSpec
    feed: FeedSpec
    state: FeedState | None
    pause: Pause | None
    """of the outlet, or of the feed alone"""
    is_resting: bool
    """it is not polled, for nobody else wants it either"""
    silent_since: datetime | None
    """the last news of an outlet that fell silent, as an alarm told"""
    overruling: str
    """in words: its document asks to be left alone for longer than was stated for it"""


def list_outlets(*, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """Every feed of every outlet and how it fares. Raises ConfigurationError, StoreError."""
    found = places.find_config()
    with working(f"reading {found}"):  # thousands of outlets take seconds
        loaded = load(found, os.environ)
    if loaded.settings is None:
        raise ConfigurationError(tuple(map(str, loaded.mistakes)))
    if loaded.mistakes:
        warn("the configuration has mistakes, see tocsin check; what can be read of it:")
    settings, redact = loaded.settings, redactor(loaded.settings.secrets)
    rows = list(_rows(settings, _status(places)))
    if as_json:
        show_json([_facts(row, settings, redact) for row in rows])
        return
    columns = ("outlet", "state", "last poll", "next poll", "tags", "feed")
    show_rows(
        columns,
        (
            (
                row.outlet.name,
                _health(row, redact),
                row.state and row.state.last_poll_at,
                row.state and (None if row.state.is_gone or row.is_resting else row.state.next_poll_at),
                ", ".join(row.outlet.tags),
                redact(row.feed.url),
            )
            for row in rows
        ),
        empty="no outlets",
        stacked=("outlet", "state", "tags", "feed"),
    )


def export(*, places: Places = ANYWHERE) -> None:
    """The feeds as OPML. Raises ConfigurationError."""
    from monitor.feeds.opml import write

    say(write(subscriptions(_settled(places).outlets), title="Watched by tocsin").removesuffix("\n"))


def import_list(
    file: Annotated[Path, Parameter(name="FILE", help="The list, or /dev/stdin.")],
    /,
    *,
    places: Places = ANYWHERE,
    only_print: Annotated[
        bool,
        Parameter(name="--print", negative="", show_default=False, help="Print the YAML instead of writing it."),
    ] = False,
) -> int:
    """Add the feeds of a list to the configuration. Raises ConfigurationError, InputUnreadable, OutputUnwritable."""
    from monitor.config.adding import add_outlets
    from monitor.config.writing import outlets_document
    from monitor.feeds.opml import NoList, read

    with working(f"reading {file}"):
        listed = read(_content(file))
    if isinstance(listed, NoList):
        warn(f"{file}:{listed.line}: {listed.reason}" if listed.line else f"tocsin: {file}: {listed.reason}")
        return _DATA
    loaded = to_be_extended(places, may_be_missing=only_print)
    found = additions(listed, loaded.settings.outlets if loaded and loaded.settings else ())
    _complain(file, [one for one in found.passed_over if one.is_broken], _MOST_BROKEN)
    _complain(file, [one for one in found.passed_over if not one.is_broken], _MOST_THERE)
    told = f"{len(found.outlets)} outlets with {sum(len(one.feeds) for one in found.outlets)} feeds"
    passed = _counted(found.passed_over)
    if only_print or loaded is None:
        if found.outlets:
            say(outlets_document(found.outlets).removesuffix("\n"))
        warn(f"{told} to add, {passed}")
    elif found.outlets:
        target = last_file(loaded)
        with working(f"writing {target}"):
            add_outlets(target, found.outlets, lambda instead: _check(places, instead))
        say(f"{told} added to {target}, {passed}")
        tell_daemon(places)
    else:
        say(f"nothing to add, {passed}")
    return _DATA if any(one.is_broken for one in found.passed_over) else 0


def _settled(places: Places) -> Settings:
    """The configuration, which must have no mistakes."""
    loaded = load(places.find_config(), os.environ)
    if loaded.settings is None or loaded.mistakes:
        raise ConfigurationError(tuple(map(str, loaded.mistakes)))
    return loaded.settings


def _content(file: Path) -> bytes:
    from monitor.feeds.opml import LARGEST

    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {file}: {getattr(error, 'strerror', error)}"
        raise InputUnreadable(message) from error


def _complain(file: Path, passed_over: Sequence[PassedOver], most: int) -> None:
    for one in passed_over[:most]:
        warn(f"{file}:{one.line}: {one.name}: {one.what}")
    rest = Counter(one.what for one in passed_over[most:])
    for what, count in rest.most_common():
        warn(f"{file}: and {count} more: {what}")


def _counted(passed_over: Sequence[PassedOver]) -> str:
    broken = sum(one.is_broken for one in passed_over)
    parts = [
        f"{count} {what}" for count, what in ((broken, "broken"), (len(passed_over) - broken, "there already")) if count
    ]
    return f"{len(passed_over)} outlines passed over" + (f" ({', '.join(parts)})" if parts else "")


def _check(places: Places, instead: Mapping[Path, Document]) -> None:
    """Read the configuration as it would be. Raises ConfigurationError."""
    loaded = load(places.find_config(), os.environ, instead)
    if loaded.mistakes:
        raise ConfigurationError((*map(str, loaded.mistakes), "nothing was written"))


def _status(places: Places) -> Status | None:
    """What the store knows; None where nothing was ever stored."""
    try:
        return look(places, lambda views: views.status())
    except StoreMissing:
        return None


def _rows(settings: Settings, status: Status | None) -> Iterator[_Row]:
    states = {feed.url: feed for feed in status.feeds} if status else {}
    pauses = in_force(status.pauses, datetime.now(UTC)) if status else ()
    standing = {(one.kind, one.subject): one for one in pauses}
    # The store's word and not the file's: what counts is the configuration that the daemon has.
    names = status.outlets if status else {}
    paces = paces_of(settings, states)
    silent = {one.subject: one.since for one in status.troubles if one.cause is Cause.SILENT} if status else {}
    for outlet in settings.outlets:
        for feed in outlet.feeds:
            own = standing.get((PauseKind.FEED, feed.url)) or standing.get((PauseKind.OUTLET, outlet.name))
            rests = resting(feed.url, names.get(feed.url, ()), pauses, datetime.now(UTC)) is not None
            state = states.get(feed.url)
            yield _Row(
                outlet=outlet,
                feed=feed,
                state=state,
                pause=own,
                is_resting=rests,
                silent_since=silent.get(outlet.name),
                overruling=overruling(state.rhythm.floors, paces[feed.url]) if state else "",
            )


def _health(row: _Row, redact: Redact) -> str:
    if row.pause is None:
        words = _state_words(row.state, redact)
        if row.overruling:
            words = f"{words}, but {row.overruling}"
        return f"{words}, but silent since {moment(row.silent_since)}" if row.silent_since else words
    if row.is_resting or row.state is None:
        return pause_words(row.pause)
    return f"{_state_words(row.state, redact)}; {pause_words(row.pause)}, but another outlet wants it polled"


def _state_words(state: FeedState | None, redact: Redact) -> str:
    if state is None or not state.last_outcome:
        return "not polled yet"
    if state.is_gone:
        return "gone, not polled any more"
    if state.failures:
        return f"failing since {moment(state.failing_since)}: {redact(state.last_error)}"
    return f"well, moved to {redact(state.moving.adopted)}" if state.moving.adopted else "well"


def _facts(row: _Row, settings: Settings, redact: Redact) -> dict[str, object]:
    state = row.state
    return {
        "outlet": row.outlet.name,
        "publisher": redact(publisher_of(row.outlet)),
        "url": redact(row.feed.url),
        "language": row.outlet.language,
        "tags": row.outlet.tags,
        "every": spell(row.feed.every or settings.polling.every),
        "outcome": state.last_outcome if state else "",
        "error": redact(state.last_error) if state else "",
        "failures": state.failures if state else 0,
        "failing_since": state and state.failing_since,
        "is_gone": bool(state and state.is_gone),
        "last_poll_at": state and state.last_poll_at,
        "last_success_at": state and state.last_success_at,
        "next_poll_at": state and state.next_poll_at,
        "pause": pause_facts(row.pause, redact),
        "is_resting": row.is_resting,
        "silent_since": row.silent_since,
        "overruled": row.overruling or None,
    }
