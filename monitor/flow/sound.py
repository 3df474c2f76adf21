"""What is heard of feeds, one after another, and what follows for those who name them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerts.feed_alarms import Outlets
from monitor.alerts.silence import MISSED_FOR
from monitor.cadence.hearing import hear_feed
from monitor.cadence.pauses import resting
from monitor.flow.watch import Watch
from monitor.model.polls import FeedState
from monitor.model.silence import Calm, Hearing, Silence, Span
from monitor.model.troubles import FeedHealth

_AFTER_STOP = timedelta(hours=1)  # by then every feed has been polled that was overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """What feeds are judged by."""

    outlets: Outlets
    health: FeedHealth
    spans: Sequence[Span]
    now: datetime

    def hears(self, feed: FeedState) -> Silence | Calm | Hearing:
        """What is heard of a feed; of one that rests, or is gone, nothing was to be heard."""
        return Hearing.UNKNOWN if self.is_out_of_hearing(feed) else hear_feed(feed, self.spans, self.now)

    def misses(self, feed: FeedState) -> bool:
        """Whether entries may have come and gone within a day, and not because we stopped for long."""
        at = feed.rhythm.missed_at
        if at is None or self.now - at > MISSED_FOR or self.is_out_of_hearing(feed):
            return False
        began = self.spans[-1].began_at if self.spans else at
        return at - began > _AFTER_STOP + 2 * (feed.rhythm.interval or timedelta(0))

    def is_out_of_hearing(self, feed: FeedState) -> bool:
        """Whether a feed rests, or is gone."""
        return feed.is_gone or self.rests(feed.url)

    def rests(self, url: str) -> bool:
        """Whether somebody lets a feed rest."""
        return resting(url, self.outlets[url], self.health.pauses, self.now) is not None


@dataclass(slots=True, kw_only=True)
class Sound:
    """What is known of feeds after listening to all of them. Most may be quiet: of these little is kept."""

    watch: Watch
    ear: Ear
    failing: frozenset[str]
    """addresses, those that are gone and those that rest included"""
    quiet: dict[str, tuple[Silence | Calm | Hearing, datetime | None]] = field(default_factory=dict)
    """of feeds that brought nothing of late: what is heard of them, and their last news"""
    missed: list[FeedState] = field(default_factory=list)
    moved: list[FeedState] = field(default_factory=list)

    def take(self, feed: FeedState) -> None:
        """One more feed of which there may be something to tell."""
        self.quiet[feed.url] = (self.ear.hears(feed), feed.rhythm.last_new_at)
        if self.ear.misses(feed):
            self.missed.append(feed)
        if feed.moving.adopted:
            self.moved.append(feed)

    def silent_urls(self) -> Iterator[str]:
        """Addresses of the feeds that are silent."""
        return (url for url, (heard, _) in self.quiet.items() if isinstance(heard, Silence))

    def hears(self, url: str) -> Silence | Calm | Hearing:
        """What is heard of a feed."""
        return self.quiet[url][0] if url in self.quiet else Hearing.SPEAKS

    def has_news(self, url: str, since: datetime) -> bool:
        """Whether a feed brought something since; one that is not among the quiet ones did so of late."""
        if url not in self.quiet:
            return True
        last = self.quiet[url][1]
        return last is not None and last > since

    def last_news(self, urls: Collection[str]) -> datetime | None:
        """When feeds that brought nothing of late did so last; None: one of them did of late, or none ever."""
        found = [self.quiet[url][1] for url in urls if url in self.quiet]
        known = [moment for moment in found if moment is not None]
        return max(known) if known and len(found) == len(urls) else None
