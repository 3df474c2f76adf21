"""Channels that fail, and a daemon that is killed: `python -m tests.crash.sinks --alerts 1000 --kills 50 --seed 1`.

Two webhooks and two mail servers on loopback take seven messages of ten; the others they answer with 429, 500 or a
redirect (by mail 421, 451 or 452), or not at all. With `--backlog 5` more than five alerts that waited for the second
webhook are told in one message. Meanwhile the daemon is killed (kill -9) again and again. Prints what
came of it; leaves with 1 where anything was lost, invented, out of order, or repeated without having been in flight.
"""

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.crash.loopback import Outlet, Post, Sink, Story, outlet, sink
from tests.crash.nursery import Nursery, nursery
from tests.crash.scene import comes_true
from tests.crash.verdict import Verdict, judged

CHANNELS = ("desk", "night", "letters", "post")
_REFUSED = 0.3
_PORTION = 10
"""stories that are published at once"""
_MOST_MISSING = 120
"""(story, channel) pairs on their way at once: more are published only when some have arrived"""
_WINDOW = 40
"""stories that the outlet shows"""
_SHORTEST, _LONGEST = 0.2, 1.5
"""seconds that a daemon lives on after a message of it was received"""
_SETTLING_SECONDS = 900.0

_CONFIGURATION = """\
polling: {{every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}}
outlets:
  - {{name: Harbour Gazette, language: en, feeds: [{{url: "{gazette}"}}]}}
channels:
  - {{name: desk, kind: webhook, url: "{sink}/desk", timeout: 1s, headers: {{X-Run: "${{RUN}}"}}, throttle: off}}
  - {{name: night, kind: webhook, url: "{sink}/night", timeout: 1s, headers: {{X-Run: "${{RUN}}"}}, throttle: off,
     backlog_digest: {backlog}}}
  - {{name: letters, kind: email, url: "smtp://{letters}", timeout: 1s, to: [letters@harbour.example],
     from: "${{RUN}}@harbour.example", throttle: off, backlog_digest: off}}
  - {{name: post, kind: email, url: "smtp://{post}", timeout: 1s, to: [post@harbour.example],
     from: "${{RUN}}@harbour.example", throttle: off, backlog_digest: off}}
rules:
  - {{name: truce, query: truce, once_per: text}}
"""
_OPEN = "SELECT count(*) FROM delivery WHERE state <> 'sent'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of a series."""

    alerts: int
    kills: int
    in_flight: int
    """messages that were received and not yet answered at the moment of a kill"""
    posts: int
    answers: Counter[str]
    together: int
    """messages of several alerts that were taken"""
    verdict: Verdict
    disordered: int
    is_settled: bool
    took: timedelta

    @property
    def is_good(self) -> bool:
        """Nothing to complain of."""
        few = len(self.verdict.repeated) <= self.kills * len(CHANNELS)
        return self.verdict.is_good and self.is_settled and not self.disordered and few

    def __str__(self) -> str:
        verdict = self.verdict
        told = {
            "alerts": f"{self.alerts} over {len(CHANNELS)} channels",
            "kills": self.kills,
            "messages in flight when killed": self.in_flight,
            "messages received": self.posts,
            "of these answered": ", ".join(f"{count} {name}" for name, count in sorted(self.answers.items())),
            "of several alerts": self.together,
            "lost": len(verdict.lost),
            "unwanted": f"{len(verdict.unwanted)} {list(verdict.unwanted)[:5]}",
            "under two ids": len(verdict.doubled),
            "repeated, by the same id": len(verdict.repeated),
            "repeated, not in flight": f"{len(verdict.stray)} {list(verdict.stray)[:5]}",
            "out of order": self.disordered,
            "all marked as sent": "yes" if self.is_settled else "NO",
            "seconds": round(self.took.total_seconds(), 1),
        }
        return "\n".join(f"{name:>30}: {value}" for name, value in told.items())


@dataclass(slots=True, kw_only=True)
class _Postbox:
    """A mail server's end of a channel."""

    channel: str
    sink: Sink

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        post = Post(
            run=int(str(envelope.mail_from).partition("@")[0].removeprefix("run-")),
            channel=self.channel,
            public_id=str(mail["X-Entity-Ref-ID"]),
            key=str(mail["Message-ID"]).strip("<> ").partition(".tocsin@")[0],
            title=str(mail["Subject"]),
            rule="",
            at=time.monotonic(),
            is_refused=self.sink.refuses(),
        )
        status = await asyncio.to_thread(self.sink.take, post)
        return {204: "250 OK", 429: "451 too many", 302: "452 not here", 500: "421 going down"}.get(status, "451 late")


