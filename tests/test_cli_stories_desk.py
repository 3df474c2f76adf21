"""Stories split and merged by hand, on a past that really happened and with polls that go on."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from monitor.cli.application import run_command
from monitor.cli.demo_feed import document
from monitor.cli.person import who
from tests.cli_logs import restored_logs
from tests.cli_town import Run, Town, heard, town

CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
  - {name: Northern Wire, feeds: [{url: "ADDRESS/wire"}]}
channels:
  - {name: screen, kind: console}
rules:
  - {name: truce, query: 'ceasefire OR truce'}
"""
CEASEFIRE = ("Ceasefire agreed on the northern border", "After nine days of talks both sides signed at dawn.")


@pytest.fixture
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A ceasefire that both outlets carry in the same words, alerted on once, and a ferry that nobody wanted."""
    with restored_logs(), town(tmp_path_factory.mktemp("past")) as here:
        here.configure(CONFIGURATION)
        gazette, wire = here.outlets["/gazette"], here.outlets["/wire"]
        gazette.publish(1, "Ferries run on time", "Nothing else happened.")
        wire.publish(8, "A quiet night", "Nobody called.")
        assert here.once() == 0
        gazette.publish(3, *CEASEFIRE)
        assert here.once(hours_later=1) == 0
        wire.publish(9, *CEASEFIRE)
        assert here.once(hours_later=2) == 0
        yield here


@pytest.fixture
def run(past: Town, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the past; what it said."""
    return partial(heard, past, capsys)


def story(run: Run, link: str) -> dict[str, object]:
    """The one story that has an entry with this link, as programs see it."""
    (found,) = json.loads(run("stories", "show", link, "--json"))
    assert isinstance(found, dict)
    return found


def alerts(run: Run) -> list[str]:
    """The titles of the alerts by rules, newest first."""
    return [row.split("\t")[4] for row in run("alerts", "list").splitlines() if "\ttruce\t" in row]


def test_an_entry_is_split_off_by_its_link(run: Run, past: Town) -> None:
    """It has a story of its own then, which says who did it, and knows what was alerted on before."""
    gazette, wire = f"{past.address}/gazette/news/3", f"{past.address}/wire/news/9"
    old = story(run, wire)["id"]
    assert story(run, gazette)["id"] == old
    said = run("stories", "split", str(old), wire)
    new = str(story(run, wire)["id"])

    assert new != old
    assert said.startswith(f"story {new} is split off from {old}: 1 entry\n")
    assert "in Northern Wire: Ceasefire agreed on the northern border" in said
    assert said.endswith(f"to undo it: tocsin stories merge {new} {old}\n")
    assert story(run, gazette)["id"] == old
    shown = run("stories", "show", new)
    assert f"  by_hand: somebody split it off from story {old}" in shown
    assert f"  split off from story {old} by {who()} at 2" in shown
    assert "; before, same_text: another entry has the same title and text" in shown
    assert f"raised for story {old}: screen sent" in shown
    assert f"split off from story {old} by {who()}" in run("why", wire)


def test_what_was_split_off_stays_and_is_not_told_again(run: Run, past: Town) -> None:
    """An edit that the rule matches, and being seen again, change nothing about either."""
    wire = f"{past.address}/wire/news/9"
    run("stories", "split", wire, wire)
    new = story(run, wire)["id"]
    past.outlets["/wire"].publish(9, "Ceasefire signed on the northern border", CEASEFIRE[1])
    assert past.once(hours_later=3) == 0
    assert past.once(hours_later=4) == 0

    found = story(run, wire)
    assert found["id"] == new
    assert found["title"] == "Ceasefire signed on the northern border"
    assert alerts(run) == [CEASEFIRE[0]]


def test_an_entry_is_split_off_by_its_id_or_the_beginning_of_it(run: Run, past: Town) -> None:
    """As `stories show` names it."""
    wire = f"{past.address}/wire/news/9"
    found = story(run, wire)
    sightings = found["sightings"]
    assert isinstance(sightings, list)
    (name,) = (one["id"] for one in sightings if one["outlets"] == ["Northern Wire"])
    assert f"entry {name}\n" in run("stories", "show", wire)
    made = json.loads(run("stories", "split", wire, name[:5], "--json"))
    assert made == {"story": story(run, wire)["id"], "from": found["id"], "entries": [name], "is_dry": False}


def test_two_stories_are_made_one(run: Run, past: Town) -> None:
    """The one is a part of the other from then on: for whoever looks, and for what comes under its key."""
    ferry, gazette = f"{past.address}/gazette/news/1", f"{past.address}/gazette/news/3"
    part, whole = str(story(run, ferry)["id"]), str(story(run, gazette)["id"])
    said = run("stories", "merge", part[:6], gazette)

    assert f"story {part} (“Ferries run on time”) is now a part of {whole} (“{CEASEFIRE[0]}”): 1 entry\n" in said
    found = story(run, ferry)
    assert (found["id"], found["entries"], found["merged"]) == (whole, 3, None)
    shown = run("stories", "show", part)
    assert shown.startswith(f"story {part}: made a part of story {whole} by {who()} at 2")
    assert "no alert" not in shown
    (gone,) = json.loads(run("stories", "show", part, "--json"))
    assert (gone["merged"]["into"], gone["sightings"]) == (whole, [])
    assert part not in run("stories", "list")
    assert f"moved here with all of story {part} by {who()}" in run("stories", "show", whole)
    past.outlets["/gazette"].publish(1, "Truce: ferries run on time", "Nothing else happened.")
    assert past.once(hours_later=3) == 0
    assert alerts(run) == [CEASEFIRE[0]]


