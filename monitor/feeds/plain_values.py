"""What a plain feed, or one of its entries, says: kept as feedparser keeps it, mistakes included.

Where a value is stated twice the first title counts, the last of most others, and of titles and descriptions that
stand at different depths the less deep one. An id is a link where it does not deny it. Content lends a missing summary
its words.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from feedparser.datetimes import _parse_date
from feedparser.html import _cp1252
from feedparser.urls import _urljoin

from monitor.feeds.bounded import AUTHOR_LIMIT, SKIPS_LIMIT, name_and_address
from monitor.feeds.plain_names import Read

_MOST_CATEGORIES = 200
"""each is compared with all before it"""
_QUERY = re.compile("&([A-Za-z0-9_]+);")
_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
}
_PAGES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_KINDS = {
    Read.TITLE: "text/plain",
    Read.MEDIA_TITLE: "text/plain",
    Read.DESCRIPTION: "text/html",
    Read.SUMMARY: "text/plain",
    Read.CONTENT: "text/plain",
    Read.ENCODED: "text/html",
}
"""what these are unless they say otherwise"""
_TITLES = frozenset({Read.TITLE, Read.MEDIA_TITLE})
_CONTENTS = frozenset({Read.CONTENT, Read.ENCODED})
_DATES = frozenset({Read.PUBLISHED, Read.UPDATED})
_SCHEMES = {Read.ITUNES_KEYWORDS: "http://www.itunes.com/", Read.MEDIA_KEYWORDS: None}
_NAMES = {
    Read.PUBLISHED: "published",
    Read.UPDATED: "updated",
    Read.LANGUAGE: "language",
    Read.TTL: "ttl",
    Read.ORIGIN: "feedburner_origlink",
    Read.PERIOD: "sy_updateperiod",
    Read.FREQUENCY: "sy_updatefrequency",
}
_SKIPS = {Read.HOUR: "skip_hours", Read.DAY: "skip_days"}
_WITHOUT_ATTRIBUTES = frozenset({Read.TTL, Read.ORIGIN, Read.PERIOD, Read.FREQUENCY, *_SKIPS, *_SCHEMES})
"""feedparser keeps the attributes of these instead of their text"""

Raw = dict[str, Any]


class Unusual(Exception):
    """Not for us: feedparser shall read the document. Never leaves this room."""


class Values:
    """The values of one feed, or of one entry."""

    def __init__(self, *, is_entry: bool, language: str | None = None, base: str = "") -> None:
        """`language` and `base` are those of the root, which all inherit."""
        self.raw: Raw = {}
        self.title_depth = -1
        """of the title that counts; -1: none yet"""
        self.language = language
        self.base = base
        self._is_entry = is_entry
        self._depths: dict[str, int] = {}
        self._stated: Mapping[str, str] = {}
        self._guid_is_link = False
        self._has_content = False
        self._person: Raw | None = None

    def begin(self, read: Read, stated: Mapping[str, str]) -> bool:
        """An element with these attributes begins; whether its text is read. Raises Unusual."""
        self._stated = stated
        if read is Read.LINK:
            return self._begin_link(stated)
        if "href" in stated or (read in _WITHOUT_ATTRIBUTES and stated):
            raise Unusual
        if read in _KINDS:
            self._begin_words(read, stated)
        elif read is Read.AUTHOR:
            self._person = {}
            self.raw.setdefault("authors", []).append(self._person)
        elif read is Read.CATEGORY:
            self._add_tag(stated.get("term"), stated.get("scheme", stated.get("domain")), stated.get("label"))
        elif read is Read.ID:
            self._guid_is_link = stated.get("ispermalink", "true") == "true"
        return True

    @property
    def is_person(self) -> bool:
        """Whether the element under way may have parts."""
        return self._person is not None

    def end_part(self, part: str, text: str) -> None:
        """A name, an address or a page of the author under way."""
        if self._person is None:
            raise Unusual
        if not self._person:
            # The author before is taken for this one until more is known of it.
            self._person.update(_person_of(self.raw.get("author", "")))
        self._person[part] = text

    def end(self, read: Read, text: str, depth: int) -> None:
        """The element ends, with this text, stripped. Raises Unusual."""
        if read is Read.LINK:
            self._end_link(text)
        elif read is Read.ID:
            self.raw["id"] = output = _mended(self._joined(text) if self._guid_is_link else text)
            if self._guid_is_link:
                self.raw.setdefault("link", output)
        elif read is Read.AUTHOR:
            self._end_author(_mended(text))
        elif read is Read.CATEGORY:
            self._end_category(_mended(text))
        elif read in _KINDS:
            self._end_words(read, _mended(text), depth)
        else:
            self._end_term(read, _mended(text))

    def _end_term(self, read: Read, output: str) -> None:
        """What is a term, or several, to be made sense of later."""
        if read in _SCHEMES:
            for term in filter(None, map(str.strip, output.split(","))):
                self._add_tag(term, _SCHEMES[read], None)
        elif read in _SKIPS:
            stated = self.raw.setdefault(_SKIPS[read], [])
            if len(stated) < SKIPS_LIMIT:
                stated.append(output)
        else:
            name = _NAMES[read]
            self.raw[name] = output
            if read in _DATES:
                self.raw[f"{name}_parsed"] = _parse_date(output)

    def _begin_link(self, stated: Mapping[str, str]) -> bool:
        link: Raw = {"rel": "alternate", **stated}
        link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
        if href := link.get("url", link.get("uri", link.get("href"))):
            link.pop("url", None)
            link.pop("uri", None)
            link["href"] = href
        has_href = "href" in link
        if has_href:
            link["href"] = _urljoin(self.base, link["href"])
            if link["rel"] == "alternate" and link["type"] in _PAGES:
                self.raw["link"] = link["href"]
        self.raw.setdefault("links", []).append(link)
        return not has_href

    def _joined(self, address: str) -> str:
        return str(_urljoin(self.base, address)) if address else ""

    def _end_link(self, text: str) -> None:
        output = _mended(self._joined(text))
        output = _QUERY.sub(r"&\g<1>", output.replace("&amp;", "&") if self._is_entry else output)
        if output or not self._is_entry:
            self.raw["links"][-1]["href"] = output
        self.raw["link"] = output

    def _begin_words(self, read: Read, stated: Mapping[str, str]) -> None:
        if "mode" in stated or stated.get("type", "text") not in _TYPES:
            raise Unusual
        if read in _CONTENTS:
            self._has_content = True
        elif read not in _TITLES and "summary" in self.raw and not self._has_content:
            raise Unusual

    def _end_words(self, read: Read, output: str, depth: int) -> None:
        if read in _TITLES:
            if not -1 < self.title_depth <= depth:
                self._keep("title", read, output, depth)
            if output and read is Read.TITLE:
                self.title_depth = depth
        elif read in _CONTENTS:
            self.raw.setdefault("content", []).append({**self._detail(read), "value": output})
            self.raw.setdefault("summary", output)
        else:
            self._keep("summary", read, output, depth)

    def _keep(self, name: str, read: Read, output: str, depth: int) -> None:
        if not self._is_entry or depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self.raw[name] = output
        self.raw[f"{name}_detail"] = self._detail(read)

    def _detail(self, read: Read) -> Raw:
        stated = self._stated.get("type")
        language = None if self.language is None else self.language.replace("_", "-")
        return {"type": _KINDS[read] if stated is None else _TYPES[stated], "language": language}

    def _end_author(self, output: str) -> None:
        person, self._person = self.raw["authors"][-1], None
        self.raw["author"] = output
        if not person:
            person.update(_person_of(output))
        elif output:
            raise Unusual
        elif (name := person.get("name")) and (address := person.get("email")):
            self.raw["author"] = f"{name} ({address})"
        else:
            self.raw["author"] = person.get("name") or person.get("email") or ""

    def _end_category(self, output: str) -> None:
        tags = self.raw["tags"]
        if output and tags and not tags[-1]["term"]:
            tags[-1]["term"] = output
        elif output:
            self._add_tag(output, None, None)

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tags = self.raw.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if any(tag.values()) and tag not in tags:
            if len(tags) > _MOST_CATEGORIES:
                raise Unusual
            tags.append(tag)


def _person_of(author: str) -> Raw:
    if not author:
        return {}
    name, address = name_and_address(author[:AUTHOR_LIMIT])
    return {part: text for part, text in (("name", name), ("email", address)) if text}


def _mended(text: str) -> str:
    """As feedparser mends what was encoded twice, or by Windows."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252)
