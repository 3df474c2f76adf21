"""Sort what waits before couriers start: each delivery alone, together with others, held until later, or muted.

Nothing is written where nothing is to be sorted, which is nearly always.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from monitor.alerts.holding import has_digest_due, sort_out
from monitor.model.holding import DailyDigest, Handling, Handlings, Mute, Sorting, Standing, Waiting
from monitor.ports import SortingStore

MOST_PORTIONS = 8
"""transactions for a channel in one go; what is left then is sorted at the next beat"""
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)


def _raised(_channel: str, error: Exception) -> None:
    raise error


async def sort(
    store: SortingStore,
    handlings: Handlings,
    channels: Collection[str],
    now: datetime,
    *,
    is_anew: bool = False,
    broke: Callable[[str, Exception], None] = _raised,
) -> None:
    """Sort what is new and what was held until now, on these channels. Raises StoreError.

    `is_anew`: what is held for longer is looked at as well, for the configuration may have changed. `broke` hears of a
    channel whose sorting met a bug of ours; what waits for it goes out at once, held back by nothing.
    """
    waiting = set(await store.unsorted(_ANY_TIME if is_anew else now))
    for channel in channels:
        if channel in waiting or await _is_digest_due(store, handlings, channel, now, broke):
            await _sort_channel(store, _decider(handlings, channel, now, broke), channel, now, is_anew=is_anew)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decider:
    decide: Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting]
    since: datetime | None
    """what was sent later counts for a throttle"""


def _decider(handlings: Handlings, channel: str, now: datetime, broke: Callable[[str, Exception], None]) -> _Decider:
    longest = _longest_throttle(handlings)

    def decide(waiting: Sequence[Waiting], mutes: Sequence[Mute], standing: Standing) -> Sorting:
        try:
            return sort_out(waiting, handlings, mutes, standing, now)
        except Exception as error:  # noqa: BLE001 - silence would be the worst of all mistakes
            broke(channel, error)
            return Sorting()

    return _Decider(decide=decide, since=None if longest is None else now - longest)


async def _sort_channel(store: SortingStore, decider: _Decider, channel: str, now: datetime, *, is_anew: bool) -> None:
    for _ in range(MOST_PORTIONS):
        is_more = await store.sort(channel, now, decider.since, decider.decide, is_anew=is_anew)
        if not is_more or is_anew:
            return


async def _is_digest_due(
    store: SortingStore,
    handlings: Handlings,
    channel: str,
    now: datetime,
    broke: Callable[[str, Exception], None],
) -> bool:
    """Whether there is a digest to be sent although nothing waits for it, because it says so."""
    digest = handlings.channels.get(channel, Handling()).digest
    if not isinstance(digest, DailyDigest) or not digest.says_nothing:
        return False
    standing = await store.standing(channel)
    try:
        return has_digest_due(handlings, standing, now)
    except Exception as error:  # noqa: BLE001 - the other channels must be sorted
        broke(channel, error)
        return False


def _longest_throttle(handlings: Handlings) -> timedelta | None:
    handled = (*handlings.channels.values(), *handlings.rules.values())
    return max((one.throttle.per for one in handled if one.throttle is not None), default=None)