@dataclass(slots=True, kw_only=True)
class _Series:
    home: Path
    outlet: Outlet
    sink: Sink
    nest: Nursery
    alerts: int
    chance: random.Random
    answers: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    runs: int = 0
    in_flight: int = 0

    def __post_init__(self) -> None:
        drawn = random.Random(self.chance.random())

        def refuses() -> bool:
            is_refused = drawn.random() < _REFUSED
            self.answers["taken"] += not is_refused
            return is_refused

        def refusal() -> int:
            status = drawn.choice((429, 500, 302, 0))
            self.answers[f"by {status}" if status else "by nothing"] += 1
            return status

        self.sink.refuses, self.sink.refusal = refuses, refusal
        self.sink.delay = lambda: drawn.uniform(0, 0.01)

    def start(self) -> None:
        self.runs += 1
        self.nest.start(
            ["run", "--config", str(self.home), "--state", str(self.home / "state")],
            environment={"RUN": f"run-{self.runs}"},
            log=self.home / "log",
            orders=self.home / "orders",
        )

    def kill(self) -> None:
        """At some moment after a message of this daemon came in."""
        if not self.nest.process:
            self.start()
        before = len(self.sink.posts)
        comes_true(lambda: self.publish() or len(self.sink.posts) > before, 10.0)
        comes_true(self.publish, self.chance.uniform(_SHORTEST, _LONGEST))
        assert self.nest.process, (self.home / "log").read_text(encoding="utf-8")[-3000:]
        self.in_flight += len(self.sink.open_channels)
        self.nest.kill()

    def publish(self) -> bool:
        """A portion of stories, if there is room for it and the last one was read. Never done."""
        if len(self.titles) >= self.alerts or len(self.missing) > _MOST_MISSING or not self.outlet.is_read:
            return False
        for number in range(len(self.titles) + 1, min(len(self.titles) + _PORTION, self.alerts) + 1):
            self.titles.append(f"A truce is signed at the northern harbour, number {number}")
            self.outlet.publish(Story(number=number, title=self.titles[-1]))
            self.outlet.withdraw(number - _WINDOW)
        return False

    @property
    def expected(self) -> set[tuple[str, str]]:
        return {(channel, title) for channel in CHANNELS for title in self.titles}

    @property
    def missing(self) -> set[tuple[str, str]]:
        taken = (post for post in self.sink.posts if not post.is_refused)
        return self.expected - {(post.channel, title) for post in taken for title in post.titles}

    @property
    def is_over(self) -> bool:
        self.publish()
        if len(self.titles) < self.alerts or self.missing:
            return False
        found = -1
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            (found,) = database.execute(_OPEN).fetchone()
        return found == 0

    def disordered(self) -> int:
        """Messages that a channel took before one that was raised earlier; what was told together has no such order."""
        places = {title: place for place, title in enumerate(self.titles)}
        found = 0
        for channel in CHANNELS:
            posts = [post for post in self.sink.posts if post.channel == channel and not post.is_refused]
            taken = [post.title for post in posts if not post.beside]
            told = [self._raised.get(title, places.get(title, 0)) for title in dict.fromkeys(taken)]
            found += sum(later < earlier for earlier, later in pairwise(told))
        return found

    @property
    def _raised(self) -> dict[str, int]:
        with closing(sqlite3.connect(self._database)) as database:
            return {title: row for row, title in database.execute("SELECT id, title FROM alert").fetchall()}

    @property
    def _database(self) -> Path:
        return self.home / "state" / "tocsin.db"


def run(alerts: int, kills: int, seed: int, *, backlog: int | None = None) -> Figures:
    """Kill a daemon so many times while it delivers so many alerts to channels that fail, then let it finish."""
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-sinks-") as folder,
        outlet("gazette") as gazette,
        sink() as taker,
        _mail_server("letters", taker) as letters,
        _mail_server("post", taker) as post,
        nursery() as nest,
    ):
        home = Path(folder)
        told_together = "off" if backlog is None else str(backlog)
        text = _CONFIGURATION.format(
            gazette=gazette.url, sink=taker.address, letters=letters, post=post, backlog=told_together
        )
        (home / "tocsin.yaml").write_text(text, encoding="utf-8")
        gazette.publish(Story(number=0, title="An old truce that was told long before"))
        series = _Series(home=home, outlet=gazette, sink=taker, nest=nest, alerts=alerts, chance=random.Random(seed))
        series.start()
        assert comes_true(lambda: gazette.is_read, 30.0), (home / "log").read_text(encoding="utf-8")[-3000:]
        for _ in range(kills):
            series.kill()
        series.start()
        is_settled = comes_true(lambda: series.is_over, _SETTLING_SECONDS)
        nest.kill()
        posts: Sequence[Post] = taker.posts
        return Figures(
            alerts=len(series.titles),
            kills=kills,
            in_flight=series.in_flight,
            posts=len(posts),
            answers=series.answers,
            together=sum(bool(post.beside) and not post.is_refused for post in posts),
            verdict=judged(posts, series.expected),
            disordered=series.disordered(),
            is_settled=is_settled,
            took=timedelta(seconds=time.monotonic() - began),
        )


@contextmanager
def _mail_server(channel: str, taker: Sink) -> Iterator[str]:
    """A mail server in a thread of its own; yields host and port."""
    loop = asyncio.new_event_loop()
    postbox = _Postbox(channel=channel, sink=taker)
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(postbox, loop=loop), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_closed(server))
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    """Nothing of a mail server is left, neither a conversation nor a thread that still keeps somebody waiting."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


def main() -> None:
    """Run a series from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backlog", type=int, help="as backlog_digest of one channel; without it, off")
    arguments = parser.parse_args()
    figures = run(arguments.alerts, arguments.kills, arguments.seed, backlog=arguments.backlog)
    print(figures)
    sys.exit(not figures.is_good)


if __name__ == "__main__":
    main()
