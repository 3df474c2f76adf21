"""What speaks for and against an entry's telling a story, each as a figure of about 0 to 1."""

from collections.abc import Collection, Mapping
from math import log, sqrt
from typing import NamedTuple

from monitor.stories.outline import View
from monitor.stories.particulars import has_year, without_year
from monitor.stories.phrases import RATES, kept_at
from monitor.stories.places import is_elsewhere, places_in
from monitor.stories.profile import UNIT, Sums

_MOST_PHRASES = 0.3
_FEW = 240
"""weight of two rare names"""
_MUCH = 500
"""weight of five rare words or ten middling ones"""
_LITTLE = 0.24
"""of that, below which equal words mean less: “Here is the latest”"""
_PASSAGE = 12
"""runs in common, sixteen words one after another, from which on they count in full"""
_NEAR = 3
_SHORT_LEAD = 10
_LONG_LEAD = 30
_MOST_NUMBERS = 5
_SHARED = 0.3
"""share of the entries that have a number which is the story's"""


class Evidence(NamedTuple):
    """How an entry and a story agree and differ; what is not stated is neither."""

    words: float
    """cosine of the lead with the leads of the story"""
    names: float
    """cosine of the names, as far as there are enough to mean something"""
    core: float
    """of the names that most leads of the story have, how many the entry has, by weight"""
    known: float
    """of the names of the entry's lead, how many the story has, by weight"""
    strange: float
    """weight of the names of the entry's lead that the story lacks"""
    missing: float
    """weight of the names of the story's leads that the entry lacks"""
    elsewhere: float
    """1 where both speak of a place that the other does not"""
    numbers: float
    """numbers of the leads in common"""
    other_numbers: float
    """1 where both leads state numbers and none is the same"""
    text_numbers: float
    """numbers of the story that the entry has"""
    days: float
    """1 where a date of both is the same, or within three days"""
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


class Headlines(NamedTuple):
    """How a headline and those of a story agree and differ, where there is no more of one of them."""

    words: float
    """cosine of the headlines, as far as enough is in common to mean something"""
    common: float
    """weight of the words in common"""
    elsewhere: float
    """1 where both speak of a place that the other does not"""
    other_days: float
    """1 where both state dates and none is the same"""
    other_numbers: float
    """1 where both state numbers and none is the same"""
    size: float
    """logarithm of the entries that the story has"""


def headlines(one: View, story: Sums) -> Headlines:
    """The evidence of headlines alone."""
    days = set(map(without_year, one.dates))
    common = _common(one, story)
    return Headlines(
        words=_cosine(one.title, story.title, one.title_length * story.title_length) * min(1.0, common / _LITTLE),
        common=common,
        elsewhere=float(is_elsewhere(places_in(one.lead), story.settings)),
        other_days=float(bool(days and story.dates) and days.isdisjoint(map(without_year, story.dates))),
        other_numbers=float(
            bool(one.lead_numbers and story.lead_numbers) and one.lead_numbers.isdisjoint(story.lead_numbers)
        ),
        size=log(story.count),
    )


def _common(one: View, story: Sums) -> float:
    """The weight of the words that a headline shares with the average one of a story."""
    unit = UNIT * story.count
    shared = [
        min(weight * unit, story.title[word] * one.title_length)
        for word, weight in one.title.items()
        if word in story.title
    ]
    # On the scale of both: a sum for headlines brought to one length, times the mean of their lengths.
    return sum(shared) / unit * sqrt(story.title_size / story.count / one.title_length) / _MUCH


def evidence(one: View, story: Sums, share: float, runs: int) -> Evidence:
    """The evidence between an entry and a story of at least one; `share` and `runs` are those of `containment`."""
    count, lead = story.count, one.lead
    core = missing = 0
    for word, weight in story.core:
        core += weight
        if word not in one.words:
            missing += weight
    named = strange = 0
    for word in one.lead_names:
        named += lead[word]
        if word not in story.words:
            strange += lead[word]
    shared = sum([weight for word, weight in one.names.items() if word in story.names])
    numbers = len(one.lead_numbers & story.lead_numbers)
    theirs = sum([story.numbers[number] >= _SHARED * count for number in one.numbers & story.numbers.keys()])
    years, other_years = _years(one, story)
    return Evidence(
        words=_cosine(lead, story.lead, one.length * story.lead_length),
        names=_cosine(one.names, story.names, one.name_length * story.name_length) * min(1.0, shared / _FEW),
        core=(core - missing) / (core + _FEW * count),
        known=(named - strange) / (named + _FEW),
        strange=strange / _FEW,
        missing=missing / count / _FEW,
        elsewhere=float(is_elsewhere(places_in(lead), story.settings)),
        numbers=min(numbers, _MOST_NUMBERS) / _MOST_NUMBERS,
        other_numbers=float(bool(one.lead_numbers and story.lead_numbers and not numbers)),
        text_numbers=min(theirs, _MOST_NUMBERS) / _MOST_NUMBERS,
        days=float(_is_near(one.dates, story.dates)),
        years=years,
        other_years=other_years,
        other_weekdays=float(bool(one.weekdays and story.weekdays and not one.weekdays & story.weekdays)),
        # One formula in common, such as “said in a statement on Monday evening”, is much of a short text.
        phrases=min(_MOST_PHRASES, share) * min(1.0, runs / _PASSAGE),
        size=log(count),
    )


def containment(one: View, story: Sums, boilerplate: Collection[int] = ()) -> tuple[float, int]:
    """The greatest share of a shorter text's runs of words that stand in the longer one, and how many runs that is."""
    shared = one.runs & story.runs
    if boilerplate:
        shared = shared.difference(boilerplate)
    if not shared:
        return 0.0, 0
    # Texts of which different shares of runs are kept are compared in the runs that both would keep.
    told = [(kept_at(one.runs, rate, boilerplate), kept_at(shared, rate)) for rate in range(one.rate, len(RATES))]
    greatest = 0.0, 0
    for rate, runs in story.phrases:
        level = max(rate, one.rate)
        mine, ours = told[level - one.rate]
        found = len(ours & runs)
        if found:
            theirs = len(kept_at(runs, level, boilerplate) if level != rate or boilerplate else runs)
            greatest = max(greatest, (found / min(len(mine), theirs), found * RATES[level]))
    return greatest


def _cosine(one: Mapping[int, int], story: Mapping[int, int], length: int) -> float:
    return sum([weight * story[word] for word, weight in one.items() if word in story]) / length


def brevity(one: View, story: Sums) -> float:
    """How little the shorter side says: 1 where its lead has ten telling words or less, 0 from thirty on."""
    telling = min(len(one.lead), story.lead_size / story.count)
    return min(1.0, max(0.0, (_LONG_LEAD - telling) / (_LONG_LEAD - _SHORT_LEAD)))


def _years(one: View, story: Sums) -> tuple[float, float]:
    """Which share of the story's years is the last of the entry's, and which is not even next to it."""
    if not (one.years and story.years):
        return 0.0, 0.0
    last, total = max(one.years), sum(story.years.values())
    far = sum([times for year, times in story.years.items() if abs(year - last) > 1])
    return story.years.get(last, 0) / total, far / total


def _is_near(some: Collection[int], others: Collection[int]) -> bool:
    """Whether two dates that state their years lie within three days."""
    return bool(some and others) and any(
        abs(one - other) <= _NEAR for one in some if has_year(one) for other in others if has_year(other)
    )
