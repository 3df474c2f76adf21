"""An inquest into one sighting: what each rule said of it then and says today, and why a match raised no alert."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.flow.watch import Watch, as_watched
from monitor.model.rules import Match, RuleName, View
from monitor.model.views import History, Sighting
from monitor.rules.explain import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFinding:
    """One state of an entry's words: what matched when it was seen, and today's verdict of every other rule."""

    number: int
    seen_at: datetime
    title: str
    matches: tuple[Match, ...]
    verdicts: tuple[tuple[RuleName, Verdict], ...]
    is_bare: bool = False
    """only its title is still kept, so that no rule can be tried on it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A rule that matched and raised no alert."""

    rule: RuleName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All verdicts on one sighting."""

    sighting: Sighting
    revisions: tuple[RevisionFinding, ...]
    quiet: tuple[Quiet, ...]


def find_out(sighting: Sighting, history: History, watch: Watch | None) -> Finding:
    """The verdicts on a sighting; without `watch` (no configuration) those of the time only."""
    revisions = tuple(
        RevisionFinding(
            number=number,
            seen_at=seen_at,
            title=view.text.title,
            matches=_matches(sighting, number),
            verdicts=tuple(_verdicts(sighting, number, view, watch)) if watch and number not in sighting.bare else (),
            is_bare=number in sighting.bare,
        )
        for number, seen_at, view in sighting.revisions
    )
    return Finding(sighting=sighting, revisions=revisions, quiet=tuple(_quiet(sighting, history)))


def _matches(sighting: Sighting, revision: int) -> tuple[Match, ...]:
    return tuple(match for number, match in sighting.matches if number == revision)


def _verdicts(sighting: Sighting, number: int, view: View, watch: Watch) -> Iterator[tuple[RuleName, Verdict]]:
    """Today's verdict of each rule that did not match then: what matched needs no explanation."""
    matched = {match.rule for match in _matches(sighting, number)}
    now = datetime.now(UTC)
    view = as_watched(view, watch.feeds.get(sighting.feed_url))
    for rule in watch.ruleset.names:
        if rule not in matched:
            yield rule, watch.ruleset.verdict(rule, view, now)


def _quiet(sighting: Sighting, history: History) -> Iterator[Quiet]:
    alerted = {row.alert.content.rule: row.alert for row in history.alerts}
    # The first revision that matched is the one that could have raised the alert.
    first_match = {match.rule: number for number, match in reversed(sighting.matches)}
    for rule, number in sorted(first_match.items()):
        alert = alerted.get(rule)
        if alert is not None and alert.content.link == _link(sighting, number):
            continue
        if sighting.is_baseline and number == 1:
            reason = "it matched in a baseline, and what was there before alerts nobody"
        elif alert is None:
            reason = "it matched, but its alert is not kept any more"
        else:
            reason = f"a rule alerts once for a story, and this one did with alert {alert.public_id}"
        yield Quiet(rule=rule, reason=reason)


def _link(sighting: Sighting, number: int) -> str:
    return next((view.link for revision, _, view in sighting.revisions if revision == number), "")
