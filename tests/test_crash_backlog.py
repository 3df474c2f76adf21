"""A daemon that dies while it puts together what waited for its channels loses nothing and tells nothing twice."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.points import Point
from tests.crash.scene import CHANNELS, Scene, scene

_MOST_STATEMENTS = 100
_BACKLOG = 4
_ALERTS = 6
"""of which the first is tried while the channels are away, and the others become one message"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Scene]:
    """One state directory, through every crash of this module."""
    with scene() as made:
        made.configure(backlog=str(_BACKLOG))
        made.begin()
        yield made
        if made.nursery.process:  # else a test has failed, and says so itself
            made.stop()


def test_what_waited_for_two_channels_is_told_on_each_in_two_messages(stage: Scene) -> None:
    """The one that was tried all the time, and the others."""
    _be_away(stage)
    before = len(_taken(stage))
    _come_back(stage)
    stage.wait_until(lambda: stage.is_quiet, "everything told")
    assert sorted(_taken(stage)[before:]) == [1, 1, _ALERTS - 1, _ALERTS - 1]
    assert stage.verdict.is_good
    assert not stage.verdict.repeated


def test_a_crash_at_any_statement_of_a_gathering_leaves_all_alone_or_all_together(stage: Scene) -> None:
    """It is done again after one more was taken; under two ids nothing is told."""
    before = Counter(stage.verdict.repeated)
    died = 0
    for number in range(1, _MOST_STATEMENTS, 4):
        _be_away(stage)
        stage.arm(Point.IN_GATHERING, number)
        _come_back(stage)
        stage.wait_until_dead_or(lambda: stage.is_quiet, "the crash, or everything told")
        if stage.nursery.process:
            break
        died += 1
        _recover(stage)
    stage.disarm()
    assert 5 <= died < _MOST_STATEMENTS // 4 - 1
    assert (Counter(stage.verdict.repeated) - before).total() <= died, "what the other channel had in flight"
    assert stage.verdict.is_good


@pytest.mark.parametrize(
    ("point", "times"),
    [*((Point.AFTER_GATHERING, times) for times in (1, 2)), *((Point.AFTER_SEND, times) for times in (1, 2, 3, 4))],
)
def test_a_crash_around_a_gathering_loses_nothing(stage: Scene, point: Point, times: int) -> None:
    """Each channel takes two messages: what was in flight comes again under the same id, and nothing else does."""
    before = Counter(stage.verdict.repeated)
    _be_away(stage)
    stage.arm(point, times)
    _come_back(stage)
    _recover(stage)
    repeated = Counter(stage.verdict.repeated) - before
    assert int(point is Point.AFTER_SEND) <= repeated.total() <= len(CHANNELS)
    assert all(count == 1 for count in repeated.values())
    assert stage.verdict.is_good


def _be_away(stage: Scene) -> None:
    """Both channels refuse everything, and alerts pile up."""
    stage.disarm()
    stage.wait_until(lambda: stage.is_quiet, "quiet before")
    stage.sink.refuses = lambda: True
    before = len(stage.sink.posts)
    for _ in range(_ALERTS):
        stage.publish(stage.gazette)
    stage.wait_until(lambda: stage.waiting == _ALERTS * len(CHANNELS), "all alerts on their way")
    tried = {post.channel for post in stage.sink.posts[before:]}
    stage.wait_until(lambda: len(tried | {post.channel for post in stage.sink.posts[before:]}) == 2, "both tried")


def _come_back(stage: Scene) -> None:
    stage.sink.refuses = lambda: False


def _recover(stage: Scene) -> None:
    """Look at what the crash left, and start again."""
    stage.wait_for_death()
    stage.disarm()
    assert stage.flaws() == []
    stage.start()
    stage.wait_until(lambda: stage.is_quiet, "everything told")


def _taken(stage: Scene) -> list[int]:
    """How many alerts each message told that was taken."""
    return [len(post.titles) for post in stage.sink.posts if not post.is_refused]
