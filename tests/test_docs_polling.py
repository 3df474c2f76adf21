"""docs/polling.md tells the truth: its configuration means what it says, its figures are in force."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.examine import examined
from monitor.cadence import disbelief, floors, forecast, interval, learning, moving, next_poll, patience, silence
from monitor.cli.pages import PAGES
from monitor.engine import manners
from monitor.feeds import slices
from monitor.flow import last_read
from monitor.model.polls import FAILURES_TO_GO_HOME
from monitor.model.settings import PollingSettings
from monitor.net.fetch import ACCEPT_ENCODING, REDIRECTS_LIMIT

PAGE = (Path(__file__).parent.parent / "docs" / "polling.md").read_text(encoding="utf-8")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_the_cadence_that_it_shows_means_what_it_says(tmp_path: Path) -> None:
    """The figures of `polling:` are the defaults; a feed with a pace of its own keeps it, the other is adapted."""
    block = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]
    (tmp_path / "tocsin.yaml").write_text(f"{block}\nrules: [{{name: storm, query: storm}}]\n", encoding="utf-8")
    plan = examined(tmp_path, {})
    assert plan.settings.polling == PollingSettings()
    adapted, kept = plan.watch.feeds.values()
    assert (adapted.pace.every, adapted.pace.is_stated) == (15 * MINUTE, False)
    assert (kept.pace.every, kept.pace.is_stated) == (30 * MINUTE, True)


def test_the_figures_of_the_cadence_are_those_in_force() -> None:
    """Whoever changes one changes the page."""
    assert (forecast.PRESUMED, forecast.HALF_LIFE, interval.EXPONENT) == (1.0, 14 * DAY, 0.5)
    assert (interval.WHOLE_DAY, interval.CALM, interval.SILENT_SHARE) == (DAY, 4, 1 / 200)
    assert 100 * DAY * interval.SILENT_SHARE == 12 * HOUR
    assert PollingSettings().every * interval.CALM == HOUR
    assert (interval.FULLEST, interval.FRESHEST, learning.FEWEST_MISSED) == (1 / 3, 1 / 2, 3)
    assert floors.LONGEST_FLOOR == 24 * HOUR
    assert (next_poll.UNCONDITIONAL, next_poll.LONG_ENOUGH, next_poll.PATIENCE) == (2, 30 * MINUTE, 2 * HOUR)
    assert (next_poll.LONGEST_RETRY_AFTER, next_poll.JITTER) == (6 * HOUR, 0.1)
    assert (silence.MOST_WEEKS, silence.LEAST_AGE) == (8, 14 * DAY)


def test_the_figures_of_politeness_are_those_in_force() -> None:
    """Whoever changes one changes the page."""
    assert PollingSettings().origin_gap == timedelta(seconds=1)
    assert (manners.WITHIN_SECONDS, manners.DOMAIN_GAP_SECONDS, manners.WELL_SECONDS) == (3_600, 5, 86_400)
    assert (disbelief.LEAST, disbelief.UNLEARNED) == (DAY, 3 * DAY)
    assert (patience.USUAL, patience.MEANT_FOR_ALL) == (15 * MINUTE, 3)
    assert (moving.SIGHTINGS, moving.STANDING, FAILURES_TO_GO_HOME) == (10, 7 * DAY, 3)
    assert (REDIRECTS_LIMIT, ACCEPT_ENCODING) == (5, "gzip, deflate")


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`tocsin ((?:outlets )?[a-z]+)", PAGE))))
def test_its_commands_exist(command: str) -> None:
    """By their pages."""
    assert command in {page.name for page in PAGES}


def test_the_figures_of_what_is_read_are_those_in_force() -> None:
    """How long a document may be to be read in part, and of how many entries something is kept."""
    assert "more than 8 MB" in PAGE
    assert slices.LARGEST_BYTES == 8_000_000
    assert f"{last_read.MOST_TRACES:,} are remembered" in " ".join(PAGE.split())
