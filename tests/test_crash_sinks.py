"""Channels that fail while the daemon is killed; `python -m tests.crash.sinks` does the same at length."""

from tests.crash.sinks import CHANNELS, run


def test_channels_that_refuse_three_of_ten_lose_nothing_through_kills() -> None:
    """Every alert arrives in order on every channel, by mail and webhook; what came again was in flight at a kill."""
    figures = run(alerts=20, kills=3, seed=7)

    assert figures.is_good, f"\n{figures}"
    assert figures.alerts == 20
    assert figures.posts > 20 * len(CHANNELS), "some were refused"
