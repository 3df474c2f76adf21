"""Sort what waits before couriers start: each delivery alone, together with others, held until later, or muted.

Nothing is written where nothing is to be sorted, which is nearly always.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from monitor.alerts.holding import has_digest_due, sort_out
from monitor.model.holding import DailyDigest, Handling, Handlings, Mute, Sorting, Standing, Waiting
from monitor.ports import SortingStore

MOST_PORTIONS = 8
"""transactions for a channel in one go; what is left then is sorted at the next beat"""
_ANY_TIME = datetime(9000, 1, 1, tzinfo=UTC)


async def sort(
    store: SortingStore,
    handlings: Handlings,
    channels: Collection[str],
    now: datetime,
    *,
    is_anew: bool = False,
) -> None:
    """Sort what is new and what was held until now, on these channels. Raises StoreError.

    `is_anew`: what is held for longer is looked at as well, for the configuration may have changed.
    """
    waiting = set(await store.unsorted(_ANY_TIME if is_anew else now))
    for channel in channels:
        if channel in waiting or await _is_digest_due(store, handlings, channel, now):
            await _sort_channel(store, handlings, channel, now, is_anew=is_anew)


async def _sort_channel(
    store: SortingStore, handlings: Handlings, channel: str, now: datetime, *, is_anew: bool
) -> None:
    def decide(waiting: Sequence[Waiting], mutes: Sequence[Mute], standing: Standing) -> Sorting:
        return sort_out(waiting, handlings, mutes, standing, now)

    longest = _longest_throttle(handlings)
    since = None if longest is None else now - longest
    for _ in range(MOST_PORTIONS):
        is_more = await store.sort(channel, now, since, decide, is_anew=is_anew)
        if not is_more or is_anew:
            return


async def _is_digest_due(store: SortingStore, handlings: Handlings, channel: str, now: datetime) -> bool:
    """Whether there is a digest to be sent although nothing waits for it, because it says so."""
    digest = handlings.channels.get(channel, Handling()).digest
    if not isinstance(digest, DailyDigest) or not digest.says_nothing:
        return False
    return has_digest_due(handlings, await store.standing(channel), now)


def _longest_throttle(handlings: Handlings) -> timedelta | None:
    handled = (*handlings.channels.values(), *handlings.rules.values())
    return max((one.throttle.per for one in handled if one.throttle is not None), default=None)
