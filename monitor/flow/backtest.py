"""Rules tried on the past: what each would have found and told, had it been in force since then.

A rule is tried as a new one is: what matches for the first time alerts once for its story, text or entry, baselines
are silent, and a poll that brought very many entries tells those of a rule together. Tags, and languages that nobody
stated, are those that the configuration gives today; stories too are those of today, wherever somebody moved an entry.
Updates and spread are not tried: what every story had said before would have to be remembered. Memory grows with what
is found, never with what is read.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from monitor.alerts.burst import FLOOD
from monitor.alerts.plan import content
from monitor.flow.watch import FeedWatch, as_watched
from monitor.model.alerts import AlertContent
from monitor.model.past import Extent, PastRevision
from monitor.model.rules import Match, OncePer, RuleName, View
from monitor.ports import Annals
from monitor.rules.ruleset import Ruleset

STRETCH = 500
"""places read at once: between short transactions a daemon can fold up its log of writes"""
_MOST_CANDIDATES = 200  # samples kept of stories that one side told so far and the other did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when to when; `until` None: to the end, as it is at the beginning."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A story that a rule tells, as the alert would have it."""

    story: int
    """as `PastRevision` has it"""
    story_key: str
    seen_at: datetime
    content: AlertContent


@dataclass(slots=True, kw_only=True)
class Coverage:
    """What there was to try rules on."""

    entries: int = 0
    """new ones, baselines left out"""
    revisions: int = 0
    """changed words of entries"""
    baseline: int = 0
    """entries that stood in their feeds before these were watched"""
    bare: int = 0
    """entries and revisions of which only the title is kept: no rule was tried on them"""
    first_at: datetime | None = None
    last_at: datetime | None = None
    """of all these"""

    def count(self, one: PastRevision) -> None:
        """One more was read."""
        self.first_at = min(self.first_at or one.seen_at, one.seen_at)
        self.last_at = max(self.last_at or one.seen_at, one.seen_at)
        if not one.is_worded:
            self.bare += 1
        elif one.is_baseline:
            self.baseline += 1
        elif one.number == 1:
            self.entries += 1
        else:
            self.revisions += 1


@dataclass(slots=True, kw_only=True)
class Yield:
    """What one rule found and told."""

    entries: set[int] = field(default_factory=set)
    """that it matched in any revision, baselines left out"""
    stories: set[int] = field(default_factory=set)
    """that those belong to"""
    told: set[int] = field(default_factory=set)
    """stories that it alerted on"""
    once: set[int | str] = field(default_factory=set)
    """the texts or entries that it alerted on, of a rule that does so once for these"""
    baseline: int = 0
    """entries of baselines that it matched"""
    alerts: Counter[date] = field(default_factory=Counter)
    """messages a UTC day; a burst is one"""
    bursts: int = 0
    burst_stories: int = 0
    """told in bursts"""
    samples: deque[Sample] = field(default_factory=deque)
    """the last stories that it alerted on, oldest first"""