def test_a_split_is_undone_by_a_merge(run: Run, past: Town) -> None:
    """As it says itself."""
    gazette, wire = f"{past.address}/gazette/news/3", f"{past.address}/wire/news/9"
    said = run("stories", "split", gazette, wire)
    run(*said.splitlines()[-1].removeprefix("to undo it: tocsin ").split())
    assert story(run, wire)["id"] == story(run, gazette)["id"]


def test_a_dry_run_says_what_would_be_moved(run: Run, past: Town) -> None:
    """And moves nothing."""
    ferry, wire = f"{past.address}/gazette/news/1", f"{past.address}/wire/news/9"
    old, part = str(story(run, wire)["id"]), str(story(run, ferry)["id"])
    assert run("stories", "split", old, wire, "--dry-run").startswith(f"would be split off from story {old}: 1 entry")
    made = json.loads(run("stories", "split", old, wire, "--dry-run", "--json"))
    assert (made["story"], made["from"], made["is_dry"]) == (None, old, True)
    assert f"would become a part of {old}" in run("stories", "merge", part, old, "--dry-run")
    made = json.loads(run("stories", "merge", part, old, "--dry-run", "--json"))
    assert (made["story"], made["from"], len(made["entries"])) == (old, part, 1)
    assert (story(run, wire)["id"], story(run, ferry)["id"]) == (old, part)


def test_a_correction_that_makes_no_sense_is_one_line(run: Run, past: Town) -> None:
    """Which says what to do."""
    ferry, gazette, wire = (f"{past.address}/{path}" for path in ("gazette/news/1", "gazette/news/3", "wire/news/9"))
    part, old = str(story(run, ferry)["id"]), str(story(run, wire)["id"])

    def refused(*arguments: str) -> str:
        said = run("stories", *arguments, code=64)
        assert said.count("\n") == 1
        return said.removeprefix("tocsin: ").rstrip("\n")

    assert refused("split", old) == (
        "name the entries to split off: their links, or their ids as tocsin stories show names them"
    )
    assert refused("split", "zzzz", wire) == "no story has an id that begins with zzzz: see tocsin stories list"
    assert refused("split", old, ferry) == f"story {old} has no entry {ferry}: see tocsin stories show {old}"
    assert refused("split", old, "abc") == "abc is too short for an id: give its first 4 characters at least"
    everything = refused("split", old, gazette, wire)
    assert everything == f"these are all entries of story {old}: something must be left of it"
    assert refused("merge", wire, gazette) == f"{old} cannot be merged into itself: name two stories"
    assert refused("merge", wire, "https://no.example/1") == (
        "no entry has the link https://no.example/1: see tocsin why LINK"
    )
    run("stories", "merge", part, old)
    merged = f"story {part} is a part of {old} by now: see tocsin stories show {old}"
    assert refused("merge", part, old) == merged
    assert refused("merge", old, part) == merged
    assert refused("split", part, ferry) == merged


def test_a_link_that_two_stories_have_is_asked_about(run: Run, past: Town) -> None:
    """Of two feeds' entries with one link, one was split off by its id: which story is meant now, nobody can know."""
    link = f"{past.address}/gazette/news/3"
    copy = document(past.outlets["/gazette"], f"{past.address}/gazette")
    past.pages["/copy"] = ("application/rss+xml", copy)
    past.configure(CONFIGURATION.replace('{url: "ADDRESS/wire"}', '{url: "ADDRESS/wire"}, {url: "ADDRESS/copy"}'))
    assert past.once(hours_later=3) == 0
    found = story(run, link)
    sightings = found["sightings"]
    assert isinstance(sightings, list)
    (name,) = (one["id"] for one in sightings if one["feed"].endswith("/copy"))
    run("stories", "split", link, name)

    said = run("stories", "split", link, link, code=64)
    assert said.startswith(f"tocsin: several stories have an entry with the link {link}: ")
    assert said.endswith("; name one of them\n")
    assert f"{found['id']}" in said


def test_pages_name_both_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """With an example each."""
    for name in ("split", "merge"):
        assert run_command(["stories", name, "--help"]) == 0
        assert f"Example: tocsin stories {name} 7k3m" in capsys.readouterr().out


def test_no_command_shows_a_token_in_the_address_of_a_feed(run: Run, past: Town) -> None:
    """An entry without a link founds a story that is named after its feed."""
    item = "<item><guid isPermaLink='false'>7</guid><title>Lamps for the long pier</title></item>"
    path = "/secret?token=open-sesame"
    past.pages[path] = ("application/rss+xml", f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    past.configure(CONFIGURATION.replace('{url: "ADDRESS/wire"}', f'{{url: "ADDRESS{path}"}}'))
    assert past.once(hours_later=3) == 0
    (_, name, *_) = run("stories", "list").splitlines()[0].split("\t")
    wire = f"{past.address}/wire/news/9"
    run("stories", "merge", wire, name)

    for options in ((), ("--json",)):
        for command in (("stories", "list"), ("stories", "show", name), ("why", wire)):
            said = run(*command, *options)
            assert CEASEFIRE[0] in said
            assert "open-sesame" not in said
