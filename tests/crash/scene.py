"""Two outlets, a daemon, two channels: publish, kill, start again, and see what arrived."""

import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests.crash.loopback import Outlet, Sink, Story, outlet, sink
from tests.crash.nursery import Nursery, nursery
from tests.crash.points import Point
from tests.crash.verdict import Verdict, judged

CHANNELS = ("desk", "night")
PATIENCE = 30.0
"""seconds that anything may take; reached only where something is broken"""

_CONFIGURATION = """\
polling: {{every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}}
grace: {grace}
outlets:
  - {{name: Harbour Gazette, language: en, feeds: [{{url: "{gazette}"}}]}}
  - {{name: Northern Wire, language: en, feeds: [{{url: "{wire}"}}]}}
channels:
  - {{name: desk, kind: webhook, url: "{sink}/desk", headers: {{X-Run: "${{RUN}}"}}, backlog_digest: {backlog}}}
  - {{name: night, kind: webhook, url: "{sink}/night", headers: {{X-Run: "${{RUN}}"}}, backlog_digest: {backlog}}}
rules:
  - {{name: truce, query: {query}, once_per: text}}
"""

# The invented stories are much alike, and one is told for each text: what is on trial is not likeness.
_UNTOLD = """
SELECT count(*) FROM match JOIN entry ON entry.id = match.entry_id
WHERE match.is_new AND NOT entry.is_baseline
  AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.story_id = entry.story_id AND alert.rule = match.rule)
"""
_UNSENT = "SELECT count(*) FROM delivery WHERE state <> 'sent'"
_WAITING = "SELECT count(*) FROM delivery WHERE state = 'pending' AND sorted_at IS NOT NULL"
_UNADDRESSED = "SELECT count(*) FROM alert WHERE (SELECT count(*) FROM delivery WHERE alert_id = alert.id) <> 2"


