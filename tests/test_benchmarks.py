"""The benchmarks' own arithmetic, on invented feeds: a figure is worth no more than what counts it."""

import asyncio
import gzip
import json
import os
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from monitor.entities.roster import build_roster
from monitor.model.holding import Handlings
from tests.benchmarks import captures, entities, matching, outbox, reload, replay, scans, stream, threading
from tests.benchmarks.captures import content_type
from tests.benchmarks.daemon import read_fields
from tests.benchmarks.differences import compare
from tests.benchmarks.hostile import busiest, share_of, shortfalls
from tests.benchmarks.judge import Death, Receipt, judge
from tests.benchmarks.loopback import Reply, Request, serving
from tests.benchmarks.newsstand import Newsstand
from tests.benchmarks.processes import descendants, group_members, usage
from tests.benchmarks.search_designs import DESIGNS
from tests.benchmarks.siege import HealthyFeed, Siege, besiege
from tests.benchmarks.stage import FETCHING, SENDING, Stage, served
from tests.benchmarks.tables import Cost, print_table
from tests.benchmarks.tellings import Agency, _word
from tests.benchmarks.truth import Expectation, expect, read_capture
from tests.benchmarks.villains import BOMB, DRIPPING, ENDLESS, KILLER, serving_villain, villains


def feed(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>The Quay</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, title: str = "", *, guid: str | None = None, link: str | None = None) -> str:
    guid = str(number) if guid is None else guid
    link = f"http://quay.example/{number}" if link is None else link
    stated = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    title = title or f"Ship number {number} has come into port"
    return f"<item>{stated}<link>{link}</link><title>{title}</title></item>"


def expected(*documents: bytes) -> Expectation:
    return expect([read_capture(document) for document in documents])


def titles(expectation: Expectation) -> list[list[str]]:
    return [[each.title for each in story.items] for story in expectation.stories]


def receipt(number: int, *, public_id: str = "", life: int = 0) -> Receipt:
    link = f"http://quay.example/{number}"
    return Receipt(public_id=public_id or f"id{number}", link=link, title=f"Ship {number}", capture=1, life=life)


def test_what_stood_in_the_first_capture_is_no_news() -> None:
    """The baseline is expected to alert nobody, and what is new after it once."""
    found = expected(feed(item(1), item(2)), feed(item(3), item(1)), feed(item(3), item(2)))
    assert (len(found.baseline), found.entries) == (2, 6)
    assert titles(found) == [["Ship number 3 has come into port"]]


def test_an_entry_is_known_by_either_name() -> None:
    """Another id at the same link, or another link under the same id, is no new entry."""
    moved = item(1, link="http://quay.example/moved")
    renamed = item(2, guid="another")
    assert titles(expected(feed(item(1), item(2)), feed(moved, renamed))) == []


def test_a_retitled_entry_is_counted_and_not_expected() -> None:
    found = expected(feed(item(1)), feed(item(1, "Ship number one sinks in port")))
    assert (found.stories, found.retitled, found.revised) == ([], 1, 1)


def test_the_same_words_at_two_addresses_are_one_story() -> None:
    """Also where case and punctuation differ; but too few words tell nothing."""
    loud = item(4, "SHIP NUMBER 3: has come into port!")
    found = expected(feed(item(1)), feed(item(3), loud, item(5, "Briefing"), item(6, "Briefing")))
    assert titles(found) == [
        ["Ship number 3 has come into port", "SHIP NUMBER 3: has come into port!"],
        ["Briefing"],
        ["Briefing"],
    ]


def test_old_words_at_a_new_address_may_be_told() -> None:
    """A baseline entry was never alerted, so a later sighting of its story is."""
    found = expected(feed(item(1)), feed(item(1), item(9, "Ship number 1 has come into port")))
    assert [story.is_old for story in found.stories] == [True]


def test_a_name_that_two_entries_share_names_neither() -> None:
    shared = [item(number, guid="same") for number in (1, 2)]
    later = [item(number, guid="same") for number in (2, 3)]
    assert titles(expected(feed(*shared), feed(*later))) == [["Ship number 3 has come into port"]]


def test_everything_told_once_is_as_promised() -> None:
    verdict = judge(expected(feed(item(1)), feed(item(2), item(3))), [receipt(2), receipt(3)], [])
    assert (verdict.is_kept, verdict.told, verdict.discrepancies) == (True, 2, [])


