"""What is wrong with ourselves beside feeds, and what of all that was told is over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.alerts.alarms import alarm_on, hearers, over
from monitor.alerts.feed_alarms import MOST_ALONE, OUR_SIDE, Outlets, feed_alarms, listed, most_fail
from monitor.alerts.lines import minute
from monitor.model.alerts import Alert
from monitor.model.polls import Habits, Nature
from monitor.model.troubles import Cause, FeedHealth, Reading, Room, Trouble

LEAST_SHARE = 0.05
"""of the file system that is to be free"""
LEAST_BYTES = 200_000_000
"""… and so many bytes at least"""
_MENDED = 1.2  # times as much must be free before it is over, or every commit would tell of it anew
MOST_KILLED = 5
"""documents within an hour that may break what reads them"""
FEWEST_READ = 10
"""documents within an hour that must be refused before their share says anything"""
MOST_REFUSED = 0.5
"""of the documents of an hour"""
OWN_AGAIN = timedelta(days=7)
"""after an identity change was told last it is over, if each entry has its own ids and links again"""
_READING = frozenset({Cause.FAILING, Cause.CERTIFICATE, Cause.GONE})
"""what is over once a feed is read again"""
_DISK = "the disk"
_PARSER = "the parser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that was seen of ourselves at one moment."""

    health: FeedHealth
    """without the feeds that somebody lets rest"""
    outlets: Outlets
    room: Room
    reading: Reading
    refusing: frozenset[str]
    """channels that refused what they were sent last"""
    known: tuple[Trouble, ...]
    """what was told and is not over"""
    channels: tuple[str, ...]
    """all that there are"""
    hear: tuple[str, ...]
    """those that hear alarms"""
    failing: frozenset[str] = field(default=frozenset())
    """addresses of all feeds that fail or are gone, those that rest included"""
    empty: frozenset[str] = field(default=frozenset())
    """likewise of those that have no entries any more"""


def alarms_of(look: Look, now: datetime) -> tuple[Alert, ...]:
    """The alarms and recovery notes that this is worth; most of them were told today, which the store knows."""
    return (
        *feed_alarms(look.health, look.outlets, look.known, channels=look.hear, now=now),
        *_disk(look, now),
        *_parser(look, now),
        *_over(look, now),
    )


def is_short(room: Room, *, factor: float = 1.0) -> bool:
    """Whether there is little room; `factor` times as much is asked for."""
    return room.free < max(LEAST_BYTES, LEAST_SHARE * room.whole) * factor if room.whole else False


def is_troubled(reading: Reading) -> bool:
    """Whether reading documents goes wrong so often that it is no matter of single feeds."""
    if reading.killed >= MOST_KILLED:
        return True
    return reading.refused >= FEWEST_READ and reading.refused > MOST_REFUSED * reading.documents


def _disk(look: Look, now: datetime) -> Iterator[Alert]:
    if not is_short(look.room):
        return
    trouble = Trouble(cause=Cause.DISK, subject=_DISK, about="the disk of the database", since=now)
    says = (
        f"{trouble.about} has little room: {_megabytes(look.room.free)} of {_megabytes(look.room.whole)} are free; "
        "once it is full, nothing is sent until there is room, and nothing is lost; make room, or keep less: "
        "see retention in the configuration"
    )
    yield alarm_on(trouble, says, now=now, channels=look.hear)


def _parser(look: Look, now: datetime) -> Iterator[Alert]:
    reading = look.reading
    if not is_troubled(reading):
        return
    trouble = Trouble(cause=Cause.PARSER, subject=_PARSER, about="reading documents", since=now)
    says = (
        f"of {reading.documents} documents within an hour {reading.refused} could not be read, {reading.killed} of "
        "them broke what read them; their feeds count as failing and are asked on, the others are polled as ever; "
        "tocsin status shows which"
    )
    yield alarm_on(trouble, says, now=now, channels=look.hear)


