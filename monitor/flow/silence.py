"""Listen for what is not heard any more, once an hour: outlets, rules, and what feeds say of themselves."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.feed_alarms import Outlets, most_fail
from monitor.alerts.silence import MISSED_FOR, Heard, QuietRule, silence_alarms
from monitor.cadence.hearing import DAILY_WINDOW, LEAST_OF_OUTLET, LEAST_OF_RULE, hear_outlet, hear_rule
from monitor.flow.ourselves import awake, lately_read
from monitor.flow.sound import Ear, Sound
from monitor.flow.watch import Watch
from monitor.model.alerts import Alert
from monitor.model.holding import MuteKind
from monitor.model.polls import FeedState
from monitor.model.rules import RuleName
from monitor.model.silence import Heard as Matches
from monitor.model.silence import Silence
from monitor.model.troubles import Cause, Trouble
from monitor.ports import OutboxStore, SilenceStore, TroubleStore

EXPLAINED = 0.5
"""of the last matches of a rule: outlets that brought so many explain its silence"""
_FEEDS, _RULES = 200, 50  # that are asked for at once: what the store bears between two polls
_SLACK = timedelta(hours=6)  # between the last match of a rule and the last news of an outlet that fell silent with it


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePorts:
    """What listening needs of the world."""

    silence: SilenceStore
    troubles: TroubleStore
    outbox: OutboxStore


@dataclass(slots=True, kw_only=True)
class _Rules:
    """What was heard of rules."""

    last: dict[str, datetime] = field(default_factory=dict)
    """subject → last match"""
    silent: list[tuple[Matches, Silence]] = field(default_factory=list)

    @property
    def carriers(self) -> set[str]:
        """The outlets that the silent ones live by."""
        return {name for one, _ in self.silent for name in one.carriers}


async def listen(ports: SilencePorts, watch: Watch, now: datetime) -> tuple[Alert, ...]:
    """What there is to tell of silence now, written. Raises StoreError."""
    heard = await overhear(ports, watch, now, is_dry=False)
    alarms = silence_alarms(heard, now) if heard is not None else ()
    if alarms:
        await ports.outbox.settle((), (), "", alarms)
    return alarms


async def overhear(ports: SilencePorts, watch: Watch, now: datetime, *, is_dry: bool = True) -> Heard | None:
    """What listening comes to now; with `is_dry` it is noted nowhere that somebody did. Raises StoreError.

    None: most feeds fail. Then nobody listens, and nothing follows from silence.
    """
    health = await ports.troubles.feeds()
    outlets = {url: feed.outlets for url, feed in watch.feeds.items()}
    if most_fail(lately_read(awake(health, outlets, now), now)):
        return None
    ear = Ear(outlets=outlets, health=health, spans=await ports.silence.listen(now, is_dry=is_dry), now=now)
    sound = Sound(watch=watch, ear=ear, failing=frozenset(feed.url for feed in health.failing))
    async for feed in _quiet_feeds(ports.silence, now):
        if feed.url in outlets:
            sound.take(feed)
    known = await ports.troubles.known()
    rules = await _listened_to_rules(ports.silence, watch, ear)
    names = {name for url in sound.silent_urls() for name in outlets[url]}
    by_outlet = _urls_of(outlets, names | rules.carriers | {one.subject for one in known if one.cause is Cause.SILENT})
    silent = {name: silence for name in sorted(names) if (silence := hear_outlet(map(sound.hears, by_outlet[name])))}
    return Heard(
        silent=silent,
        rules=await _quiet_rules(ports.silence, rules, sound, by_outlet, silent, is_dry=is_dry),
        missed=tuple(sound.missed),
        moved=tuple(sound.moved),
        outlets=outlets,
        known=known,
        ended=dict(_ended(known, sound, by_outlet, rules.last)),
        muted=await ports.silence.muted(MuteKind.OUTLET, now),
        channels=watch.channels,
        hear=watch.hear_alarms,
    )


def subject_of(rule: RuleName, digest: str) -> str:
    """One that changes with the meaning of the rule: a changed rule begins anew."""
    return f"{rule} {digest}"


async def _quiet_feeds(store: SilenceStore, now: datetime) -> AsyncIterator[FeedState]:
    after = 0
    while True:
        portion = await store.feeds(after, now - LEAST_OF_OUTLET, now - MISSED_FOR, _FEEDS)
        for feed in portion.feeds:
            yield feed
        if portion.last is None:
            return
        after = portion.last


async def _listened_to_rules(store: SilenceStore, watch: Watch, ear: Ear) -> _Rules:
    """Of the rules in force that somebody wants to hear of."""
    muted = await store.muted(MuteKind.RULE, ear.now)
    wanted = [
        (rule.spec.name, rule.hash)
        for rule in watch.ruleset.rules
        if rule.spec.name not in muted and not (rule.spec.expires and rule.spec.expires <= ear.now)
    ]
    rules = _Rules()
    for begin in range(0, len(wanted), _RULES):
        portion = wanted[begin : begin + _RULES]
        for one in await store.heard(portion, ear.now - LEAST_OF_RULE, DAILY_WINDOW):
            rules.last[subject_of(one.rule, one.digest)] = one.moments[-1]
            if silence := hear_rule(one.moments, ear.spans, ear.now):
                rules.silent.append((one, silence))
    return rules


def _urls_of(outlets: Outlets, names: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The addresses of these outlets; of those that are not in the configuration none."""
    urls: dict[str, list[str]] = {name: [] for name in names}
    for url, of_url in outlets.items() if names else ():
        for name in of_url:
            if name in urls:
                urls[name].append(url)
    return urls


