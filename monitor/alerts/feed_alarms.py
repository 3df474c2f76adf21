"""When the state of feeds is worth an alarm, seen over all of them: a broken line of ours is one alarm, not hundreds.

Feeds that have failed for a day are told at the full hour after it, so that what broke in one hour is told at once.
A certificate that is not accepted mends itself no more than a wall does: its owner, or we, have to do something, so it
is told sooner, and in steps of ten minutes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.alerts.alarms import alarm, alarm_on
from monitor.alerts.lines import minute
from monitor.model.alerts import Alert
from monitor.model.polls import FailureKind, FeedState
from monitor.model.troubles import Cause, FeedHealth, Trouble

FAILING_LONG = timedelta(hours=24)
"""a feed that fails this long raises an alarm"""
CERTIFICATE_LONG = timedelta(hours=1)
"""… and so does it when it fails this long because of its certificate"""
EMPTY_LONG = timedelta(hours=24)
"""a feed without entries, which used to have some, raises an alarm after this long"""
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
    teller = Teller(outlets=outlets, channels=channels, now=now)
    told = {one.subject for one in known if one.cause is Cause.GONE}
    gone = [feed for feed in health.failing if feed.is_gone and feed.url not in told]
    yield from teller.tell(
        Cause.GONE,
        [(feed, feed.failing_since or now) for feed in gone],
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
    yield from _failing_long(failing, known, teller)
    today, hour = told_today(Cause.EMPTY, known, now), _slot(now, minutes=60)
    silent = {one.subject for one in known if one.cause is Cause.SILENT}
    yield from teller.tell(
        Cause.EMPTY,
        [
            (feed, feed.empty_since)
            for feed in health.empty
            if feed.empty_since and not feed.failures and feed.url not in today
            # Of an outlet that is told to be silent this is why, and no second trouble.
            if not silent.issuperset(outlets[feed.url])
            if hour - feed.empty_since >= EMPTY_LONG
        ],
        says=lambda feed: (
            f"the feed answers as ever, but has had no entries since {minute(feed.empty_since or now)}; look whether "
            "its news has another address now, tocsin try with this one shows what it answers"
        ),
        all_say="feeds answer as ever, but have had no entries for more than a day",
    )


def _failing_long(failing: Sequence[FeedState], known: Sequence[Trouble], teller: "Teller") -> Iterator[Alert]:
    def long(cause: Cause, after: timedelta, minutes: int) -> list[tuple[FeedState, datetime]]:
        today, slot = told_today(cause, known, teller.now), _slot(teller.now, minutes=minutes)
        return [
            (feed, feed.failing_since)
            for feed in failing
            if feed.failing_since and slot - feed.failing_since >= after and feed.url not in today
            if (feed.fault is FailureKind.CERTIFICATE) is (cause is Cause.CERTIFICATE)
            # A feed that is polled once a day was asked once in a day: what was wrong then may be over.
            if feed.failures > 1 or cause is Cause.CERTIFICATE
        ]

    now = teller.now
    yield from teller.tell(
        Cause.CERTIFICATE,
        long(Cause.CERTIFICATE, CERTIFICATE_LONG, 10),
        says=lambda feed: (
            f"the feed has not been read since {minute(feed.failing_since or now)}: {_reason(feed)}; nothing is read "
            "from a server that cannot say who it is, so its owner has to mend that, or the clock or the certificates "
            f"of this machine are wrong; it is asked again at {minute(feed.next_poll_at)}"
        ),
        all_say=(
            "feeds are not read because the certificates of their servers are not accepted; they are asked on, tocsin "
            "status shows each"
        ),
    )
    yield from teller.tell(
        Cause.FAILING,
        long(Cause.FAILING, FAILING_LONG, 60),
        says=lambda feed: (
            f"the feed has failed since {minute(feed.failing_since or now)}: {_reason(feed)}; "
            f"it is asked again at {minute(feed.next_poll_at)}, tocsin try with its address shows what it answers"
        ),
        all_say="feeds have failed for more than a day; they are asked on, tocsin status shows each",
    )


def _slot(now: datetime, *, minutes: int) -> datetime:
    """When the present stretch of so many minutes began: what comes within one is told at once."""
    return now.replace(minute=now.minute // minutes * minutes, second=0, microsecond=0)


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


def told_today(cause: Cause, known: Sequence[Trouble], now: datetime) -> frozenset[str]:
    """The subjects that an alarm told of since midnight (UTC)."""
    return frozenset(
        one.subject for one in known if one.cause is cause and one.told_at and one.told_at.date() == now.date()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells of feeds: few one by one, many together."""

    outlets: Outlets
    channels: tuple[str, ...]
    now: datetime

    def tell(
        self,
        cause: Cause,
        feeds: Sequence[tuple[FeedState, datetime]],
        *,
        says: Callable[[FeedState], str],
        all_say: str,
    ) -> Iterator[Alert]:
        """The alarms on these feeds, each with the moment since when it is so."""
        troubles = [
            Trouble(cause=cause, subject=feed.url, about=" + ".join(self.outlets[feed.url]), since=since)
            for feed, since in feeds
        ]
        if len(feeds) > MOST_ALONE:
            yield together(troubles, f"{len(feeds)} {all_say}", channels=self.channels, now=self.now)
            return
        for (feed, _), trouble in zip(feeds, troubles, strict=True):
            yield alarm_on(
                trouble,
                f"{trouble.about}: {says(feed)}",
                now=self.now,
                channels=self.channels,
                outlets=self.outlets[feed.url],
                link=feed.url,
            )


def together(troubles: Sequence[Trouble], says: str, *, channels: tuple[str, ...], now: datetime) -> Alert:
    """One alarm on many of a kind, with the first of their names."""
    names = listed([one.about for one in troubles])
    subjects = "\n".join(sorted(one.subject for one in troubles))
    subject = sha256(subjects.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return replace(
        alarm(troubles[0].cause, subject=subject, says=f"{says}: {names}", now=now, channels=channels),
        begins=tuple(replace(one, channels=channels) for one in troubles),
    )


def listed(names: Sequence[str]) -> str:
    """The first few of them, and how many more there are."""
    each = list(dict.fromkeys(names))
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return ", ".join(each[:_MOST_NAMED]) + more


def _reason(feed: FeedState) -> str:
    return feed.last_error[:_LONGEST_REASON]