class Scene:
    """What is published, who is told, and how often the daemon has died of it."""

    def __init__(self, home: Path, outlets: tuple[Outlet, Outlet], taker: Sink, nest: Nursery) -> None:
        self.home = home
        self.state = home / "state"
        self.log = home / "log"
        self.gazette, self.wire = outlets
        self.sink = taker
        self.nursery = nest
        self.runs = 0
        self.environment: dict[str, str] = {}
        """for daemons that are started from now on"""
        self.expected: set[tuple[str, str]] = set()
        self._orders = home / "orders"
        self._number = 0
        self._log_before = 0
        """bytes of the log that were there before the daemon of `nursery` was started"""
        for one in outlets:
            one.publish(Story(number=0, title=f"An old truce that the {one.name} told long before"))
        self.configure()

    def configure(self, query: str = "truce", grace: str = "10s", backlog: str = "off") -> None:
        """Write the configuration."""
        text = _CONFIGURATION.format(
            gazette=self.gazette.url,
            wire=self.wire.url,
            sink=self.sink.address,
            query=query,
            grace=grace,
            backlog=backlog,
        )
        (self.home / "tocsin.yaml").write_text(text, encoding="utf-8")

    def start(self, nest: Nursery | None = None) -> None:
        """Start a daemon over the same state, in another nursery if one is given."""
        self.runs += 1
        if nest is None and self.log.exists():
            self._log_before = self.log.stat().st_size
        (nest or self.nursery).start(
            ["run", "--config", str(self.home), "--state", str(self.state)],
            environment={"RUN": f"run-{self.runs}"} | self.environment,
            log=self.log,
            orders=self._orders,
        )

    def begin(self) -> None:
        """Start a daemon and wait for the baseline, whose own truce must never be told."""
        self.start()
        self.wait_until(lambda: self.is_read, "the baseline")

    def stop(self) -> None:
        """SIGTERM, once the daemon listens for signals; it must leave with 0."""
        self._wait(lambda: self._has_started or not self.nursery.process, "a daemon that listens")
        self.nursery.signal(signal.SIGTERM)
        assert self.nursery.wait() == 0, self._told("the daemon did not end well")

    def arm(self, point: Point, times: int) -> None:
        """The daemon shall die at this point, the n-th time that it reaches it from now on."""
        part = self._orders.with_suffix(".part")
        part.write_text(f"{point.value}\n{times}", encoding="utf-8")
        part.rename(self._orders)

    def disarm(self) -> None:
        """No more orders."""
        self._orders.unlink(missing_ok=True)

    def publish(self, *outlets: Outlet, words: str = "A truce is signed") -> Story:
        """Publish one new story, the same words in each of these outlets; it must be told on every channel."""
        self._number += 1
        story = Story(number=self._number, title=f"{words} at the northern harbour, number {self._number}")
        for one in outlets or (self.gazette,):
            one.publish(story)
        self.expect(story.title)
        return story

    def expect(self, title: str) -> None:
        """It must be told on every channel."""
        self.expected |= {(channel, title) for channel in CHANNELS}

    @property
    def waiting(self) -> int:
        """How many deliveries are on their way and not sent."""
        return self._count(_WAITING)

    @property
    def verdict(self) -> Verdict:
        """Of everything until now."""
        return judged(self.sink.posts, self.expected)

    @property
    def missing(self) -> set[tuple[str, str]]:
        """What was not told yet."""
        taken = (post for post in self.sink.posts if not post.is_refused)
        return self.expected - {(post.channel, title) for post in taken for title in post.titles}

    @property
    def is_read(self) -> bool:
        """Whether what both outlets say now was committed."""
        return self.gazette.is_read and self.wire.is_read

    @property
    def _has_started(self) -> bool:
        """Whether the present daemon has said so: before, a signal may find nobody who minds it."""
        return self.log.exists() and b"event=started" in self.log.read_bytes()[self._log_before :]

    @property
    def is_quiet(self) -> bool:
        """Whether everything was read, told and marked as sent."""
        return self.is_read and not self.missing and self._unsent() == 0

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Return when it is so; the daemon must live meanwhile."""
        self._wait(lambda: is_so() or not self.nursery.process, what)
        assert self.nursery.process, self._told(f"the daemon ended ({self.nursery.status}) before {what}")

    def wait_for_log(self, words: str) -> None:
        """Return when the daemon has said this."""
        self.wait_until(lambda: words in self.log.read_text(encoding="utf-8"), f"{words!r} in the log")

    def lives_on(self, seconds: float) -> bool:
        """Whether the daemon is there all this time."""
        return not comes_true(lambda: not self.nursery.process, seconds)

    def wait_until_dead_or(self, is_so: Callable[[], bool], what: str) -> None:
        """Return when it is so, or when the daemon has killed itself."""
        self._wait(lambda: is_so() or not self.nursery.process, what)

    def wait_for_death(self) -> None:
        """Return when the daemon has killed itself."""
        self._wait(lambda: not self.nursery.process, "the crash")
        assert self.nursery.status == -signal.SIGKILL, self._told(f"it ended with {self.nursery.status}")

    def flaws(self) -> list[str]:
        """What is wrong in a copy of the files as a dead daemon left them: none of them is touched."""
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            for file in self.state.glob("tocsin.db*"):
                if file.suffix != ".db-shm":
                    shutil.copy(file, folder)
            return _flaws(Path(folder) / "tocsin.db")

    def _unsent(self) -> int:
        return self._count(_UNSENT)

    def _count(self, question: str) -> int:
        found = -1
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{self.state}/tocsin.db?mode=ro", uri=True)) as database,
        ):
            (found,) = database.execute(question).fetchone()
        return found

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        assert comes_true(is_so, PATIENCE), self._told(f"waited {PATIENCE:g} s in vain for {what}")

    def _told(self, what: str) -> str:
        log = self.log.read_text(encoding="utf-8")[-4000:] if self.log.exists() else ""
        return f"{what}; run {self.runs}, missing {sorted(self.missing)[:5]}\n{log}"


@contextmanager
def scene(nest: Nursery | None = None) -> Iterator[Scene]:
    """A scene in a directory of its own, of which nothing is left afterwards; `nest` may have served others."""
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-crash-") as folder,
        outlet("gazette") as gazette,
        outlet("wire") as wire,
        sink() as taker,
        nursery() if nest is None else nest.emptied() as used,
    ):
        yield Scene(Path(folder), (gazette, wire), taker, used)


def comes_true(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it becomes so within this time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.004)
    return True


def _flaws(path: Path) -> list[str]:
    if not path.exists():
        return []  # it died before there was any: the next one begins anew
    with closing(sqlite3.connect(path)) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        (untold,) = database.execute(_UNTOLD).fetchone()
        (unaddressed,) = database.execute(_UNADDRESSED).fetchone()
    found = [] if verdict == "ok" else [f"integrity_check: {verdict}"]
    found += [f"foreign keys: {broken}"] if broken else []
    found += [f"{untold} matches are stored without their alert"] if untold else []
    found += [f"{unaddressed} alerts are stored without all their deliveries"] if unaddressed else []
    return found