def test_a_missing_and_a_strange_alert_are_found() -> None:
    verdict = judge(expected(feed(item(1)), feed(item(2))), [receipt(1)], [])
    assert (len(verdict.missed), len(verdict.strange), verdict.is_kept) == (1, 1, False)
    assert "it stood in the baseline" in verdict.strange[0]


def test_under_another_rule_nothing_can_be_called_missed() -> None:
    assert judge(expected(feed(item(1)), feed(item(2))), [], [], is_rule_for_all=False).is_kept


def test_a_story_told_under_two_ids_is_a_repeat() -> None:
    verdict = judge(expected(feed(item(1)), feed(item(2))), [receipt(2), receipt(2, public_id="other")], [])
    assert (len(verdict.repeated), verdict.is_kept) == (1, False)


def test_only_the_last_message_before_a_kill_may_come_again() -> None:
    """Under the same id, from the next daemon; anything before it was marked as sent."""
    found = expected(feed(item(1)), feed(item(2), item(3)))
    deaths = [Death(capture=1, moment=SENDING)]
    before = [receipt(2), receipt(3)]
    allowed = judge(found, [*before, receipt(3, life=1)], deaths)
    assert (allowed.is_kept, len(allowed.in_flight)) == (True, 1)
    forbidden = judge(found, [*before, receipt(2, life=1)], deaths)
    assert (forbidden.is_kept, len(forbidden.unexplained)) == (False, 1)
    assert not judge(found, [*before, receipt(3)], []).is_kept


def request(tag: str = "", *, body: bytes = b"") -> Request:
    return Request(method="GET", path="/feed", headers={"if-none-match": tag} if tag else {}, body=body)


async def test_a_capture_follows_only_once_the_one_before_is_committed(tmp_path: Path) -> None:
    """A daemon that died before its commit asks without the new validator, and is given the same capture again."""
    stage = Stage(folder=tmp_path, captures=[b"one", b"two"], kills={})
    ask = stage._feed  # the answers are the stage's heart, and need no daemon to be asked for
    first, again = await ask(request()), await ask(request())
    assert first is not None
    assert again is not None
    assert (first.body, again.body) == (b"one", b"one")
    second = await ask(request(first.headers["ETag"]))
    assert second is not None
    assert second.body == b"two"
    last = await ask(request(second.headers["ETag"]))
    assert last is not None
    assert (last.status, stage.served, stage.given, stage.is_whole) == ("304 Not Modified", 2, 3, True)


async def test_a_capture_that_is_never_taken_does_not_end_the_series(tmp_path: Path) -> None:
    stage = Stage(folder=tmp_path, captures=[b"broken", b"whole"], kills={0: (FETCHING, 0.0)})
    bodies = [reply.body for _ in range(4) if (reply := await stage._feed(request())) is not None]
    assert (bodies, stage.refused) == ([b"broken"] * 3 + [b"whole"], [0])


def test_captures_are_served_as_they_are_but_for_the_wish_to_be_left_alone() -> None:
    body = feed("<ttl>15</ttl>", item(1))
    assert served(body) == body.replace(b"15", b"0")
    assert b"guid" not in served(body, without_ids=True)


def test_an_entry_repeated_in_its_document_explains_a_lower_count(tmp_path: Path) -> None:
    """What has a known reason is told apart from what somebody must look at."""
    bodies = {
        "repeated.xml": feed(item(1), item(1), item(2)),
        "equal.xml": feed(item(1)),
        "fewer.xml": feed(item(1), item(2)),
        "new.json": b'{"version": "https://jsonfeed.org/version/1.1"}',
    }
    for name, body in bodies.items():
        (tmp_path / name).write_bytes(body)
    outcomes = {"repeated.xml": (2, ""), "equal.xml": (1, ""), "fewer.xml": (0, "not a feed"), "new.json": (4, "")}
    found = compare([tmp_path / name for name in bodies], outcomes, {"equal.xml": 1})
    assert [(one.file, one.plain, one.is_explained) for one in found] == [
        ("repeated.xml", 3, True),
        ("fewer.xml", 2, False),
        ("new.json", 0, True),
    ]


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.json", b"{}", "application/feed+json"),
        ("a.xml", b"<?xml version='1.0'?><feed xmlns=''>", "application/atom+xml"),
        ("a.xml", b"<rdf:RDF>", "application/rdf+xml"),
        ("a.xml", feed(), "application/rss+xml"),
        ("a.xml", b"<channel>", "application/xml"),
    ],
)
def test_a_document_is_served_as_what_it_is(name: str, body: bytes, kind: str) -> None:
    assert content_type(name, body) == kind


