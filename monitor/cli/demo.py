"""`tocsin demo`: the real daemon against invented outlets on loopback, for half a minute at most."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.demo_feed import Outlet, Press, press
from monitor.cli.output import say
from monitor.errors import TocsinError

_PATIENCE_SECONDS = 20.0

_CONFIGURATION = """\
polling: {{every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}}
outlets:
  - {{name: The Harbour Gazette, language: en, feeds: [{{url: "{address}/gazette"}}]}}
  - {{name: Northern Wire, language: en, feeds: [{{url: "{address}/wire"}}]}}
channels:
  - {{name: screen, kind: console}}
rules:
  - name: truce
    query: '(ceasefire OR truce OR "peace talks") NOT title:chess'
"""


class DemonstrationFailed(TocsinError):
    """What should have been seen was not; exit 70."""


def demo(
    *, logs: Annotated[bool, Parameter(name="--logs", negative="", help="Show the daemon's log as well.")] = False
) -> None:
    """Watch invented outlets change and alerts arrive. Needs no network and no configuration, leaves nothing behind.

    Example: tocsin demo
    """
    outlets = {"/gazette": Outlet(title="The Harbour Gazette"), "/wire": Outlet(title="Northern Wire")}
    outlets["/gazette"].publish(1, "Truce in the herring dispute holds", "It was there before we began to watch.")
    outlets["/wire"].publish(1, "Ferries run on time", "Nothing else happened.")
    with press(outlets) as running, tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        home = Path(folder)
        (home / "tocsin.yaml").write_text(_CONFIGURATION.format(address=running.address), encoding="utf-8")
        say(f"Two invented outlets on {running.address}; one rule: ceasefire, truce or peace talks.")
        daemon = _start(home, with_logs=logs)
        try:
            _play(running, _Screen(daemon))
        finally:
            _stop(daemon)
    say("\nThe daemon has stopped and nothing is left behind. Next: tocsin init")


def _play(running: Press, screen: "_Screen") -> None:
    gazette, wire = running.outlets["/gazette"], running.outlets["/wire"]
    screen.wait_until(lambda: min(gazette.polls, wire.polls) > 1, "the first polls")
    say("\nFirst poll: a baseline. The Gazette's old story on a truce is remembered and alerts nobody.")
    say("\nNow the Gazette publishes: «Ceasefire agreed on the northern border» …")
    text = ("Ceasefire agreed on the northern border", "After nine days of peace talks both sides signed at dawn.")
    gazette.publish(2, *text)
    screen.expect_alert()
    say("\nThe Wire carries the same words under its own link: the same story, so silence …")
    wire.publish(7, *text)
    screen.expect_silence(wire)
    say("  (silence)")
    say("\nThe Wire's harmless story is edited and now speaks of a truce: that is news …")
    wire.publish(1, "Ferries run on time", "A truce between the two ferry lines was signed tonight.")
    screen.expect_alert()


class _Screen:
    """What the daemon prints, passed on as it comes."""

    def __init__(self, daemon: "subprocess.Popen[str]") -> None:
        self._daemon = daemon
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def expect_alert(self) -> None:
        """Show the next message; it must come soon."""
        began = time.monotonic()
        try:
            say(f"  │ {self._lines.get(timeout=_PATIENCE_SECONDS)}")
        except Empty:
            self._fail("an alert")
        say(f"  │ (arrived after {time.monotonic() - began:.1f} s)")
        while True:
            try:
                say(f"  │ {self._lines.get(timeout=0.3)}".rstrip())
            except Empty:
                return

    def expect_silence(self, outlet: Outlet) -> None:
        """Wait until the outlet was polled again; no message may come."""
        seen = outlet.polls
        self.wait_until(lambda: outlet.polls >= seen + 2, "the next poll")
        try:
            line = self._lines.get(timeout=0.5)
        except Empty:
            return
        self._fail(f"silence, but there was: {line}")

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Return when it is so."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not is_so():
            if time.monotonic() > end or self._daemon.poll() is not None:
                self._fail(what)
            time.sleep(0.05)

    def _read(self) -> None:
        for line in self._daemon.stdout or ():
            self._lines.put(line.rstrip("\n"))

    def _fail(self, what: str) -> None:
        message = f"waited in vain for {what}; tocsin demo --logs shows what the daemon does"
        raise DemonstrationFailed(message)


def _start(home: Path, *, with_logs: bool) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "monitor", "run", "--config", str(home), "--state", str(home / "state")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and package, no shell
        command,
        stdout=subprocess.PIPE,
        stderr=None if with_logs else subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env=environment,
        process_group=0,  # Ctrl-C reaches us; we stop the daemon
    )


def _stop(daemon: "subprocess.Popen[str]") -> None:
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()
    if daemon.stdout is not None:
        daemon.stdout.close()
