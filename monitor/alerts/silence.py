"""Alarms on silence that looks like no news and is none: outlets, rules, entries that may have been missed, moves.

What is told here does not get worse by the day: an outlet, a rule and a move are told once, and their end. A feed of
which entries may have been missed is told once a day, each time that it happens again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.alarms import alarm_on, hearers, over
from monitor.alerts.feed_alarms import MOST_ALONE, Outlets, Teller, listed, together, told_today
from monitor.alerts.lines import minute
from monitor.model.alerts import Alert
from monitor.model.polls import FeedState
from monitor.model.silence import Silence
from monitor.model.troubles import Cause, Trouble

MISSED_FOR = timedelta(hours=24)
"""how long after the last time it is said that nothing more was missed"""
_MOST_RULES = 5
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRule:
    """A rule that used to match daily, and matches no more."""

    name: str
    subject: str
    """its name, and what changes with its meaning"""
    silence: Silence
    outlets: tuple[str, ...] = ()
    """in which it used to match"""
    hushed: tuple[str, ...] = ()
    """of these, those from which nothing could be heard since"""
    is_explained: bool = False
    """by what is wrong with these outlets, which is told of them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an hour's listening came to."""

    silent: Mapping[str, Silence]
    """by outlet"""
    rules: tuple[QuietRule, ...]
    missed: tuple[FeedState, ...]
    """feeds of which entries may have come and gone unseen within the last day, by no stop of ours"""
    moved: tuple[FeedState, ...]
    outlets: Outlets
    known: tuple[Trouble, ...]
    """what was told and is not over"""
    muted: frozenset[str] = frozenset()
    """outlets that somebody does not want to hear of"""
    ended: Mapping[str, str] = field(default_factory=dict)
    """of what is known of outlets and rules: subject → how it ended"""
    channels: tuple[str, ...]
    """all that there are"""
    hear: tuple[str, ...]
    """those that hear alarms"""


def silence_alarms(heard: Heard, now: datetime) -> tuple[Alert, ...]:
    """The alarms and recovery notes that this is worth."""
    return (*_outlets(heard, now), *_rules(heard, now), *_missed(heard, now), *_moved(heard, now), *_over(heard, now))


def long(length: timedelta) -> str:
    """A length as people say it: `40 minutes`, `17 hours`, `3 days`."""
    if length < 1.5 * _MINUTE:
        return "a minute"
    if length < 2 * _HOUR:
        return f"{round(length / _MINUTE)} minutes"
    if length < 48 * _HOUR:
        return f"{round(length / _HOUR)} hours"
    return f"{round(length / timedelta(days=1))} days"


def _outlets(heard: Heard, now: datetime) -> Iterator[Alert]:
    known = _subjects(heard, Cause.SILENT) | _empty_outlets(heard) | heard.muted
    together_silent: dict[tuple[str, ...], list[str]] = {}
    for name, feeds in _feeds_of([name for name in heard.silent if name not in known], heard).items():
        together_silent.setdefault(feeds, []).append(name)
    troubles = {
        feeds: tuple(
            Trouble(cause=Cause.SILENT, subject=name, about=name, since=heard.silent[name].since) for name in names
        )
        for feeds, names in together_silent.items()
    }
    if len(troubles) > MOST_ALONE:
        every = [one for of_feeds in troubles.values() for one in of_feeds]
        says = f"{len(every)} outlets have brought nothing new for much longer than is usual, although they answer"
        yield together(every, says, channels=heard.hear, now=now)
        return
    for feeds, of_feeds in troubles.items():
        yield _silent(of_feeds, feeds, heard, now)


def _silent(troubles: tuple[Trouble, ...], feeds: tuple[str, ...], heard: Heard, now: datetime) -> Alert:
    """One alarm, also on several outlets that have the same feeds."""
    names = tuple(one.subject for one in troubles)
    silence = heard.silent[names[0]]
    rules = [one.name for one in heard.rules if one.is_explained and not set(names).isdisjoint(one.hushed)]
    more = f" and {len(rules) - _MOST_RULES} more" if len(rules) > _MOST_RULES else ""
    also = f"; rules that used to match there: {', '.join(rules[:_MOST_RULES])}{more}" if rules else ""
    says = (
        f"{' + '.join(names)}: nothing new since {minute(silence.since)}, although it answers; it is usually silent "
        f"for {long(silence.usual)} at the longest; look at its page, and whether its feed stands still or has another "
        f"address now{also}"
    )
    link = feeds[0] if len(feeds) == 1 else ""
    one = alarm_on(troubles[0], says, now=now, channels=heard.hear, outlets=names, link=link)
    return replace(one, begins=tuple(replace(trouble, channels=heard.hear) for trouble in troubles))


def _feeds_of(names: Collection[str], heard: Heard) -> Mapping[str, tuple[str, ...]]:
    """The addresses of the feeds of these outlets, looked for once: there may be a hundred thousand."""
    urls: dict[str, list[str]] = {name: [] for name in names}
    for url, of_url in heard.outlets.items() if urls else ():
        for name in of_url:
            if name in urls:
                urls[name].append(url)
    return {name: tuple(of_name) for name, of_name in urls.items()}


def _empty_outlets(heard: Heard) -> frozenset[str]:
    """Outlets of which it was told that none of their feeds has any entries: who is told that need not hear more."""
    empty = _subjects(heard, Cause.EMPTY)
    of_empty = {name for url in empty for name in heard.outlets.get(url, ())}
    return frozenset(name for name, feeds in _feeds_of(of_empty, heard).items() if empty.issuperset(feeds))


