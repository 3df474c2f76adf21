"""What a message of many alerts begins with, and what it is called by."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from monitor.model.holding import Waiting
from monitor.model.rules import Priority

_RANKS = {priority: rank for rank, priority in enumerate((Priority.URGENT, Priority.NORMAL, Priority.LOW))}


def best_first(waiting: Sequence[Waiting]) -> tuple[int, ...]:
    """Deliveries by rule, then by story, the best of each first, the alerts of a story in the order they were raised.

    Better is what is more urgent, then what more outlets carry, then what is newer.
    """
    groups: dict[tuple[str, str], list[Waiting]] = {}
    for one in waiting:
        groups.setdefault((one.rule, one.story or one.public_id), []).append(one)
    ranks = {group: _rank(alerts) for group, alerts in groups.items()}
    rules: dict[str, _Rank] = {}
    for (rule, _), rank in ranks.items():
        rules[rule] = min(rules.get(rule, rank), rank)
    order = sorted(groups, key=lambda group: (rules[group[0]], group[0], ranks[group], group[1]))
    return tuple(
        one.delivery
        for group in order
        for one in sorted(groups[group], key=lambda each: (each.raised_at, each.delivery))
    )


def name_of(waiting: Sequence[Waiting]) -> str:
    """By what it tells: the same alerts give the same name, also after a backup was restored."""
    told = sha256("\n".join(sorted(one.public_id for one in waiting)).encode("utf-8", "surrogatepass"))
    return told.hexdigest()[:32]


def number_of(waiting: Sequence[Waiting]) -> str:
    """How many alerts, in words."""
    alerts = len(waiting)
    return "1 alert" if alerts == 1 else f"{alerts:,} alerts" if alerts else "no alerts"


@dataclass(frozen=True, slots=True, order=True)
class _Rank:
    """The less, the better."""

    priority: int
    outlets: int
    """negative"""
    raised_at: float
    """negative seconds, of the newest alert"""


def _rank(alerts: Sequence[Waiting]) -> _Rank:
    return _Rank(
        priority=min(_RANKS[one.priority] for one in alerts),
        outlets=-len({outlet for one in alerts for outlet in one.outlets}),
        raised_at=-max(one.raised_at for one in alerts).timestamp(),
    )
