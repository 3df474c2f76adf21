"""What speaks for and against an entry's telling a story, each as a figure of about 0 to 1."""

from collections.abc import Collection, Mapping
from math import log
from typing import NamedTuple

from monitor.stories.outline import View
from monitor.stories.particulars import has_year
from monitor.stories.phrases import MASKS
from monitor.stories.profile import Sums

_HEAVY = 200
"""weight of a rare name or two"""
_MOST_PHRASES = 0.3
_ENOUGH_RUNS = 8
"""runs of five words in common that mean more than a quotation"""
_FAR_APART = 4
_MOST_NUMBERS = 5
_SHARED = 0.3
"""share of the entries that have a number which is the story's"""


class Evidence(NamedTuple):
    """How an entry and a story agree and differ; what is not stated is neither."""

    words: float
    """cosine of the lead with the leads of the story"""
    text: float
    """cosine of the whole texts"""
    names: float
    """cosine of the names"""
    core: float
    """share of the names that most leads of the story have which stand in the entry as well"""
    known: float
    """share of the names of the entry's lead that stand in the story as well"""
    strange: float
    """weight of the entry's names that the story lacks"""
    missing: float
    """weight of the story's names that the entry lacks"""
    strange_subject: float
    """weight of the names that the entry repeats and the story lacks"""
    missing_subject: float
    """weight of the names that nearly all texts of the story have and the entry lacks"""
    numbers: float
    """numbers of the leads in common"""
    other_numbers: float
    """1 where both leads state numbers and none is the same"""
    text_numbers: float
    """numbers of the story that the entry has"""
    days: float
    """1 where a date of both is the same, or within three days"""
    other_days: float
    """1 where both state dates and none is near another"""
    years: float
    """share of the story's years that are the entry's last one"""
    other_years: float
    """share of the story's years that are not near the entry's last one"""
    other_weekdays: float
    """1 where both name weekdays and none is the same"""
    phrases: float
    """share of the shorter text's runs of five words that stand in the other"""
    size: float
    """logarithm of the entries that the story has"""


def evidence(one: View, story: Sums, boilerplate: Collection[int] = ()) -> Evidence:
    """The evidence between an entry and a story of at least one."""
    count = story.count
    core = sum([weight for _, weight in story.core])
    missing = sum([weight for word, weight in story.core if word not in one.full])
    named = strange = 0
    for word in one.lead_names:
        weight = one.full[word]
        named += weight
        if word not in story.full:
            strange += weight
    numbers = len(one.lead_numbers & story.lead_numbers)
    nearest = _nearest(one.dates, story.dates)
    last, years = max(one.years, default=0), sum(story.years.values())
    has_years = bool(last and years)
    return Evidence(
        words=_cosine(one.lead, story.lead, one.length * story.lead_length),
        text=_cosine(one.full, story.full, one.full_length * story.full_length),
        names=_cosine(one.names, story.names, one.name_length * story.name_length),
        core=1 - missing / core if core else 0.5,
        known=1 - strange / named if named else 0.5,
        strange=strange / _HEAVY,
        missing=missing / _HEAVY / count,
        strange_subject=sum([one.full[word] for word in one.repeated if word not in story.full]) / _HEAVY,
        missing_subject=sum([weight for word, weight in story.staple if word not in one.full]) / _HEAVY / count,
        numbers=min(numbers, _MOST_NUMBERS) / _MOST_NUMBERS,
        other_numbers=float(bool(one.lead_numbers and story.lead_numbers and not numbers)),
        text_numbers=min(
            1.0, sum([story.numbers.get(number, 0) >= _SHARED * count for number in one.numbers]) / _MOST_NUMBERS
        ),
        days=float(nearest is not None and nearest < _FAR_APART),
        other_days=float(nearest is not None and nearest > _FAR_APART),
        years=story.years.get(last, 0) / years if has_years else 0.0,
        other_years=sum([times for year, times in story.years.items() if abs(year - last) > 1]) / years
        if has_years
        else 0.0,
        other_weekdays=float(bool(one.weekdays and story.weekdays and not one.weekdays & story.weekdays)),
        phrases=min(_MOST_PHRASES, containment(one, story, boilerplate)),
        size=log(count),
    )


def containment(one: View, story: Sums, boilerplate: Collection[int] = ()) -> float:
    """The greatest share of a shorter text's runs of words that stand in the longer one; 0 where too few do."""
    if story.runs.isdisjoint(one.shingles):
        return 0.0
    greatest = 0.0
    for rate, runs in story.phrases:
        mask = MASKS[max(rate, one.rate)]
        mine, theirs = _kept(one.shingles, mask, boilerplate), _kept(runs, mask, boilerplate)
        shared = len(mine & theirs)
        if shared:
            greatest = max(greatest, shared / min(len(mine), len(theirs)))
    return greatest


def _kept(runs: frozenset[int], mask: int, boilerplate: Collection[int]) -> frozenset[int]:
    if mask:
        runs = frozenset([run for run in runs if not run & mask])
    return runs.difference(boilerplate) if boilerplate else runs


def _cosine(one: Mapping[int, int], story: Mapping[int, int], length: int) -> float:
    return sum([weight * story[word] for word, weight in one.items() if word in story]) / length


def _nearest(some: Collection[int], others: Collection[int]) -> int | None:
    """How many days lie between the nearest dates of both, of those that state a year; None where one has none."""
    return min((abs(one - other) for one in some if has_year(one) for other in others if has_year(other)), default=None)