def test_a_log_line_is_read_with_its_quotes_undone() -> None:
    line = r'at=2026-01-02T03:04:05Z event=poll outlet="The \"Quay\" Times" took_ms=12 flaw=""'
    fields = read_fields(line)
    assert (fields["outlet"], fields["took_ms"], fields["flaw"]) == ('The "Quay" Times', "12", "")


def test_entities_are_scored_by_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sure mention that is marked is right, one that is not is false, and a marked one not found is missed."""
    listed = [
        {"id": "P", "type": "PER", "name": "Иван Озеров", "aliases": []},
        {"id": "L", "type": "LOC", "name": "Тихая Гавань", "aliases": []},
    ]
    told: list[dict[str, Any]] = [
        {"id": "1", "title": "Встреча с Иваном Озеровым", "mentions": [{"id": "P"}, {"id": "L"}]},
        {"id": "2", "title": "Туман в Тихой Гавани", "mentions": []},
    ]
    roster = build_roster(entities.entity_specs(listed))
    counts, wrong = entities.score(roster, listed, told)
    assert (counts["PER", "right"], counts["LOC", "false"], counts["LOC", "missed"]) == (1, 1, 1)
    assert wrong == {("false", "L"): 1, ("missed", "L"): 1}
    path = tmp_path / "told.jsonl"
    path.write_text("\n".join(map(json.dumps, told)))
    assert entities.cost(path, 50) == 0
    assert "all forms" in capsys.readouterr().out


async def test_the_loopback_server_answers_or_hangs_up() -> None:
    """One connection, many requests; no answer at all where the handler gives none."""

    async def answer(request: Request) -> Reply | None:
        return Reply(body=request.body[::-1]) if request.method == "POST" else None

    async with serving(answer) as (address,):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
            assert (await reader.readuntil(b"cba")).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""
        writer.close()


async def test_a_healthy_feed_brings_one_more_entry_each_time_until_it_rests() -> None:
    """What stood in its first document is not expected, and what it says while resting is the same."""
    quay = HealthyFeed(name="quay")
    first, second = await quay.answer(request()), await quay.answer(request())
    quay.is_resting = True
    third = await quay.answer(request())
    assert (first.body.count(b"<item>"), second.body.count(b"<item>")) == (1, 2)
    assert (third.body, len(quay.expected), len(quay.asked)) == (second.body, 1, 3)


async def test_the_villains_do_what_they_are_called() -> None:
    """The bomb is small until it is unpacked, the others do not end by themselves; whoever hangs up is rid of them."""
    made = villains()
    assert set(made) == {BOMB, ENDLESS, DRIPPING, KILLER}
    for name, fewest in ((BOMB, 100), (ENDLESS, 6_000_000), (DRIPPING, 100), (KILLER, 100)):
        async with serving_villain(made[name], "127.0.0.1") as address:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
            writer.write(b"GET /feed HTTP/1.1\r\n\r\n")
            got = await asyncio.wait_for(reader.readexactly(fewest), 10)
            writer.transport.abort()
            await asyncio.sleep(0)
        assert got.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_target_that_was_missed_is_named() -> None:
    """Each by itself; what kept all of them is not named at all."""
    good = Siege(lateness=[0.5, 0.9], cuts={BOMB: [(0.2, "cut")]}, lookups=[0.0, 0.1], told=4, expected=4)
    assert shortfalls(good, late=1.0) == []
    bad = Siege(lateness=[0.5, 5.5], cuts={BOMB: [], DRIPPING: [(44.0, "late")]}, missed=1, repeated=2)
    bad.highest_pss_mb, bad.lookups = 401.0, [number / 20 for number in range(200)]
    assert shortfalls(bad, late=5.0) == [
        "a healthy poll was 5.50 s late, more than 5 s",
        "1 alerts of healthy feeds were missed",
        "2 alerts came again",
        "the process tree took 401 MB",
        "a hostile feed was cut after 44.0 s",
        "hanging names were asked for 20.0 times a second",
        "bomb was never cut",
    ]
    assert shortfalls(Siege(), late=5.0) == ["no healthy feed was polled"]
    assert (share_of([], 0.5), share_of([3.0, 1.0, 2.0], 0.5), busiest([5.0, 0.0, 0.5, 0.9], 1.0)) == (0.0, 2.0, 3)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="addresses of 127.0.0.0/8 and /proc are Linux's")
async def test_a_short_siege_is_measured(tmp_path: Path) -> None:
    """The real daemon beside names that hang: its healthy feeds are polled and told, and lookups are seen."""
    seen = await besiege(tmp_path, seconds=4, healthy=2, names=3, turn=None, polls=4)
    assert len(seen.lateness) >= 4
    assert (len(seen.lookups), seen.missed, seen.repeated) == (3, 0, 0)
    assert seen.expected == seen.told >= 2
    assert seen.highest_rss_mb > 10


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="figures of processes come from /proc")
def test_a_process_tree_is_measured_from_its_root() -> None:
    here = usage(os.getpid())
    assert here.rss_mb > 1
    assert here.processes >= 1
    assert os.getpid() in group_members(os.getpgrp())
    assert descendants(2**22 + 1) == ()
    assert usage(2**22 + 1).processes == 0


def test_invented_feeds_are_the_same_every_time_and_answer_as_the_web_does() -> None:
    """News comes to one feed in twenty, and is new entries before the old ones."""
    one, other = Newsstand(feeds=21, entries=3), Newsstand(feeds=21, entries=3)
    assert one.document(0, 0) == other.document(0, 0)
    for number, new in ((0, 1), (1, 2)):
        before = [item.title for item in read_capture(gzip.decompress(one.document(number, 0)))]
        after = [item.title for item in read_capture(gzip.decompress(one.document(number, 1)))]
        assert (len(before), after[new:]) == (3, before[:-new])
        assert before[0] not in after[:new]
    assert one.publish() == 2


async def test_an_invented_feed_is_not_modified_until_news_comes() -> None:
    news = Newsstand(feeds=1, entries=2)
    ask = Request(method="GET", path="/0", headers={})
    first = await news.answer(ask)
    assert (first.status, "Content-Encoding" in first.headers) == ("200 OK", False)
    known = Request(method="GET", path="/0", headers={"if-none-match": first.headers["ETag"]})
    dated = Request(method="GET", path="/0", headers={"if-modified-since": first.headers["Last-Modified"]})
    assert [(await news.answer(each)).status for each in (known, dated)] == ["304 Not Modified"] * 2
    news.publish()
    assert [(await news.answer(each)).status for each in (known, dated)] == ["200 OK"] * 2
    assert news.answered == {(0, 200): 3, (0, 304): 2}


def test_a_column_in_which_a_peer_is_cheaper_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def cost(cpu: float) -> Cost:
        return Cost(cpu_seconds=cpu, wall_seconds=1, rss_mb=2, pss_mb=1)

    ours, peer = {"a": cost(2), "b": cost(1)}, {"a": cost(4), "b": cost(0.5)}
    assert print_table({"tocsin once": ours, "peer": peer}) == 1
    assert "peer / tocsin once, CPU: a 2.0, b 0.5" in capsys.readouterr().out
    assert print_table({"tocsin once": ours, "peer": {"a": cost(4), "b": cost(1)}}) == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="figures of processes come from /proc")
@pytest.mark.parametrize("command", [captures, replay])
def test_absent_captures_are_said_to_be_absent(
    command: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, so that a script can tell it from a failure."""
    monkeypatch.setattr("sys.argv", ["benchmark", str(tmp_path / "nowhere")])
    main = captures.main if command is captures else replay.main
    assert main() == 2
    assert capsys.readouterr().out.startswith("skipped:")


