"""Examine a configuration: load it, compile its rules, check its channels, and list every mistake at its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerts.wording import Wording
from monitor.app.hearing import route_notes
from monitor.app.publishers import publisher_and_names
from monitor.app.wordings import wordings
from monitor.cadence.interval import Pace
from monitor.cadence.paces import pace_of, shorter
from monitor.channels.kinds import OptionMistake, build, outshone
from monitor.config.document import Document
from monitor.config.load import Loaded, load
from monitor.entities.roster import Roster, build_roster
from monitor.entities.twins import said_of_twin
from monitor.errors import ConfigurationError
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.settings import Access, Mistake, Settings
from monitor.ports import Channel
from monitor.rules.ruleset import RuleMistake, Ruleset, compile_ruleset
from monitor.system.languages import lemmas


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A configuration without mistakes, ready to be lived in."""

    settings: Settings
    roster: Roster
    watch: Watch
    channels: Mapping[str, Channel]
    files: tuple[Path, ...]
    accesses: Mapping[str, Access] = field(default_factory=dict, repr=False)
    """what feeds are asked with, by URL; of those that say something"""
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    """the templates of channels that have some"""
    notes: tuple[Mistake, ...] = ()
    """what is allowed and may not be meant, in the order of the files"""


def examine(
    path: Path, environment: Mapping[str, str], instead: Mapping[Path, Document] | None = None
) -> Plan | tuple[Mistake, ...]:
    """The plan, or all mistakes in the order of the files; `instead` as `load` takes it."""
    loaded = load(path, environment, instead)
    settings = loaded.settings
    if settings is None:
        return loaded.mistakes
    mistakes = list(loaded.mistakes)
    roster = build_roster(settings.entities)
    mistakes += _entity_mistakes(roster, loaded)
    ruleset = compile_ruleset(settings.rules, roster, lemmas=lemmas())
    channels: dict[str, Channel] = {}
    for place, spec in enumerate(settings.channels):
        built = build(spec)
        if isinstance(built, tuple):
            mistakes += _option_mistakes(built, place, loaded)
        else:
            channels[spec.name] = built
    words = wordings(settings.channels, loaded)
    mistakes += words.mistakes
    if not isinstance(ruleset, Ruleset):
        # A name that is used twice was found by the loader already: one mistake is told once.
        told = {(mistake.mark, mistake.path) for mistake in mistakes}
        of_rules = (one for one in rule_mistakes(ruleset, loaded) if (one.mark, one.path) not in told)
        return tuple(sorted([*mistakes, *of_rules]))
    if mistakes:
        return tuple(sorted(mistakes))
    feeds, publishers = _watched(settings)
    watch = Watch(
        feeds=feeds,
        ruleset=ruleset,
        channels=tuple(channels),
        alarms=settings.alarms,
        publishers=publishers,
        routes=settings.routes,
    )
    return Plan(
        settings=settings,
        roster=roster,
        watch=watch,
        channels=channels,
        files=loaded.files,
        accesses=_accesses(settings),
        wordings=words.by_channel,
        notes=_notes(settings, roster, watch, loaded),
    )


def examined(path: Path, environment: Mapping[str, str]) -> Plan:
    """The plan. Raises ConfigurationError with every mistake."""
    plan = examine(path, environment)
    if isinstance(plan, Plan):
        return plan
    raise ConfigurationError(tuple(str(mistake) for mistake in plan))


def lasting(plan: Plan) -> Plan:
    """The plan for days of polling: without the outlets, of which `watch` has all that is needed, in less room."""
    return replace(plan, settings=replace(plan.settings, outlets=()))


def rule_mistakes(mistakes: Iterable[RuleMistake], loaded: Loaded) -> Iterable[Mistake]:
    """The mistakes of rules, each at its place in the files."""
    for one in mistakes:
        part = (int(key) if key.isdigit() else key for key in one.part.split("."))
        yield loaded.mistake(("rules", one.rule_index, *part), one.what, column=one.column)


