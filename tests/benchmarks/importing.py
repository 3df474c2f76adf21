"""What it takes to import a list of thousands of feeds, and to give it out again.

    python -m tests.benchmarks.importing [--outlines 5000] [--already 500]

An OPML list of so many outlines in nested groups (a third of them in two, every twentieth broken, every fiftieth a
repetition) is imported by `tocsin outlets import` into a configuration with comments and so many outlets that the list
names as well; then it is imported again, exported, and the export imported into an empty configuration. Seconds and
memory are those of each process. Ends with 1 where an outlet or a tag was lost, or a byte of what stood there before.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.config.load import load
from monitor.model.settings import OutletSpec
from tests.benchmarks.daemon import environment, tocsin

_BROKEN = ('xmlUrl=""', 'xmlUrl="ftp://old.example/feed"', 'xmlUrl="https://[bad/"', 'type="rss"')
_RULES = "rules: [{name: r, query: storm}]\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One command: what it took, and how it ended."""

    code: int
    seconds: float
    cpu_seconds: float
    rss_mb: float
    said: str


def outline(number: int) -> str:
    """One line of the list; its address is its own but for every fiftieth, which is that of the one before."""
    if number % 20 == 7:
        return f'<outline text="Broken {number}" {_BROKEN[number // 20 % len(_BROKEN)]}/>'
    own = number - 1 if number % 50 == 49 else number
    return f'<outline text="Outlet {number}" xmlUrl="https://www.outlet-{own}.example/news/rss.xml" language="en"/>'


def opml(count: int) -> str:
    """A list of so many outlines, in groups of fifty, a third of them within a group of groups."""
    lines = ['<?xml version="1.0"?>', '<opml version="2.0"><body>']
    for start in range(0, count, 50):
        inner = "\n".join(outline(number) for number in range(start, min(start + 50, count)))
        group = f'<outline text="Group {start // 50}">\n{inner}\n</outline>'
        lines.append(f'<outline text="World">\n{group}\n</outline>' if start // 50 % 3 == 0 else group)
    return "\n".join([*lines, "</body></opml>", ""])


def configuration(already: int) -> str:
    """Comments, and the first outlets of the list that are not broken."""
    lines = ["# ours\noutlets:"]
    for number in [one for one in range(already * 2) if one % 20 != 7 and one % 50 != 49][:already]:
        lines.append(f"  - name: Known {number}    # since long\n    feeds:")
        lines.append(f'      - url: "https://www.outlet-{number}.example/news/rss.xml"')
    return "\n".join([*lines, _RULES]) if already else _RULES


def run(arguments: Sequence[str], folder: Path) -> Run:
    """A command from its start to its end, with what the system says of it."""
    with (folder / "said").open("w+", encoding="utf-8") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*tocsin(), *arguments], stdout=said, stderr=subprocess.STDOUT, env=environment(), cwd=folder
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        said.seek(0)
        return Run(
            code=process.returncode,
            seconds=seconds,
            cpu_seconds=used.ru_utime + used.ru_stime,
            rss_mb=used.ru_maxrss / 1000,
            said=said.read(),
        )


def outlets(folder: Path) -> tuple[OutletSpec, ...]:
    """Those of a configuration, which must have no mistakes."""
    loaded = load(folder, {})
    if loaded.settings is None or loaded.mistakes:
        raise SystemExit("\n".join(map(str, loaded.mistakes[:5])))
    return loaded.settings.outlets


def measure(count: int, already: int, folder: Path) -> int:
    """All four runs in a folder; 0 where nothing was lost."""
    listed, config, other = folder / "list.opml", folder / "config", folder / "other"
    listed.write_text(opml(count), encoding="utf-8")
    for place, text in ((config, configuration(already)), (other, _RULES)):
        place.mkdir()
        (place / "tocsin.yaml").write_text(text, encoding="utf-8")
    runs = {"import": run(["outlets", "import", str(listed), "--config", str(config)], folder)}
    runs["again"] = run(["outlets", "import", str(listed), "--config", str(config)], folder)
    runs["export"] = run(["outlets", "export", "--config", str(config)], folder)
    (folder / "out.opml").write_text(runs["export"].said, encoding="utf-8")
    runs["back"] = run(["outlets", "import", str(folder / "out.opml"), "--config", str(other)], folder)
    runs["check"] = run(["check", "--config", str(other)], folder)
    print(f"{'':<8}{'seconds':>9}{'CPU s':>8}{'RSS MB':>8}{'exit':>6}")
    for name, one in runs.items():
        print(f"{name:<8}{one.seconds:>9.2f}{one.cpu_seconds:>8.2f}{one.rss_mb:>8.0f}{one.code:>6}")
    for name in ("import", "again", "back"):
        print(f"{name}: {runs[name].said.splitlines()[-1]}")
    return _lost(config, other, count, already)


def _lost(config: Path, other: Path, count: int, already: int) -> int:
    """What is not as it should be, counted and printed."""
    watched, back = outlets(config), outlets(other)
    good = sum(number % 20 != 7 and number % 50 != 49 for number in range(count))
    kept = (config / "tocsin.yaml").read_text(encoding="utf-8")
    stood = configuration(already).removesuffix(_RULES)
    flaws = {
        "outlets that were not imported": good - len(watched),
        "outlets that did not come back": sum(
            (one.name, one.language, one.tags) != (two.name, two.language, two.tags)
            or [feed.url for feed in one.feeds] != [feed.url for feed in two.feeds]
            for one, two in zip(watched, back, strict=False)
        )
        + abs(len(watched) - len(back)),
        "files whose former text changed": int(bool(already) and not kept.startswith(stood)),
    }
    for what, number in flaws.items():
        print(f"{what}: {number}")
    return int(any(flaws.values()))


def main() -> int:
    """As the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlines", type=int, default=5000)
    parser.add_argument("--already", type=int, default=500)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-importing-") as folder:
        return measure(wanted.outlines, wanted.already, Path(folder))


if __name__ == "__main__":
    raise SystemExit(main())
