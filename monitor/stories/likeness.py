"""How likely it is that an entry tells a story."""

from collections.abc import Collection
from dataclasses import dataclass
from math import exp

from monitor.stories.evidence import Evidence, evidence
from monitor.stories.outline import Sketch
from monitor.stories.profile import Profile

SAME_STORY = 0.25
"""from here on it tells the same story"""
RELATED = 0.12
"""from here on it may be shown as related"""
LEAST_COSINE = 0.08
"""rough cosine of leads below which a comparison is not worth its time"""
SAME_TEXT = 0.20
"""share of the shorter text's runs of five words that stand in the other one as well"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The verdict of one comparison."""

    score: float
    """0 to 1: how likely it is that both tell the same story"""
    is_same_text: bool
    evidence: Evidence

    @property
    def reason(self) -> str:
        """One line for whoever asks why."""
        seen = self.evidence
        told = [f"wording {seen.words:.2f}"]
        if seen.names:
            told.append(f"names {seen.names:.2f}")
        facts = (
            (seen.phrases, f"{seen.phrases:.0%} of the shorter text"),
            (seen.numbers or seen.text_numbers, "numbers agree"),
            (seen.other_numbers, "other numbers"),
            (seen.days, "dates agree"),
            (seen.other_days, "other dates"),
            (seen.other_years, "other years"),
            (seen.other_weekdays, "other weekdays"),
        )
        return ", ".join(told + [words for holds, words in facts if holds])


def compare(sketch: Sketch, profile: Profile, boilerplate: Collection[int] = frozenset()) -> Likeness:
    """How likely it is that the entry tells the story; `boilerplate` are runs of words that say nothing of a text."""
    seen = evidence(sketch.view, profile.sums, boilerplate)
    if sketch.view.is_bare or profile.sums.is_bare:
        total = _BARE_BIAS + sum([weight * figure for weight, figure in zip(_BARE_WEIGHTS, seen, strict=True)])
    else:
        total = _BIAS + sum([weight * figure for weight, figure in zip(_WEIGHTS, seen, strict=True)])
    return Likeness(score=1 / (1 + exp(-total)), is_same_text=seen.phrases >= SAME_TEXT, evidence=seen)


_BIAS = -1.69
_WEIGHTS = Evidence(
    words=2.01,
    text=1.92,
    names=1.72,
    core=1.26,
    known=1.07,
    strange=-0.13,
    missing=-0.15,
    strange_subject=-0.26,
    missing_subject=-0.09,
    numbers=0.87,
    other_numbers=-0.57,
    text_numbers=1.14,
    days=1.41,
    other_days=0.0,
    years=0.85,
    other_years=-1.26,
    other_weekdays=-0.75,
    phrases=6.41,
    size=-0.99,
)

_BARE_BIAS = -8.0
_BARE_WEIGHTS = Evidence(*[0.0] * len(Evidence._fields))._replace(
    words=12.0, other_numbers=-0.5, numbers=0.5, strange=-0.5
)
