"""Stop, reload and a second start, as signals and systemd bring them about."""

import signal
from collections.abc import Iterator

import pytest

from tests.crash.nursery import nursery
from tests.crash.scene import CHANNELS, Scene, scene

_STOP_SECONDS = 10.0
"""what SIGTERM may take at most"""


@pytest.fixture
def stage() -> Iterator[Scene]:
    """A scene with a daemon that has its baseline."""
    with scene() as made:
        made.configure(grace="1s")
        made.begin()
        yield made


def test_sigterm_in_mid_send_waits_for_the_answer(stage: Scene) -> None:
    """A receiver that answers within the grace is believed: the daemon leaves with 0 and repeats nothing."""
    with stage.sink.holding():
        stage.publish()
        stage.wait_until(lambda: stage.sink.open_channels == set(CHANNELS), "two sends in flight")
        stage.nursery.signal(signal.SIGTERM)
        stage.wait_for_log("stopping", "draining", or_seconds=0.1)

    assert stage.nursery.wait(_STOP_SECONDS) == 0
    stage.start()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    assert (stage.verdict.is_good, stage.verdict.repeated) == (True, ())