def _over(look: Look, now: datetime) -> Iterator[Alert]:
    feeds = [one for one in look.known if one.cause in _READING and one.subject not in look.failing]
    yield from _feeds_over(feeds, look, now)
    yield from _identities_over(look, now)
    for one in look.known:
        says = _end_of_emptiness(one, look) if one.cause is Cause.EMPTY else _end_of(one, look)
        if says:
            yield over((one,), f"{one.about}: {says}", now=now, channels=hearers((one,), look.channels))


def _end_of(one: Trouble, look: Look) -> str:
    """What is so again; empty: it is not over, or told by others."""
    since = f"after trouble since {minute(one.since)}"
    match one.cause:
        case Cause.NETWORK if one.subject == OUR_SIDE and not most_fail(look.health):
            return f"they are read again, {since}; what they still have of that time is told"
        case Cause.CHANNEL if one.subject not in look.channels:
            return f"it is not in the configuration any more, {since}"
        case Cause.CHANNEL if one.subject not in look.refusing:
            return f"it takes messages again, {since}; those that waited are sent in order"
        case Cause.DISK if not is_short(look.room, factor=_MENDED):
            return f"there is room again ({_megabytes(look.room.free)}), {since}"
        case Cause.PARSER if look.reading.is_whole_hour and not is_troubled(look.reading):
            return f"they are read again, {since}"
        case _:
            return ""


def _end_of_emptiness(one: Trouble, look: Look) -> str:
    since = f"after trouble since {minute(one.since)}"
    if one.subject not in look.outlets:
        return f"it is not in the configuration any more, {since}"
    return f"it has entries again, {since}" if one.subject not in look.empty else ""


def _identities_over(look: Look, now: datetime) -> Iterator[Alert]:
    """One note for each feed with whose ids and links nothing is wrong any more, a week after that was told last."""
    strange = {feed.url: feed.habits for feed in look.health.strange}
    by_feed: dict[str, list[Trouble]] = {}
    for one in look.known:
        if one.cause is Cause.IDENTITY:
            by_feed.setdefault(one.subject.partition(" ")[0], []).append(one)
    for url, troubles in by_feed.items():
        if url not in look.outlets:
            says = "it is not in the configuration any more"
        elif url in strange and all(_is_own_again(one, strange[url], now) for one in troubles):
            keys = " and ".join(dict.fromkeys(_key_of(one) for one in troubles))
            says = f"its {keys} have been as they should be for a week, or are not used any more"
        else:
            continue
        words = f"{troubles[0].about}: {says}, after trouble since {minute(min(one.since for one in troubles))}"
        yield over(troubles, words, now=now, channels=_heard(troubles, look))


def _is_own_again(one: Trouble, habits: Habits, now: datetime) -> bool:
    if one.told_at is None or now - one.told_at < OWN_AGAIN:
        return False
    habit = habits.ids if _key_of(one) == "ids" else habits.links
    if habit.doubted_since is not None:
        return True  # it is not used, which was told as well: whatever it is like does no harm
    return habit.changes == 0 and (one.subject.endswith(" changed") or habit.nature is Nature.OWN)


def _key_of(one: Trouble) -> str:
    """`ids` or `links`: the alarm's subject is the address, the key, and what became of it."""
    return one.subject.rsplit(" ", 2)[1]


def _feeds_over(ended: Sequence[Trouble], look: Look, now: datetime) -> Iterator[Alert]:
    """One note for each feed, whatever was told of it, or one for many."""
    by_feed: dict[str, list[Trouble]] = {}
    for one in ended:
        by_feed.setdefault(one.subject, []).append(one)
    if len(by_feed) > MOST_ALONE:
        names = listed([one.about for one in ended])
        yield over(ended, f"{len(by_feed)} feeds are read again: {names}", now=now, channels=_heard(ended, look))
        return
    for subject, troubles in by_feed.items():
        since = minute(min(one.since for one in troubles))
        says = "it is read again" if subject in look.outlets else "it is not in the configuration any more"
        words = f"{troubles[0].about}: {says}, after trouble since {since}"
        yield over(troubles, words, now=now, channels=_heard(troubles, look))


def _heard(ended: Iterable[Trouble], look: Look) -> tuple[str, ...]:
    return hearers(tuple(ended), look.channels)


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
