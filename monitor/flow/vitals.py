"""How things are, counted once a day for the daily line."""

from datetime import date, datetime, timedelta

from monitor.alerts.heartbeat import Vitals, daily_line
from monitor.model.alerts import DeliveryState
from monitor.ports import OutboxStore, TroubleStore, ViewStore

_WAITING = frozenset({DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.LEASED})
_DAY = timedelta(days=1)


async def say_how_things_are(
    views: ViewStore,
    troubles: TroubleStore,
    outbox: OutboxStore,
    *,
    day: date,
    channels: tuple[str, ...],
    now: datetime,
) -> None:
    """Put the line of this local date into the outbox, unless it was told before. Raises StoreError."""
    status = await views.status()
    vitals = Vitals(
        feeds=len(status.feeds),
        failing=sum(bool(feed.failures or feed.is_gone) for feed in status.feeds),
        last_poll_at=max((feed.last_poll_at for feed in status.feeds if feed.last_poll_at), default=None),
        entries=status.entries,
        alerts=await troubles.alerts_since(now - _DAY),
        waiting=sum(count for _, state, count in status.deliveries if state in _WAITING),
        dead=sum(count for _, state, count in status.deliveries if state == DeliveryState.DEAD),
    )
    await outbox.settle((), (), "", (daily_line(day, vitals, channels=channels, now=now),))
