"""Poll real captures of feeds through the real daemon: which are read, which fail and why, and at what cost.

    python -m tests.benchmarks.captures FOLDER [--origins 32] [--all-differences]

Every *.xml and *.json of FOLDER is an outlet of its own, served at one of so many ports of 127.0.0.1, so that most
have an origin of their own. A `manifest.jsonl` in or beside FOLDER, one object a line with `file` and `plain.entries`,
says how many entries plain feedparser finds; without it they are counted here. One more feed, the *pulse*, is asked
every second and shows how late a healthy feed comes while all the others are read.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.daemon import Daemon, LogLine, ask
from tests.benchmarks.differences import Difference, compare
from tests.benchmarks.loopback import Reply, Request, serving
from tests.benchmarks.processes import Watcher

PULSE = "/pulse"
_PULSE_FEED = b"<rss version='2.0'><channel><title>Pulse</title><link>http://127.0.0.1/</link></channel></rss>"
_SECONDS_FOR_A_FEED = 2.0  # the whole may take this long for each, and is then given up
_SETTLE_SECONDS = 2.0
_TYPES = (
    (b"<feed", "application/atom+xml"),
    (b"<rdf:RDF", "application/rdf+xml"),
    (b"<rss", "application/rss+xml"),
)
_CONFIGURATION = """\
polling: {every: 1h, min_interval: 1s, allow_private: [127.0.0.0/8]}
channels:
  - {name: screen, kind: console}
rules:
  - {name: word, query: 'tocsin OR набат'}
