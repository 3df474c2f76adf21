"""Who is polled when, once very many feeds are overdue: after a night without the machine, or when a list comes in.

All at once they would be a wave over the line, the disk and every publisher; and because each is next due an interval
later, the wave would come again for days. So they are spread over as long as tocsin was away, each over its own
interval at most: none is missed longer than one interval more, frequent ones come soon, and requests a second stay
below twice of what is usual.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.cadence.interval import Pace
from monitor.model.queue import Overdue, PutOff

FEWEST = 256
"""overdue feeds that are nothing to speak of, however few feeds there are"""
USUAL = timedelta(minutes=2)
"""what falls due in such a time is polled at once: a restart must not put anything off"""
USUAL_SHARE = 0.25
"""… but of frequent feeds only so many of those that there are"""
BETWEEN_NEW = timedelta(milliseconds=50)
"""between the first polls of feeds that were never polled, where there is time for it"""
REASON = "many feeds were overdue at once: their polls are spread"
_GOLDEN = 0.618_033_988_749_895
"""steps of it, modulo one, never lie close together"""


def usually_due(paces: Iterable[Pace]) -> float:
    """How many of feeds at these paces may be overdue at once without a word."""
    return sum(min(USUAL / _interval(pace), USUAL_SHARE) for pace in paces)


def catch_up(
    overdue: Sequence[Overdue], paces: Mapping[str, Pace], *, usual: float, now: datetime
) -> tuple[PutOff, ...]:
    """Decide; empty where they can be polled at once. `paces` by address, `usual` as `usually_due` of all feeds.

    Of feeds with one interval the longest overdue come first.
    """
    if len(overdue) <= max(FEWEST, usual):
        return ()
    away = now - min(one.due_at for one in overdue)
    new = BETWEEN_NEW * sum(one.is_new for one in overdue)
    groups: dict[timedelta, list[Overdue]] = {}
    # What came in together is due at the same moment, and lists are sorted by publisher: they are taken apart.
    for one in sorted(overdue, key=lambda one: (one.due_at, one.feed * _GOLDEN % 1)):
        pace = paces.get(one.url)
        if pace is not None:
            groups.setdefault(min(_interval(pace), new if one.is_new else away), []).append(one)
    return tuple(
        PutOff(
            feed=one.feed, due_at=one.due_at, until=now + window * ((place + place_of_group * _GOLDEN % 1) / len(group))
        )
        for place_of_group, (window, group) in enumerate(sorted(groups.items()))
        for place, one in enumerate(group)
    )


def _interval(pace: Pace) -> timedelta:
    return min(max(pace.every, pace.shortest), pace.longest)
