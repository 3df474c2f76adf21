"""A daemon that dies at the worst of places loses nothing, and repeats only what was on its way."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.points import Point
from tests.crash.scene import CHANNELS, Scene, scene

_SENDING = {Point.AFTER_SEND, Point.BEFORE_MARK, Point.IN_MARK}
"""where a receiver already has what the outbox does not know to be sent"""
_MOST_STATEMENTS = 60


@pytest.fixture(scope="module")
def shared_scene() -> Iterator[Scene]:
    """One state directory, through every crash of this module."""
    with scene() as stage:
        stage.begin()
        yield stage
        if stage.nursery.process:  # else a test has failed, and says so itself
            stage.stop()


@pytest.fixture
def stage(shared_scene: Scene) -> Iterator[Scene]:
    """The scene with a daemon that lives and has nothing left to do."""
    shared_scene.disarm()
    if not shared_scene.nursery.process:
        shared_scene.start()
    shared_scene.wait_until(lambda: shared_scene.is_quiet, "quiet before the test")
    yield shared_scene
    shared_scene.disarm()


# A story is sent twice, once on each channel. At the second "before send" the first may be in flight, so that it
# would rightly come again; the first and the third find nothing in flight.
@pytest.mark.parametrize(
    ("point", "times"),
    [
        *((point, times) for point in (Point.AFTER_FETCH, Point.AFTER_COMMIT, Point.BEFORE_SEND) for times in (1, 3)),
        (Point.AFTER_SORTING, 1),
        *((point, times) for point in (Point.AFTER_SEND, Point.BEFORE_MARK) for times in (1, 2)),
    ],
)
def test_a_crash_at_a_labelled_point_loses_nothing(stage: Scene, point: Point, times: int) -> None:
    """Every alert arrives; only what a receiver had and the outbox had not comes again, under the same public id."""
    before = Counter(stage.verdict.repeated)
    stage.arm(point, times)
    for _ in range(times):
        stage.publish(stage.gazette)
        stage.wait_until_dead_or(lambda: stage.is_quiet, "the crash, or its news told")
        if not stage.nursery.process:
            break

    repeated = _recovered(stage) - before

    assert stage.verdict.is_good
    assert bool(repeated) == (point in _SENDING)
    assert all(count <= 1 for count in Counter(channel for channel, _ in repeated.elements()).values())


def test_a_crash_at_any_statement_of_a_poll_s_transaction_leaves_no_half_of_it(stage: Scene) -> None:
    """From the first statement after the decision to COMMIT itself: all of a poll is stored, or none of it."""
    died, repeated = _die_at_statements(stage, Point.IN_TRANSACTION, step=1)

    assert died >= 10
    assert not repeated
    assert stage.verdict.is_good


def test_a_crash_at_any_statement_of_a_sorting_leaves_each_delivery_as_it_was_or_sorted(stage: Scene) -> None:
    """It is sorted again, and sent once."""
    died, repeated = _die_at_statements(stage, Point.IN_SORTING, step=1)

    assert died >= 5
    assert repeated.total() <= died * len(CHANNELS), "what the other channel had in flight"
    assert stage.verdict.is_good


def test_a_crash_within_a_mark_repeats_that_message_only(stage: Scene) -> None:
    """A mark is written whole or not at all; the message in flight comes again, at most once on each channel."""
    died, repeated = _die_at_statements(stage, Point.IN_MARK, step=2)

    assert died >= 3
    assert died <= repeated.total() <= died * len(CHANNELS)
    assert stage.verdict.is_good


@pytest.mark.parametrize("point", [Point.AFTER_FETCH, Point.AFTER_SEND])
def test_a_daemon_that_dies_at_the_same_place_again_and_again_gets_there_in_the_end(stage: Scene, point: Point) -> None:
    """Restart after restart changes nothing about what is known, and nothing is told under a second id."""
    stage.arm(point, 1)
    stage.publish(stage.gazette, stage.wire)
    for _ in range(3):
        stage.wait_for_death()
        assert stage.flaws() == []
        stage.start()

    _recovered(stage)

    assert stage.verdict.is_good


def _recovered(stage: Scene) -> Counter[tuple[str, str]]:
    """Wait for the crash, look at what it left, start again, and count all repeats once everything was told."""
    stage.wait_for_death()
    stage.disarm()
    assert stage.flaws() == []
    stage.start()
    stage.wait_until(lambda: stage.is_quiet, "everything told")
    return Counter(stage.verdict.repeated)


def _die_at_statements(stage: Scene, point: Point, *, step: int) -> tuple[int, Counter[tuple[str, str]]]:
    """Crash at the first statement, then `step` later, … until there is none; how many crashes, and all repeats."""
    before = Counter(stage.verdict.repeated)
    for crashes, number in enumerate(range(1, _MOST_STATEMENTS, step)):
        stage.arm(point, number)
        stage.publish(stage.gazette)
        stage.wait_until_dead_or(lambda: stage.is_quiet, "the crash, or its news told")
        if stage.nursery.process:
            return crashes, Counter(stage.verdict.repeated) - before
        _recovered(stage)
    pytest.fail(f"no end after {_MOST_STATEMENTS} statements")