"""


@dataclass(slots=True, kw_only=True)
class Run:
    """What was seen of one run."""

    files: Sequence[Path]
    first_polls: dict[str, LogLine] = field(default_factory=dict)
    """file name → the line of its first poll"""
    pulses: list[float] = field(default_factory=list)
    entries_stored: int = 0
    seconds: float = 0.0
    """from the start of the daemon to the last first poll"""
    stop_seconds: float = 0.0
    cpu_seconds: float = 0.0
    """of the daemon and all it started, from start to end"""
    highest_rss_mb: float = 0.0
    highest_pss_mb: float = 0.0
    complaints: list[str] = field(default_factory=list)
    is_complete: bool = False

    def outcome(self, name: str) -> tuple[int, str]:
        """How many entries a feed gave, and why it failed where it did."""
        line = self.first_polls.get(name)
        if line is None:
            return 0, "was not polled in time"
        if line.fields.get("outcome") == "failed":
            return 0, line.fields.get("error", "")
        return int(line.fields.get("baseline", "0")), ""


def main() -> int:
    """Print the figures; 1 where the daemon did not poll every feed, 2 where there are no captures."""
    options = _options()
    files = sorted(file for file in options.folder.glob("*") if file.suffix in {".xml", ".json"})
    if not files:
        print(f"skipped: {options.folder} holds no captures; give a folder of *.xml and *.json feeds")
        return 2
    with tempfile.TemporaryDirectory(prefix="tocsin-captures-") as folder:
        run = asyncio.run(_run(Path(folder), files, max(1, options.origins)))
    differences = compare(files, {file.name: run.outcome(file.name) for file in files}, _manifest(options.folder))
    _print(run, differences, is_full=options.all_differences)
    return 0 if run.is_complete else 1


def content_type(name: str, body: bytes) -> str:
    """By kind, without a charset: what the document says of itself must do."""
    if name.endswith(".json"):
        return "application/feed+json"
    head = body[:2_000]
    return next((kind for mark, kind in _TYPES if mark in head), "application/xml")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--origins", type=int, default=32, help="ports that the feeds are spread over")
    parser.add_argument("--all-differences", action="store_true", help="list also those of kinds that are explained")
    return parser.parse_args()


async def _run(folder: Path, files: Sequence[Path], origins: int) -> Run:
    run = Run(files=files)
    bodies = {f"/{number}/{file.name}": file.read_bytes() for number, file in enumerate(files)}

    async def answer(request: Request) -> Reply:
        if request.path == PULSE:
            run.pulses.append(time.monotonic())
            if request.headers.get("if-none-match"):
                return Reply(status="304 Not Modified", headers={"ETag": '"pulse"'})
            return Reply(headers={"ETag": '"pulse"', "Content-Type": "application/rss+xml"}, body=_PULSE_FEED)
        body = bodies.get(request.path)
        if body is None:
            return Reply(status="404 Not Found")
        return Reply(headers={"Content-Type": content_type(request.path, body)}, body=body)

    async with serving(answer, origins + 1) as addresses:
        config, state = folder / "tocsin.yaml", folder / "state"
        urls = {file.name: f"{addresses[n % origins]}/{n}/{file.name}" for n, file in enumerate(files)}
        config.write_text(_CONFIGURATION + _outlets(urls, addresses[-1] + PULSE), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        daemon = await Daemon.start(config, state)
        watcher = Watcher(daemon.process.pid)
        watching = asyncio.create_task(watcher.run(), name="watcher")
        try:
            run.is_complete = await daemon.wait_for(lambda: _all_polled(daemon, run), len(files) * _SECONDS_FOR_A_FEED)
            run.seconds = max((line.at for line in run.first_polls.values()), default=daemon.began) - daemon.began
            await daemon.wait_for(lambda: False, _SETTLE_SECONDS)
        finally:
            run.stop_seconds = await daemon.stop()
            watching.cancel()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        run.cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        run.highest_rss_mb, run.highest_pss_mb = watcher.highest_rss_mb, watcher.highest_pss_mb
        run.complaints = [line.text for line in daemon.complaints()]
        found = await ask("status", "--json", "--state", str(state))
        run.entries_stored = int(found["entries"]) if isinstance(found, dict) else -1
    return run


def _outlets(urls: Mapping[str, str], pulse: str) -> str:
    """JSON is YAML: names need no care."""
    listed = [{"name": name, "feeds": [{"url": url}]} for name, url in urls.items()]
    listed.append({"name": "pulse", "feeds": [{"url": pulse, "every": "1s"}]})
    return f"outlets: {json.dumps(listed)}\n"


def _all_polled(daemon: Daemon, run: Run) -> bool:
    for line in daemon.polls():
        run.first_polls.setdefault(line.fields.get("outlet", ""), line)
    return all(file.name in run.first_polls for file in run.files)


def _manifest(folder: Path) -> Mapping[str, int]:
    """File name → entries that plain feedparser found; empty without a manifest."""
    path = next(
        (each for each in (folder / "manifest.jsonl", folder.parent / "manifest.jsonl") if each.is_file()), None
    )
    if path is None:
        return {}
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return {row["file"]: row["plain"]["entries"] for row in rows if "plain" in row}


def _print(run: Run, differences: Sequence[Difference], *, is_full: bool) -> None:
    outcomes = {file.name: run.outcome(file.name) for file in run.files}
    reasons = Counter(why for _, why in outcomes.values() if why)
    flaws = Counter(line.fields["flaw"].split(",")[0] for line in run.first_polls.values() if "flaw" in line.fields)
    slowest = max(run.first_polls.values(), key=_took, default=None)
    gaps = [later - sooner for sooner, later in pairwise(run.pulses)]
    at = sorted(line.at for line in run.first_polls.values())
    quiet = max((later - sooner for sooner, later in pairwise(at)), default=0.0)
    rows = (
        ("feeds", len(outcomes)),
        ("  give entries", sum(count > 0 for count, _ in outcomes.values())),
        ("  read, but without entries", sum(not count and not why for count, why in outcomes.values())),
        ("  fail", sum(reasons.values())),
        ("entries (each once in its feed)", sum(count for count, _ in outcomes.values())),
        ("entries in the store", run.entries_stored),
        ("read although not well-formed", sum(flaws.values())),
        ("slowest poll", f"{_took(slowest)} ms  {slowest.fields['outlet']}" if slowest else "none"),
        ("pulse: largest gap (1–2 s wished)", f"{max(gaps, default=0.0):.2f} s"),
        ("largest gap between first polls' lines", f"{quiet:.2f} s"),
        ("peak RSS / PSS of the process tree", f"{run.highest_rss_mb:.0f} / {run.highest_pss_mb:.0f} MB"),
        ("start to last first poll", f"{run.seconds:.1f} s"),
        ("CPU, start to end", f"{run.cpu_seconds:.1f} s"),
        ("SIGTERM to end", f"{run.stop_seconds:.2f} s"),
    )
    for name, value in rows:
        print(f"{name:<40} {value}")
    for reason, count in reasons.most_common():
        print(f"  fail  {count:>3} x {reason}")
    for flaw, count in flaws.most_common():
        print(f"  flaw  {count:>3} x {flaw}")
    kinds = Counter(one.reason for one in differences)
    print(f"other number of entries than plain feedparser: {len(differences)} feeds")
    for reason, count in kinds.most_common():
        print(f"  {count:>3} x {reason}")
    for one in differences:
        if is_full or not one.is_explained:
            print(f"    {one.file}: {one.ours} of {one.plain}: {one.reason}{' ' + one.detail if one.detail else ''}")
    for line in run.complaints:
        print(f"  log: {line}")


def _took(line: LogLine | None) -> int:
    return int(line.fields.get("took_ms", "0")) if line else 0


if __name__ == "__main__":
    raise SystemExit(main())
