"""What the page on polling says of many feeds is what the code does."""

from pathlib import Path

from monitor.cadence.catching_up import BETWEEN_NEW, FEWEST, USUAL, USUAL_SHARE
from monitor.config.document import BIG, LARGEST
from monitor.engine.poller import AWAY, most_failing
from monitor.engine.waiting import EACH
from monitor.model.settings import PollingSettings

PAGE = " ".join((Path(__file__).parent.parent / "docs" / "polling.md").read_text(encoding="utf-8").split())


def test_the_figures_are_those_of_the_code() -> None:
    """Each in the sentence that a reader finds it in."""
    places = most_failing(PollingSettings().concurrency)
    for said in (
        f"A file is read up to {LARGEST // 1_000_000} MB",
        f"Files from {BIG // 1_000} kB on are read by libyaml",
        f"the next look takes {EACH} of them",
        f"{places} as it is delivered",
        f"{FEWEST} feeds or fewer, or what falls due within {USUAL.seconds // 60} minutes anyway",
        f"{BETWEEN_NEW.microseconds // 1_000} ms apart",
        f"where nobody has looked for {AWAY.seconds} seconds by the clock on the wall",
    ):
        assert said in PAGE
    assert "(at most a quarter of all feeds)" in PAGE
    assert USUAL_SHARE == 1 / 4
