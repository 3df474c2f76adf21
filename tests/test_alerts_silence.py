"""What is said of silence: once, in words that a stranger understands, with its end, and many at once as one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.silence import Heard, QuietRule, long, silence_alarms
from monitor.model.alerts import Alert
from monitor.model.polls import FeedId, FeedState
from monitor.model.rhythm import Moving, Rhythm
from monitor.model.silence import Silence
from monitor.model.troubles import Cause, Trouble

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SILENT = Silence(since=NOON - 2 * DAY, usual=17 * HOUR)
NEW_ADDRESS = "https://new.example/rss"


def url(number: int) -> str:
    return f"https://{number}.example/rss"


NOTHING = Heard(
    silent={},
    rules=(),
    missed=(),
    moved=(),
    outlets={url(number): (f"Outlet {number}",) for number in range(20)},
    known=(),
    channels=("desk", "ops"),
    hear=("ops",),
)


def feed(number: int, *, missed_at: datetime | None = None, adopted: str = "") -> FeedState:
    return FeedState(
        id=FeedId(number),
        url=url(number),
        origin=f"https://{number}.example:443",
        next_poll_at=NOON,
        rhythm=Rhythm(interval=20 * MINUTE, missed_at=missed_at),
        moving=Moving(adopted=adopted),
    )


def rule(name: str, *, hushed: tuple[str, ...] = (), is_explained: bool = False) -> QuietRule:
    return QuietRule(
        name=name,
        subject=f"{name} 0123",
        silence=SILENT,
        outlets=("Outlet 1", "Outlet 2"),
        hushed=hushed,
        is_explained=is_explained,
    )


def titles(alarms: tuple[Alert, ...]) -> list[str]:
    return [alarm.content.title for alarm in alarms]


def told(alarms: tuple[Alert, ...], at: datetime = NOON) -> tuple[Trouble, ...]:
    """What is known once these were written."""
    return tuple(replace(one, told_at=at) for alarm in alarms for one in alarm.begins)


def test_nothing_is_said_of_nothing() -> None:
    """Which is nearly always."""
    assert silence_alarms(NOTHING, NOON) == ()


def test_a_silent_outlet_is_told_once_with_what_is_usual_and_what_to_look_at() -> None:
    """And the rules that fell silent with it, which get no alarm of their own."""
    heard = replace(
        NOTHING,
        silent={"Outlet 3": SILENT},
        rules=(rule("strikes", hushed=("Outlet 3",), is_explained=True),),
    )
    first = silence_alarms(heard, NOON)
    assert titles(first) == [
        (
            "Outlet 3: nothing new since 2026-03-03 12:00 UTC, although it answers; it is usually silent for 17 hours "
            "at the longest; look at its page, and whether its feed stands still or has another address now; rules "
            "that used to match there: strikes"
        )
    ]
    assert (first[0].channels, first[0].content.outlets, first[0].content.link) == (("ops",), ("Outlet 3",), url(3))
    assert silence_alarms(replace(heard, known=told(first)), NOON + 5 * DAY) == ()


def test_the_end_of_a_silence_is_told_to_whoever_heard_of_it() -> None:
    """With how it ended."""
    known = told(silence_alarms(replace(NOTHING, silent={"Outlet 3": SILENT}), NOON))
    (note,) = silence_alarms(replace(NOTHING, known=known, ended={"Outlet 3": "it brings something new again"}), NOON)
    assert note.content.title == (
        "over: Outlet 3: it brings something new again, after trouble since 2026-03-03 12:00 UTC"
    )
    assert (note.channels, note.ends) == (("ops",), known)


def test_outlets_that_fall_silent_together_are_one_alarm_and_so_is_their_end() -> None:
    """A holiday that we did not know of, a publisher's feed machine."""
    heard = replace(NOTHING, silent={f"Outlet {number}": SILENT for number in range(12)})
    first = silence_alarms(heard, NOON)
    (says,) = titles(first)
    assert says.startswith(
        "12 outlets have brought nothing new for much longer than is usual, although they answer: Outlet 0, Outlet 1, "
    )
    assert says.endswith(" and 2 more")
    known = told(first)
    assert len(known) == 12
    assert silence_alarms(replace(heard, known=known), NOON + HOUR) == ()
    ended = {one.subject: "it brings something new again" for one in known}
    (note,) = silence_alarms(replace(NOTHING, known=known, ended=ended), NOON + HOUR)
    assert note.content.title.startswith("over: 12 of them: Outlet 0: it brings something new again, ")


