"""The programs that are compared over the same feeds, each set up as its users would: where they live, what they run.

A rival has a folder for its configuration and its memory, and a command that does one round and ends.
"""

import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.benchmarks.daemon import environment, tocsin
from tests.benchmarks.newsstand import words

_CONFIGURATION = """\
polling: {{every: {every}, min_interval: 1s, allow_private: [127.0.0.0/8]}}
channels:
  - {{name: screen, kind: console}}
rules: {rules}
outlets: {outlets}
"""
_READER = """\
import sys
from reader import make_reader
database, workers, *urls = sys.argv[1:]
with make_reader(database) as reader:
    for url in urls:
        reader.add_feed(url)
    if not urls:
        reader.update_feeds(scheduled=False, workers=int(workers))
"""
_WORD = re.compile(r"[a-z]+\d*")
"""a term; operators are in upper case"""
_PACKAGES = {"reader": ("reader", "sgmllib3k"), "rss2email": ("rss2email",)}
"""reader 3.26 imports sgmllib, which feedparser 6.0.14 brings no more"""
_MAIL = """\
[DEFAULT]
from = bench@localhost.invalid
to = bench@localhost.invalid
"""


class Rival(Protocol):
    """A program that is started for each round."""

    @property
    def name(self) -> str:
        """In the table."""
        ...

    @property
    def asks_conditionally(self) -> bool:
        """Whether it sends validators back, so that what has not changed is not fetched again."""
        ...

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """Write the configuration into an empty folder, not measured."""
        ...

    def make_due(self, folder: Path) -> None:
        """Let time pass until every feed is due again, not measured."""
        ...

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """The command of one round, and its environment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """`tocsin once`: from the start of the interpreter to its end."""

    terms: int
    name: str = "tocsin once"
    asks_conditionally: bool = True

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """Rules, a console channel, feeds that are asked every hour."""
        configure(folder / "tocsin.yaml", urls, terms=self.terms, every="1h")

    def make_due(self, folder: Path) -> None:
        """The hour is over."""
        if (folder / "state" / "tocsin.db").exists():
            with closing(sqlite3.connect(folder / "state" / "tocsin.db")) as database, database:
                database.execute("UPDATE feed SET next_poll_at = 0")

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """One round of what is due."""
        places = ("--config", str(folder / "tocsin.yaml"), "--state", str(folder / "state"))
        return tocsin("once", *places), environment()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """lemon24/reader: its storage in a file, all feeds updated by so many threads."""

    python: Path
    workers: int
    asks_conditionally: bool = True

    @property
    def name(self) -> str:
        """With its threads."""
        return f"reader, {self.workers} worker{'s' if self.workers > 1 else ''}"

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """Add the feeds."""
        subprocess.run((*self._command(folder), *urls), check=True, capture_output=True, env=environment())

    def make_due(self, folder: Path) -> None:
        """Nothing to do: it is told to update feeds whether or not they are due."""

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """Update all feeds."""
        return self._command(folder), environment()

    def _command(self, folder: Path) -> tuple[str, ...]:
        return (str(self.python), "-c", _READER, str(folder / "reader.sqlite"), str(self.workers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rss2email:
    """rss2email: everything but the sending, its memory in a file."""

    python: Path
    name: str = "rss2email"
    asks_conditionally: bool = True

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """The file that `r2e add` would write."""
        feeds = "".join(f"\n[feed.outlet{number}]\nurl = {url}\n" for number, url in enumerate(urls))
        (folder / "rss2email.cfg").write_text(_MAIL + feeds, encoding="utf-8")

    def make_due(self, folder: Path) -> None:
        """Nothing to do: it asks every feed each time."""

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """`r2e run --no-send`."""
        places = ("-c", str(folder / "rss2email.cfg"), "-d", str(folder / "rss2email.json"))
        return (str(self.python.with_name("r2e")), *places, "run", "--no-send"), environment()


def configure(path: Path, urls: Sequence[str], *, terms: int, every: str) -> None:
    """tocsin's configuration: an outlet a feed, simple rules of so many words over the language of the feeds."""
    outlets = [{"name": f"Outlet {n}", "language": "en", "feeds": [{"url": url}]} for n, url in enumerate(urls)]
    asked = [{"name": f"rule-{number}", "query": query} for number, query in enumerate(_queries(terms))]
    path.write_text(
        _CONFIGURATION.format(every=every, rules=json.dumps(asked), outlets=json.dumps(outlets)), encoding="utf-8"
    )


def python_of(venvs: Path, package: str) -> Path | str:
    """The interpreter of a virtual environment with this package, made where it is missing; or why there is none."""
    home = venvs / package
    python = home / "bin" / "python"
    if not _has(python, package):
        shutil.rmtree(home, ignore_errors=True)
        wanted = _PACKAGES.get(package, (package,))
        install = ((sys.executable, "-m", "venv", str(home)), (str(python), "-m", "pip", "install", "--quiet", *wanted))
        try:
            for command in install:
                subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
        except (subprocess.CalledProcessError, OSError) as error:
            said = str(getattr(error, "stderr", "") or error).strip().splitlines()
            return said[-1] if said else "pip failed"
    return python


def _has(python: Path, package: str) -> bool:
    if not python.exists():
        return False
    return subprocess.run((str(python), "-c", f"import {package}"), capture_output=True, check=False).returncode == 0


def _queries(terms: int) -> list[str]:
    """As many rules as it takes for so many words."""
    made, queries = 0, list[str]()
    while made < terms:
        queries.append(_query(len(queries)))
        made += len(_WORD.findall(queries[-1]))
    return queries


def _query(number: int) -> str:
    """Words of which some are never said, most seldom, a few often; every third rule is a phrase, every third a NOT."""
    chance = random.Random(f"rule {number}")
    common, rare, other = chance.choice(words()[50:400]), chance.choice(words()[400:]), chance.choice(words()[400:])
    if number % 3 == 0:
        return f'"{rare} {other}" OR tocsin{number}'
    return f"{rare} {other}" if number % 3 == 1 else f"({rare} OR {other}) {common} NOT title:bell{number}"
