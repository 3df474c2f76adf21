"""When the state of feeds is worth an alarm, seen over all of them: a broken line of ours is one alarm, not hundreds.

Feeds that have failed for a day are told at the full hour after it, so that what broke in one hour is told at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.alerts.alarms import alarm, alarm_on
from monitor.alerts.lines import minute
from monitor.model.alerts import Alert
from monitor.model.polls import FeedState
from monitor.model.troubles import Cause, FeedHealth, Trouble

FAILING_LONG = timedelta(hours=24)
"""a feed that fails this long raises an alarm"""
MOST_FAIL_LONG = timedelta(hours=1)
"""… and so does it when more than half of all fail this long"""
FEWEST = 3
"""feeds that must fail before their share says anything of our side"""
MOST_ALONE = 3
"""feeds that are told one by one; more of a kind are one alarm"""
_MOST_NAMED = 10
_LONGEST_REASON = 200
OUR_SIDE = "the feeds"
"""subject of the alarm that most of them fail"""

Outlets = Mapping[str, tuple[str, ...]]
"""feed's address → the outlets that name it"""


def most_fail(health: FeedHealth) -> bool:
    """Whether so many feeds fail that it can only be at our side."""
    failing = [feed for feed in health.failing if not feed.is_gone]
    return len(failing) >= FEWEST and len(failing) * 2 > health.feeds


def feed_alarms(
    health: FeedHealth, outlets: Outlets, known: Sequence[Trouble], *, channels: tuple[str, ...], now: datetime
) -> Iterator[Alert]:
    """What is to be told of feeds. `known` is what was told and is not over: a feed that is gone is told once."""
    told = {one.subject for one in known if one.cause is Cause.GONE}
    today = {
        one.subject for one in known if one.cause is Cause.FAILING and one.told_at and one.told_at.date() == now.date()
    }
    gone = [feed for feed in health.failing if feed.is_gone and feed.url not in told]
    yield from _told(
        gone,
        Cause.GONE,
        outlets,
        channels,
        now,
        says=lambda feed: (
            f"the feed is gone for good (410) and is not asked any more: {_reason(feed)}; "
            "look for its new address, or take it out of the configuration"
        ),
        all_say="feeds are gone for good (410) and are not asked any more",
    )
    failing = [feed for feed in health.failing if not feed.is_gone]
    if most_fail(health):
        yield from _at_our_side(failing, health, channels, now)
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    long = [
        feed
        for feed in failing
        if feed.failing_since and hour - feed.failing_since >= FAILING_LONG and feed.url not in today
    ]
    yield from _told(
        long,
        Cause.FAILING,
        outlets,
        channels,
        now,
        says=lambda feed: (
            f"the feed has failed since {minute(feed.failing_since or now)}: {_reason(feed)}; "
            f"it is asked again at {minute(feed.next_poll_at)}, tocsin try with its address shows what it answers"
        ),
        all_say="feeds have failed for more than a day; they are asked on, tocsin status shows each",
    )


def _at_our_side(
    failing: Sequence[FeedState], health: FeedHealth, channels: tuple[str, ...], now: datetime
) -> Iterator[Alert]:
    since = sorted(feed.failing_since for feed in failing if feed.failing_since)
    # When it became more than half: some may have failed for weeks, and say nothing of today.
    began = since[min(health.feeds // 2, len(since) - 1)] if since else now
    if now - began < MOST_FAIL_LONG:
        return
    trouble = Trouble(cause=Cause.NETWORK, subject=OUR_SIDE, about="most feeds", since=began)
    says = (
        f"{len(failing)} of {health.feeds} feeds fail since {minute(began)}, the last one so: {_reason(failing[-1])}; "
        "they are asked on; so many at once point to the network, the names or the clock of this machine"
    )
    yield alarm_on(trouble, says, now=now, channels=channels)


def _told(
    feeds: Sequence[FeedState],
    cause: Cause,
    outlets: Outlets,
    channels: tuple[str, ...],
    now: datetime,
    *,
    says: Callable[[FeedState], str],
    all_say: str,
) -> Iterator[Alert]:
    """Few feeds one by one, many together."""
    troubles = [
        Trouble(cause=cause, subject=feed.url, about=" + ".join(outlets[feed.url]), since=feed.failing_since or now)
        for feed in feeds
    ]
    if len(feeds) <= MOST_ALONE:
        for feed, trouble in zip(feeds, troubles, strict=True):
            words = f"{trouble.about}: {says(feed)}"
            yield alarm_on(trouble, words, now=now, channels=channels, outlets=outlets[feed.url], link=feed.url)
        return
    names = listed([one.about for one in troubles])
    subject = sha256("\n".join(sorted(feed.url for feed in feeds)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    yield replace(
        alarm(cause, subject=subject, says=f"{len(feeds)} {all_say}: {names}", now=now, channels=channels),
        begins=tuple(replace(one, channels=channels) for one in troubles),
    )


def listed(names: Sequence[str]) -> str:
    """The first few of them, and how many more there are."""
    each = list(dict.fromkeys(names))
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return ", ".join(each[:_MOST_NAMED]) + more


def _reason(feed: FeedState) -> str:
    return feed.last_error[:_LONGEST_REASON]
