"""An inquest into silence: whether that of an outlet or a rule is usual, and how far anybody was listening meanwhile.

It is judged by what raises the alarms (`flow.silence`), so that nobody is told one thing and shown another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.alerts.silence import Heard, QuietRule
from monitor.cadence.hearing import DAILY_WINDOW, OLD_ENOUGH, is_daily, listened
from monitor.cadence.outlook import outlet_outlook, rule_outlook
from monitor.cadence.pauses import resting
from monitor.flow.silence import SilencePorts, explains, overhear, subject_of
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.holding import MuteKind
from monitor.model.polls import FeedState
from monitor.model.silence import Foreseen, Span
from monitor.model.silence import Heard as Matches
from monitor.model.troubles import Cause, Trouble
from monitor.model.views import FeedRow
from monitor.ports import FeedDesk
from monitor.rules.ruleset import Rule

_SHORT = "it has not lasted longer than it may"


class Standing(StrEnum):
    """What a silence is worth."""

    USUAL = "usual"
    """it has not lasted too long"""
    SUSPICIOUS = "suspicious"
    """it has lasted for too long, and nothing explains it"""
    EXPLAINED = "explained"
    """a rule's, by outlets of which nothing is heard: these are told"""
    UNHEARD = "unheard"
    """nothing could be heard: it says nothing of the news"""
    UNJUDGED = "unjudged"
    """too little is known to say, or nobody wants to hear of it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stillness:
    """What is known of a silence."""

    standing: Standing
    reason: str
    """one line, without a name"""
    last_at: datetime | None = None
    """the last news of an outlet, or the last match of a rule"""
    usual: timedelta | None = None
    """the longest that such a silence usually is"""
    alarm_at: datetime | None = None
    """from when on it is told at the earliest, should it last; None: never"""
    told: Trouble | None = None
    """that it was told, and is not over"""
    unheard: timedelta = timedelta(0)
    """of the time since then, how long nobody listened: tocsin did not run, or most feeds failed"""
    outlets: tuple[str, ...] = ()
    """of a rule, those that it used to match in, the most important first; else all that it looks at"""
    rows: tuple[FeedRow, ...] = ()
    """the feeds of the outlet, or those that the rule looks at"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What an inquest asks. Nothing is written."""

    ports: SilencePorts
    feeds: FeedDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of some feeds, and who listened when."""

    heard: Heard | None
    spans: Sequence[Span]
    told: Sequence[Trouble]
    rows: tuple[FeedRow, ...]
    now: datetime

    @property
    def hearable(self) -> list[FeedState]:
        """Those that neither rest nor are gone."""
        return [
            row.state
            for row in self.rows
            if not row.state.is_gone and not resting(row.state.url, row.outlets, row.pauses, self.now)
        ]

    def unheard(self, since: datetime | None) -> timedelta:
        return timedelta(0) if since is None else self.now - since - listened(self.spans, since, self.now)

    def trouble(self, cause: Cause, subject: str) -> Trouble | None:
        return next((one for one in self.told if (one.cause, one.subject) == (cause, subject)), None)

    def deafness(self) -> str:
        """Why nothing can be heard at all; empty: something can."""
        if not self.rows:
            return "the daemon does not know its feeds yet, or was not started"
        if self.heard is None:
            return "most feeds fail, which is at our side: nobody listens meanwhile"
        if not any(feed.last_success_at and not feed.failures for feed in self.hearable):
            return "its feeds fail, rest, are gone, or were never read"
        return ""


async def of_outlet(sources: Sources, watch: Watch, name: str, now: datetime) -> Stillness:
    """What the silence of an outlet of the configuration is worth. Raises StoreError."""
    urls = [url for url, feed in watch.feeds.items() if name in feed.outlets]
    known = await _known(sources, replace(watch, ruleset=replace(watch.ruleset, rules=())), urls, now)
    last_at = max((row.state.rhythm.last_new_at for row in known.rows if row.state.rhythm.last_new_at), default=None)
    silence = known.heard.silent.get(name) if known.heard else None
    foreseen = outlet_outlook(known.hearable, known.spans, now)
    is_muted = name in await sources.ports.silence.muted(MuteKind.OUTLET, now)
    standing, reason = _of_outlet(known, foreseen, is_silent=silence is not None, is_muted=is_muted)
    return Stillness(
        standing=standing,
        reason=reason,
        last_at=last_at,
        usual=silence.usual if silence else foreseen.silence.usual if foreseen else None,
        alarm_at=foreseen.at if foreseen and not is_muted and standing is not Standing.UNHEARD else None,
        told=known.trouble(Cause.SILENT, name),
        unheard=known.unheard(last_at),
        rows=known.rows,
    )


def _of_outlet(known: _Known, foreseen: Foreseen | None, *, is_silent: bool, is_muted: bool) -> tuple[Standing, str]:
    if is_muted:
        return Standing.UNJUDGED, "somebody muted it: nobody is told of its news, nor of its silence"
    if deaf := known.deafness():
        return Standing.UNHEARD, deaf
    if is_silent:
        return Standing.SUSPICIOUS, "it answers, but has brought nothing new for much longer than is usual"
    begun = [feed.baseline_at for feed in known.hearable if feed.baseline_at]
    if begun and known.now - max(begun) < OLD_ENOUGH:
        since = max(begun)
        return Standing.UNJUDGED, f"not all of its feeds have been watched for two weeks: since {since:%Y-%m-%d} only"
    if foreseen is None:
        return Standing.UNJUDGED, "it brings news too rarely for its silence to say anything"
    return Standing.USUAL, _SHORT


async def of_rule(sources: Sources, watch: Watch, rule: Rule, now: datetime) -> Stillness:
    """What the silence of a rule of the configuration is worth. Raises StoreError."""
    name = rule.spec.name
    urls = [url for url, feed in watch.feeds.items() if _is_for(rule, feed)]
    known = await _known(sources, replace(watch, ruleset=replace(watch.ruleset, rules=(rule,))), urls, now)
    silence = sources.ports.silence
    matches = next(iter(await silence.heard([(name, rule.hash)], now, DAILY_WINDOW)), None)
    quiet = next(iter(known.heard.rules), None) if known.heard else None
    is_muted = name in await silence.muted(MuteKind.RULE, now)
    foreseen = _rule_foreseen(matches, await silence.hush((), now, is_dry=True), known)
    standing, reason = _of_rule(rule, matches, quiet, known, is_muted=is_muted)
    is_judged = standing in {Standing.USUAL, Standing.SUSPICIOUS}
    carriers = sorted(matches.carriers, key=lambda one: (-matches.carriers[one], one)) if matches else []
    return Stillness(
        standing=standing,
        reason=reason,
        last_at=matches.moments[-1] if matches else None,
        usual=quiet.silence.usual if quiet else foreseen.silence.usual if foreseen else None,
        alarm_at=foreseen.at if foreseen and is_judged else None,
        told=known.trouble(Cause.UNMATCHED, subject_of(name, rule.hash)),
        unheard=known.unheard(matches.moments[-1] if matches else None),
        outlets=tuple(carriers) or tuple(dict.fromkeys(one for url in urls for one in watch.feeds[url].outlets)),
        rows=known.rows,
    )


def _of_rule(
    rule: Rule, matches: Matches | None, quiet: QuietRule | None, known: _Known, *, is_muted: bool
) -> tuple[Standing, str]:
    if unwanted := _unwanted(rule, known.now, is_muted=is_muted):
        return Standing.UNJUDGED, unwanted
    if deaf := known.deafness():
        return Standing.UNHEARD, deaf
    if quiet is not None and quiet.is_explained:
        return Standing.EXPLAINED, f"nothing was heard since from where it used to match: {', '.join(quiet.hushed)}"
    if quiet is not None:
        return Standing.SUSPICIOUS, "it used to match daily, and has matched nothing for much longer than is usual"
    if unknown := _unknown(matches):
        return Standing.UNJUDGED, unknown
    return Standing.USUAL, _SHORT


def _unwanted(rule: Rule, now: datetime, *, is_muted: bool) -> str:
    """Why nobody waits for its matches; empty: somebody does."""
    expires = rule.spec.expires
    if expires and expires <= now:
        return f"it expired on {expires:%Y-%m-%d %H:%M} UTC and matches nothing any more"
    return "somebody muted it: nobody is told of its matches, nor of its silence" if is_muted else ""


def _unknown(matches: Matches | None) -> str:
    """Why it is not known what is usual for a rule; empty: it is."""
    if matches is None:
        return "nothing has matched it yet as it stands now: what is usual for it is not known"
    if is_daily(matches.moments):
        return ""
    days = len({moment.date() for moment in matches.moments if matches.moments[-1] - moment <= DAILY_WINDOW})
    often = f"on {days} of the {DAILY_WINDOW.days} days up to its last match"
    return f"it matched {often}: only of a rule that matches daily silence says anything"


def _rule_foreseen(matches: Matches | None, hushed: Mapping[str, datetime], known: _Known) -> Foreseen | None:
    if matches is None or not is_daily(matches.moments):
        return None
    back = [name for name in matches.carriers if name in hushed and hushed[name] > matches.moments[-1]]
    counts_from = max(hushed[name] for name in back) if explains(back, matches) else None
    return rule_outlook(matches.moments, known.spans, known.now, counts_from=counts_from)


async def _known(sources: Sources, watch: Watch, urls: Sequence[str], now: datetime) -> _Known:
    return _Known(
        heard=await overhear(sources.ports, watch, now),
        spans=await sources.ports.silence.listen(now, is_dry=True),
        told=await sources.ports.troubles.known(),
        rows=await sources.feeds.look(urls),
        now=now,
    )


def _is_for(rule: Rule, feed: FeedWatch) -> bool:
    """Whether a rule looks at what this feed brings; languages are those of entries."""
    spec = rule.spec
    if spec.outlets and set(spec.outlets).isdisjoint(feed.outlets):
        return False
    return not spec.tags or not set(spec.tags).isdisjoint(feed.tags)