def test_rules_of_all_kinds_match_as_brute_force_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small run on invented stories: made-up rules are understood, and the three tables are printed."""
    chance = random.Random(1)
    words = [
        first + second for first in ("har", "tal", "qua", "ves", "lin") for second in ("bour", "king", "ter", "nor")
    ]
    lines = [json.dumps({"title": " ".join(chance.choices(words, k=6)).title()}) for _ in range(300)]
    stories = tmp_path / "stories.jsonl"
    stories.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(matching, "GROWTH", (10, 20))
    monkeypatch.setattr("sys.argv", ["benchmark", str(stories), "--rules", "300", "--repeat", "1", "--brute", "9"])
    assert matching.main() == 0
    printed = capsys.readouterr().out
    assert "300 rules of all kinds: loaded in" in printed
    assert "ms a story, by rules" in printed


@pytest.mark.parametrize("command", [matching, reload, scans])
def test_absent_stories_are_said_to_be_absent(
    command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, so that a script can tell it from a failure."""
    monkeypatch.setattr("sys.argv", ["benchmark", str(tmp_path / "nowhere")])
    assert command.main() == 2
    assert capsys.readouterr().out.startswith("skipped:")


def test_a_stream_counts_stories_and_what_is_retitled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A later title at the same link is told at its moment, and is no other entry; clusters are printed to be read."""
    rows: list[dict[str, object]] = [
        {"id": str(number), "outlet": f"o{number // 2}", "link": f"https://o.example/{number}", "title": title}
        for number, title in enumerate(
            ("Ferries stop as the storm comes in", "Mayor opens the valley bridge today") * 2
        )
    ]
    for number, row in enumerate(rows):
        row["seen"] = 1_772_600_000 + 60 * number
    rows[0]["titles"] = [
        ["2026-03-04T04:53:20Z", rows[0]["title"]],
        ["2026-03-04T09:00:00Z", "Sailings resume at noon"],
    ]
    told = stream.tellings(iter(rows))
    assert [one.entry.text.title for one in told][-1] == "Sailings resume at noon"
    played = stream.play(told)
    assert (len(played.stories), played.retitled, played.repeated) == (2, 1, [])
    assert sorted(len(members) for members in played.stories.values()) == [2, 2]
    file = tmp_path / "stories.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert stream.run(["--random", "1", "--largest", "1", str(file)]) == 0
    said = capsys.readouterr().out
    assert "4 entries, 2 stories, 2 joined another" in said
    assert "retitled: 1, given another story: 0" in said
    assert said.count("\n-- 2 entries, ") == 2
    assert stream.run(["--outlet", "o0", str(file)]) == 0
    assert "2 entries, 2 stories" in capsys.readouterr().out
    assert stream.run([str(tmp_path / "none")]) == 2


def test_placing_is_measured_and_other_designs_beside_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A small run; what is found is found in every list as well."""
    small = ("--held", "60", "200", "--warm", "10", "--timed", "40", "--designs", "200", "--restart", "120")
    monkeypatch.setattr("sys.argv", ["benchmark", *small])
    assert threading.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["60", "200"]
    assert [line[: len(name)] for line, name in zip(lines[4:], DESIGNS, strict=False)] == list(DESIGNS)
    found = [float(line.split()[-3]) for line in lines[4 : 4 + len(DESIGNS)]]
    assert max(found) == found[1] == 1.0
    assert lines[-1].startswith("restart with 120 held")


