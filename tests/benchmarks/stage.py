"""The stage of a replay: a feed that changes from capture to capture, a webhook, and a daemon that may be killed."""

import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from tests.benchmarks.daemon import Daemon, ask
from tests.benchmarks.judge import Death, Receipt
from tests.benchmarks.loopback import Reply, Request, serving

FETCHING, COMMITTING, SENDING, SENT, STARTING = "fetching", "committing", "sending", "sent", "starting"
KILLS = (COMMITTING, SENDING, FETCHING, SENT, STARTING)
"""moments of a kill: before the feed is answered; some milliseconds after it was; before the webhook answers; as soon
as it has answered; some milliseconds after the daemon was started anew"""

_PATIENCE = {COMMITTING: 1.0, STARTING: 25.0}
"""what a kill's delay is multiplied with; at the other moments there is none"""
_SECONDS_FOR_A_CAPTURE = 20.0
_SECONDS_FOR_THE_REST = 60.0
_TIRED = 3  # times that one process is given a capture which it does not take
_GUID = re.compile(rb"<guid\b.*?</guid>", re.DOTALL)
_TTL = re.compile(rb"<ttl>[^<]*</ttl>")

_CONFIGURATION = """\
polling: {{every: {every}, min_interval: {every}, allow_private: [127.0.0.0/8]}}
outlets:
  - {{name: The Replayed Feed, feeds: [{{url: "{feed}/feed"}}]}}
channels:
  - {{name: record, kind: webhook, url: "{hook}/hook"}}
rules:
  - {{name: everything, query: {query}, once_per: text}}
"""


