"""How a backtest is told: lines for people, and the same as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.passages import mark_title, passages
from monitor.cli.output import cell, marked, moment
from monitor.flow.backtest import Comparison, Coverage, Difference, Period, Sample, Trial, overlap
from monitor.model.alerts import AlertContent
from monitor.model.rules import RuleName, RuleSpec, Updates

_NEIGHBOURS = 5
"""other rules that are named for their overlap"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a backtest came to."""

    period: Period
    coverage: Coverage
    trial: Trial
    comparison: Comparison | None
    names: tuple[RuleName, ...]
    """the rules that somebody asked about"""
    is_of_all: bool
    """that is all of them"""
    against: str
    """what they are compared with, as the command was given it"""
    words_kept: timedelta | None
    """for how long words are kept, as far as a configuration says"""
    samples: int

    @property
    def days(self) -> float:
        """How long the history is that the rules were tried on."""
        first, last = self.coverage.first_at, self.period.until or self.coverage.last_at
        return (last - first) / timedelta(days=1) if first and last else 0.0

    @property
    def added(self) -> tuple[RuleName, ...]:
        """Rules that the other side does not have."""
        old = self._old
        return tuple(name for name in self.names if old is not None and name not in old)

    @property
    def removed(self) -> tuple[RuleName, ...]:
        """Rules that only the other side has."""
        return tuple(name for name in self._old or () if self.is_of_all and name not in self.trial.yields)

    def gained(self, rule: RuleName) -> Difference | None:
        """What only the new rule of that name tells; None where nothing is compared."""
        return self.comparison.gained(rule, self.samples) if self.comparison and self._is_on_both_sides(rule) else None

    def lost(self, rule: RuleName) -> Difference | None:
        """What only the old rule of that name tells."""
        return self.comparison.lost(rule, self.samples) if self.comparison and self._is_on_both_sides(rule) else None

    @property
    def _old(self) -> tuple[RuleName, ...] | None:
        return tuple(self.comparison.old.yields) if self.comparison else None

    def _is_on_both_sides(self, rule: RuleName) -> bool:
        return rule in (self._old or ())


def told(report: Report) -> Iterator[str]:
    """The report in lines."""
    yield from _coverage(report)
    for name in report.names:
        yield ""
        yield from _rule(report, name)
    for name in report.removed:
        yield ""
        stories = len(report.comparison.old.yields[name].told) if report.comparison else 0
        yield f"{name}: only in {report.against}, where it alerts on {_stories(stories)}"


def _coverage(report: Report) -> Iterator[str]:
    coverage = report.coverage
    if coverage.first_at is None:
        yield f"nothing is stored from {moment(report.period.since)} to {moment(report.period.until)}"
        return
    yield (
        f"tried on {coverage.entries:,} entries and {coverage.revisions:,} revisions seen from "
        f"{moment(coverage.first_at)} to {moment(coverage.last_at)}, and on {coverage.baseline:,} of baselines"
    )
    if coverage.bare:
        older = f"older than {report.words_kept.days} d: " if report.words_kept else ""
        yield f"not tried on {coverage.bare:,} more: {older}words no longer kept"


def _rule(report: Report, name: RuleName) -> Iterator[str]:
    found = report.trial.yields[name]
    alerts = sum(found.alerts.values())
    yield (
        f"{name}: {len(found.entries):,} {'entry' if len(found.entries) == 1 else 'entries'} in "
        f"{_stories(len(found.stories))}, {alerts:,} {'alert' if alerts == 1 else 'alerts'}"
        f"{_pace(report, name)}; in baselines {found.baseline:,}"
    )
    if found.bursts:
        yield f"  bursts: {found.bursts:,}, which tell {found.burst_stories:,} stories in one message each"
    if follow_ups := _follow_ups(report.trial.ruleset.spec(name)):
        yield f"  not counted: {follow_ups}"
    if neighbours := overlap(report.trial, name, _NEIGHBOURS):
        yield f"  also alerted on by: {', '.join(f'{other} {share:.0%}' for other, share in neighbours)}"
    for sample in reversed(found.samples):
        yield f"  {_line(sample)}"
    yield from _differences(report, name)


