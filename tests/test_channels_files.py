"""The kinds `file` and `feed`: what lies on the disk after a send, a crash, a full disk and a year."""

import asyncio
import errno
import io
import json
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.channels.disk import Disk
from monitor.channels.feed_files import ATOM, JSON
from monitor.channels.kinds import build
from monitor.channels.lines_file import LinesFile
from monitor.feeds.jsonfeed import read_json_feed
from monitor.model.alerts import Marked, Passage, PublicId, Rendered, Scope, SendFailed, Sent
from monitor.model.entries import ParsedFeed
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel
from tests.plain_values import NOW
from tests.test_channels_hostile import HOSTILE
from tests.test_channels_mail import rendered


def channel(kind: str, **options: object) -> Channel:
    built = build(ChannelSpec(name="desk", kind=kind, options=options))
    assert not isinstance(built, tuple), built
    return built


def mistakes(kind: str, **options: object) -> dict[str, str]:
    built = build(ChannelSpec(name="desk", kind=kind, options=options))
    assert isinstance(built, tuple)
    return {one.option: one.what for one in built}


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_bytes()
    assert text.endswith(b"\n")
    return [json.loads(line) for line in text.splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def numbered(number: int) -> Rendered:
    message = rendered(f"Strike {number}")
    (item,) = message.items
    name = PublicId(f"{number:012}")
    return replace(message, public_id=name, items=(replace(item, alert=replace(item.alert, public_id=name)),))


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """A disk that takes the beginning of what is written, and then no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_each_message_is_one_line_as_a_webhook_gets_it(tmp_path: Path) -> None:
    """For its owner's eyes alone; a repeat is known by its id."""
    path = tmp_path / "alerts.jsonl"
    desk = channel("file", path=str(path))
    message = rendered("Dock strike ends")
    for _ in range(2):
        assert await desk.send(message) == Sent(note="written")
    first, second = lines(path)
    assert first["id"] == second["id"] == message.public_id
    assert first["alerts"][0]["title"] == "Dock strike ends"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
async def test_no_headline_makes_a_second_line(tmp_path: Path, title: str) -> None:
    """Line ends are written as JSON writes them; the words are there to the last character."""
    path = tmp_path / "alerts.jsonl"
    assert isinstance(await channel("file", path=str(path)).send(rendered(title)), Sent)
    (line,) = lines(path)
    assert line["alerts"][0]["title"] == title.replace("\ud800", "?")


async def test_a_file_that_would_grow_too_large_is_turned(tmp_path: Path) -> None:
    """Whole lines in each, the newest in PATH, so many older ones as were asked for, and no message twice."""
    path = tmp_path / "alerts.jsonl"
    desk = channel("file", path=str(path), size="10kB", keep=2)
    for number in range(60):
        assert isinstance(await desk.send(numbered(number)), Sent)
    assert names(tmp_path) == ["alerts.jsonl", "alerts.jsonl.1", "alerts.jsonl.2"]
    kept = [line["id"] for name in (".2", ".1", "") for line in lines(tmp_path / f"alerts.jsonl{name}")]
    assert kept == [f"{number:012}" for number in range(60 - len(kept), 60)]
    assert all((tmp_path / name).stat().st_size <= 10_000 for name in names(tmp_path))


async def test_a_line_longer_than_a_whole_file_is_written_all_the_same(tmp_path: Path) -> None:
    """Into a file of its own: nothing is lost for its length."""
    path = tmp_path / "alerts.jsonl"
    desk = channel("file", path=str(path), size="10kB", keep=1)
    await desk.send(numbered(1))
    assert isinstance(await desk.send(rendered("Strike " + "word " * 4000)), Sent)
    assert len(lines(path)) == 1
    assert len(lines(tmp_path / "alerts.jsonl.1")) == 1


async def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    """What could be written of it is taken back; when there is room again, the message goes in whole."""
    path = tmp_path / "alerts.jsonl"
    desk = channel("file", path=str(path))
    await desk.send(numbered(1))
    whole = path.read_bytes()
    with files_no_longer_than(len(whole) + 100):
        outcome = await desk.send(numbered(2))
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=f"{path}: the file has grown as large as it may")
    assert path.read_bytes() == whole
    assert isinstance(await desk.send(numbered(2)), Sent)
    assert [line["id"] for line in lines(path)] == [f"{number:012}" for number in (1, 2)]


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        (b'{"id":"a","ki', b""),
        (b"{", b""),
        (b'{"id":"a"}\n{"id', b'{"id":"a"}\n'),
        (b"notes", b"notes\n"),
        (b"\n", b"\n"),
    ],
)
async def test_half_a_line_that_a_power_cut_left_is_removed(tmp_path: Path, left: bytes, kept: bytes) -> None:
    """It was never called sent, so it comes again. What somebody else wrote is only ended."""
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(left)
    assert isinstance(await channel("file", path=str(path)).send(numbered(1)), Sent)
    found = path.read_bytes()
    assert found.startswith(kept + b'{"id":"000000000001"')
    assert found.endswith(b"}\n")


