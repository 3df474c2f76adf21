"""`outlets:`, the publishers we watch and their feeds."""

import sys
from datetime import timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from monitor.config.shape.access import HeaderValue, OwnProxyText, Password, UserAgent, Username, access
from monitor.config.shape.fields import Duration, FeedAddress, Language, Line, Section, Tag, matching
from monitor.model.settings import FeedSpec, OutletSpec

_Domain = Annotated[
    str, matching(r"(?!-)[\w-]+(\.[\w-]+)+", "a domain such as example.org, without https:// or a path")
]


class Feed(Section):
    """One URL of an outlet."""

    url: FeedAddress
    """Address of the feed (RSS, Atom, RDF or JSON Feed), http or https."""
    every: Duration | None = None
    """How often to ask this feed; kept, whatever it brings. Default: as the outlet says, else by what it brings."""
    heed_ttl: bool | None = None
    """false: not to be left alone for as long as its ttl or updatePeriod asks. Default: as the outlet says."""
    headers: dict[str, HeaderValue] = Field(default_factory=dict)
    """Header fields that its own server is sent, such as X-Api-Key: "${KEY}". Default: as the outlet says."""
    username: Username | None = None
    """User of a login by HTTP basic authentication, sent to its own server only. Default: as the outlet says."""
    password: Password | None = None
    """The password to it; a secret such as "${PASSWORD}" stays outside of the file."""
    user_agent: UserAgent | None = None
    """What tocsin calls itself there. Default: as the outlet says, else tocsin with its version and contact."""
    proxy: OwnProxyText | None = None
    """The HTTP proxy that it is asked through, or none. Default: as the outlet says, else as polling: says."""


class Outlet(Section):
    """A publisher we watch."""

    name: Line
    """What people call it; each name once."""
    publisher: _Domain | None = None
    """Who publishes it, as a domain: outlets of one publisher count as one. Default: the registrable domain of its
    feed, or its own name where that belongs to a service that serves anybody."""
    language: Language | None = None
    """Language of its feeds, for entries that state none."""
    tags: tuple[Tag, ...] = ()
    """Words of your own, to be asked for in rules as tag:word."""
    every: Duration | None = None
    """How often to ask its feeds; kept, whatever they bring. Default: by what each of them brings."""
    heed_ttl: bool | None = None
    """false: its feeds are not left alone for as long as their ttl or updatePeriod asks. Default: as polling: says."""
    headers: dict[str, HeaderValue] = Field(default_factory=dict)
    """Header fields that the servers of its feeds are sent. Default: none."""
    username: Username | None = None
    """User of a login by HTTP basic authentication, for its feeds. Default: none."""
    password: Password | None = None
    """The password to it; a secret such as "${PASSWORD}" stays outside of the file."""
    user_agent: UserAgent | None = None
    """What tocsin calls itself there. Default: tocsin with its version and contact."""
    proxy: OwnProxyText | None = None
    """The HTTP proxy that its feeds are asked through, or none. Default: as polling: says."""
    feeds: Annotated[tuple[Feed, ...], Field(min_length=1)]
    """Its feeds, one at least."""

    def spec(self) -> OutletSpec:
        """The plain data."""
        return OutletSpec(
            name=self.name,
            publisher=(self.publisher or "").lower(),
            language=sys.intern(self.language or ""),
            tags=tuple(dict.fromkeys(map(sys.intern, self.tags))),
            feeds=tuple(
                FeedSpec(
                    url=feed.url,
                    every=_shared(feed.every or self.every),
                    heed_ttl=self.heed_ttl if feed.heed_ttl is None else feed.heed_ttl,
                    access=access(self, feed),
                )
                for feed in self.feeds
            ),
        )


@lru_cache(maxsize=256)
def _shared(every: timedelta | None) -> timedelta | None:
    """One and the same for all that are equal."""
    return every
