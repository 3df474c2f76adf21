"""What a plain feed, or one of its entries, says: kept as feedparser keeps it, mistakes included.

Where a value is stated twice the first title counts, the last of most others, and of titles and descriptions that
stand at different depths the less deep one. An id is a link where it does not deny it. Content lends a missing summary
its words, and a second description is content.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from feedparser.urls import _urljoin

from monitor.feeds.bounded import AUTHOR_LIMIT, name_and_address
from monitor.feeds.plain_dates import moment_stated
from monitor.feeds.plain_elements import attributes_of, leaf, mended, text_of
from monitor.feeds.plain_markup import XHTML, written
from monitor.feeds.plain_names import PERSON, Unusual
from monitor.feeds.plain_spaces import Spaces

_MOST_CATEGORIES = 200
"""each is compared with all before it"""
_QUERY = re.compile("&([A-Za-z0-9_]+);")
_BASE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*+/?)*+")
"""of a document, as most have it that have one: joined with itself it stays the same"""
_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
    "xhtml": XHTML,
    XHTML: XHTML,
}
_PAGES = frozenset({"html", "text/html", "xhtml", XHTML})
ITUNES = "http://www.itunes.com/"
_NO_ATTRIBUTES: Mapping[str, str] = {}
_LANG = frozenset({"lang"})
_HREF = frozenset({"href", "lang"})
_LANG_AND_BASE = frozenset({"lang", "base"})

Raw = dict[str, Any]


class Values:
    """The values of one feed, or of one entry."""

    __slots__ = (
        "_depths",
        "_is_entry",
        "_spaces",
        "base",
        "has_content",
        "is_atom",
        "is_based",
        "language",
        "raw",
        "title_depth",
    )

    def __init__(self, *, spaces: Spaces, is_entry: bool) -> None:
        """Begin with nothing; an entry inherits what `inherit` gives it."""
        self.raw: Raw = {}
        self.title_depth = -1
        """of the title that counts; -1: none yet"""
        self.language: str | None = None
        self.base = ""
        """what relative addresses are relative to, at this place of the document"""
        self.is_based = False
        """whether the root states that"""
        self.has_content = False
        self.is_atom = False
        """whether the document is Atom 1.0"""
        self._is_entry = is_entry
        self._spaces = spaces
        self._depths: dict[str, int] = {}

    def inherit(self, feed: "Values") -> None:
        """Take what the feed states for all its entries, and what feedparser has not forgotten of it."""
        self.language, self.base, self.is_based, self.is_atom = feed.language, feed.base, feed.is_based, feed.is_atom
        self.has_content, feed.has_content = feed.has_content, False

    def bequeath(self, feed: "Values") -> None:
        """Leave to the feed what feedparser does not forget of an entry."""
        feed.title_depth = self.title_depth
        if not feed.is_based:
            feed.base = self.base

    def rebase(self, stated: Mapping[str, str]) -> None:
        """Take the base that an element states. Raises Unusual.

        feedparser forgets none that stands below what has none itself, so that it holds for all that follows.
        """
        base = stated.get("base", "")
        if base and base != self.base:
            if (self.base and not self.is_based) or not _BASE.fullmatch(base):
                raise Unusual
            self.base = base

    def link(self, element: Element, _: int) -> None:
        """One with an address as an attribute has no text."""
        link: Raw = {"rel": "alternate", **attributes_of(element, _HREF)}
        if len(element):
            raise Unusual
        link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
        if href := link.get("url", link.get("uri", link.get("href"))):
            link.pop("url", None)
            link.pop("uri", None)
            link["href"] = href
        self.raw.setdefault("links", []).append(link)
        if "href" in link:
            link["href"] = _joined(self.base, link["href"])
            if link["rel"] == "alternate" and link["type"] in _PAGES:
                self.raw["link"] = link["href"]
            return
        text = text_of(element)
        output = mended(_joined(self.base, text)) if text else ""
        if self._is_entry:
            output = output.replace("&amp;", "&")
        if "&" in output:
            output = _QUERY.sub(r"&\g<1>", output)
        if output or not self._is_entry:
            link["href"] = output
        self.raw["link"] = output

    def id(self, element: Element, _: int) -> None:
        """It may be a link too."""
        stated, text = leaf(element)
        is_link = stated.get("ispermalink", "true") == "true"
        self.raw["id"] = output = mended(_joined(self.base, text) if is_link and text else text)
        if is_link:
            self.raw.setdefault("link", output)

    def author(self, element: Element, _: int) -> None:
        """A name, an address, or elements for each."""
        attributes_of(element, _LANG)
        person: Raw = {}
        self.raw.setdefault("authors", []).append(person)
        text = text_of(element)
        if len(element):
            # The author before is taken for this one until more is known of it.
            person.update(_person_of(self.raw.get("author", "")))
            for part in element:
                name = PERSON.get(self._spaces.named(part.tag))
                if text or len(part) or name is None or part.items():
                    raise Unusual
                person[name] = text_of(part)
                text = (part.tail or "").strip()
        self._end_author(person, mended(text))

    def category(self, element: Element, _: int) -> None:
        """A term, as an attribute or as text."""
        self._categorise(*leaf(element))

    def media_category(self, element: Element, _: int) -> None:
        """The same, with a scheme of its own."""
        stated, text = leaf(element)
        self._categorise({"scheme": "http://search.yahoo.com/mrss/category_schema", **stated}, text)

    def itunes_category(self, element: Element, _: int) -> None:
        """A term, and perhaps another within."""
        stated = attributes_of(element, _LANG)
        for part in element:
            if len(part) or self._spaces.named(part.tag) != "itunes_category":
                raise Unusual
        self.tag(stated.get("text"), ITUNES, None)
        for part in element:
            self._categorise({"term": attributes_of(part, _LANG).get("text"), "scheme": ITUNES}, text_of(part))
        text = "".join((element.text or "", *(part.tail or "" for part in element)))
        self._categorise(_NO_ATTRIBUTES, text.strip())

    def language_stated(self, element: Element, _: int) -> None:
        """Of the feed, in words."""
        self.raw["language"] = mended(leaf(element)[1])

    def title(self, element: Element, depth: int) -> None:
        """The first that has words counts."""
        if self._title(element, depth):
            self.title_depth = depth

    def media_title(self, element: Element, depth: int) -> None:
        """Of a picture: it counts until there is another."""
        self._title(element, depth)

    def description(self, element: Element, depth: int) -> None:
        """What RSS has for a summary, or for content."""
        if "summary" in self.raw and not self.has_content:
            self.content(element, depth)
        else:
            self._keep("summary", *self._words(element, "text/html"), depth)

    def summary(self, element: Element, depth: int) -> None:
        """Words that are no markup unless they say so."""
        if "summary" in self.raw and not self.has_content:
            self.content(element, depth)
        else:
            self._keep("summary", *self._words(element, "text/plain"), depth)

    def content(self, element: Element, _: int) -> None:
        """Words that are no markup unless they say so."""
        self._add_content(*self._words(element, "text/plain"))

    def encoded(self, element: Element, _: int) -> None:
        """Markup."""
        self._add_content(*self._words(element, "text/html"))

    def _title(self, element: Element, depth: int) -> str:
        output, detail = self._words(element, "text/plain")
        if not -1 < self.title_depth <= depth:
            self._keep("title", output, detail, depth)
        return output

    def _words(self, element: Element, kind: str) -> tuple[str, Raw]:
        """Text, or markup that is not escaped, and what it says of itself."""
        language = self.language
        stated = attributes_of(element, _LANG_AND_BASE)
        if stated:
            if "lang" in stated:
                language = stated["lang"] or None
            if (given := stated.get("type")) is not None and (kind := _TYPES.get(given, "")) == "":
                raise Unusual
            if stated.get("mode") == "base64":
                raise Unusual
            if not self.is_based:
                self.rebase(stated)
        if len(element):
            text, kind = written(element, kind, self._spaces, is_atom=self.is_atom), XHTML
        else:
            text = text_of(element)
            if kind == XHTML:
                text = escape(text)
        return mended(text), {"type": kind, "language": language and language.replace("_", "-")}

    def _keep(self, name: str, output: str, detail: Raw, depth: int) -> None:
        if not self._is_entry or depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self.raw[name] = output
        self.raw[f"{name}_detail"] = detail

    def _add_content(self, output: str, detail: Raw) -> None:
        self.has_content = True
        detail["value"] = output
        self.raw.setdefault("content", []).append(detail)
        self.raw.setdefault("summary", output)

    def date(self, name: str, element: Element) -> None:
        """What is a date, and the moment that it means."""
        self.raw[name] = output = mended(leaf(element)[1])
        self.raw[f"{name}_parsed"] = moment_stated(output)

    def _end_author(self, person: Raw, output: str) -> None:
        self.raw["author"] = output
        if not person:
            person.update(_person_of(output))
        elif output:
            raise Unusual
        elif (name := person.get("name")) and (address := person.get("email")):
            self.raw["author"] = f"{name} ({address})"
        else:
            self.raw["author"] = person.get("name") or person.get("email") or ""

    def _categorise(self, stated: Mapping[str, str | None], text: str) -> None:
        tags = self.raw.setdefault("tags", [])
        if stated:
            self.tag(stated.get("term"), stated.get("scheme", stated.get("domain")), stated.get("label"))
        if output := mended(text):
            if tags and not tags[-1]["term"]:
                tags[-1]["term"] = output
            else:
                self.tag(output, None, None)

    def tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        """A category, once. Raises Unusual."""
        tags = self.raw.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if (term or scheme or label) and tag not in tags:
            if len(tags) > _MOST_CATEGORIES:
                raise Unusual
            tags.append(tag)


def _person_of(author: str) -> Raw:
    if not author:
        return {}
    name, address = name_and_address(author[:AUTHOR_LIMIT])
    return {part: text for part, text in (("name", name), ("email", address)) if text}


def _joined(base: str, address: str) -> str:
    if not base and ":///" not in address:
        return address
    return str(_urljoin(base, address))