async def test_several_writers_mix_no_lines_and_lose_none(tmp_path: Path) -> None:
    """The daemon and `channels test`, and a rotation between them."""
    path = tmp_path / "alerts.jsonl"
    writers = [LinesFile(path, size=20_000, keep=50) for _ in range(4)]

    async def write(place: int) -> list[Sent | SendFailed]:
        return [await writers[place].send(numbered(100 * place + number)) for number in range(25)]

    outcomes = await asyncio.gather(*(write(place) for place in range(4)))
    assert all(isinstance(one, Sent) for some in outcomes for one in some)
    ids = [line["id"] for name in names(tmp_path) for line in lines(tmp_path / name)]
    assert sorted(ids) == [f"{100 * place + number:012}" for place in range(4) for number in range(25)]


@pytest.mark.parametrize(
    ("kind", "option", "name"), [("file", "path", "nowhere/alerts.jsonl"), ("feed", "folder", "nowhere")]
)
async def test_a_missing_folder_is_told_as_what_only_the_owner_can_mend(
    tmp_path: Path, kind: str, option: str, name: str
) -> None:
    """It may be the mount point of a disk that is not there: nothing is made in its place."""
    place = tmp_path / name
    outcome = await channel(kind, **{option: str(place)}).send(rendered())
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=f"{place}: there is no such folder", is_lasting=True)
    assert names(tmp_path) == []


async def test_what_is_no_file_is_not_written_to(tmp_path: Path) -> None:
    """A folder, or a pipe that nobody reads."""
    assert await channel("file", path=str(tmp_path)).send(rendered()) == SendFailed(
        scope=Scope.CHANNEL, reason=f"{tmp_path}: it is a folder", is_lasting=True
    )
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    outcome = await channel("file", path=str(pipe)).send(rendered())
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=f"{pipe}: it is no file that lines can be added to")


@pytest.mark.parametrize(
    ("number", "said", "is_lasting"),
    [
        (errno.ENOSPC, "the disk is full", False),
        (errno.EDQUOT, "the disk quota is used up", False),
        (errno.EACCES, "tocsin may not write there", True),
        (errno.EROFS, "nothing may be written there (as a service: name the folder in ReadWritePaths=)", True),
        (errno.ETXTBSY, "Text file busy", False),
    ],
)
async def test_each_fault_of_a_disk_has_its_sentence(number: int, said: str, is_lasting: bool) -> None:
    """Those that time may mend are not told as lasting."""

    def fail() -> str:
        raise OSError(number, os.strerror(number))

    outcome = await Disk().told(Path("/srv/alerts"), fail)
    assert outcome == SendFailed(scope=Scope.CHANNEL, reason=f"/srv/alerts: {said}", is_lasting=is_lasting)