@dataclass(slots=True, kw_only=True)
class Stage:
    """A replay under way, and what was seen of it."""

    folder: Path
    captures: Sequence[bytes]
    kills: Mapping[int, tuple[str, float]]
    receipts: list[Receipt] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    """captures that the daemon fetched but never took"""
    revised: int = 0
    served: int = 0
    """captures that were given at least once"""
    given: int = 0
    """times that a capture was given; more than `served` where a kill undid a poll"""
    left: int = 0
    """deliveries that were never sent"""
    stop_seconds: float = 0.0
    _place: int = 0
    _asked: int = 0
    """times that the present process was given the present capture"""
    _life: int = 0
    _is_done: bool = False
    _doomed: dict[str, tuple[int, float]] = field(default_factory=dict)
    """moments at which the daemon is to be killed next: the capture that ordered it, the delay in seconds"""
    _daemon: Daemon | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the whole series was served, nothing waits, and a killed daemon left no process behind."""
        return self._is_done and not self.left and not any(death.orphans for death in self.deaths)

    async def play(self, *, rule: str, every: str) -> None:
        """Play the whole series; the figures are in this object. RuntimeError where the daemon hangs or falls."""
        async with serving(self._feed) as (feed,), serving(self._hook) as (hook,):
            text = _CONFIGURATION.format(every=every, feed=feed, hook=hook, query=json.dumps(rule))
            config, state = self.folder / "tocsin.yaml", self.folder / "state"
            config.write_text(text, encoding="utf-8")
            self._order(0)
            daemon = self._daemon = await Daemon.start(config, state)
            try:
                while not (await self._act(daemon) and await self._drain(daemon, state)):
                    await self._bury(daemon)
                    daemon = self._daemon = await Daemon.start(config, state)
                    self._asked = 0
                    self._life += 1
                    self._strike(STARTING)
            finally:
                self.stop_seconds = await daemon.stop()
                self._note(daemon)

    async def _act(self, daemon: Daemon) -> bool:
        """Let it work until the series is over (True) or it was killed (False)."""
        while not self._is_done and not daemon.is_shot:
            seen = self._place

            def has_moved(seen: int = seen) -> bool:
                return self._is_done or self._place > seen or daemon.is_shot

            if not await daemon.wait_for(has_moved, _SECONDS_FOR_A_CAPTURE):
                log = "\n".join(line.text for line in daemon.lines[-10:])
                raise RuntimeError(f"the daemon does not ask for what follows capture {self._place}:\n{log}")
        return not daemon.is_shot

    async def _drain(self, daemon: Daemon, state: Path) -> bool:
        """Wait until the outbox is empty; False where the daemon was killed meanwhile."""
        end = time.monotonic() + _SECONDS_FOR_THE_REST
        while time.monotonic() < end:
            waiting = await ask("outbox", "list", "--json", "--limit", "10000", "--state", str(state))
            if daemon.is_shot:
                return False
            self.left = len(waiting) if isinstance(waiting, list) else -1
            if not self.left:
                break
        return True

    async def _bury(self, daemon: Daemon) -> None:
        orphans = await daemon.bury()
        self.deaths[-1] = replace(self.deaths[-1], orphans=len(orphans))
        self._note(daemon)

    async def _feed(self, request: Request) -> Reply | None:
        """The capture whose turn it is; the next one once the daemon shows that it has committed this one."""
        tag = request.headers.get("if-none-match", "")
        last = len(self.captures) - 1
        if tag == self._tag(last):
            self._is_done = True
            return Reply(status="304 Not Modified", headers={"ETag": tag})
        if tag == self._tag(self._place) or self._asked >= _TIRED:
            if tag != self._tag(self._place):
                self.refused.append(self._place)
            self._is_done = self._place == last
            self._place = min(self._place + 1, last)
            self._asked = 0
            self._order(self._place)
        self._asked += 1
        self.served = max(self.served, self._place + 1)
        if self._strike(FETCHING):
            return None
        self.given += 1
        return Reply(
            headers={"ETag": self._tag(self._place), "Content-Type": "application/xml"},
            body=self.captures[self._place],
            after=lambda: self._after(COMMITTING),
        )

    async def _hook(self, request: Request) -> Reply | None:
        """Take every message down; answer it, unless the sender dies first."""
        for alert in json.loads(request.body)["alerts"]:
            self.receipts.append(
                Receipt(
                    public_id=alert["id"],
                    link=alert["link"],
                    title=alert["title"],
                    capture=self._place,
                    life=self._life,
                )
            )
        if self._strike(SENDING):
            return None
        return Reply(after=lambda: self._after(SENT))

    def _after(self, moment: str) -> None:
        self._strike(moment)

    def _tag(self, place: int) -> str:
        """Capture and place, since a capture may be the same as the one before."""
        return f'"{place}-{sha256(self.captures[place]).hexdigest()[:16]}"'

    def _order(self, place: int) -> None:
        if place in self.kills:
            moment, delay = self.kills[place]
            self._doomed[moment] = (place, delay)

    def _strike(self, moment: str) -> bool:
        """Have the daemon killed where that is due at this moment; whether it is."""
        daemon = self._daemon
        if moment not in self._doomed or daemon is None or daemon.is_shot:
            return False
        capture, delay = self._doomed.pop(moment)

        def shoot() -> None:
            if not daemon.is_shot:
                self.deaths.append(Death(capture=capture, moment=moment))
                daemon.shoot()

        if wait := delay * _PATIENCE.get(moment, 0.0):
            asyncio.get_running_loop().call_later(wait, shoot)
        else:
            shoot()
        return True

    def _note(self, daemon: Daemon) -> None:
        self.revised += sum(int(line.fields.get("revised", "0")) for line in daemon.polls())
        self.complaints += [line.text for line in daemon.complaints()]
        self.complaints += [line.text for line in daemon.polls() if line.fields.get("level") != "info"]


def served(capture: bytes, *, without_ids: bool = False) -> bytes:
    """A capture as it is served: byte for byte, but for `ttl`, a publisher's wish to be asked more seldom."""
    body = _TTL.sub(b"<ttl>0</ttl>", capture)
    return _GUID.sub(b"", body) if without_ids else body
