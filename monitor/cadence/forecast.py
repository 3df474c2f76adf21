"""How many new entries a feed is expected to bring, hour by hour, by what it has brought.

Three things are known of a feed: how many entries it brings at all, at which hours of the day and days of the week, and
whether more or fewer than that came in the last hours. Older news count less, by half every two weeks; what a feed is
taken for before anything is known fades at the same pace.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model.rhythm import Rhythm

HOURS, DAYS = 24, 7
HALF_LIFE = timedelta(days=14)
"""after which an entry counts half"""
LATE_HALF_LIFE = timedelta(hours=3)
"""likewise for what came of late"""
PRESUMED = 1.0
"""entries an hour of a feed of which nothing is known: the rate at which the configured pace is right"""
_PRESUMPTION = 6.0  # hours of watching that it weighs
_SHY = 4.0  # entries spread evenly over all hours, or days, that are added to what was counted
_LATE_SHY = 2.0  # entries as expected that are added to those that came of late
_CALMEST, _LIVELIEST = 0.3, 5.0
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_LIFE_HOURS = HALF_LIFE / _HOUR / math.log(2)  # what endless watching comes to
_LATE_FADE = 0.5 ** (_HOUR / LATE_HALF_LIFE)
_LEAST = 1e-9  # of what was counted once, when it is divided by: else the years would make it nothing
_STEPS = 9
"""hours back that `lately` is compared with: three half-lives"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of a feed."""

    base: float
    """entries an hour, over a whole week"""
    hours: "Shape"
    days: "Shape"
    hour: int
    """of the day, at which it was made"""
    day: int
    """of the week, likewise"""
    level: float = 1.0
    """how many times as many as usual come at present"""

    def rate(self, ahead: int) -> float:
        """Entries an hour expected so many hours ahead, or back."""
        hour = self.hour + ahead
        return self.base * self.level * self.hours.at(hour % HOURS) * self.days.at((self.day + hour // HOURS) % DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How entries are spread over the hours of the day, or the days of the week."""

    counts: tuple[float, ...]
    added: float
    """to each, so that a few entries are no rule"""
    mean: float
    trust: float
    """from 0, all are alike, to 1"""

    def at(self, place: int) -> float:
        """How many times the mean comes then, smoothed over the neighbours, as far as it is trusted."""
        if not self.trust:
            return 1.0
        counts = self.counts
        following = counts[place + 1] if place + 1 < len(counts) else counts[0]
        smooth = (counts[place - 1] + 2 * counts[place] + following) / 4
        return 1 + self.trust * ((smooth + self.added) / (self.mean + self.added) - 1)


_EVEN = Shape(counts=(), added=0.0, mean=0.0, trust=0.0)


def forecast(rhythm: Rhythm, now: datetime) -> Forecast:
    """What is expected from `now` on."""
    age = max(timedelta(0), now - rhythm.since) if rhythm.since else timedelta(0)
    faded = fading(rhythm, now, HALF_LIFE)
    aged = 0.5 ** (age / HALF_LIFE)
    watched = _LIFE_HOURS * (1 - aged)
    presumed = _PRESUMPTION * aged
    plain = Forecast(
        base=(sum(rhythm.hours) * faded + presumed * PRESUMED) / (watched + presumed),
        # Hours are told apart once each was watched, which a day does; days once each was.
        hours=_shape(rhythm.hours, faded, age, _DAY),
        days=_shape(rhythm.days, faded, age, _WEEK),
        hour=now.hour,
        day=now.weekday(),
    )
    lately = rhythm.lately * fading(rhythm, now, LATE_HALF_LIFE)
    level = (lately + _LATE_SHY) / (_expected_lately(plain, age / _HOUR) + _LATE_SHY)
    return replace(plain, level=min(max(level, _CALMEST), _LIVELIEST))


def fading(rhythm: Rhythm, now: datetime, half_life: timedelta) -> float:
    """What is left of one entry that was counted when the rhythm was counted last."""
    if rhythm.counted_at is None or now <= rhythm.counted_at:
        return 1.0
    return float(0.5 ** ((now - rhythm.counted_at) / half_life))


def _shape(counts: tuple[float, ...], faded: float, age: timedelta, cycle: timedelta) -> Shape:
    """Trusted not at all after one cycle, and wholly after three."""
    if not counts:
        return _EVEN
    # What was counted is not faded: the entries that are added to it grow instead.
    return Shape(
        counts=counts,
        added=_SHY / len(counts) / max(faded, _LEAST),
        mean=sum(counts) / len(counts),
        trust=min(1.0, max(0.0, (age / cycle - 1) / 2)),
    )


def _expected_lately(plain: Forecast, age_hours: float) -> float:
    """What `Rhythm.lately` would be if everything came as usual."""
    hours = min(age_hours, _STEPS)
    expected, weight, back = 0.0, 1.0, 0
    while back < hours:
        expected += plain.rate(-back) * weight * min(1.0, hours - back)
        weight *= _LATE_FADE
        back += 1
    return expected