async def test_a_disk_that_hangs_holds_up_one_send_and_no_exit() -> None:
    """The send is given up, the next one is not begun beside it, and when the disk is back all goes on."""
    is_back = threading.Event()

    def hang() -> str:
        is_back.wait(30)
        return "late"

    disk = Disk(deadline=timedelta(seconds=0.05))
    hung = await disk.told(Path("/mnt/share"), hang)
    assert hung == SendFailed(scope=Scope.CHANNEL, reason="/mnt/share: not done within 0.05 s")
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "channel's disk")
    waiting = await disk.told(Path("/mnt/share"), lambda: "never")
    assert waiting == SendFailed(scope=Scope.CHANNEL, reason="/mnt/share: the disk does not answer")
    is_back.set()
    async with asyncio.timeout(30):
        while isinstance(await disk.told(Path("/mnt/share"), lambda: "written"), SendFailed):  # noqa: ASYNC110 - threads set no event
            await asyncio.sleep(0)


async def test_a_fault_of_our_own_is_not_taken_for_one_of_the_disk() -> None:
    """It is raised where the send is waited for, and costs one message there."""
    with pytest.raises(ZeroDivisionError):
        await Disk().told(Path("/srv/alerts"), lambda: str(1 // 0))


async def test_feeds_hold_the_last_alerts_the_newest_first(tmp_path: Path) -> None:
    """Read back with feedparser and with our own reader: the same ids, links, titles and dates in both."""
    desk = channel("feed", folder=str(tmp_path), items=3, title="Strikes & such", url="https://desk.example/feeds/")
    for number in range(5):
        assert await desk.send(numbered(number)) == Sent(note="written")
    read = feedparser.parse(io.BytesIO((tmp_path / ATOM).read_bytes()))
    assert not read.bozo
    assert (read.feed.title, read.version) == ("Strikes & such", "atom10")
    assert read.feed.links[0].href == "https://desk.example/feeds/alerts.atom"
    assert [entry.title for entry in read.entries] == ["Strike 4", "Strike 3", "Strike 2"]
    assert all(entry.link == "https://harbour.example/1" for entry in read.entries)
    assert all("updated_parsed" in entry for entry in read.entries)
    assert read.entries[0].authors[0]["name"] == "The Harbour"
    ours = read_json_feed((tmp_path / JSON).read_text("utf-8"), "https://desk.example/feeds/alerts.json", NOW)
    assert isinstance(ours, ParsedFeed)
    assert [(one.id, one.text.title, one.link) for one in ours.entries] == [
        (entry.id, entry.title, entry.link) for entry in read.entries
    ]
    document = json.loads((tmp_path / JSON).read_text("utf-8"))
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == "https://desk.example/feeds/alerts.json"
    assert names(tmp_path) == [ATOM, JSON]
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in names(tmp_path)} == {0o644}


async def test_a_restart_forgets_nothing_and_a_repeat_is_one_entry(tmp_path: Path) -> None:
    """The file is the memory; ids stay."""
    await channel("feed", folder=str(tmp_path)).send(numbered(1))
    before = feedparser.parse((tmp_path / ATOM).read_bytes()).entries[0].id
    again = channel("feed", folder=str(tmp_path))
    await again.send(numbered(2))
    await again.send(numbered(1))
    entries = feedparser.parse((tmp_path / ATOM).read_bytes()).entries
    assert [entry.title for entry in entries] == ["Strike 1", "Strike 2"]
    assert entries[0].id == before
    assert before.startswith("urn:uuid:")


@pytest.mark.parametrize("damaged", [b"", b'{"items": [', b"[]", b'{"items": 3}', b"\xff\xfe"])
async def test_a_damaged_feed_begins_anew_and_says_so(tmp_path: Path, damaged: bytes) -> None:
    """An alert is worth more than the old ones."""
    (tmp_path / JSON).write_bytes(damaged)
    outcome = await channel("feed", folder=str(tmp_path)).send(numbered(1))
    assert outcome == Sent(note="written; alerts.json could not be read, so the feed begins anew")
    assert len(feedparser.parse((tmp_path / ATOM).read_bytes()).entries) == 1


async def test_entries_of_others_are_not_carried_on(tmp_path: Path) -> None:
    """Nor such as could break the Atom feed."""
    others = [
        7,
        {"id": "x"},
        {"id": "y", "_tocsin": {}, "date_published": "<b>"},
        {"id": "z", "_tocsin": {}, "authors": 7, "tags": {}},
    ]
    (tmp_path / JSON).write_text(json.dumps({"items": others}), "utf-8")
    assert await channel("feed", folder=str(tmp_path)).send(numbered(1)) == Sent(note="written")
    assert len(json.loads((tmp_path / JSON).read_text("utf-8"))["items"]) == 1


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
async def test_words_of_publishers_are_text_in_a_feed(tmp_path: Path, title: str) -> None:
    """The feed stays well-formed, and the page of an entry has no element of theirs."""
    words = "<script>alert(1)</script> <img src=x onerror=alert(1)> " + title
    message = rendered(title, link="javascript:alert(1)")
    (item,) = message.items
    passage = Passage(field="body", pieces=(Marked(words=words), Marked(words=words, is_match=True)))
    message = replace(message, items=(replace(item, passages=(passage,)),))
    assert isinstance(await channel("feed", folder=str(tmp_path)).send(message), Sent)
    raw = (tmp_path / ATOM).read_bytes()
    read = feedparser.parse(raw, sanitize_html=False)
    assert not read.bozo
    (entry,) = read.entries
    assert entry.get("links", []) == []
    page = entry.content[0].value
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert len(entry.title) <= 301
    (item,) = json.loads((tmp_path / JSON).read_text("utf-8"))["items"]
    assert item["content_html"] == page
    assert "url" not in item


async def test_a_full_disk_leaves_the_old_feed_in_place(tmp_path: Path) -> None:
    """Whole: the new one never took its name."""
    desk = channel("feed", folder=str(tmp_path))
    await desk.send(numbered(1))
    before = [(tmp_path / name).read_bytes() for name in (ATOM, JSON)]
    with files_no_longer_than(200):
        outcome = await desk.send(numbered(2))
    assert isinstance(outcome, SendFailed)
    assert outcome.scope is Scope.CHANNEL
    assert [(tmp_path / name).read_bytes() for name in (ATOM, JSON)] == before


async def test_a_message_without_alerts_is_an_entry_of_its_own(tmp_path: Path) -> None:
    """Such as a digest that says that there was no news."""
    message = replace(rendered(), items=(), subject="No news", text="No news\n\nsince <yesterday>", pieces=())
    assert isinstance(await channel("feed", folder=str(tmp_path)).send(message), Sent)
    (entry,) = feedparser.parse((tmp_path / ATOM).read_bytes()).entries
    assert entry.title == "No news"
    assert "since &lt;yesterday&gt;" in entry.content[0].value


def test_every_mistake_in_the_options_is_told_at_once() -> None:
    """A path is absolute: a service works in another folder than the shell in which it was tried."""
    absolute = "must be an absolute path, one that begins with /"
    assert mistakes("file", path="alerts.jsonl", size="10", keep=0, mode=7) == {
        "mode": "unknown option, there is keep, path, size",
        "path": absolute,
        "size": "must be a size such as 500kB or 10MB",
        "keep": "must be a whole number between 1 and 1000",
    }
    assert mistakes("file", path="/x\ud800", size="1kB") == {
        "path": absolute,
        "size": "must be between 10 kB and 10000 MB",
    }
    assert mistakes("feed", items="many", url="desk.example") == {
        "folder": "is missing",
        "items": "must be a whole number between 1 and 1000",
        "url": "must be an address that begins with http:// or https:// and names a host",
    }
