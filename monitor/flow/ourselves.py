"""Look at ourselves, and tell what is wrong, or over, through the outbox like anything else."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.feed_alarms import Outlets
from monitor.alerts.ourselves import Look, alarms_of
from monitor.cadence.pauses import resting
from monitor.flow.watch import Watch
from monitor.model.alerts import Alert
from monitor.model.polls import FeedState
from monitor.model.troubles import FeedHealth, Reading
from monitor.ports import OutboxStore, TroubleStore

POLLED_WITHIN = timedelta(hours=27)
"""a feed of which something is told: as delivered, no pause after failures is longer than a day and a tenth"""
DEAD_AFTER = timedelta(days=7)
"""of failures a feed says nothing any more of whether our side can hear"""


async def look_at_ourselves(
    troubles: TroubleStore, outbox: OutboxStore, watch: Watch, reading: Reading, now: datetime
) -> tuple[Alert, ...]:
    """What there is to tell now, written; what was told today already is among it. Raises StoreError."""
    health = await troubles.feeds()
    outlets = {url: feed.outlets for url, feed in watch.feeds.items()}
    look = Look(
        health=awake(health, outlets, now),
        failing=frozenset(feed.url for feed in health.failing),
        empty=frozenset(feed.url for feed in health.empty),
        outlets=outlets,
        room=await troubles.room(),
        reading=reading,
        refusing=frozenset(await troubles.refusing()),
        known=await troubles.known(),
        channels=watch.channels,
        hear=watch.hear_alarms,
    )
    alarms = alarms_of(look, now)
    if alarms:
        await outbox.settle((), (), "", alarms)
    return alarms


def awake(health: FeedHealth, outlets: Outlets, now: datetime) -> FeedHealth:
    """How the feeds fare that are in the configuration, that nobody lets rest, and that were polled within a day.

    After a long stop of ours what was wrong before it may be over: it is told once a poll says that it is not.
    """

    def those(feeds: tuple[FeedState, ...]) -> tuple[FeedState, ...]:
        return tuple(
            feed
            for feed in feeds
            if feed.url in outlets
            and (feed.is_gone or feed.last_poll_at is None or now - feed.last_poll_at <= POLLED_WITHIN)
            and not resting(feed.url, outlets[feed.url], health.pauses, now)
        )

    return replace(health, failing=those(health.failing), empty=those(health.empty))


def lately_read(health: FeedHealth, now: datetime) -> FeedHealth:
    """The same without feeds that have failed for long: a list of which half is dead is no broken line of ours."""

    def is_dead(feed: FeedState) -> bool:
        return not feed.is_gone and feed.failing_since is not None and now - feed.failing_since >= DEAD_AFTER

    kept = tuple(feed for feed in health.failing if not is_dead(feed))
    return replace(health, feeds=health.feeds - (len(health.failing) - len(kept)), failing=kept)
