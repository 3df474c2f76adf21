"""What reading a document costs: for the first time, with one new entry, with none; and that it all says the same.

    python -m tests.benchmarks.parsing FOLDER... [--venv DIR] [--series] [--invented N] [--repeat 3]

Every *.xml and *.json below each FOLDER is read as the daemon does, but in this very process: *cold*, as at the first
poll; with *one new* entry, the first of the document, all others being known; and with *nothing new*. Beside them stand
plain feedparser with its default options and, if DIR is named, fastfeedparser in an environment there, made with pip
where it is missing. Then what is read as a plain document is held against what feedparser makes of it, and every third
entry is taken for new, three times over, and what is read so is held against the whole, field by field. With --series
the documents of each folder that has folders in it are polled in the order of their names, once with slices and once
without, and every plan must be the same.

Seconds are CPU time, the middle one of so many repetitions. Exits with 1 where anything differs, 2 without captures.
"""

import argparse
import asyncio
import gzip
import io
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import feedparser

from monitor.feeds.reader import WorkerParser
from monitor.feeds.slices import cut
from monitor.feeds.wire import unpack
from monitor.feeds.work import parse_request
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.polls import Fetched
from monitor.model.slices import LastRead
from monitor.worker.frames import HEAD, encode, read_object
from tests.benchmarks.captures import content_type
from tests.benchmarks.newsstand import Newsstand
from tests.benchmarks.rivals import python_of
from tests.benchmarks.unread import Comparer, Hands, Verdict, beside_feedparser, remembered, told
from tests.slicing import BothDesks, watching

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_URL = "https://feed.example/feed"
_RIVAL = """\
import json, sys, time
import fastfeedparser
bodies = [open(name, "rb").read() for name in json.load(sys.stdin)]
rounds, failed = [], 0
for _ in range(int(sys.argv[1])):
    failed, began = 0, time.process_time()
    for body in bodies:
        try:
            fastfeedparser.parse(body)
        except Exception:
            failed += 1
    rounds.append(time.process_time() - began)
print(json.dumps([rounds, failed]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """What reading all documents took, in CPU seconds."""

    name: str
    documents: int
    seconds: float
    remark: str = ""

    @property
    def milliseconds(self) -> float:
        """For one document."""
        return self.seconds * 1_000 / max(1, self.documents)


def main() -> int:
    """Print the figures."""
    options = _options()
    files = [file for folder in options.folders for file in captured(folder)]
    if options.invented:
        _print_invented(options.invented, options.repeat)
    if not files:
        print("skipped: no captures there; give folders of *.xml and *.json feeds")
        return 2
    documents = [document_of(file) for file in files]
    _print_speeds(speeds(documents, options.repeat), options.venv, files, options.repeat)
    names = [file.name for file in files]
    print("\nread as a plain document, against feedparser:")
    plain = _counted((name, beside_feedparser(one, NOW)) for name, one in zip(names, documents, strict=True))
    print("\nevery third entry as new, three times over, against the whole document:")
    differing = plain[Verdict.DIFFERS] + differences(documents, names)[Verdict.DIFFERS]
    if options.series:
        differing += sum(_print_series(folder) for folder in options.folders)
    return 1 if differing else 0


def _print_invented(number: int, repeat: int) -> None:
    documents = invented(number)
    answers = [parse_request(one.body, _meta(one)) for one in documents]
    pipe = Speed(name="the pipe", documents=number, seconds=_middle(lambda: _carry(answers), repeat))
    print(f"{number} invented documents, {sum(len(one.body) for one in documents) // number:,} bytes each:")
    _print_rows([*speeds(documents, repeat), pipe])
    print(f"\n{told(Counter(beside_feedparser(one, NOW) for one in documents))}\n")


def invented(number: int) -> list[Fetched]:
    """So many documents of full HTML, RSS and Atom by turns."""
    newsstand = Newsstand(feeds=number, entries=30)
    bodies = [gzip.decompress(newsstand.document(one, 0)) for one in range(number)]
    return [Fetched(body=body, url=_URL, content_type=content_type("", body)) for body in bodies]


def captured(folder: Path) -> list[Path]:
    """The documents below a folder, in order."""
    return sorted(file for file in folder.rglob("*") if file.suffix in {".xml", ".json"} and file.is_file())


def document_of(file: Path) -> Fetched:
    """The capture as it was served."""
    body = file.read_bytes()
    return Fetched(body=body, url=_URL, content_type=content_type(file.name, body))


def speeds(documents: Sequence[Fetched], repeat: int) -> list[Speed]:
    """feedparser's first; then ours, of which the last two take only documents that can be cut."""
    firsts = asyncio.run(_firsts(documents))
    sliced = [(document, feed) for document, feed in zip(documents, firsts, strict=True) if feed is not None]
    new = [(document, _known(feed, 1)) for document, feed in sliced if len(feed.slices) > 1]
    same = [(document, _known(feed, 0)) for document, feed in sliced]
    return [
        Speed(name="feedparser", documents=len(documents), seconds=_middle(lambda: _plain(documents), repeat)),
        Speed(name="tocsin, cold", documents=len(documents), seconds=_middle(lambda: _cold(documents), repeat)),
        Speed(name="tocsin, one new", documents=len(new), seconds=_middle(lambda: _again(new), repeat)),
        Speed(name="tocsin, nothing new", documents=len(same), seconds=_middle(lambda: _again(same), repeat)),
    ]


