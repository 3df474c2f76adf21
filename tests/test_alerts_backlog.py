"""What waited for a channel that took nothing: one by one up to a number, beyond it in one message."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.backlog import gathered
from monitor.model.alerts import AlertKind
from monitor.model.holding import DEFAULT_BACKLOG, Hold, Waiting
from monitor.model.rules import Priority
from tests.holding_desk import CHANNEL, waiting
from tests.plain_values import NOW
from tests.store_values import alert, sifted

URGENT, LOW = Priority.URGENT, Priority.LOW


def many(count: int, first: int = 1) -> list[Waiting]:
    return [waiting(number) for number in range(first, first + count)]


def test_fifty_that_waited_go_one_by_one_and_fifty_one_together() -> None:
    """What the channel has just taken is counted, for it waited too; but no alarm."""
    assert gathered(many(50), CHANNEL, DEFAULT_BACKLOG) is None
    news = alert(sifted(1))
    assert gathered(many(49), CHANNEL, DEFAULT_BACKLOG, (news,)) is None
    assert gathered(many(50), CHANNEL, DEFAULT_BACKLOG, (replace(news, kind=AlertKind.ALARM),)) is None
    together = gathered(many(50), CHANNEL, DEFAULT_BACKLOG, (news,))
    assert together is not None
    assert sorted(together.deliveries) == list(range(1, 51))
    assert (together.hold, together.title) == (Hold.AWAY, "50 alerts that came while this channel took none")
    assert gathered(many(51), CHANNEL, DEFAULT_BACKLOG) is not None


def test_the_same_alerts_have_the_same_key_in_whatever_order_and_under_whatever_rows() -> None:
    """A restored backup counts its rows differently."""
    known = gathered(many(3), CHANNEL, 1)
    moved = [replace(one, delivery=one.delivery + 70) for one in reversed(many(3))]
    again, fewer, elsewhere = gathered(moved, CHANNEL, 1), gathered(many(2), CHANNEL, 1), gathered(many(3), "ops", 1)
    assert known is not None
    assert again is not None
    assert again.key == known.key
    assert known.key not in {one.key for one in (fewer, elsewhere) if one is not None}
    assert None not in (fewer, elsewhere)


def test_urgent_alerts_go_by_themselves_and_count() -> None:
    """In a long list they would be overlooked."""
    some = [*many(47), *(waiting(number, priority=URGENT) for number in (60, 61, 62, 63))]
    together = gathered(some, CHANNEL, DEFAULT_BACKLOG)
    assert together is not None
    assert sorted(together.deliveries) == list(range(1, 48))
    assert together.title.startswith("47 alerts that")


def test_of_more_urgent_alerts_than_that_all_go_together_the_urgent_ones_first() -> None:
    """One by one, fifty-one urgent messages say no more than one."""
    urgent = [waiting(number, priority=URGENT, rule="fire") for number in range(10, 61)]
    together = gathered([*many(3), *urgent], CHANNEL, DEFAULT_BACKLOG)
    assert together is not None
    assert set(together.deliveries[:51]) == set(range(10, 61))
    assert sorted(together.deliveries[51:]) == [1, 2, 3]


def test_one_that_is_left_beside_urgent_ones_goes_as_it_is() -> None:
    """A message of many with one alert in it would help nobody."""
    some = [waiting(1), *(waiting(number, priority=URGENT) for number in range(2, 52))]
    assert gathered(some, CHANNEL, DEFAULT_BACKLOG) is None


def test_what_is_one_message_already_stays_that_message() -> None:
    """A digest keeps its title; but several messages, and what stands beside one, become one."""
    digest = [replace(one, carried_by="digest-1") for one in many(60)]
    assert gathered(digest, CHANNEL, DEFAULT_BACKLOG) is None
    next_day = [replace(one, carried_by="digest-2") for one in many(60, first=100)]
    for some in ([*digest, *next_day], [*digest, waiting(200)]):
        together = gathered(some, CHANNEL, DEFAULT_BACKLOG)
        assert together is not None
        assert sorted(together.deliveries) == sorted(one.delivery for one in some)


def test_an_urgent_alert_that_stands_in_a_message_of_many_stays_in_one() -> None:
    """Taken out of it, the rest would go under a title that is wrong."""
    before = [replace(one, carried_by="backlog-1", priority=URGENT) for one in many(30)]
    together = gathered([*before, *many(30, first=100), waiting(200, priority=URGENT)], CHANNEL, DEFAULT_BACKLOG)
    assert together is not None
    assert 200 not in together.deliveries
    assert len(together.deliveries) == 60


@given(
    st.lists(st.tuples(st.sampled_from([URGENT, Priority.NORMAL, LOW]), st.booleans(), st.integers(0, 3)), max_size=80),
    st.integers(1, 60),
)
def test_nothing_is_named_twice_or_invented_and_few_are_never_gathered(
    drawn: list[tuple[Priority, bool, int]], most: int
) -> None:
    """Whatever waits: a part of it, each once; and every urgent one that goes alone is one of at most `most`."""
    some = [
        waiting(
            number,
            NOW + timedelta(minutes=number),
            priority=priority,
            carried_by="digest" if is_carried else "",
            rule=f"rule {rule}",
        )
        for number, (priority, is_carried, rule) in enumerate(drawn)
    ]
    together = gathered(some, CHANNEL, most)
    if together is None:
        return
    assert len(some) > most
    assert len(set(together.deliveries)) == len(together.deliveries) >= 2
    left = [one for one in some if one.delivery not in together.deliveries]
    assert len(left) + len(together.deliveries) == len(some)
    assert all(one.priority is URGENT and not one.carried_by for one in left)
    assert len(left) <= most