def test_placing_is_measured_on_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No more is held than it has; exit 2 where there is none."""
    path = tmp_path / "stories.jsonl"
    monkeypatch.setattr(
        "sys.argv",
        [
            "benchmark",
            "--held",
            "20",
            "--warm",
            "5",
            "--timed",
            "20",
            "--designs",
            "0",
            "--restart",
            "0",
            "--on",
            str(path),
        ],
    )
    assert threading.main() == 2
    told = [{"title": one.title, "outlet": str(one.outlet), "summary": one.summary} for one in Agency().tell(30)]
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    assert threading.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_invented_news_is_the_same_every_time_and_told_more_than_once() -> None:
    """No word stands for two numbers."""
    one, other = list(Agency(seed=3).tell(300)), list(Agency(seed=3).tell(300))
    assert one == other
    assert len({told.event for told in one}) < len({told.title for told in one}) == 300
    assert len({_word(number) for number in range(5_000)}) == 5_000


async def test_the_outbox_benchmark_sends_every_alert() -> None:
    """With and without what holds back; the share of sorting is a share."""
    pace = await outbox.measure(30, Handlings(), mutes=2)
    assert pace.alerts == 30
    assert 0 < pace.sorting < pace.sorting + pace.sending
    assert "alerts/s" in str(pace)
