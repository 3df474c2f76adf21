"""Readers in C and C++ that a user installs with the system's packages: compared where they are on the PATH."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.daemon import environment
from tests.benchmarks.rivals import Rival

_NEWSBOAT = "newsboat"
_SFEED = "sfeed_update"
_CONFIG = "auto-reload no\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsboat:
    """newsboat, told to reload everything once; its memory is a SQLite file."""

    program: Path
    name: str = "newsboat"
    asks_conditionally: bool = True

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """A list of addresses, and a configuration that leaves everything as it comes."""
        (folder / "urls").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
        (folder / "config").write_text(_CONFIG, encoding="utf-8")

    def make_due(self, folder: Path) -> None:
        """Nothing to do: it reloads what it is told to."""

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """`newsboat -x reload`."""
        places = ("-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config"))
        return (str(self.program), *places, "-x", "reload"), {**environment(), "HOME": str(folder)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sfeed:
    """sfeed: a shell script that starts curl and its parser for every feed, and keeps a text file of each."""

    program: Path
    name: str = "sfeed"
    asks_conditionally: bool = False
    """as it comes it sends no validators, and reads every document anew"""

    def settle(self, folder: Path, urls: Sequence[str]) -> None:
        """The file that its users write: a line for each feed."""
        feeds = "".join(f'\tfeed "outlet {number}" "{url}"\n' for number, url in enumerate(urls))
        (folder / "feeds").mkdir()
        text = f'sfeedpath="{folder}/feeds"\nfeeds() {{\n{feeds}}}\n'
        (folder / "sfeedrc").write_text(text, encoding="utf-8")

    def make_due(self, folder: Path) -> None:
        """Nothing to do: it asks every feed each time."""

    def round(self, folder: Path) -> tuple[Sequence[str], Mapping[str, str]]:
        """`sfeed_update`."""
        return (str(self.program), str(folder / "sfeedrc")), {**environment(), "HOME": str(folder)}


def installed(path: str = "") -> tuple[list[Rival], list[str]]:
    """Those that are on this PATH (default: ours), and the names of those that are not."""
    found: list[Rival] = []
    places = path or os.environ.get("PATH", "")
    newsboat, sfeed = (shutil.which(program, path=places) for program in (_NEWSBOAT, _SFEED))
    if newsboat is not None:
        found.append(Newsboat(program=Path(newsboat)))
    if sfeed is not None:
        found.append(Sfeed(program=Path(sfeed)))
    absent = [name for name, program in (("newsboat", newsboat), ("sfeed", sfeed)) if program is None]
    return found, absent
