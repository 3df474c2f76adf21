"""kill −9 at random moments; `python -m tests.crash.kills` does the same at length."""

from tests.crash.kills import run


def test_kills_at_random_moments_lose_nothing() -> None:
    """No alert is lost or told under a second id, in spite of kills, slow answers and refusals; and order is kept."""
    figures = run(kills=8, seed=11)

    assert figures.is_good, f"\n{figures}"
    assert figures.alerts >= 10
