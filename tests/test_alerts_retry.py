"""`alerts.retry`: a dead channel is asked seldom, a message is given up late, and nothing is lost between."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.retry import RetryPolicy
from monitor.model.alerts import Form, Message, MessageId, PublicId, Scope, SendFailed, Sent, Settlement

NOW = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
POLICY = RetryPolicy()
DEAD_CHANNEL = SendFailed(scope=Scope.CHANNEL, reason="hook.example answered 503")
BAD_MESSAGE = SendFailed(scope=Scope.MESSAGE, reason="hook.example answered 413")

chances = st.floats(min_value=0, max_value=1, exclude_max=True)
attempts = st.integers(min_value=0, max_value=10**6)


def message(*, attempts: int = 0, age: timedelta = timedelta(0), form: Form = Form.FULL) -> Message:
    return Message(
        id=MessageId(7),
        public_id=PublicId("h4rb0urferry"),
        channel="hook",
        alerts=(),
        created_at=NOW - age,
        attempts=attempts,
        form=form,
    )


def wait_after(outcome: SendFailed, *, tries: int = 0, chance: float = 0.5, channel_failures: int = 0) -> timedelta:
    settled = POLICY.settle(message(attempts=tries), outcome, now=NOW, chance=chance, channel_failures=channel_failures)
    assert settled.fate is Settlement.RETRY
    assert settled.due_at is not None
    return settled.due_at - NOW


@pytest.mark.parametrize("form", Form)
def test_what_was_taken_is_sent(form: Form) -> None:
    """A taken message is done, in the form in which it went."""
    settled = POLICY.settle(message(form=form, age=timedelta(days=9)), Sent(), now=NOW, chance=0.5)
    assert (settled.message, settled.fate, settled.at) == (7, Settlement.SENT, NOW)
    assert (settled.due_at, settled.error, settled.form) == (None, "", form)


@pytest.mark.parametrize("form", Form)
def test_a_failing_channel_is_tried_again_in_the_same_form(form: Form) -> None:
    """The message was not at fault: it is not made poorer."""
    settled = POLICY.settle(message(form=form), DEAD_CHANNEL, now=NOW, chance=0.5)
    assert settled.fate is Settlement.RETRY
    assert (settled.error, settled.form) == ("hook.example answered 503", form)


def test_a_refused_message_is_tried_short_at_once_then_given_up() -> None:
    """First the plainer form, without delay, for the channel works; then the queue goes on without it."""
    first = POLICY.settle(message(), BAD_MESSAGE, now=NOW, chance=0.5)
    assert (first.fate, first.form, first.due_at) == (Settlement.RETRY, Form.SHORT, NOW)
    second = POLICY.settle(message(form=Form.SHORT, attempts=1), BAD_MESSAGE, now=NOW, chance=0.5)
    assert (second.fate, second.due_at, second.error) == (Settlement.DEAD, None, "hook.example answered 413")


def test_a_message_is_given_up_after_72_hours() -> None:
    """Not a second earlier; and the reason says both how long it was tried and what the channel said last."""
    last = POLICY.settle(message(age=timedelta(hours=72, seconds=-1)), DEAD_CHANNEL, now=NOW, chance=0.5)
    assert last.fate is Settlement.RETRY
    over = POLICY.settle(message(age=timedelta(hours=72)), DEAD_CHANNEL, now=NOW, chance=0.5)
    assert over.fate is Settlement.DEAD
    assert over.error == "given up after 72 hours: hook.example answered 503"


def test_a_clock_that_stepped_back_gives_nothing_up() -> None:
    """A message from the future is a new message."""
    settled = POLICY.settle(message(age=-timedelta(days=30)), DEAD_CHANNEL, now=NOW, chance=0.5)
    assert settled.fate is Settlement.RETRY


def test_the_first_wait_is_under_half_a_minute() -> None:
    """A hiccup costs seconds."""
    assert timedelta(seconds=15) <= wait_after(DEAD_CHANNEL, chance=0) < timedelta(seconds=30)
    assert wait_after(DEAD_CHANNEL, chance=0.999) < timedelta(seconds=30)


@given(attempts, chances, chances)
def test_waits_grow_to_a_cap_whatever_chance_says(before: int, one: float, other: float) -> None:
    """Backoff doubles faster than jitter can take back, is capped, and is never nothing."""
    shorter, longer = POLICY.delay(before, one), POLICY.delay(before + 1, other)
    assert timedelta(0) < shorter <= POLICY.cap
    assert longer <= POLICY.cap
    assert longer >= shorter or longer >= POLICY.cap / 2
    assert POLICY.delay(before + 1, one) >= shorter


@given(st.integers(min_value=-(10**12), max_value=10**12), attempts, chances)
def test_no_try_comes_before_retry_after(seconds: int, tries: int, chance: float) -> None:
    """What the server asks is a floor, up to six hours; it never shortens our own wait."""
    asked = SendFailed(scope=Scope.CHANNEL, reason="429", retry_after_seconds=seconds)
    wait = wait_after(asked, tries=tries, chance=chance)
    own = POLICY.delay(tries, chance)
    assert wait >= own
    assert wait >= timedelta(seconds=min(max(seconds, 0), 6 * 3600))
    assert wait <= max(own, timedelta(hours=6))


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999999])
def test_a_channel_dead_for_a_day_is_tried_sixty_times_at_most(chance: float) -> None:
    """Even if chance always gives the shortest wait; and not so seldom that its return goes unnoticed."""
    now, tries = NOW, 0
    while now < NOW + timedelta(hours=24):
        one = message(attempts=tries)
        settled = POLICY.settle(one, DEAD_CHANNEL, now=now, chance=chance)
        assert settled.due_at is not None
        tries, now = tries + 1, settled.due_at
    assert 24 <= tries <= 60


def test_messages_that_follow_a_dead_one_wait_as_long() -> None:
    """Told of the channel's failures in a row, a fresh message does not begin to knock from thirty seconds on."""
    assert wait_after(DEAD_CHANNEL, channel_failures=100) == wait_after(DEAD_CHANNEL, tries=100)
    assert wait_after(DEAD_CHANNEL, tries=100, channel_failures=1) == wait_after(DEAD_CHANNEL, tries=100)
