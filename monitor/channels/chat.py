"""Alerts to the interface of a chat: one POST of JSON a message, and what its answer truly means.

Each service brings how it writes a message, and what it says that its status does not. Addresses and tokens are
secret: no reason and no representation here holds any.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from monitor import __version__
from monitor.channels.verdicts import judged
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.net.post import DEADLINE, Answer, NoAnswer, Poster

SHORTEST, LONGEST = timedelta(seconds=1), timedelta(seconds=55)
"""limits of a chat's `timeout`: a courier waits for a minute"""
_BODY_WAIT = re.compile(r'"retry_after"\s*:\s*(\d{1,9})(\.\d+)?')
_SAYS_NO = re.compile(r'"ok"\s*:\s*false')
_TOO_MANY = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What a service says in an answer's body of something that only the owner can mend."""

    says: re.Pattern[str]
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One chat's ways."""

    name: str
    write: Callable[[Rendered], Mapping[str, object]]
    complaints: tuple[Complaint, ...] = ()
    meanings: Mapping[int, str] = field(default_factory=dict)
    """what a lasting status means here"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a service is reached."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    within: timedelta = DEADLINE


class Chat:
    """Posts each message once."""

    def __init__(self, service: Service, door: Door, poster: Poster) -> None:
        """`poster` is closed with the channel."""
        self._service = service
        self._door = door
        self._poster = poster

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, within the deadline, and say truthfully what came back."""
        return await self.asked(self._service.write(message))

    async def asked(self, body: Mapping[str, object]) -> Sent | SendFailed:
        """Post this once, and say what came back as of a message."""
        written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"tocsin/{__version__}",
            **self._door.headers,
        }
        answer = await self._poster.post(self._door.url, written.encode("utf-8", "replace"), headers, self._door.within)
        if isinstance(answer, NoAnswer):
            return SendFailed(scope=Scope.CHANNEL, reason=f"{self._service.name}: {answer.reason}")
        return self._judged(answer)

    async def close(self) -> None:
        """Let go of connections."""
        await self._poster.close()

    def _judged(self, answer: Answer) -> Sent | SendFailed:
        name, note = self._service.name, answer.note
        verdict = judged(name, answer.status, _wait(answer))
        if isinstance(verdict, Sent):
            # A body that is missing or broken off changes nothing; one that plainly says no, or that some other
            # server wrote in the service's place (a portal of a network, a proxy), was no taking.
            if note.startswith("<") or _SAYS_NO.search(note):
                return SendFailed(scope=Scope.CHANNEL, reason=f"{verdict.note}, but did not take it")
            return Sent(note=f"{name} took it")
        if answer.status != _TOO_MANY:
            for complaint in self._service.complaints:
                if complaint.says.search(note):
                    reason = f"{name} answered {answer.status}: {complaint.means}"
                    return SendFailed(scope=Scope.CHANNEL, reason=reason, is_lasting=True)
        meaning = self._service.meanings.get(answer.status)
        return replace(verdict, reason=f"{name} answered {answer.status}: {meaning}") if meaning else verdict


def _wait(answer: Answer) -> int | None:
    """The seconds asked for, by the header or in the body, whichever is longer; begun seconds count."""
    found = _BODY_WAIT.search(answer.note) if answer.status == _TOO_MANY else None
    in_body = int(found[1]) + bool(found[2]) if found else None
    asked = [seconds for seconds in (answer.retry_after_seconds, in_body) if seconds is not None]
    return max(asked, default=None)
