"""Alarms about channels: when a failure is worth one, and what it says."""

from datetime import timedelta

import pytest

from monitor.alerts.alarms import FAILING_AFTER, LASTING_AFTER, channel_alarms, reload_mended, reload_refused
from monitor.alerts.retry import RetryPolicy
from monitor.model.alerts import Alert, AlertKind, Form, Message, MessageId, Scope, SendFailed, Sent
from tests.plain_values import NOW
from tests.test_channels_mail import rendered

GONE = SendFailed(scope=Scope.CHANNEL, reason="answered 410", is_lasting=True)
DOWN = SendFailed(scope=Scope.CHANNEL, reason="answered 503")
UNREADABLE = SendFailed(scope=Scope.MESSAGE, reason="answered 413")
MINUTE = timedelta(minutes=1)


def message(*, form: Form = Form.FULL, attempts: int = 0) -> Message:
    alert = rendered("Dock strike ends").items[0].alert
    return Message(
        id=MessageId(1),
        public_id=alert.public_id,
        channel="desk",
        alerts=(alert,),
        created_at=NOW,
        form=form,
        attempts=attempts,
    )


def raised(
    outcome: Sent | SendFailed, *, after: timedelta = timedelta(0), one: Message | None = None
) -> tuple[Alert, ...]:
    """What is raised when the channel has failed for so long."""
    sent = one or message()
    settled = RetryPolicy().settle(sent, outcome, now=NOW + after, chance=0.0)
    return channel_alarms(sent, outcome, settled, failing_since=NOW, channels=("ops",), now=NOW + after)


def test_what_arrives_raises_nothing() -> None:
    """However long the channel had failed before."""
    assert raised(Sent(), after=timedelta(days=2)) == ()


def test_a_single_refusal_may_be_a_hiccup() -> None:
    """Of either kind; it is tried again first."""
    assert raised(GONE) == ()
    assert raised(DOWN) == ()


def test_what_only_the_owner_can_mend_is_told_within_minutes() -> None:
    """Credentials, a closed address, a redirect: waiting helps nobody."""
    (alarm,) = raised(GONE, after=LASTING_AFTER)
    assert alarm.kind is AlertKind.ALARM
    assert alarm.channels == ("ops",)
    assert alarm.content.title == (
        "channel desk: messages do not get through since 2026-03-02 12:00 UTC, they wait (try 1): answered 410; "
        "they are tried again for three days, tocsin channels test desk tries it at once"
    )
    (trouble,) = alarm.begins
    assert (trouble.cause, trouble.subject, trouble.since, trouble.channels) == ("channel", "desk", NOW, ("ops",))


def test_what_would_not_be_tried_again_soon_is_told_at_once() -> None:
    """So that nobody hears of it only after an hour's wait."""
    assert raised(GONE, one=message(attempts=9))
    asked = SendFailed(scope=Scope.CHANNEL, reason="answered 403", retry_after_seconds=3600, is_lasting=True)
    assert raised(asked)


def test_what_time_may_mend_is_told_after_an_hour() -> None:
    """A channel that is down for minutes is no news."""
    assert raised(DOWN, after=FAILING_AFTER - MINUTE) == ()
    assert raised(DOWN, after=FAILING_AFTER)


def test_a_message_that_is_given_up_is_told_with_its_title_and_link() -> None:
    """So that its story is not lost with it."""
    assert raised(UNREADABLE) == ()
    (alarm,) = raised(UNREADABLE, one=message(form=Form.SHORT))
    assert alarm.content.title == (
        "channel desk: a message was given up (answered 413): Dock strike ends; "
        "tocsin outbox retry --dead sends it again"
    )
    assert alarm.content.link == "https://harbour.example/1"
    (old,) = raised(DOWN, after=timedelta(hours=73))
    assert "given up after 72 hours" in old.content.title


@pytest.mark.parametrize("hours", [0, 5])
def test_one_cause_is_told_once_a_day(hours: int) -> None:
    """Under one key, which the store knows; the next day it is told again."""
    (first,) = raised(GONE, after=timedelta(hours=1))
    (later,) = raised(GONE, after=timedelta(hours=1 + hours))
    (tomorrow,) = raised(GONE, after=timedelta(hours=25))
    assert first.dedupe_key == later.dedupe_key != tomorrow.dedupe_key
    assert "desk" in first.dedupe_key


def test_a_refused_reload_is_told_once_a_day_for_the_same_mistakes() -> None:
    """With the first of them at its place; other mistakes are told as well."""
    mistakes = ["rules.yaml:6:5: rules.2.query: the ( opened here is never closed", "rules.yaml:9:5: rules.3: no query"]
    first = reload_refused(mistakes, channels=("desk", "ops"), now=NOW)
    assert first.content.title == (
        "reload refused: rules.yaml:6:5: rules.2.query: the ( opened here is never closed and 1 more; "
        "the rules in force before stay in force, tocsin check shows every mistake"
    )
    assert (first.kind, first.channels) == (AlertKind.ALARM, ("desk", "ops"))
    assert reload_refused(mistakes, channels=(), now=NOW + timedelta(hours=1)).dedupe_key == first.dedupe_key
    assert reload_refused(mistakes, channels=(), now=NOW + timedelta(days=1)).dedupe_key != first.dedupe_key
    assert reload_refused(mistakes[:1], channels=(), now=NOW).dedupe_key != first.dedupe_key


def test_the_end_of_refusals_is_told_once_to_those_who_heard_of_them() -> None:
    """With the moment since which the configuration was refused; a channel that is gone is not asked."""
    refused = [
        one
        for mistakes, at in ((["no query"], NOW), (["no name"], NOW + timedelta(minutes=2)))
        for one in reload_refused(mistakes, channels=("desk", "gone"), now=at).begins
    ]
    (note,) = reload_mended(refused, channels=("desk", "ops"), now=NOW + timedelta(minutes=5))
    assert note.content.title == (
        f"over: the configuration is in force that was refused since {NOW:%Y-%m-%d %H:%M} UTC"
    )
    assert (note.kind, note.channels, note.ends) == (AlertKind.ALARM, ("desk",), tuple(refused))
    assert reload_mended((), channels=("desk",), now=NOW) == ()
