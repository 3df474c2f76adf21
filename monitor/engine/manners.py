"""Whom we may ask now: one request to a server at a time, with a pause before the next one.

Some sites have thousands of names and one limit for all of them (Tumblr), others thousands of names that have nothing
to do with one another (Blogspot). Which is which is learned: once two servers of one registrable domain have refused us
within an hour, all of that domain count as one server that wants a longer pause, until it has been well for a day.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from monitor.system.domains import registrable_domain

WITHIN_SECONDS = 3_600.0
"""how close to one another the refusals of two servers of one domain must lie"""
WELL_SECONDS = 86_400.0
"""how long after its last refusal a domain counts as one server"""
DOMAIN_GAP_SECONDS = 5.0
"""between two requests to a domain that counts as one server, at least"""
_MOST_REMEMBERED = 4_096  # servers, before those that nothing follows from any more are forgotten


class Manners:
    """Remembers who is being asked, who was asked when, and who refused. Moments are monotonic seconds."""

    def __init__(self) -> None:
        """Nobody was asked yet."""
        self._busy: set[str] = set()
        self._asked: dict[str, float] = {}
        self._refused: dict[str, dict[str, float]] = {}
        self._as_one: dict[str, float] = {}
        self._domain: Callable[[str], str] = lru_cache(_MOST_REMEMBERED)(_domain_of)
        self._is_ours: Callable[[str], bool] = lru_cache(_MOST_REMEMBERED)(_is_private)

    def recall(self, refused: Mapping[str, float]) -> None:
        """These domains counted as one server before we came; when each of them has refused last."""
        self._as_one = {**refused, **self._as_one}

    def wait(self, origin: str, now: float, gap: float) -> float:
        """Seconds until it may be asked: 0 now, infinity while it is being asked. `gap` lies between two requests.

        A literal address of a private network is one that the configuration allows: nobody else's, and never paused.
        """
        if origin in self._busy:
            return math.inf
        if domain := self.one_with(origin, now):
            return self._wait_of(domain, now, gap)
        asked = self._asked.get(origin)
        if asked is None or gap <= 0 or self._is_ours(origin):
            return 0.0
        return max(0.0, asked + gap - now)

    def domains_apart(self, now: float, gap: float) -> frozenset[str]:
        """The domains that count as one server and may not be asked now: thousands of names may stand behind each."""
        return frozenset(domain for domain in self._as_one if self._wait_of(domain, now, gap))

    def begin(self, origin: str, now: float) -> None:
        """It is asked from now on."""
        if len(self._asked) >= _MOST_REMEMBERED:
            self._asked = {name: at for name, at in self._asked.items() if now - at < DOMAIN_GAP_SECONDS}
        self._busy.add(origin)
        self._asked[origin] = now
        if domain := self.one_with(origin, now):
            self._asked[domain] = now

    def end(self, origin: str) -> None:
        """It has answered, or has not."""
        self._busy.discard(origin)

    def refused(self, origin: str, now: float) -> str:
        """It wants to be left alone for a while. The domain that counts as one server from now on, if that is news.

        Any address of the server will do.
        """
        domain = self._domain(origin)
        if not domain:
            return ""
        if self.one_with(origin, now):
            self._as_one[domain] = now
            return ""
        lately = {
            other: {name: at for name, at in names.items() if now - at < WITHIN_SECONDS}
            for other, names in self._refused.items()
        }
        self._refused = {other: names for other, names in lately.items() if names}
        names = self._refused.setdefault(domain, {})
        names[_host_of(origin)] = now
        if len(names) < 2:  # noqa: PLR2004 - one server alone speaks for itself
            return ""
        del self._refused[domain]
        self._as_one[domain] = self._asked[domain] = now
        return domain

    def one_with(self, origin: str, now: float) -> str:
        """The domain that this server is one with; empty: it stands for itself."""
        if not self._as_one:
            return ""
        domain = self._domain(origin)
        refused = self._as_one.get(domain)
        if refused is None:
            return ""
        if now - refused >= WELL_SECONDS:
            del self._as_one[domain]
            return ""
        return domain

    def _wait_of(self, domain: str, now: float, gap: float) -> float:
        if any(self._domain(other) == domain for other in self._busy):
            return math.inf
        return max(0.0, self._asked.get(domain, -math.inf) + max(gap, DOMAIN_GAP_SECONDS) - now)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).hostname or ""
    except ValueError:
        return ""


def _domain_of(origin: str) -> str:
    return registrable_domain(_host_of(origin))


def _is_private(origin: str) -> bool:
    try:
        return not ip_address(_host_of(origin)).is_global
    except ValueError:
        return False
