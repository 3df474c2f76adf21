"""The outlet that a found feed becomes: its name, its language and its publisher, as far as feed and page tell."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.app.finding import Candidate, Search
from monitor.app.opml import free_name, language_of, name_of, site_of
from monitor.app.publishers import publisher_of
from monitor.model.settings import FeedSpec, OutletSpec


def proposal(
    chosen: Candidate, search: Search, known: Iterable[OutletSpec], *, every: timedelta | None = None
) -> OutletSpec:
    """An outlet of one feed, under a name that no other has; without tags, which are words of the owner's own."""
    page = search.page
    name = name_of(chosen.title) or name_of(page.title if page else "") or site_of(chosen.url) or "?"
    plain = OutletSpec(name=name, feeds=(FeedSpec(url=chosen.url, every=every),))
    language = language_of(chosen.language) or language_of(page.language if page else "")
    return OutletSpec(
        name=free_name(name, site_of(chosen.url), {one.name.casefold() for one in known}),
        publisher=_publisher(plain, chosen, search),
        language=language,
        feeds=plain.feeds,
    )


def _publisher(plain: OutletSpec, chosen: Candidate, search: Search) -> str:
    """Who publishes it, where its own address would tell another name; empty: the address tells.

    A feed says itself which site it is of, and could name anybody's: its word counts where its address belongs to a
    service that anybody publishes with, else that of the page that the person typed.
    """
    by_address = publisher_of(plain)
    site = search.page_url or (chosen.site if by_address == plain.name else "")
    if not urlsplit(site).hostname:
        return ""
    by_site = publisher_of(OutletSpec(name=plain.name, feeds=(FeedSpec(url=site),)))
    return by_site if by_site not in (by_address, plain.name) else ""