def _follow_ups(rule: RuleSpec) -> str:
    """What a rule may say after its first alerts."""
    updates = ("updates",) if rule.updates is not Updates.OFF else ()
    spread = (f"spread to {rule.spread} publishers",) if rule.spread else ()
    return " and ".join((*updates, *spread))


def _pace(report: Report, name: RuleName) -> str:
    """How many alerts a day, and the worst day (UTC)."""
    alerts = report.trial.yields[name].alerts
    if not alerts:
        return ""
    day, most = max(alerts.items(), key=lambda one: (one[1], one[0]))
    return f" ({_per_day(report, name):.1f} a day, at most {most:,} on {day})"


def _per_day(report: Report, name: RuleName) -> float:
    # A history of an hour says nothing about a day that would be worth multiplying by 24.
    return sum(report.trial.yields[name].alerts.values()) / max(report.days, 1.0)


def _differences(report: Report, name: RuleName) -> Iterator[str]:
    gained, lost = report.gained(name), report.lost(name)
    if name in report.added:
        yield f"  not in {report.against}: new"
    if gained is None or lost is None:
        return
    if not gained.stories and not lost.stories:
        yield f"  against {report.against}: the same stories"
        return
    yield f"  against {report.against}: {_stories(gained.stories)} gained, {lost.stories:,} lost"
    yield from (f"    + {_line(sample)}" for sample in reversed(gained.samples))
    yield from (f"    - {_line(sample)}" for sample in reversed(lost.samples))


def _stories(number: int) -> str:
    return f"{number:,} {'story' if number == 1 else 'stories'}"


def _line(sample: Sample) -> str:
    outlets = " + ".join(sample.content.outlets) or "no outlet"
    return cell(f"{_minute(sample.seen_at)} {outlets}: {_headline(sample.content)}")


def _headline(content: AlertContent) -> str:
    """The title with its matches marked; behind it the first passage, where the title shows none of them."""
    title = mark_title(content)
    shown = marked(title) or "(no title)"
    if not any(piece.is_match for piece in title) and (found := passages(content)):
        shown += f" — {marked(found[0].pieces)}"
    return shown


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%MZ")


def facts(report: Report) -> dict[str, object]:
    """The report for programs."""
    coverage = report.coverage
    return {
        "since": report.period.since,
        "until": report.period.until,
        "entries": coverage.entries,
        "revisions": coverage.revisions,
        "baseline": coverage.baseline,
        "words_not_kept": coverage.bare,
        "first_at": coverage.first_at,
        "last_at": coverage.last_at,
        "rules": [_rule_facts(report, name) for name in report.names],
        "against": report.against or None,
        "new_rules": report.added,
        "removed_rules": report.removed,
    }


def _rule_facts(report: Report, name: RuleName) -> dict[str, object]:
    found = report.trial.yields[name]
    return {
        "rule": name,
        "entries": len(found.entries),
        "stories": len(found.stories),
        "alerts": sum(found.alerts.values()),
        "alerts_a_day": round(_per_day(report, name), 2),
        "alerts_by_day": {day.isoformat(): number for day, number in sorted(found.alerts.items())},
        "baseline": found.baseline,
        "bursts": found.bursts,
        "burst_stories": found.burst_stories,
        "overlap": [
            {"rule": other, "share": round(share, 4)} for other, share in overlap(report.trial, name, _NEIGHBOURS)
        ],
        "samples": _samples(tuple(found.samples)),
        "gained": _difference(report.gained(name)),
        "lost": _difference(report.lost(name)),
    }


def _difference(difference: Difference | None) -> dict[str, object] | None:
    if difference is None:
        return None
    return {"stories": difference.stories, "samples": _samples(difference.samples)}


def _samples(samples: Sequence[Sample]) -> list[dict[str, object]]:
    return [
        {
            "seen_at": sample.seen_at,
            "story": sample.story_key,
            "outlets": sample.content.outlets,
            "title": sample.content.title,
            "link": sample.content.link,
            "marked": _headline(sample.content),
            "evidence": sample.content.evidence,
        }
        for sample in reversed(samples)
    ]