class Trial:
    """Rules that are tried, and what they yield; it takes revisions in the order in which they were stored."""

    def __init__(self, ruleset: Ruleset, feeds: Mapping[str, FeedWatch], *, samples: int) -> None:
        """Try these rules; keep so many samples of each."""
        self.ruleset = ruleset
        self.yields: dict[RuleName, Yield] = {name: Yield(samples=deque(maxlen=samples)) for name in ruleset.names}
        self._feeds = feeds
        self._poll: tuple[str, datetime] | None = None
        self._new = 0
        self._alerts: Counter[RuleName] = Counter()

    def take(self, one: PastRevision) -> tuple[tuple[RuleName, Sample], ...]:
        """What the rules tell of a revision; nothing that was told before, and nothing of a bare one."""
        self._turn_to((one.feed_url, one.seen_at))
        self._new += one.number == 1 and not one.is_baseline
        if not one.is_worded:
            return ()
        view = as_watched(one.view, self._feeds.get(one.feed_url))
        matches = self.ruleset.match(view, one.seen_at)
        if one.is_baseline:
            for match in matches:
                self.yields[match.rule].baseline += 1
            return ()
        before = self._rules_before(one, view) if matches else frozenset[RuleName]()
        return tuple((match.rule, sample) for match in matches if (sample := self._judged(one, view, match, before)))

    def finish(self) -> None:
        """There is no more."""
        self._turn_to(None)

    def _rules_before(self, one: PastRevision, view: View) -> frozenset[RuleName]:
        if one.previous is None:
            return frozenset()
        return frozenset(found.rule for found in self.ruleset.match(replace(view, text=one.previous), one.seen_at))

    def _judged(self, one: PastRevision, view: View, match: Match, before: frozenset[RuleName]) -> Sample | None:
        found = self.yields[match.rule]
        found.entries.add(one.entry)
        found.stories.add(one.story)
        if match.rule in before or self._is_told(one, found, self.ruleset.spec(match.rule).once_per):
            return None
        found.told.add(one.story)
        self._alerts[match.rule] += 1
        sample = Sample(
            story=one.story,
            story_key=one.story_key,
            seen_at=one.seen_at,
            content=content(match=match, view=view, now=one.seen_at),
        )
        found.samples.append(sample)
        return sample

    def _is_told(self, one: PastRevision, found: Yield, once_per: OncePer) -> bool:
        """Whether a rule alerted on this before; from now on it did."""
        if once_per is OncePer.STORY:
            return one.story in found.told
        once = one.text_key if once_per is OncePer.TEXT and one.text_key else one.entry
        is_told = once in found.once
        found.once.add(once)
        return is_told

    def _turn_to(self, poll: tuple[str, datetime] | None) -> None:
        """Count the alerts of the poll that is over, once all of it is known."""
        if poll == self._poll:
            return
        if self._poll is not None:
            day = self._poll[1].date()
            for rule, alerts in self._alerts.items():
                found = self.yields[rule]
                is_burst = self._new > FLOOD and alerts > 1
                found.alerts[day] += 1 if is_burst else alerts
                found.bursts += is_burst
                found.burst_stories += alerts if is_burst else 0
        self._poll = poll
        self._new = 0
        self._alerts.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Stories that one side of a comparison tells and the other does not, with a few samples."""

    stories: int = 0
    samples: tuple[Sample, ...] = ()


class Comparison:
    """Two trials side by side, rule by rule of the same name."""

    def __init__(self, new: Trial, old: Trial) -> None:
        """Compare what `new` and `old` tell."""
        self.new, self.old = new, old
        self._only: dict[tuple[RuleName, bool], dict[int, Sample]] = {}
        """samples of what one side told and the other has not told so far"""

    def note(self, told: Iterable[tuple[RuleName, Sample]], *, is_new: bool) -> None:
        """Remember samples of what one side told, and forget those that the other had told before."""
        other = (self.old if is_new else self.new).yields
        for rule, sample in told:
            if rule in other and sample.story in other[rule].told:
                self._only.get((rule, not is_new), {}).pop(sample.story, None)
                continue
            mine = self._only.setdefault((rule, is_new), {})
            mine[sample.story] = sample
            if len(mine) > _MOST_CANDIDATES:
                del mine[next(iter(mine))]

    def gained(self, rule: RuleName, samples: int) -> Difference:
        """What only the new rule tells."""
        return self._difference(rule, samples, is_new=True)

    def lost(self, rule: RuleName, samples: int) -> Difference:
        """What only the old rule tells."""
        return self._difference(rule, samples, is_new=False)

    def _difference(self, rule: RuleName, samples: int, *, is_new: bool) -> Difference:
        mine, other = (self.new, self.old) if is_new else (self.old, self.new)
        stories = len(mine.yields[rule].told - other.yields[rule].told)
        kept = tuple(self._only.get((rule, is_new), {}).values())
        return Difference(stories=stories, samples=kept[-samples:] if samples else ())


def overlap(trial: Trial, rule: RuleName, most: int) -> tuple[tuple[RuleName, float], ...]:
    """The rules that alert on most of this rule's stories, with the share of these, from 0 to 1."""
    told = trial.yields[rule].told
    shares = [
        (len(told & other.told) / len(told), name) for name, other in trial.yields.items() if told and name != rule
    ]
    ordered = sorted((one for one in shares if one[0]), key=lambda one: (-one[0], one[1]))
    return tuple((name, share) for share, name in ordered[:most])


async def backtest(
    annals: Annals,
    extent: Extent,
    period: Period,
    trial: Trial,
    *,
    comparison: Comparison | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Coverage:
    """Let the rules look at the past, stretch by stretch; `advance` hears how many places are done. Raises StoreError.

    What is stored behind `extent` meanwhile is left out.
    """
    coverage = Coverage()
    for first in range(extent.first, extent.last + 1, STRETCH):
        beyond = min(first + STRETCH, extent.last + 1)
        for one in await annals.revisions((first, beyond), period.since, period.until):
            _look(one, coverage, trial, comparison)
        advance(beyond - first)
    trial.finish()
    if comparison:
        comparison.old.finish()
    return coverage


def _look(one: PastRevision, coverage: Coverage, trial: Trial, comparison: Comparison | None) -> None:
    coverage.count(one)
    told = trial.take(one)
    if comparison:
        comparison.note(told, is_new=True)
        comparison.note(comparison.old.take(one), is_new=False)