def _rules(heard: Heard, now: datetime) -> Iterator[Alert]:
    told = _subjects(heard, Cause.UNMATCHED)
    quiet = [one for one in heard.rules if not one.is_explained and one.subject not in told]
    troubles = [
        Trouble(cause=Cause.UNMATCHED, subject=one.subject, about=f"rule {one.name}", since=one.silence.since)
        for one in quiet
    ]
    if len(quiet) > MOST_ALONE:
        says = f"{len(quiet)} rules that used to match daily have matched nothing for much longer than is usual"
        yield together(troubles, says, channels=heard.hear, now=now)
        return
    for one, trouble in zip(quiet, troubles, strict=True):
        hushed = f"; nothing was heard since from {listed(one.hushed)}" if one.hushed else ""
        says = (
            f"rule {one.name}: no match since {minute(one.silence.since)}; it used to match daily, with "
            f"{long(one.silence.usual)} between two matches at the longest; look whether its words still fit the news "
            f"in {listed(one.outlets)}{hushed}; tocsin rules backtest tries it on what was kept"
        )
        yield alarm_on(trouble, says, now=now, channels=heard.hear)


def _missed(heard: Heard, now: datetime) -> Iterator[Alert]:
    today = told_today(Cause.MISSED, heard.known, now)
    told_at = {one.subject: one.told_at for one in heard.known if one.cause is Cause.MISSED and one.told_at}
    fresh = [
        (feed, at)
        for feed in heard.missed
        if (at := feed.rhythm.missed_at) and feed.url not in today and told_at.get(feed.url, at - _MINUTE) < at
    ]
    yield from Teller(outlets=heard.outlets, channels=heard.hear, now=now).tell(
        Cause.MISSED,
        fresh,
        says=lambda feed: (
            f"entries may have come and gone unseen before {minute(feed.rhythm.missed_at or now)}: nothing that stood "
            f"in its document at the poll before was left; {_polled(feed)}, tocsin outlets show with its name says "
            "why; a shorter every: at the feed, or a shorter min_interval: under polling:, lets it be polled more often"
        ),
        all_say=(
            "feeds may have had entries that came and went unseen between two polls; a shorter every: or min_interval: "
            "under polling: lets them be polled more often"
        ),
    )


def _polled(feed: FeedState) -> str:
    return f"it is polled every {long(feed.rhythm.interval)} now" if feed.rhythm.interval else "it is polled sooner now"


def _moved(heard: Heard, now: datetime) -> Iterator[Alert]:
    told = _subjects(heard, Cause.MOVED)
    yield from Teller(outlets=heard.outlets, channels=heard.hear, now=now).tell(
        Cause.MOVED,
        [(feed, now) for feed in heard.moved if feed.url not in told],
        says=lambda feed: (
            f"the feed has moved for good to {feed.moving.adopted} and is read there; edit the configuration, for the "
            "old address may lead nowhere some day"
        ),
        all_say="feeds have moved for good and are read there; edit the configuration, tocsin status names them",
    )


def _over(heard: Heard, now: datetime) -> Iterator[Alert]:
    ended = [(one, how) for one in heard.known if (how := _end_of(one, heard, now))]
    for cause in (Cause.SILENT, Cause.UNMATCHED, Cause.MISSED, Cause.MOVED):
        of_kind = [(one, how) for one, how in ended if one.cause is cause]
        troubles = tuple(one for one, _ in of_kind)
        if len(of_kind) > MOST_ALONE:
            says = f"{len(of_kind)} of them: {listed([f'{one.about}: {how}' for one, how in of_kind])}"
            yield over(troubles, says, now=now, channels=hearers(troubles, heard.channels))
            continue
        for of_feeds, how in _as_told(of_kind, heard):
            about = " + ".join(one.about for one in of_feeds)
            says = f"{about}: {how}, after trouble since {minute(of_feeds[0].since)}"
            yield over(of_feeds, says, now=now, channels=hearers(of_feeds, heard.channels))


def _as_told(ended: Sequence[tuple[Trouble, str]], heard: Heard) -> Iterator[tuple[tuple[Trouble, ...], str]]:
    """What ended, each by itself; outlets that have the same feeds were told at once, and so is their end."""
    feeds = _feeds_of({one.subject for one, _ in ended if one.cause is Cause.SILENT}, heard)
    at_once: dict[tuple[str, datetime, tuple[str, ...]], list[Trouble]] = {}
    for one, how in ended:
        at_once.setdefault((how, one.since, feeds.get(one.subject) or (one.subject,)), []).append(one)
    return ((tuple(troubles), how) for (how, _, _), troubles in at_once.items())


def _end_of(one: Trouble, heard: Heard, now: datetime) -> str:
    """What is so again; empty: it is not over."""
    match one.cause:
        case Cause.SILENT | Cause.UNMATCHED:
            return heard.ended.get(one.subject, "")
        case Cause.MISSED | Cause.MOVED if one.subject not in heard.outlets:
            return "the configuration does not name this address any more"
        case Cause.MISSED if one.subject not in {feed.url for feed in heard.missed} and _is_day_past(one, now):
            return "nothing more was missed for a day"
        case Cause.MOVED if one.subject not in {feed.url for feed in heard.moved}:
            return "it is read at its configured address again"
        case _:
            return ""


def _is_day_past(one: Trouble, now: datetime) -> bool:
    return one.told_at is None or now - one.told_at >= MISSED_FOR


def _subjects(heard: Heard, cause: Cause) -> frozenset[str]:
    return frozenset(one.subject for one in heard.known if one.cause is cause)
