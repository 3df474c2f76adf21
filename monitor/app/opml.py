"""Lists of feeds and the configuration: which outlets a list adds to it, and the list of those it has."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from monitor.config.adding import flaw
from monitor.feeds.opml import Subscription
from monitor.model.settings import FeedSpec, OutletSpec
from monitor.text.addresses import same_address
from monitor.text.plain import shorten

_WORDS = re.compile(r"\w+(?:-+\w+)*")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_MOST_TAGS = 20
_LONGEST_NAME = 120
_LONGEST_TAG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """One line of a list that adds nothing. `what` shows no address: it may hold a secret."""

    name: str
    line: int
    what: str
    is_broken: bool
    """False: there is nothing wrong with it, it is only there already"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What a list adds to a configuration."""

    outlets: tuple[OutletSpec, ...]
    passed_over: tuple[PassedOver, ...]
    """in the order of the list"""


def additions(subscriptions: Iterable[Subscription], known: Iterable[OutletSpec]) -> Additions:
    """New outlets, with folders and categories as tags, and what was not taken.

    Feeds of one name become one outlet where they are of one site. A name that is another outlet's already is told
    apart by the site behind it.
    """
    adding = _Adding()
    for outlet in known:
        adding.names.add(outlet.name.casefold())
        adding.feeds |= {same_address(feed.url) for feed in outlet.feeds}
    for one in subscriptions:
        adding.add(one)
    return Additions(outlets=tuple(adding.outlets), passed_over=tuple(adding.passed_over))


def subscriptions(outlets: Iterable[OutletSpec]) -> Iterator[Subscription]:
    """The feeds of the configuration as a list: an outlet's name with each of them, its tags as categories."""
    for outlet in outlets:
        for feed in outlet.feeds:
            yield Subscription(title=outlet.name, url=feed.url, categories=outlet.tags, language=outlet.language)


@dataclass(slots=True)
class _Adding:
    """What was decided so far."""

    outlets: list[OutletSpec] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    feeds: set[str] = field(default_factory=set)
    _named: dict[tuple[str, str], "_Sites"] = field(default_factory=dict)
    """by name and language"""

    def add(self, one: Subscription) -> None:
        """Take one line, or note why not."""
        if one.is_list:
            self._pass_over(one, "it names a further list, which is not followed: import that by itself")
        elif not one.url:
            self._pass_over(one, "it has no address of a feed")
        else:
            self._add_feed(one, web_address(one.url))

    def _add_feed(self, one: Subscription, url: str) -> None:
        outlet = OutletSpec(
            name=name_of(one.title) or site_of(url) or "?",
            language=language_of(one.language),
            tags=_tags(one.categories),
            feeds=(FeedSpec(url=url),),
        )
        if what := flaw(outlet):
            self._pass_over(one, what)
        elif same_address(url) in self.feeds:
            self._pass_over(one, "already watched", is_broken=False)
        else:
            self.feeds.add(same_address(url))
            self._place(outlet)

    def _place(self, outlet: OutletSpec) -> None:
        """Into the outlet of the same name, language and site, else as one of its own."""
        site = site_of(outlet.feeds[0].url)
        sites = self._named.setdefault((outlet.name.casefold(), outlet.language), _Sites())
        place = sites.related(site)
        if place is not None:
            before = self.outlets[place]
            tags = tuple(dict.fromkeys((*before.tags, *outlet.tags)))[:_MOST_TAGS]
            self.outlets[place] = replace(before, tags=tags, feeds=(*before.feeds, *outlet.feeds))
            return
        sites.add(site, len(self.outlets))
        name = free_name(outlet.name, site, self.names)
        self.names.add(name.casefold())
        self.outlets.append(replace(outlet, name=name))

    def _pass_over(self, one: Subscription, what: str, *, is_broken: bool = True) -> None:
        name = name_of(one.title) or "an outline without a name"
        self.passed_over.append(PassedOver(name=name, line=one.line, what=what, is_broken=is_broken))


@dataclass(slots=True)
class _Sites:
    """Sites of outlets of one name: some programs call thousands of feeds *RSS*, which are not compared one by one."""

    _places: dict[str, int] = field(default_factory=dict)
    """site → where its outlet stands"""
    _parts: dict[str, int] = field(default_factory=dict)
    """the same by every site that it is a part of"""

    def add(self, site: str, place: int) -> None:
        """One more, behind all others."""
        self._places.setdefault(site, place)
        for above in _lineage(site):
            self._parts.setdefault(above, place)

    def related(self, site: str) -> int | None:
        """The first that is the same site, a part of it, or what it is a part of."""
        found = [self._places[one] for one in _lineage(site) if one in self._places]
        if site in self._parts:
            found.append(self._parts[site])
        return min(found, default=None)


def free_name(name: str, site: str, taken: Collection[str]) -> str:
    """The name, or what tells it apart from those that are taken, which are casefolded: its site, then a number."""
    if name.casefold() not in taken:
        return name
    # The site stays whole, for it is what tells them apart.
    name = shorten(f"{shorten(name, max(_LONGEST_NAME - len(site) - 3, 1))} ({site})", _LONGEST_NAME)
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name} {number}"
    return free


def name_of(title: str) -> str:
    """A title as the name of an outlet: one line, not long; empty where nothing of it can be shown."""
    printable = "".join(sign if sign.isprintable() else " " for sign in title)
    return shorten(" ".join(printable.split()), _LONGEST_NAME)


def web_address(url: str) -> str:
    """An address without the `feed:` that once stood before, or instead of, its scheme to open a reader at a click."""
    lower = url.lower()
    if lower.startswith("feed://"):
        return f"http://{url[7:]}"
    return url[5:] if lower.startswith(("feed:http://", "feed:https://")) else url


def site_of(url: str) -> str:
    """The host that an address names, without www."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _lineage(site: str) -> Iterator[str]:
    """The site, and those that it is a part of, nearest first."""
    while site:
        yield site
        _, _, site = site.partition(".")


def language_of(stated: str) -> str:
    """The primary tag of a language that somebody states; empty where it is none."""
    found = _LANGUAGE.fullmatch(stated)
    return found[1].lower() if found else ""


def _tags(categories: Iterable[str]) -> tuple[str, ...]:
    words = ("-".join(_WORDS.findall(one.casefold()))[:_LONGEST_TAG].rstrip("-") for one in categories)
    return tuple(dict.fromkeys(filter(None, words)))[:_MOST_TAGS]
