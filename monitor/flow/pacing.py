"""The cadence of one feed at one moment: from what a poll found to what is remembered of it and to its next poll."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.cadence.floors import asked
from monitor.cadence.interval import WHOLE_DAY, Pace, steer
from monitor.cadence.learning import Seen, learn
from monitor.cadence.next_poll import NextPoll, Setback, next_poll
from monitor.model.entries import Entry, ParsedFeed
from monitor.model.polls import FeedState
from monitor.model.rhythm import Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How the next poll of one feed is decided."""

    pace: Pace
    chance: float
    """in [0, 1)"""
    now: datetime

    def failed(self, feed: FeedState, setback: Setback, *, max_age_seconds: int = 0) -> NextPoll:
        """After a poll that gave nothing. What was learned stays as it was, also what the publisher asks.

        `max_age_seconds` is what the refusal itself asks for, this once.
        """
        rhythm = feed.rhythm
        if (header := timedelta(seconds=max_age_seconds)) > rhythm.floors.header:
            rhythm = replace(rhythm, floors=replace(rhythm.floors, header=header))
        return self._next(feed, rhythm, setback)

    def succeeded(
        self, feed: FeedState, *, max_age_seconds: int | None, document: ParsedFeed | None = None, new: int = 0
    ) -> FeedState:
        """The feed after a good poll, with its rhythm, its failures forgotten and its next poll.

        `document` None: nothing has changed since the last one. `max_age_seconds` None: nothing was said of it.
        `feed` has the validators of the answer already.
        """
        before = feed.last_success_at
        seen = Seen() if document is None else _seen(document, new, is_first=before is None)
        learned = learn(feed.rhythm, seen, before=before, now=self.now, heeds_ttl=self.pace.heeds_ttl)
        floors = asked(feed.rhythm.floors, max_age_seconds=max_age_seconds, document=document)
        interval = steer(learned, self.pace, before=before, now=self.now)
        rhythm = learned
        if (interval, floors) != (learned.interval, learned.floors):
            rhythm = replace(learned, interval=interval, floors=floors)
        following = self._next(feed, rhythm, None)
        return replace(
            feed,
            rhythm=rhythm,
            next_poll_at=following.at,
            next_reason=following.reason,
            last_poll_at=self.now,
            last_success_at=self.now,
            failures=0,
            failing_since=None,
            fault=None,
        )

    def _next(self, feed: FeedState, rhythm: Rhythm, setback: Setback | None) -> NextPoll:
        given = feed.validators
        # That a server never sends any is not known on the first day.
        is_unproven = feed.baseline_at is None or self.now - feed.baseline_at < WHOLE_DAY
        return next_poll(
            now=self.now,
            chance=self.chance,
            pace=self.pace,
            rhythm=rhythm,
            is_conditional=bool(given.etag or given.last_modified) or is_unproven,
            setback=setback,
        )


def _seen(document: ParsedFeed, new: int, *, is_first: bool) -> Seen:
    return Seen(
        entries=document.size,
        new=new,
        is_whole=document.is_whole,
        dates=_dates(document.entries) if is_first else (),
    )


def _dates(entries: Sequence[Entry]) -> tuple[datetime, ...]:
    return tuple(one.published_at for one in entries if one.published_at is not None)
