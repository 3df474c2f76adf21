"""Channels that fail while the daemon is killed; `python -m tests.crash.sinks` does the same at length."""

from tests.crash.sinks import CHANNELS, run


def test_channels_that_refuse_three_of_ten_lose_nothing_through_kills() -> None:
    """Every alert arrives in order on every channel, by mail and webhook; what came again was in flight at a kill."""
    figures = run(alerts=20, kills=3, seed=7)

    assert figures.is_good, f"\n{figures}"
    assert figures.alerts == 20
    assert figures.posts > 20 * len(CHANNELS), "some were refused"
    assert figures.together == 0


def test_a_channel_that_hears_its_backlog_together_loses_nothing_through_kills_either() -> None:
    """What is told in one message is told once, whichever moment the daemon died at."""
    figures = run(alerts=40, kills=3, seed=8, backlog=3)

    assert figures.is_good, f"\n{figures}"
    assert figures.together > 0
