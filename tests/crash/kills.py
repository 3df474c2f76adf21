"""kill −9 at random moments while tocsin polls and sends: `python -m tests.crash.kills --kills 50 --seed 1`.

Prints what came of it; leaves with 1 where anything was lost, invented, or repeated without having been in flight.
"""

import argparse
import random
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from tests.crash.loopback import Outlet, Story
from tests.crash.scene import CHANNELS, Scene, comes_true, scene
from tests.crash.verdict import Verdict

_SHORTEST, _LONGEST = 0.05, 0.25
"""seconds that a daemon lives on after it was seen to be born, to fetch or to send"""
_LATEST_BIRTH = 0.1
"""seconds within which a daemon has read its configuration, made its database and asked the first feed"""
_PATIENCE_SECONDS = 5.0
"""a daemon that has shown no sign for so long is killed all the same"""
_MOST_MISSING = 24
"""alerts on their way at once: more are published only when some have arrived"""
_WINDOW = 30
"""stories that an outlet shows; what left the window must not come back as new"""
_SETTLING_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of a series of kills."""

    kills: int
    moments: Counter[str]
    """what the daemons were waited for before they were killed"""
    in_flight: int
    """messages that were received and not yet answered at the moment of a kill"""
    published: int
    alerts: int
    """(story, channel) pairs that had to arrive"""
    posts: int
    refused: int
    verdict: Verdict
    disordered: int
    """messages that arrived before one that was raised earlier, on the same channel"""
    flaws: tuple[str, ...]
    """what was wrong in the files after a kill"""
    is_settled: bool
    """whether in the end everything was read and marked as sent"""
    took: timedelta

    @property
    def is_good(self) -> bool:
        """Nothing to complain of."""
        return self.verdict.is_good and self.is_settled and not self.disordered and not self.flaws

    def __str__(self) -> str:
        verdict = self.verdict
        told = {
            "kills": f"{self.kills} ({', '.join(f'{count} {name}' for name, count in sorted(self.moments.items()))})",
            "messages in flight when killed": self.in_flight,
            "stories published": self.published,
            "alerts expected": self.alerts,
            "posts received": f"{self.posts}, {self.refused} of them refused with 503",
            "lost": _listed(verdict.lost),
            "unwanted": _listed(verdict.unwanted),
            "under two ids": _listed(verdict.doubled),
            "repeated": len(verdict.repeated),
            "repeated, not in flight": _listed(verdict.stray),
            "out of order": self.disordered,
            "flaws of the database": _listed(self.flaws),
            "all marked as sent": "yes" if self.is_settled else "NO",
            "seconds": round(self.took.total_seconds(), 1),
        }
        return "\n".join(f"{name:>30}: {value}" for name, value in told.items())


def run(kills: int, seed: int) -> Figures:
    """Kill a daemon so many times, a fifth of them before it has its baseline, then let it finish."""
    began = time.monotonic()
    chance = random.Random(seed)
    with scene() as stage:
        series = _Series(scene=stage, chance=chance)
        for _ in range(kills // 5):
            series.kill_at_birth()
        stage.begin()
        for _ in range(kills - kills // 5):
            series.kill_at_work()
        if not stage.nursery.process:
            stage.start()
        is_settled = comes_true(lambda: stage.is_quiet, _SETTLING_SECONDS)
        stage.stop()
        return Figures(
            kills=kills,
            moments=series.moments,
            in_flight=series.in_flight,
            published=series.published,
            alerts=len(stage.expected),
            posts=len(stage.sink.posts),
            refused=sum(post.is_refused for post in stage.sink.posts),
            verdict=stage.verdict,
            disordered=_disordered(stage),
            flaws=tuple(series.flaws),
            is_settled=is_settled,
            took=timedelta(seconds=time.monotonic() - began),
        )


@dataclass(slots=True, kw_only=True)
class _Series:
    scene: Scene
    chance: random.Random
    moments: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    published: int = 0
    flaws: list[str] = field(default_factory=list)
    drafts: dict[int, Outlet] = field(default_factory=dict)
    """harmless stories that will be edited into news, by number"""
    shown: list[tuple[int, str]] = field(default_factory=list)
    """(number, title) of what is in the windows"""

    def __post_init__(self) -> None:
        answers = random.Random(self.chance.random())
        self.scene.sink.delay = lambda: answers.uniform(0, 0.03)
        self.scene.sink.refuses = lambda: answers.random() < 0.05

    def kill_at_birth(self) -> None:
        """Before there is a database, while it is made, while the first feeds are asked; or over what that left."""
        if self.chance.random() < 0.5:
            shutil.rmtree(self.scene.state, ignore_errors=True)
        self.scene.start()
        comes_true(lambda: False, self.chance.uniform(0, _LATEST_BIRTH))
        self._kill("at birth")

    def kill_at_work(self) -> None:
        """While it starts again, polls or sends, and news comes in."""
        stage = self.scene
        if not stage.nursery.process:
            stage.start()
        fetches, posts = self._fetches(), len(stage.sink.posts)
        signs: dict[str, Callable[[], bool]] = {
            "restarting": lambda: True,
            "polling": lambda: self._fetches() > fetches,
            "sending": lambda: len(stage.sink.posts) > posts,
        }
        sign = self.chance.choice(list(signs))
        comes_true(lambda: self._publish() or signs[sign](), _PATIENCE_SECONDS)
        comes_true(self._publish, self.chance.uniform(_SHORTEST, _LONGEST))
        self._kill(sign)

    def _kill(self, moment: str) -> None:
        assert self.scene.nursery.process, "the daemon ended by itself"
        self.moments[moment] += 1
        self.in_flight += len(self.scene.sink.open_channels)
        self.scene.nursery.kill()
        self.flaws += self.scene.flaws()

    def _publish(self) -> bool:
        """Now and then a story: in one outlet, in both at once, or first harmless and edited later. Never done."""
        stage = self.scene
        if self.chance.random() > 0.2 or len(stage.missing) >= _MOST_MISSING:
            return False
        outlets = self.chance.choice([(stage.gazette,), (stage.wire,), (stage.gazette, stage.wire)])
        if self.drafts and self.chance.random() < 0.5:
            number, outlet = self.drafts.popitem()
            title = f"Ferry number {number} sails again now that a truce is agreed"
            outlet.publish(Story(number=number, title=title))
            stage.expect(title)
            self.shown.append((number, title))
        elif self.chance.random() < 0.2:
            number = 1_000_000 + self.published
            outlets[0].publish(Story(number=number, title=f"Ferry number {number} stays in the harbour"))
            self.drafts[number] = outlets[0]
        else:
            story = stage.publish(*outlets)
            self.shown.append((story.number, story.title))
        self.published += 1
        self._withdraw()
        return False

    def _withdraw(self) -> None:
        """Take the oldest story out of the window once everybody was told of it."""
        if len(self.shown) <= _WINDOW:
            return
        number, title = self.shown[0]
        if all((channel, title) not in self.scene.missing for channel in CHANNELS):
            del self.shown[0]
            for one in (self.scene.gazette, self.scene.wire):
                one.withdraw(number)

    def _fetches(self) -> int:
        return self.scene.gazette.fetches + self.scene.wire.fetches


def _disordered(stage: Scene) -> int:
    with closing(sqlite3.connect(stage.state / "tocsin.db")) as database:
        rows = database.execute("SELECT public_id, id FROM alert").fetchall()
    raised = dict(rows)
    found = 0
    for channel in CHANNELS:
        names = [post.public_id for post in stage.sink.posts if post.channel == channel and not post.is_refused]
        places = [raised.get(name, 0) for name in dict.fromkeys(names)]
        found += sum(later < earlier for earlier, later in pairwise(places))
    return found


def _listed(found: tuple[object, ...]) -> str:
    return f"{len(found)} {list(found)[:10]}" if found else "0"


def main() -> None:
    """Run a series from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    figures = run(arguments.kills, arguments.seed)
    print(figures)
    sys.exit(not figures.is_good)


if __name__ == "__main__":
    main()
