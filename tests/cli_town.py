"""An invented town for the tests of commands: outlets and a webhook on loopback, a configuration, a state directory."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import time_machine

from monitor.cli.application import run_command
from monitor.cli.demo_feed import Outlet, document

Run = Callable[..., str]
"""runs a command in some town, as `heard` does"""


@dataclass(slots=True)
class Town:
    """What its server answers, and where its commands work."""

    address: str
    outlets: Mapping[str, Outlet]
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """path → content type and body"""
    gone: set[str] = field(default_factory=set)
    """paths that are answered by 410"""
    hook_status: int = 204
    posts: list[bytes] = field(default_factory=list)
    folder: Path = Path()
    is_slow: threading.Event = field(default_factory=threading.Event)
    """while set, nothing is answered"""
    was_asked: threading.Event = field(default_factory=threading.Event)

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def places(self) -> tuple[str, ...]:
        """The two options that point a command at this town."""
        return ("--config", str(self.config), "--state", str(self.state))

    def configure(self, text: str) -> None:
        """Write the configuration; `ADDRESS` stands for the town's own."""
        self.config.mkdir(parents=True, exist_ok=True)
        (self.config / "tocsin.yaml").write_text(text.replace("ADDRESS", self.address), encoding="utf-8")

    def once(self, *options: str, hours_later: float = 0) -> int:
        """One round, as if it were that much later."""
        later = datetime.now(UTC) + timedelta(hours=hours_later)
        with time_machine.travel(later, tick=True):
            return run_command(["once", *self.places, *options])


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """A town whose server runs while the block does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    outlets = {"/gazette": Outlet(title="The Harbour Gazette"), "/wire": Outlet(title="Northern Wire")}
    here = Town(address=f"http://127.0.0.1:{server.server_address[1]}", outlets=outlets, folder=folder)
    Handler.towns[server.server_address[1]] = here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        del Handler.towns[server.server_address[1]]


def heard(here: Town, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Run a command in this town, which must end with this code; all that it said, and nothing from before."""
    capsys.readouterr()
    assert run_command([*arguments, *here.places]) == code
    said = capsys.readouterr()
    return said.out + said.err


class Handler(BaseHTTPRequestHandler):
    """Answers for the town at its port."""

    towns: dict[int, Town] = {}  # noqa: RUF012 - shared on purpose: the library makes an instance a request

    def do_GET(self) -> None:
        town = self.town
        town.was_asked.set()
        while town.is_slow.is_set():
            time.sleep(0.01)
        if self.path in town.gone:
            self._answer(410, "text/plain", b"gone")
        elif outlet := town.outlets.get(self.path):
            outlet.polls += 1
            self._answer(200, "application/rss+xml", document(outlet, f"{town.address}{self.path}"))
        elif self.path in town.pages:
            self._answer(200, *town.pages[self.path])
        else:
            self._answer(404, "text/plain", b"no such page")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.town.hook_status < 300:
            self.town.posts.append(body)
        self._answer(self.town.hook_status, "text/plain", b"")

    @property
    def town(self) -> Town:
        return self.towns[self.connection.getsockname()[1]]

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        with suppress(BrokenPipeError):  # who was interrupted does not listen any more
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""
