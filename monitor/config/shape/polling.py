"""`polling:`, how often and how wide to ask."""

from typing import Annotated

from pydantic import Field

from monitor.config.shape.access import ProxyText, read_proxy
from monitor.config.shape.fields import Duration, Line, Network, Section, matching
from monitor.model.settings import PollingSettings

_DEFAULTS = PollingSettings()


class Polling(Section):
    """The pace of polling and its limits."""

    every: Duration = _DEFAULTS.every
    """How often a feed is asked that says nothing of its own, at first; then by what it brings. Default: 15m."""
    min_interval: Duration = _DEFAULTS.min_interval
    """No feed is asked more often than this, whatever it says. Default: 5m."""
    max_interval: Duration = _DEFAULTS.max_interval
    """No feed is asked more seldom than this, even when it fails. Default: 1d."""
    heed_ttl: bool = _DEFAULTS.heed_ttl
    """Whether a feed is left alone for as long as its document asks, by its ttl or updatePeriod. Default: true."""
    origin_gap: Duration = _DEFAULTS.origin_gap
    """What lies between two requests to one server, at least; not to addresses in allow_private. Default: 1s."""
    concurrency: Annotated[int, Field(strict=True, ge=1, le=1000)] = _DEFAULTS.concurrency
    """Feeds asked at the same time, at most. Default: 64."""
    timeout: Duration = _DEFAULTS.timeout
    """The time one exchange may take, redirects included. Default: 30s."""
    allow_private: tuple[Network, ...] = ()
    """Networks that feeds may lie in although they are not public, such as 127.0.0.0/8. Default: none."""
    contact: Annotated[Line, matching(r"[\x20-\x7e]+", "an address or page in plain ASCII")] | None = None
    """An e-mail address or page that the User-Agent names, so that a publisher can write to you. Default: none."""

    proxy: ProxyText | None = None
    """An HTTP proxy that feeds are asked through, such as http://user:${PASSWORD}@proxy.example.org:3128. Those of the
    environment are not used. Default: none."""

    def settings(self) -> PollingSettings:
        """The plain data."""
        return PollingSettings(
            every=self.every,
            min_interval=self.min_interval,
            max_interval=self.max_interval,
            heed_ttl=self.heed_ttl,
            origin_gap=self.origin_gap,
            concurrency=self.concurrency,
            timeout=self.timeout,
            allow_private=self.allow_private,
            contact=self.contact or "",
            proxy=read_proxy(self.proxy) if self.proxy else None,
        )
