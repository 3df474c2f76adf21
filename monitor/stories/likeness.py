"""How likely it is that an entry tells a story.

Two calibrations: one for texts, one for where the entry or the whole story is bare headlines. Both weigh evidence by
constants that were learned from articles whose stories are known, dense with look-alikes of one topic, and from entries
of one outlet, which are different news as a rule (`tests/benchmarks/likeness_learning.py` learns them again). A false
merge hides news, a miss costs one more alert: so the constants are set that a half speaks for more than an even chance.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import exp

from monitor.stories.contraries import is_contrary
from monitor.stories.evidence import Evidence, Headlines, brevity, containment, evidence, headlines
from monitor.stories.outline import Sketch
from monitor.stories.profile import Profile

SAME_STORY = 0.5
"""from here on it tells the same story"""
RELATED = 0.3
"""from here on it may be shown as related, and is never suppressed"""
LEAST_COSINE = 0.08
"""cosine of leads with the nearest entry of a story below which a comparison is not worth its time"""
BRIEF = -1.5
"""what a lead of ten words or less counts against the chance, as logarithm of the odds; learned constants are those of
longer ones. Of 1,131 entries of captured documents, which are different news as a rule, it leaves 65 together of 112"""
SAME_TEXT = 0.20
"""share of the shorter text's runs of five words that stand in the other one as well"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The verdict of one comparison."""

    score: float
    """0 to 1"""
    is_same_text: bool
    evidence: Evidence | Headlines
    is_contrary: bool = False
    """the headlines say the opposite of one another"""

    @property
    def reason(self) -> str:
        """One line for whoever asks why."""
        seen = self.evidence
        told = [f"{'headlines' if isinstance(seen, Headlines) else 'wording'} {seen.words:.2f}"]
        told += [words for name, words in _REASONS.items() if getattr(seen, name, 0.0)]
        if phrases := getattr(seen, "phrases", 0.0):
            told.append(f"{phrases:.0%} of the shorter text")
        if self.is_contrary:
            told.append("the headlines say the opposite")
        return ", ".join(told)


def compare(sketch: Sketch, profile: Profile, boilerplate: Collection[int] = (), *, is_own: bool = False) -> Likeness:
    """How likely it is that the entry tells the story; `boilerplate` are runs of words that say nothing of a text.

    `is_own`: all entries of the story are of the same publisher as this one, which seldom tells one piece of news in
    two entries. The story has at least one entry.
    """
    view, story = sketch.view, profile.sums
    seen: Evidence | Headlines
    contrary = is_contrary(view.title, story.title)
    against = _OWN * is_own + _CONTRARY * contrary
    if view.is_bare or story.is_bare:
        seen = headlines(view, story)
        total = _HEADLINE_BIAS + sum([weight * figure for weight, figure in zip(_HEADLINE_WEIGHTS, seen, strict=True)])
        return Likeness(score=_chance(total + against), is_same_text=False, evidence=seen, is_contrary=contrary)
    share, runs = containment(view, story, boilerplate)
    seen = evidence(view, story, share, runs)
    total = _BIAS + sum([weight * figure for weight, figure in zip(_WEIGHTS, seen, strict=True)])
    total += BRIEF * brevity(view, story)
    is_same_text = share >= SAME_TEXT and runs >= _MORE_THAN_A_QUOTATION and not contrary
    return Likeness(score=_chance(total + against), is_same_text=is_same_text, evidence=seen, is_contrary=contrary)


def _chance(total: float) -> float:
    return 1 / (1 + exp(-total))


_REASONS = {
    "numbers": "numbers agree",
    "other_numbers": "other numbers",
    "elsewhere": "other places",
    "days": "dates agree",
    "other_days": "other dates",
    "other_years": "other years",
    "other_weekdays": "other weekdays",
}
_MORE_THAN_A_QUOTATION = 16
"""runs of words: twenty words on end, or four quotations of eight"""
_OWN = -1.0
_CONTRARY = -2.0  # too rare to be learned
_BIAS = -1.72
_WEIGHTS = Evidence(
    words=3.02,
    names=0.96,
    core=2.18,
    known=2.07,
    strange=-0.22,
    missing=-0.09,
    elsewhere=-0.66,
    numbers=1.86,
    other_numbers=-0.03,
    text_numbers=1.57,
    days=1.18,
    years=1.34,
    other_years=-1.16,
    other_weekdays=-0.20,
    phrases=7.22,
    size=-0.55,
)
_HEADLINE_BIAS = -3.59
_HEADLINE_WEIGHTS = Headlines(
    words=4.01,
    common=1.86,
    elsewhere=-1.97,
    other_days=-4.0,  # two issues of a daily column are alike in all but their date: too rare to be learned
    other_numbers=-0.02,
    size=0.00,
)
