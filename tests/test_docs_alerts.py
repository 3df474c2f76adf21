"""docs/alerts.md tells the truth: its configurations are good, and what it says of them is what happens."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.backlog import gathered
from monitor.alerts.holding import sort_out
from monitor.alerts.retry import RetryPolicy
from monitor.alerts.routes import routed
from monitor.app.examine import Plan, examined
from monitor.config.hours import read_digest, read_quiet, read_rate
from monitor.config.shape.channels import UNHURRIED
from monitor.model.entries import Text
from monitor.model.holding import DEFAULT_BACKLOG, DEFAULT_THROTTLE, Hold, Rate, Sorting, Standing, Waiting
from monitor.model.rules import Priority, RuleName, RuleSpec, View
from tests.holding_desk import waiting

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
OUTLETS = """\
outlets:
  - {name: Gazette, tags: [russia], feeds: [{url: "https://a.example/f"}]}
  - {name: Wire, tags: [ukraine], feeds: [{url: "https://b.example/f"}]}
"""
RULES = "rules: [{name: storm, query: storm}]\n"
SECRETS = {"PHONE_URL": "ntfy://ntfy.example/topic", "SMTP_URL": "smtps://me:open-sesame@mail.example.org"}
BERLIN = ZoneInfo("Europe/Berlin")


def plan(folder: Path, number: int) -> Plan:
    block = BLOCKS[number]
    text = OUTLETS + block + ("" if "\nrules:" in block else RULES)
    (folder / "tocsin.yaml").write_text(text, encoding="utf-8")
    return examined(folder, SECRETS)


def berlin(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=BERLIN)


def until(sorting: Sorting) -> list[tuple[Hold, str]]:
    return [(one.hold, f"{one.until.astimezone(BERLIN):%a %H:%M}") for one in sorting.held]


def on(channel: str, here: Plan, moment: str, *deliveries: Waiting) -> Sorting:
    return sort_out(deliveries, here.settings.handlings, (), Standing(channel=channel), berlin(moment))


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_configuration_of_the_page_is_good(tmp_path: Path, number: int) -> None:
    """Whoever pastes it can run it."""
    assert plan(tmp_path, number).channels


@pytest.mark.parametrize(
    ("priority", "tags", "language", "heard"),
    [
        (Priority.URGENT, ("russia",), "en", ("phone", "desk")),
        (Priority.NORMAL, ("ukraine",), "en-GB", ("desk",)),
        (Priority.URGENT, (), "de", ("phone",)),
        (Priority.NORMAL, ("russia",), "ru", ("screen",)),
    ],
)
def test_the_routes_of_the_page_lead_where_it_says(
    tmp_path: Path, priority: Priority, tags: tuple[str, ...], language: str, heard: tuple[str, ...]
) -> None:
    """They add up, and what fits none goes to the channel that none names; check notes it."""
    here = plan(tmp_path, 0)
    rule = RuleSpec(name=RuleName("storm"), query="storm", priority=priority)
    view = View(text=Text(title="Storm"), outlets=("Gazette",), tags=tags, language=language)
    assert routed(rule, view, here.watch.routes, here.watch.channels) == heard
    assert ["go to screen" in note.what for note in here.notes] == [True]


def test_a_rule_says_otherwise_than_its_channel(tmp_path: Path) -> None:
    """Each thing for itself; a Monday's alert of background waits for Friday."""
    here = plan(tmp_path, 1)
    noon, night = "2026-03-02 12:00", "2026-03-03 03:00"
    assert on("desk", here, noon, waiting(1, berlin(noon))).alone == (1,)
    assert until(on("desk", here, night, waiting(1, berlin(night)))) == [(Hold.QUIET, "Tue 07:00")]
    weekly = waiting(1, berlin(noon), rule="background")
    assert until(on("desk", here, noon, weekly)) == [(Hold.DIGEST, "Fri 17:00")]
    assert until(on("desk", here, noon, waiting(1, berlin(noon), rule="other"))) == [(Hold.DIGEST, "Tue 07:00")]
    assert until(on("desk", here, noon, waiting(1, berlin(noon), is_late=True))) == [(Hold.DIGEST, "Tue 07:00")]
    assert here.settings.handlings.pacing == {"desk": Rate(most=20, per=timedelta(minutes=1))}


def test_quiet_nights_and_weekends_are_as_the_page_says(tmp_path: Path) -> None:
    """From Friday evening until Monday: the night of Sunday begins on no working day."""
    here = plan(tmp_path, 2)
    for moment, end in (
        ("2026-03-03 03:00", [(Hold.QUIET, "Tue 07:00")]),
        ("2026-03-06 23:00", [(Hold.QUIET, "Mon 00:00")]),
        ("2026-03-09 03:00", []),
    ):
        assert until(on("phone", here, moment, waiting(1, berlin(moment)))) == end


def test_the_texts_of_the_page_are_read() -> None:
    """Each in the form in which it stands there."""
    readers = {"digest": read_digest, "quiet": read_quiet, "throttle": read_rate, "rate": read_rate}
    found = re.findall(r'`(digest|quiet|throttle|rate): "?([^"`]+)"?`', PAGE)
    assert {key for key, _ in found} == readers.keys()
    for key, text in found:
        if text != "off":
            readers[key](text)
    usual = re.search(r"have `throttle: (\d+ in \w+)` unless", PAGE)
    assert usual
    assert read_rate(usual[1]) == DEFAULT_THROTTLE


def test_a_backlog_is_told_together_as_the_page_says(tmp_path: Path) -> None:
    """Above which number, on which kinds, and for how long a message is tried before."""
    part = PAGE.partition("## A channel that was away")[2].partition("\n## ")[0]
    here = plan(tmp_path, 0)
    assert here.settings.handlings.backlogs == dict.fromkeys(("phone", "desk"), DEFAULT_BACKLOG)
    assert (DEFAULT_BACKLOG, "more than\nfifty alerts" in part) == (50, True)
    kinds = part.partition("one by one. Kinds")[2].partition("are `off`")[0]
    assert set(re.findall(r"`(\w+)`", kinds)) == UNHURRIED
    policy = RetryPolicy()
    assert (policy.cap, policy.time_to_live) == (timedelta(hours=1), timedelta(hours=72))
    assert "up to an\nhour" in part
    assert "72 hours" in part
    several = [waiting(number) for number in range(1, 61)]
    together = gathered([*several, waiting(99, priority=Priority.URGENT)], "desk", DEFAULT_BACKLOG)
    assert together is not None
    assert sorted(together.deliveries) == list(range(1, 61))


def test_the_kinds_without_a_throttle_are_those_that_the_page_names(tmp_path: Path) -> None:
    """All others have one."""
    here = plan(tmp_path, 0)
    assert here.settings.handlings.channels.keys() == {"phone", "desk"}
    assert {one.throttle for one in here.settings.handlings.channels.values()} == {DEFAULT_THROTTLE}
    named = PAGE.partition("or `throttle: off`. Kinds")[2].partition("have none")[0]
    assert set(re.findall(r"`(\w+)`", named)) == UNHURRIED
