"""What a poll makes of a server's word about the feed itself: that it has moved, that nothing has changed."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from monitor.cadence.floors import overruled_by, overruling
from monitor.cadence.interval import Pace
from monitor.cadence.moving import seen_moving
from monitor.model.polls import FeedState, Fetched, FetchFailed, FetchRequest, NotModified, Validators
from monitor.model.rhythm import Moving
from monitor.model.stories import PollPlan


def request_for(feed: FeedState, *, is_anew: bool) -> FetchRequest:
    """What is asked: with everything that the server gave to ask again with, but where its 304s are not believed."""
    return FetchRequest(
        url=feed.url,
        validators=Validators() if is_anew else feed.validators,
        moved_to=feed.address if feed.address != feed.url else "",
    )


def moving_after(feed: FeedState, answer: Fetched | NotModified, now: datetime, *, is_same: bool) -> Moving:
    """What a good answer teaches of where the feed is, and of how long it has had nothing to say."""
    before = feed.moving
    # No later than now: a clock that was ahead would have these 304s believed until it is there.
    since = min(before.unmodified_since or now, now) if isinstance(answer, NotModified) else None
    moving = before if since == before.unmodified_since else replace(before, unmodified_since=since)
    if not answer.moved_to and not before.address and not before.adopted:
        return moving
    return seen_moving(moving, answer.moved_to, is_home=feed.address == feed.url, is_same=is_same, now=now)


def moving_after_failure(feed: FeedState, failure: FetchFailed) -> Moving:
    """What a failure teaches of where the feed is: it has moved no more where its new address says that it is gone."""
    is_lost = failure.status == HTTPStatus.GONE and feed.address != feed.url
    return replace(feed.moving, adopted="", adopted_at=None) if is_lost else feed.moving


def notes_of(before: FeedState, after: FeedState) -> tuple[str, ...]:
    """What the log tells of a move."""
    if before.moving.adopted == after.moving.adopted:
        return ()
    if after.moving.adopted:
        return ("it has moved for good, and is asked at its new address",)
    return ("it is asked at its configured address again",)


def asking_notes(before: FeedState, after: FeedState, pace: Pace) -> tuple[str, ...]:
    """What the log tells, once, of a document that overrules the pace stated for its feed."""
    said = overruling(after.rhythm.floors, pace)
    return (said,) if said and not overruled_by(before.rhythm.floors, pace) else ()


def disbelieving(plan: PollPlan, *, is_anew: bool) -> PollPlan:
    """The plan of a poll that was made without conditions, where it was: the next such one is a long way off."""
    if not is_anew:
        return plan
    feed, note = plan.feed, "asked without conditions, for it had answered 304 for so long: it answers with a document"
    if feed.last_outcome == "failed":
        note = "asked without conditions, for it had answered 304 for so long"
        feed = replace(feed, moving=replace(feed.moving, unmodified_since=plan.at))
    return replace(plan, feed=feed, notes=(*plan.notes, note))