def _watched(settings: Settings) -> tuple[dict[str, FeedWatch], dict[str, str]]:
    """Feeds by URL, and the publishers of outlets; a feed that several name is polled once, at the shortest pace."""
    feeds: dict[str, FeedWatch] = {}
    publishers: dict[str, str] = {}
    # Few are different, and a hundred thousand feeds share them.
    paces: dict[tuple[timedelta | None, bool | None], Pace] = {}
    for read in settings.outlets:
        outlet = replace(read, name=_afresh(read.name), publisher=_afresh(read.publisher))
        publishers[outlet.name], names = publisher_and_names(outlet)
        outlets = (outlet.name,)
        for feed in outlet.feeds:
            wish = (feed.every, feed.heed_ttl)
            if (pace := paces.get(wish)) is None:
                pace = paces[wish] = pace_of(settings.polling, feed)
            one = FeedWatch(
                url=_afresh(feed.url),
                outlets=outlets,
                tags=outlet.tags,
                language=outlet.language,
                pace=pace,
                names=outlets if names == outlets else names,
            )
            before = feeds.get(one.url)
            feeds[one.url] = one if before is None else _both(before, one)
    return feeds, publishers


def _accesses(settings: Settings) -> dict[str, Access]:
    plain = Access()
    feeds = (feed for outlet in settings.outlets for feed in outlet.feeds)
    return {feed.url: feed.access for feed in feeds if feed.access != plain}


def _afresh(text: str) -> str:
    """A copy, made where what stays is made, while all that was read is still there.

    The text itself lies among that, and every page on which one lies would stay with it: of ten thousand outlets 20 MB.
    """
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")


def _both(one: FeedWatch, other: FeedWatch) -> FeedWatch:
    return FeedWatch(
        url=one.url,
        outlets=tuple(dict.fromkeys((*one.outlets, *other.outlets))),
        tags=tuple(dict.fromkeys((*one.tags, *other.tags))),
        language=one.language or other.language,
        pace=shorter(one.pace, other.pace),
        names=tuple(dict.fromkeys((*one.names, *other.names))),
    )


def _entity_mistakes(roster: Roster, loaded: Loaded) -> Iterable[Mistake]:
    return (loaded.mistake(("entities", problem.index, *problem.key), problem.what) for problem in roster.problems)


def _notes(settings: Settings, roster: Roster, watch: Watch, loaded: Loaded) -> tuple[Mistake, ...]:
    """Notes on rules (also expired, or waiting for too many outlets), entities and kinds declared twice, routes."""
    ruleset = watch.ruleset
    notes = [
        loaded.mistake(("rules", note.rule_index, note.part), note.what, column=note.column) for note in ruleset.notes
    ]
    now, publishers = datetime.now(UTC), len(set(watch.publishers.values()))
    for place, rule in enumerate(ruleset.rules):
        if rule.spec.expires and rule.spec.expires <= now:
            notes.append(loaded.mistake(("rules", place, "expires"), "this rule has expired and matches nothing"))
        if rule.spec.spread > publishers:
            what = (
                f"never reached: the outlets here have {publishers} {'publisher' if publishers == 1 else 'publishers'}"
            )
            notes.append(loaded.mistake(("rules", place, "spread"), what))
    for place, spec in enumerate(settings.entities):
        if spec.id in roster.twins:
            notes.append(loaded.mistake(("entities", place, "name"), said_of_twin(roster.twins[spec.id])))
    outshining = outshone(settings.channels)
    for place, channel in enumerate(settings.channels):
        if channel.kind in outshining:
            what = f"tocsin's own kind is used, not that of the package {outshining[channel.kind]}"
            notes.append(loaded.mistake(("channels", place, "kind"), what))
    return tuple(sorted((*notes, *route_notes(settings, loaded))))


def _option_mistakes(mistakes: Iterable[OptionMistake], index: int, loaded: Loaded) -> Iterable[Mistake]:
    for one in mistakes:
        # Only the first dot parts: a header may have dots in its name.
        place = ("channels", index, *(one.option.split(".", 1) if one.option else ()))
        yield loaded.mistake(place, one.what, is_key=one.is_key)
