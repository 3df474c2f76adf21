"""An inquest into one sighting: what each rule said of it then and says today, and why a match raised no alert."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from monitor.flow.watch import Watch, as_watched
from monitor.model.alerts import Alert, AlertKind
from monitor.model.rules import Match, OncePer, RuleName, Updates, View
from monitor.model.stories import Level
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
    quiet = (*_quiet_in_baseline(sighting, revisions), *_quiet(sighting, history, watch))
    return Finding(sighting=sighting, revisions=revisions, quiet=quiet)


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


def _quiet_in_baseline(sighting: Sighting, revisions: Sequence[RevisionFinding]) -> Iterator[Quiet]:
    """The rules that would have alerted, had the entry not been there before: none was tried on it then."""
    for revision in revisions[:1] if sighting.is_baseline else ():
        for rule, verdict in revision.verdicts:
            if verdict.matched:
                yield Quiet(rule=rule, reason=_IN_BASELINE)


def _quiet(sighting: Sighting, history: History, watch: Watch | None) -> Iterator[Quiet]:
    # The first revision that matched is the one that could have raised the alert.
    first_match = {match.rule: number for number, match in reversed(sighting.matches)}
    for rule, number in sorted(first_match.items()):
        alerts = [row.alert for row in history.alerts if row.alert.content.rule == rule]
        link = _link(sighting, number)
        if any(alert.content.link == link for alert in alerts if alert.kind in _TOLD):
            continue
        first = next((alert for alert in alerts if alert.kind is AlertKind.FIRST), None)
        if sighting.is_baseline and (number == 1 or first is None):
            reason = _IN_BASELINE
        elif first is None:
            reason = "it matched, but its alert is not kept any more"
        else:
            reason = "; ".join(_silenced(sighting, rule, first, watch))
        yield Quiet(rule=rule, reason=reason)


def _silenced(sighting: Sighting, rule: RuleName, first: Alert, watch: Watch | None) -> Iterator[str]:
    """Why a rule that alerted on the story before said no more here."""
    spec = watch.ruleset.spec(rule) if watch and rule in watch.ruleset.numbers else None
    once = spec.once_per if spec else OncePer.STORY
    outlets = " + ".join(first.content.outlets[:1]) or "no outlet"
    yield (
        f"a rule alerts once for {_ONCE[once]}, and this one did with alert {first.public_id} "
        f"at {first.at:%Y-%m-%d %H:%M} UTC, by what stood in {outlets}"
    )
    if sighting.level == Level.NEW:
        yield "this entry founded the story"
    else:
        score = "" if sighting.score is None else f" ({sighting.score:.2f})"
        yield f"this entry was given to the story, for {sighting.reason}{score}"
    if spec:
        yield _UPDATES[spec.updates]


def _link(sighting: Sighting, number: int) -> str:
    return next((view.link for revision, _, view in sighting.revisions if revision == number), "")


_IN_BASELINE = "it stood in a baseline, and what was there before alerts nobody"
_TOLD = frozenset({AlertKind.FIRST, AlertKind.UPDATE, AlertKind.SPREAD})
_ONCE = {OncePer.STORY: "a story", OncePer.TEXT: "a text", OncePer.ENTRY: "an entry"}
_UPDATES = {
    Updates.OFF: "its updates are off",
    Updates.THREAD: "updates tell what changed in the news, and these words changed nothing that counts",
}
