"""What the configuration wishes of feeds, as paces."""

from collections.abc import Collection
from dataclasses import replace

from monitor.cadence.interval import Pace
from monitor.model.settings import FeedSpec, PollingSettings, Settings


def pace_of(polling: PollingSettings, feed: FeedSpec) -> Pace:
    """What one outlet wishes of one feed."""
    return Pace(
        every=feed.every or polling.every,
        shortest=polling.min_interval,
        longest=polling.max_interval,
        is_stated=feed.every is not None,
        heeds_ttl=polling.heed_ttl if feed.heed_ttl is None else feed.heed_ttl,
    )


def shorter(one: Pace, other: Pace) -> Pace:
    """The pace of a feed that two outlets name: who stated one is never given a longer one.

    The shorter one, kept where either was stated, and with a ttl that counts only where it does for both.
    """
    return replace(
        min(one, other, key=lambda pace: pace.every),
        is_stated=one.is_stated or other.is_stated,
        heeds_ttl=one.heeds_ttl and other.heeds_ttl,
    )


def paces_of(settings: Settings, urls: Collection[str]) -> dict[str, Pace]:
    """The paces of these feeds, as far as the configuration names them, over all outlets that do."""
    paces: dict[str, Pace] = {}
    for outlet in settings.outlets:
        for feed in outlet.feeds:
            if feed.url in urls:
                one = pace_of(settings.polling, feed)
                before = paces.get(feed.url)
                paces[feed.url] = one if before is None else shorter(before, one)
    return paces