def differences(documents: Sequence[Fetched], names: Sequence[str]) -> Counter[Verdict]:
    """What came of every third entry as new; names of what differs are printed."""
    comparer = Comparer(now=NOW)
    return _counted(
        (f"{name}, from entry {start}", asyncio.run(comparer.every_third(document, start)))
        for document, name in zip(documents, names, strict=True)
        for start in range(3)
    )


def _counted(verdicts: Iterable[tuple[str, Verdict]]) -> Counter[Verdict]:
    counts = Counter[Verdict]()
    for name, verdict in verdicts:
        counts[verdict] += 1
        if verdict is Verdict.DIFFERS:
            print(f"  differs: {name}")
    print(f"  {told(counts)}")
    return counts


async def replayed(bodies: Sequence[bytes]) -> tuple[int, BothDesks]:
    """One feed polled with and without slices: how many plans differ, and the desks."""
    desks = BothDesks(watch=watching({"everything": 'outlet:"The Heron"'}))
    desks.begin_at(NOW)
    differing = 0
    for body in bodies:
        ours, theirs = await desks.publish(body)
        differing += ours != theirs
    return differing, desks


def _print_series(folder: Path) -> int:
    differing = 0
    for series in sorted(one for one in folder.iterdir() if one.is_dir()):
        files = captured(series)
        different, desks = asyncio.run(replayed([file.read_bytes() for file in files]))
        differing += different
        read, all_read = desks.slicing.hands.read, desks.whole.hands.read
        print(
            f"  {series.name}: {len(files)} polls, {different} plans differ; {read} entries read instead of {all_read}"
        )
    return differing


def _print_speeds(rows: Sequence[Speed], venv: Path | None, files: Sequence[Path], repeat: int) -> None:
    first, *ours = rows
    rival = _rival(venv, files, repeat)
    _print_rows([first, *([] if isinstance(rival, str) else [rival]), *ours])
    if isinstance(rival, str):
        print(f"fastfeedparser: {rival}")


def _print_rows(rows: Sequence[Speed]) -> None:
    print(f"{'':<24}{'documents':>10}{'CPU s':>9}{'ms each':>9}{'feeds/s':>9}{'feedparser / this':>19}")
    for row in rows:
        ratio = rows[0].milliseconds / max(row.milliseconds, 1e-6)
        rate = row.documents / max(row.seconds, 1e-6)
        figures = f"{row.documents:>10}{row.seconds:>9.2f}{row.milliseconds:>9.2f}{rate:>9.0f}{ratio:>19.1f}"
        print(f"{row.name:<24}{figures}{row.remark}")


def _rival(venv: Path | None, files: Sequence[Path], repeat: int) -> Speed | str:
    if venv is None:
        return "not measured; --venv says where it lives, or shall live"
    python = python_of(venv, "fastfeedparser")
    if isinstance(python, str):
        return python
    asked = json.dumps([str(file.resolve()) for file in files])
    run = subprocess.run(
        [str(python), "-c", _RIVAL, str(repeat)], input=asked, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        return f"failed: {(run.stderr.splitlines() or ['no word'])[-1]}"
    rounds, failed = json.loads(run.stdout)
    return Speed(
        name="fastfeedparser", documents=len(files), seconds=median(rounds), remark=f"   {failed} raised an exception"
    )


async def _firsts(documents: Sequence[Fetched]) -> list[ParsedFeed | None]:
    """Each document, read whole; None where it cannot be cut."""
    parser = WorkerParser(pool=Hands(), clock=lambda: NOW)
    read = [await parser.parse(document) for document in documents]
    return [None if isinstance(feed, ParseFailed) or not feed.slices else feed for feed in read]


def _known(feed: ParsedFeed, new: int) -> LastRead:
    reading = remembered(feed)
    taken = set(feed.slices[:new])
    return LastRead(feed=reading.feed, traces=tuple(trace for trace in reading.traces if trace.digest not in taken))


def _plain(documents: Sequence[Fetched]) -> None:
    for document in documents:
        feedparser.parse(io.BytesIO(document.body))


def _cold(documents: Sequence[Fetched]) -> None:
    """The cut that the daemon makes, and what the worker does."""
    for document in documents:
        sliced = cut(document.body, content_type=document.content_type, url=document.url)
        parse_request(document.body if sliced is None else sliced.whole(), _meta(document))


def _meta(document: Fetched) -> dict[str, object]:
    return {"content_type": document.content_type, "url": document.url, "now": NOW.timestamp()}


def _carry(answers: Sequence[Mapping[str, object]]) -> None:
    """What both ends of a worker's pipe make of its answers."""
    for answer in answers:
        value = read_object(encode({"reply": answer})[HEAD.size :])["reply"]
        if isinstance(value, dict):
            unpack(value)


def _again(documents: Sequence[tuple[Fetched, LastRead]]) -> None:
    parser = WorkerParser(pool=Hands(), clock=lambda: NOW)

    async def read() -> None:
        for document, known in documents:
            await parser.parse(document, known)

    asyncio.run(read())


def _middle(work: Callable[[], None], repeat: int) -> float:
    """The median of its CPU seconds."""
    return median(_timed(work) for _ in range(repeat))


def _timed(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--venv", type=Path, metavar="DIR", help="where fastfeedparser lives, or shall live")
    parser.add_argument("--series", action="store_true", help="poll the documents of each folder within, one by one")
    parser.add_argument("--invented", type=int, default=0, metavar="N", help="read so many invented documents as well")
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
