"""`tocsin outlets list`, `import` and `export`."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from monitor.app.opml import PassedOver, additions, subscriptions
from monitor.app.publishers import publisher_of
from monitor.cadence.pauses import in_force, resting
from monitor.cli.options import ANYWHERE, Json, Places, look
from monitor.cli.output import moment, say, show_json, show_rows, warn
from monitor.cli.progress import working
from monitor.cli.resting import pause_facts, pause_words
from monitor.config.duration import spell
from monitor.config.find import find_configuration
from monitor.config.load import Loaded, load
from monitor.errors import ConfigurationError, InputUnreadable, StoreMissing
from monitor.model.polls import FeedState, Pause, PauseKind
from monitor.model.settings import FeedSpec, Mistake, OutletSpec, Settings
from monitor.model.troubles import Cause
from monitor.model.views import Status
from monitor.system.lock import daemon_at_work
from monitor.system.redaction import Redact, redactor

_DATA = 65
_MOST_COMPLAINTS = 20


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
    loaded = _to_be_extended(places, may_be_missing=only_print)
    found = additions(listed, loaded.settings.outlets if loaded and loaded.settings else ())
    _complain(file, [one for one in found.passed_over if one.is_broken])
    _complain(file, [one for one in found.passed_over if not one.is_broken])
    told = f"{len(found.outlets)} outlets with {sum(len(one.feeds) for one in found.outlets)} feeds"
    passed = f"{len(found.passed_over)} outlines passed over"
    if only_print or loaded is None:
        if found.outlets:
            say(outlets_document(found.outlets).removesuffix("\n"))
        warn(f"{told} to add, {passed}")
    elif found.outlets:
        target = _last_file(loaded)
        with working(f"writing {target}"):
            add_outlets(target, found.outlets)
        say(f"{told} added to {target}, {passed}")
        _hint(places)
    else:
        say(f"nothing to add, {passed}")
    return _DATA if any(one.is_broken for one in found.passed_over) else 0


def _settled(places: Places) -> Settings:
    """The configuration, which must have no mistakes."""
    loaded = load(places.find_config(), os.environ)
    if loaded.settings is None or loaded.mistakes:
        raise ConfigurationError(tuple(map(str, loaded.mistakes)))
    return loaded.settings


def _to_be_extended(places: Places, *, may_be_missing: bool) -> Loaded | None:
    """The configuration, without mistakes but for that it has no outlets yet. Raises ConfigurationError."""
    if may_be_missing and isinstance(find_configuration(places.config, os.environ), Mistake):
        return None
    loaded = load(places.find_config(), os.environ)
    wrong = [str(one) for one in loaded.mistakes if one.path != "outlets"]
    if wrong or loaded.settings is None:
        raise ConfigurationError(tuple(wrong or map(str, loaded.mistakes)))
    return loaded


def _last_file(loaded: Loaded) -> Path:
    """The file that the last outlet stands in; without any, the main one."""
    count = len(loaded.settings.outlets) if loaded.settings else 0
    return Path(loaded.locate(("outlets", count - 1)).file) if count else loaded.files[0]


def _content(file: Path) -> bytes:
    from monitor.feeds.opml import LARGEST

    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read {file}: {getattr(error, 'strerror', error)}"
        raise InputUnreadable(message) from error


def _complain(file: Path, passed_over: Sequence[PassedOver]) -> None:
    for one in passed_over[:_MOST_COMPLAINTS]:
        warn(f"{file}:{one.line}: {one.name}: {one.what}")
    if len(passed_over) > _MOST_COMPLAINTS:
        warn(f"{file}: and {len(passed_over) - _MOST_COMPLAINTS} more like these")


def _hint(places: Places) -> None:
    process = daemon_at_work(places.find_state())
    if process is not None:
        say(f"a daemon is at work: tell it with kill -HUP {process or 'PROCESS'}, or systemctl reload tocsin")


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
    silent = {one.subject: one.since for one in status.troubles if one.cause is Cause.SILENT} if status else {}
    for outlet in settings.outlets:
        for feed in outlet.feeds:
            own = standing.get((PauseKind.FEED, feed.url)) or standing.get((PauseKind.OUTLET, outlet.name))
            rests = resting(feed.url, names.get(feed.url, ()), pauses, datetime.now(UTC)) is not None
            yield _Row(
                outlet=outlet,
                feed=feed,
                state=states.get(feed.url),
                pause=own,
                is_resting=rests,
                silent_since=silent.get(outlet.name),
            )


def _health(row: _Row, redact: Redact) -> str:
    if row.pause is None:
        words = _state_words(row.state, redact)
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
    return "well"


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
    }
