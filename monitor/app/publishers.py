"""Who publishes an outlet, as far as the configuration tells: several outlets of one publisher are one voice."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from monitor.flow.retelling import Source
from monitor.flow.watch import Watch
from monitor.model.settings import OutletSpec
from monitor.system.domains import registrable_domain

_BRACKETED = re.compile(r"\s*\([^()]*\)\s*")


def _domains_in(*lines: str) -> frozenset[str]:
    return frozenset(domain for line in lines for domain in line.split())


BY_PATH = _domains_in(
    "feedburner.com feedblitz.com feedpress.me feedpress.com rss.com rss.app fetchrss.com feed43.com politepol.com",
    "politepaul.com rsshub.app feedx.net kill-the-newsletter.com feedspot.com feedity.com fivefilters.org morss.it",
    "siftrss.com feedly.com inoreader.com openrss.org pipes.digital google.com yahoo.com msn.com github.com",
    "githubusercontent.com gitlab.com codeberg.org amazonaws.com archive.org archive.is archive.ph archive.today",
    "reddit.com youtube.com vimeo.com soundcloud.com megaphone.fm acast.com simplecast.com buzzsprout.com anchor.fm",
    "dev.to note.com telegra.ph teletype.in dzen.ru twitter.com x.com facebook.com bsky.app t.me vk.com",
)
"""services at whose addresses anybody publishes: the domain says nothing of who does"""

BY_HOST = _domains_in(
    "wordpress.com medium.com substack.com tumblr.com livejournal.com ghost.io beehiiv.com squarespace.com",
    "weebly.com hashnode.dev typepad.com ucoz.ru narod.ru over-blog.com canalblog.com libsyn.com podbean.com",
)
"""likewise, with a host name for each; those that the public suffix list has are not repeated here"""
_OF_SERVICE = ("feeds", "feed", "rss", "api", "www")  # a host name that such a service has for itself


def publisher_of(outlet: OutletSpec) -> str:
    """The outlet's publisher: as configured, else the registrable domain of its first feed that has one of its own.

    Where all its feeds lie with services that serve many publishers, at an address of a machine or under a name without
    a dot, the outlet is its own publisher, by its name. The site that a feed states is not asked: it is known only once
    the feed was read, and might be another one tomorrow.
    """
    return publisher_and_names(outlet)[0]


def names_of(outlet: OutletSpec) -> tuple[str, ...]:
    """What headlines of the outlet may call it: its name, that without brackets, and what its domains begin with."""
    return publisher_and_names(outlet)[1]


def publisher_and_names(outlet: OutletSpec) -> tuple[str, tuple[str, ...]]:
    """What `publisher_of` and `names_of` say, of one look at the domains."""
    domains = tuple(_domains(outlet))
    bare = _BRACKETED.sub(" ", outlet.name).strip()
    labels = (domain.partition(".")[0] for domain in (outlet.publisher, *domains) if domain)
    names = tuple(dict.fromkeys(name for name in (outlet.name, bare, *labels) if name))
    return outlet.publisher or next(iter(domains), outlet.name), names


def source_named(outlet: str) -> Source:
    """Who tells a story that a file has of an outlet; such files often name outlets by their domains."""
    if outlet.casefold() in _NOBODY:
        return Source()
    spec = OutletSpec(name=outlet, publisher=registrable_domain(outlet))
    return Source(outlet=outlet, names=names_of(spec), publisher=publisher_of(spec))


def outlets_at(link: str, watch: Watch) -> tuple[str, ...]:
    """The outlets that a page at this address may be of: by their publisher, or by where their feeds lie."""
    site = _site(link)
    if not site:
        return ()
    named = [name for name, publisher in watch.publishers.items() if publisher == site]
    lying = [name for url, feed in watch.feeds.items() if _site(url) == site for name in feed.outlets]
    return tuple(dict.fromkeys((*named, *lying)))


def _site(address: str) -> str:
    """The domain that stands for a publisher, else an address of a machine; empty where it stands for many."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return _domain(host) if registrable_domain(host) else parts.netloc.rpartition("@")[2]


_NOBODY = ("", "unknown", "-")


def _domains(outlet: OutletSpec) -> Iterator[str]:
    found = (_domain(urlsplit(feed.url).hostname or "") for feed in outlet.feeds)
    return (domain for domain in found if domain)


def _domain(host: str) -> str:
    """The domain that stands for a publisher; empty where it stands for many."""
    domain = registrable_domain(host)
    if domain in BY_PATH:
        return ""
    if domain not in BY_HOST:
        return domain
    return "" if host == domain or host.partition(".")[0] in _OF_SERVICE else host