def test_a_silent_rule_is_told_with_where_it_used_to_match() -> None:
    """And with those of its outlets that nothing was heard from."""
    first = silence_alarms(replace(NOTHING, rules=(rule("strikes", hushed=("Outlet 2",)),)), NOON)
    assert titles(first) == [
        (
            "rule strikes: no match since 2026-03-03 12:00 UTC; it used to match daily, with 17 hours between two "
            "matches at the longest; look whether its words still fit the news in Outlet 1, Outlet 2; nothing was "
            "heard since from Outlet 2; tocsin rules backtest tries it on what was kept"
        )
    ]
    known = told(first)
    assert silence_alarms(replace(NOTHING, rules=(rule("strikes"),), known=known), NOON + DAY) == ()
    (note,) = silence_alarms(replace(NOTHING, known=known, ended={"strikes 0123": "it matches again"}), NOON + DAY)
    assert note.content.title == ("over: rule strikes: it matches again, after trouble since 2026-03-03 12:00 UTC")


def test_a_rule_whose_outlets_explain_its_silence_is_not_told() -> None:
    """They fail, rest or are silent themselves, and that is told where it is not known."""
    assert silence_alarms(replace(NOTHING, rules=(rule("strikes", is_explained=True),)), NOON) == ()


def test_many_silent_rules_are_one_alarm() -> None:
    """Four of them."""
    (alarm,) = silence_alarms(replace(NOTHING, rules=tuple(rule(name) for name in "abcd")), NOON)
    assert alarm.content.title == (
        "4 rules that used to match daily have matched nothing for much longer than is usual: rule a, rule b, rule c, "
        "rule d"
    )


def test_entries_that_may_have_been_missed_are_told_once_a_day() -> None:
    """With the pace and how to change it; anew only where it happened anew."""
    first = silence_alarms(replace(NOTHING, missed=(feed(1, missed_at=NOON - HOUR),)), NOON)
    assert titles(first) == [
        (
            "Outlet 1: entries may have come and gone unseen before 2026-03-05 11:00 UTC: nothing that stood in its "
            "document at the poll before was left; it is polled every 20 minutes now, tocsin outlets show with its "
            "name says why; a shorter every: at the feed, or a shorter min_interval: under polling:, lets it be polled "
            "more often"
        )
    ]
    known = told(first)
    again = replace(NOTHING, missed=(feed(1, missed_at=NOON + 11 * HOUR),), known=known)
    assert silence_alarms(again, NOON + 11 * HOUR) == (), "the same day"
    assert len(silence_alarms(again, NOON + 13 * HOUR)) == 1
    same = replace(NOTHING, missed=(feed(1, missed_at=NOON - HOUR),), known=known)
    assert silence_alarms(same, NOON + 13 * HOUR) == (), "told already"


def test_that_nothing_was_missed_for_a_day_is_told() -> None:
    """Not sooner."""
    known = told(silence_alarms(replace(NOTHING, missed=(feed(1, missed_at=NOON - HOUR),)), NOON))
    assert silence_alarms(replace(NOTHING, known=known), NOON + 23 * HOUR) == ()
    assert titles(silence_alarms(replace(NOTHING, known=known), NOON + DAY)) == [
        "over: Outlet 1: nothing more was missed for a day, after trouble since 2026-03-05 11:00 UTC"
    ]