async def _quiet_rules(
    store: SilenceStore,
    rules: _Rules,
    sound: Sound,
    by_outlet: Mapping[str, Sequence[str]],
    silent: Collection[str],
    *,
    is_dry: bool,
) -> tuple[QuietRule, ...]:
    """Rules that are silent, with the outlets that explain it.

    While outlets that a rule lives by are hushed it has nothing to match; once they speak again it gets its whole time.
    """
    if not rules.silent:
        return ()
    hushed = {
        (one.rule, name)
        for one, silence in rules.silent
        for name in one.carriers
        if _is_hushed(name, silence.since, sound, by_outlet, silent)
    }
    # What was taken out, or renamed, brings nothing under its name for ever: that explains no silence.
    here = {name for _, name in hushed if by_outlet.get(name)}
    until = await store.hush(here, sound.ear.now, is_dry=is_dry)
    quiet: list[QuietRule] = []
    for one, silence in rules.silent:
        outlets = sorted(one.carriers, key=lambda name: (-one.carriers[name], name))
        rule = QuietRule(
            name=one.rule,
            subject=subject_of(one.rule, one.digest),
            silence=silence,
            outlets=tuple(outlets),
            hushed=tuple(name for name in outlets if (one.rule, name) in hushed),
        )
        if explains(here.intersection(rule.hushed), one):
            quiet.append(replace(rule, is_explained=True))
            continue
        back = [name for name in outlets if name in until and until[name] > silence.since]
        counts_from = max(until[name] for name in back) if explains(back, one) else None
        if hear_rule(one.moments, sound.ear.spans, sound.ear.now, counts_from=counts_from):
            quiet.append(rule)
    return tuple(quiet)


def explains(names: Collection[str], matches: Matches) -> bool:
    """Whether a rule lives by these outlets, as far as its last matches say."""
    weight = sum(matches.carriers.get(name, 0) for name in names)
    return weight > 0 and weight >= EXPLAINED * sum(matches.carriers.values())


def _is_hushed(
    name: str, since: datetime, sound: Sound, by_outlet: Mapping[str, Sequence[str]], silent: Collection[str]
) -> bool:
    """Whether nothing was to be heard from an outlet since a rule matched last, for whatever reason."""
    urls = by_outlet.get(name, ())
    if name in silent or not urls:
        return True
    if all(url in sound.failing or sound.ear.rests(url) for url in urls):
        return True
    last = sound.last_news(urls)
    return last is not None and last <= since + _SLACK


def _ended(
    known: Sequence[Trouble], sound: Sound, by_outlet: Mapping[str, Sequence[str]], last: Mapping[str, datetime]
) -> Iterator[tuple[str, str]]:
    """What was told of outlets and rules and is over, and how."""
    rules = {subject_of(rule.spec.name, rule.hash): rule.spec for rule in sound.watch.ruleset.rules}
    for one in known:
        if one.cause is Cause.SILENT:
            urls = by_outlet.get(one.subject, ())
            if not urls:
                yield one.subject, "it is not in the configuration any more"
            elif any(sound.has_news(url, one.since) for url in urls):
                yield one.subject, "it brings something new again"
        elif one.cause is Cause.UNMATCHED:
            spec = rules.get(one.subject)
            if spec is None:
                yield one.subject, "it was changed or taken out"
            elif spec.expires and spec.expires <= sound.ear.now:
                yield one.subject, "it has expired"
            elif (at := last.get(one.subject)) is not None and at > one.since:
                yield one.subject, "it matches again"
