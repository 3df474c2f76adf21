"""`tocsin mute`, `unmute` and `mutes`: silence by hand, and how it is told afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli_logs import restored_logs
from tests.cli_town import Town, heard, town

CONFIGURATION = """\
polling: {every: 1h, min_interval: 1s, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
channels: [{name: hook, kind: webhook, url: "ADDRESS/hook"}]
entities: [{id: mayor, type: person, name: Ada Quill}]
rules:
  - {name: truce, query: truce}
  - {name: town-hall, query: "entity:mayor"}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    """A feed that was polled once."""
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION)
        assert one.once() == 0
        yield one


def titles(here: Town) -> list[str]:
    return [alert["title"] for body in here.posts for alert in json.loads(body)["alerts"]]


def publish(here: Town, title: str, hours_later: float) -> None:
    """News that a round reads and delivers."""
    outlet = here.outlets["/gazette"]
    outlet.publish(len(outlet.items) + 1, title, "")
    assert here.once(hours_later=hours_later) == 0


def test_a_muted_rule_is_silent_until_its_time_is_over(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """The alert is kept, and every list says why nobody was told; afterwards the next one is told."""
    assert "rule truce: muted until" in heard(here, capsys, "mute", "rule", "Truce", "--for", "3h")
    publish(here, "A truce is signed", hours_later=2)
    assert titles(here) == []
    (row,) = json.loads(heard(here, capsys, "outbox", "list", "--all", "--json"))
    assert row["state"] == "muted"
    assert row["why"].startswith("rule truce is muted until ")
    shown = heard(here, capsys, "alerts", "show", row["alert"])
    assert "hook: muted: rule truce is muted until " in shown
    link = json.loads(heard(here, capsys, "alerts", "list", "--json"))[0]["link"]
    assert f"delivery {row['alert']} to hook: muted: rule truce is muted" in heard(here, capsys, "why", link)
    assert heard(here, capsys, "outbox", "list").strip() == "nothing waits"

    publish(here, "Another truce is signed", hours_later=4)
    assert titles(here) == ["Another truce is signed"]


def test_a_muted_entity_silences_what_was_found_by_it(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else; unmuted, it is heard of again."""
    heard(here, capsys, "mute", "entity", "mayor")
    publish(here, "Ada Quill opens a bridge", hours_later=2)
    publish(here, "A truce is signed", hours_later=4)
    assert titles(here) == ["A truce is signed"]
    assert "entity mayor is heard of again" in heard(here, capsys, "unmute", "entity", "MAYOR")
    publish(here, "Ada Quill resigns", hours_later=6)
    assert titles(here) == ["A truce is signed", "Ada Quill resigns"]


def test_a_story_is_muted_by_its_id_by_that_of_an_alert_or_by_a_link(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the same mute."""
    publish(here, "A truce is signed", hours_later=2)
    (alert,) = json.loads(heard(here, capsys, "alerts", "list", "--json"))
    (story,) = [
        one for one in json.loads(heard(here, capsys, "stories", "list", "--json")) if one["title"] == alert["title"]
    ]
    for given in (alert["id"], alert["link"], story["id"][:6]):
        heard(here, capsys, "mute", "story", given)
        (mute,) = json.loads(heard(here, capsys, "mutes", "--json"))
        assert (mute["kind"], mute["name"], mute["until"]) == ("story", story["id"], None)
    assert "story " in heard(here, capsys, "unmute", "story", story["id"][:5])
    assert heard(here, capsys, "mutes").strip() == "nothing is muted"


def test_status_tells_of_mutes(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Silence must be explained."""
    heard(here, capsys, "mute", "outlet", "the harbour gazette", "--until", "2199-01-01T00:00Z")
    assert "outlet The Harbour Gazette: muted since" in heard(here, capsys, "status")
    assert json.loads(heard(here, capsys, "status", "--json"))["mutes"][0]["name"] == "The Harbour Gazette"


def test_a_channel_that_refuses_shows_in_lists(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Since when, how often, and when it is tried again; one that works is closed."""
    assert json.loads(heard(here, capsys, "channels", "list", "--json"))[0]["circuit"] == "closed"
    here.hook_status = 503
    publish(here, "A truce is signed", hours_later=2)
    assert "open since" in json.loads(heard(here, capsys, "channels", "list", "--json"))[0]["circuit"]
    assert "channel hook: open since" in heard(here, capsys, "status")
    (refusing,) = json.loads(heard(here, capsys, "status", "--json"))["refusing"]
    assert (refusing["channel"], refusing["refusals"], refusing["error"]) == ("hook", 1, "127.0.0.1 answered 503")
    here.hook_status = 204
    assert here.once(hours_later=4) == 0
    assert json.loads(heard(here, capsys, "status", "--json"))["refusing"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mute", "rule", "truse"), "unknown rule truse: did you mean truce?"),
        (("mute", "entity", "zelensky"), "unknown entity zelensky: there are mayor"),
        (("mute", "story", "zzzz"), "no story has an id that begins with zzzz: see tocsin stories list"),
        (("mute", "rule", "truce", "--for", "soon"), "--for: soon is not a duration such as 2h or 3d"),
        (("mute", "rule", "truce", "--for", "2h", "--until", "2199-01-01T00:00Z"), "say --until or --for, not both"),
        (("unmute", "story", "zzzz"), "no story has an id that begins with zzzz: see tocsin stories list"),
    ],
)
def test_what_cannot_be_muted_is_said_in_one_line(
    here: Town, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """With the nearest name, where there is one."""
    assert heard(here, capsys, *arguments, code=64).strip() == f"tocsin: {said}"


def test_to_unmute_what_is_not_muted_is_no_mistake(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said."""
    assert heard(here, capsys, "unmute", "rule", "truce").strip() == "rule truce is not muted: see tocsin mutes"


def test_only_four_things_can_be_muted(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """A channel is not one of them."""
    said = heard(here, capsys, "mute", "channel", "hook", code=64).strip()
    assert said.startswith("tocsin: ")
    assert len(said.splitlines()) == 1
    assert "rule" in said