def test_a_feed_that_moved_is_told_once_with_its_new_address() -> None:
    """Until the configuration names it, or the old one answers again."""
    moved = replace(NOTHING, moved=(feed(1, adopted=NEW_ADDRESS),))
    first = silence_alarms(moved, NOON)
    assert titles(first) == [
        (
            "Outlet 1: the feed has moved for good to https://new.example/rss and is read there; edit the "
            "configuration, for the old address may lead nowhere some day"
        )
    ]
    known = told(first)
    assert silence_alarms(replace(moved, known=known), NOON + 40 * DAY) == ()
    edited = replace(NOTHING, known=known, outlets={NEW_ADDRESS: ("Outlet 1",)})
    assert titles(silence_alarms(edited, NOON + DAY)) == [
        (
            "over: Outlet 1: the configuration does not name this address any more, after trouble since 2026-03-05 "
            "12:00 UTC"
        )
    ]
    assert (
        "it is read at its configured address again"
        in titles(silence_alarms(replace(NOTHING, known=known), NOON + DAY))[0]
    )


def test_a_site_that_moved_with_all_its_feeds_is_one_alarm() -> None:
    """Ten feeds."""
    heard = replace(NOTHING, moved=tuple(feed(number, adopted=NEW_ADDRESS) for number in range(10)))
    (alarm,) = silence_alarms(heard, NOON)
    assert alarm.content.title.startswith("10 feeds have moved for good and are read there; edit the configuration")
    assert {one.cause for one in alarm.begins} == {Cause.MOVED}


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=20), "a minute"),
        (40 * MINUTE, "40 minutes"),
        (17 * HOUR, "17 hours"),
        (47 * HOUR, "47 hours"),
        (7 * DAY, "7 days"),
    ],
)
def test_lengths_are_told_as_people_say_them(length: timedelta, words: str) -> None:
    """As rough as they are meant."""
    assert long(length) == words


def test_an_outlet_whose_feeds_were_told_to_be_empty_is_not_told_to_be_silent() -> None:
    """It is one trouble; where one of two feeds is empty, that is not why the outlet is silent."""
    outlets = {url(1): ("Outlet 1",), url(2): ("Outlet 2",), url(3): ("Outlet 2",)}
    empty = tuple(
        Trouble(cause=Cause.EMPTY, subject=url(number), about="", since=NOON - DAY, told_at=NOON)
        for number in (1, 2, 9)
    )
    heard = replace(NOTHING, silent={"Outlet 1": SILENT, "Outlet 2": SILENT}, outlets=outlets, known=empty)
    (alarm,) = silence_alarms(heard, NOON)
    assert [one.subject for one in alarm.begins] == ["Outlet 2"]


def test_a_muted_outlet_is_not_told_to_be_silent() -> None:
    """Nobody wants to hear of it."""
    heard = replace(NOTHING, silent={"Outlet 1": SILENT, "Outlet 2": SILENT}, muted=frozenset({"Outlet 1"}))
    assert [one.subject for alarm in silence_alarms(heard, NOON) for one in alarm.begins] == ["Outlet 2"]


def test_outlets_with_the_same_feeds_are_told_and_over_at_once() -> None:
    """Each stays a trouble of its own, for whoever takes one of them out; others are told by themselves."""
    outlets = {url(1): ("Outlet 1", "Outlet 2"), url(3): ("Outlet 3",)}
    silent = {f"Outlet {number}": SILENT for number in (1, 2, 3)}
    first = silence_alarms(replace(NOTHING, silent=silent, outlets=outlets), NOON)
    assert [[one.subject for one in alarm.begins] for alarm in first] == [["Outlet 1", "Outlet 2"], ["Outlet 3"]]
    assert first[0].content.title.startswith("Outlet 1 + Outlet 2: nothing new since ")
    assert first[0].content.outlets == ("Outlet 1", "Outlet 2")
    ended = dict.fromkeys(silent, "it brings something new again")
    notes = silence_alarms(replace(NOTHING, outlets=outlets, known=told(first), ended=ended), NOON + HOUR)
    assert [[one.subject for one in note.ends] for note in notes] == [["Outlet 1", "Outlet 2"], ["Outlet 3"]]
    one_taken_out = ended | {"Outlet 2": "it is not in the configuration any more"}
    left = {url(1): ("Outlet 1",), url(3): ("Outlet 3",)}
    notes = silence_alarms(replace(NOTHING, outlets=left, known=told(first), ended=one_taken_out), NOON + HOUR)
    assert [[one.subject for one in note.ends] for note in notes] == [["Outlet 1"], ["Outlet 2"], ["Outlet 3"]]
