"""docs/alarms.md tells the truth: its configuration is good, every cause stands in it, its figures are in force."""

import re
from datetime import timedelta
from pathlib import Path

from monitor.alerts import alarms, feed_alarms, heartbeat, ourselves, silence
from monitor.alerts.burst import FLOOD
from monitor.app.examine import examined
from monitor.cadence import hearing
from monitor.cadence.silence import LEAST_AGE
from monitor.engine.hardship import TOLD_AFTER
from monitor.flow.ourselves import DEAD_AFTER
from monitor.flow.silence import EXPLAINED
from monitor.model.troubles import Cause

PAGE = (Path(__file__).parent.parent / "docs" / "alarms.md").read_text(encoding="utf-8")
REST = "\noutlets: [{name: Gazette, feeds: [{url: 'https://a.example/f'}]}]\nrules: [{name: storm, query: storm}]\n"
SECRETS = {
    "PING_URL": "https://hc.example/0-1-2",
    "DESK_URL": "https://desk.example/hook",
    "TOPIC": "a-topic-that-nobody-guesses",
}


def test_the_configuration_that_it_shows_means_what_it_says(tmp_path: Path) -> None:
    """Every key of both sections."""
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "tocsin.yaml").write_text(block + REST, encoding="utf-8")
    plan = examined(tmp_path, SECRETS)
    assert plan.watch.hear_alarms == ("ops",)
    beat = plan.settings.heartbeat
    assert (beat.ping, beat.every, beat.channels) == (SECRETS["PING_URL"], timedelta(minutes=5), ("ops",))
    assert beat.daily is not None
    assert (beat.daily.zone, len(beat.daily.days)) == ("Europe/Berlin", 5)


def test_every_cause_stands_in_its_table() -> None:
    """And no other."""
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(cause.value for cause in Cause)


def test_its_figures_are_those_in_force() -> None:
    """Whoever changes one changes the page."""
    hour = timedelta(hours=1)
    assert (timedelta(minutes=2), hour) == (alarms.LASTING_AFTER, alarms.FAILING_AFTER)
    assert (24 * hour, hour) == (feed_alarms.FAILING_LONG, feed_alarms.MOST_FAIL_LONG)
    assert (hour, 24 * hour) == (feed_alarms.CERTIFICATE_LONG, feed_alarms.EMPTY_LONG)
    assert (feed_alarms.FEWEST, feed_alarms.MOST_ALONE) == (3, 3)
    assert (ourselves.LEAST_SHARE, ourselves.LEAST_BYTES) == (0.05, 200_000_000)
    assert (ourselves.MOST_KILLED, ourselves.FEWEST_READ, ourselves.MOST_REFUSED) == (5, 10, 0.5)
    assert (hour, 12 * hour) == (heartbeat.UNHEARD_AFTER, heartbeat.LATEST)
    assert (FLOOD, TOLD_AFTER) == (200, 300.0)


def test_its_figures_of_silence_are_those_in_force() -> None:
    """The measures of outlets and rules, and when a feed was missed for the last time."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert (12 * hour, 24 * hour, 2) == (hearing.LEAST_OF_OUTLET, hearing.LEAST_OF_RULE, hearing.TIMES)
    assert (2 * day, 14 * day, 14 * day) == (hearing.HOLIDAYS, LEAST_AGE, hearing.OLD_ENOUGH)
    assert (20, 28 * day, 14) == (hearing.DAILY_DAYS, hearing.DAILY_WINDOW, hearing.DAILY_WEEKDAYS)
    assert (day, 0.5) == (silence.MISSED_FOR, EXPLAINED)
    assert (feed_alarms.FAILING_LONG, 3 * day, 7 * day) == (hearing.GIVEN_UP, hearing.WAITED_FOR, DEAD_AFTER)
