"""feedparser's result as our nouns: plain text, absolute links, plausible dates, bounded everything.

feedparser is asked with `dict.get`, never with its own: that falls back from `updated` to `published` with a warning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.feeds.fields import (
    ENTRIES_LIMIT,
    INHERITED_LIMIT,
    TITLE_LIMIT,
    id_of,
    is_ahead,
    language_of,
    line_of,
    link_of,
    literal,
    moment_of,
    names_of,
    plausible,
    text_of,
    words,
)
from monitor.model.entries import Entry, ParsedFeed
from monitor.text.plain import shorten

TTL_LIMIT_SECONDS = 86_400

_TTL_DIGITS = 6
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_HOUR = re.compile(r"\d{1,2}")
_HOURS = 24
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATES = tuple((name, f"{name}_parsed") for name in ("published", "updated", "created"))
_MISREAD = re.compile(r"\s*(?:[-+]?\d{5,}-|\d{4}/)")
"""Feedparser takes the year 10000 for 2010, and 2026/11/20 for the first of November."""
_PLAIN = "text/plain"
_READABLE = frozenset({"text/plain", "text/html", "application/xhtml+xml"})
_OTHER_LINKS = frozenset({"enclosure", "self", "replies", "edit", "hub", "license", "next", "previous", "via"})

Raw = dict[str, object]


def normalise(result: Raw, url: str, now: datetime) -> ParsedFeed:
    """A feed as feedparser found it at `url`, with at most 5,000 entries and without a verdict on its wholeness."""
    kind, feed = _string(result, "version"), _mapping(result, "feed")
    site = _link(feed, url)
    # RSS says nothing of a base: what is relative is meant from the site, also where the feed is hosted elsewhere.
    base = site if site and kind.startswith("rss") else url
    language = language_of(_raw(feed, "language"))
    given = _Given(
        kind=kind,
        base=base,
        language=language,
        # In Atom the feed's author wrote what names no other; RSS's managing editor did not.
        authors=names_of(_authors(feed))[:INHERITED_LIMIT] if kind.startswith("atom") else (),
    )
    entries = tuple(_entry(dict(raw), given, now) for raw in _mappings(_raw(result, "entries"), ENTRIES_LIMIT))
    return ParsedFeed(
        kind=kind,
        title=shorten(_title(feed, kind), TITLE_LIMIT),
        site=site,
        language=language,
        ttl_seconds=_ttl_seconds(_string(feed, "ttl")),
        update_seconds=_update_seconds(_string(feed, "sy_updateperiod"), _string(feed, "sy_updatefrequency")),
        skip_hours=_skip_hours(_strings(feed, "skip_hours")),
        skip_days=_skip_days(_strings(feed, "skip_days")),
        entries=tuple(entry for entry, _ in entries),
        ahead=frozenset(place for place, (_, is_ahead) in enumerate(entries) if is_ahead),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the feed says for all its entries."""

    kind: str
    base: str
    language: str
    authors: tuple[str, ...]


def _entry(raw: Raw, given: _Given, now: datetime) -> tuple[Entry, bool]:
    """The entry, and whether it states a date that lies too far ahead to count yet."""
    stated = [(name, moment) for name, parsed in _DATES if (moment := moment_of(raw.get(parsed))) is not None]
    dates = {name: plausible(moment, now) for name, moment in stated if not _MISREAD.match(_string(raw, name))}
    published, updated = dates.get("published") or dates.get("created"), dates.get("updated")
    if published is None and given.kind.startswith("rss"):
        # RSS has no element for changes: what feedparser calls updated is dc:date, the date of publication.
        published, updated = updated, None
    summary, content = _string(raw, "summary"), _content(raw)
    read = text_of(summary)
    entry = Entry(
        id=id_of(_string(raw, "id")),
        link=_link_of_entry(raw, given.base),
        text=words(_title(raw, given.kind), read, read if content == summary else text_of(content)),
        authors=names_of(_authors(raw)) or given.authors,
        categories=names_of(
            [_string(tag, "term") or _string(tag, "label") for tag in _mappings(raw.get("tags"), ENTRIES_LIMIT)]
        ),
        language=_language(raw) or given.language,
        published_at=published,
        updated_at=updated,
    )
    return entry, any(is_ahead(moment, now) for _, moment in stated)


def _language(raw: Raw) -> str:
    """Of an entry, or of the words in it that state one first."""
    for part in (raw, raw.get("title_detail"), raw.get("summary_detail"), *_mappings(raw.get("content"), 1)):
        if isinstance(part, dict) and (stated := _raw(part, "language")) and (language := language_of(stated)):
            return language
    return ""


def _title(raw: Raw, kind: str) -> str:
    """Atom says whether a title is markup; RSS does not, and everyone does as they like."""
    title = _string(raw, "title")
    is_literal = kind.startswith("atom") and _string(_mapping(raw, "title_detail"), "type") == _PLAIN
    return " ".join(literal(title).split()) if is_literal and "&" not in title else line_of(title)


def _content(raw: Raw) -> str:
    """The longest readable content. Now and then `content` is a plain string."""
    content = raw.get("content")
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    values = (
        _string(part, "value")
        for part in _mappings(content, ENTRIES_LIMIT)
        if _string(part, "type") in _READABLE or not _string(part, "type")
    )
    return max(values, key=len, default="")


def _link(raw: Raw, base: str) -> str:
    """The page: where a proxy names the original, that; then the stated link, then any other link to a page."""
    for candidate in _link_candidates(raw):
        if link := link_of(candidate, base):
            return link
    return ""


def _link_of_entry(raw: Raw, base: str) -> str:
    """The page, else an id that is an address: better than nothing, even where isPermaLink="false" stands."""
    if link := _link(raw, base):
        return link
    identity = _string(raw, "id")
    return link_of(identity, base) if identity.lower().startswith(("http://", "https://")) else ""


def _link_candidates(raw: Raw) -> Iterator[str]:
    link = _string(raw, "link")
    if origin := _string(raw, "feedburner_origlink"):
        yield origin
    # feedparser makes a link of every guid: "123" would be a page beside the outlet's.
    if "/" in link or link != _string(raw, "id"):
        yield link
    links = _mappings(raw.get("links"), ENTRIES_LIMIT)
    yield from (_string(link, "href") for link in links if _string(link, "rel") in {"", "alternate"})
    yield from (_string(link, "href") for link in links if _string(link, "rel") not in _OTHER_LINKS)


def _authors(raw: Raw) -> Sequence[str]:
    """Names; an address only where there is no name. feedparser fills in `author` where the list stays empty."""
    stated = (_string(one, "name") or _string(one, "email") for one in _mappings(raw.get("authors"), ENTRIES_LIMIT))
    return [name for name in stated if name] or [_string(raw, "author")]


def _ttl_seconds(minutes: str) -> int:
    stripped = minutes.strip()
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= _TTL_DIGITS):
        return 0
    return min(int(stripped) * 60, TTL_LIMIT_SECONDS)


def _update_seconds(period: str, frequency: str) -> int:
    """`sy:updateFrequency` times in one `sy:updatePeriod`; what is not one of the module's own words states nothing."""
    seconds = _PERIODS.get(period.strip().lower(), 0)
    stated = frequency.strip()
    times = int(stated) if stated.isascii() and stated.isdigit() and len(stated) <= _TTL_DIGITS else 1
    return min(seconds // max(times, 1), TTL_LIMIT_SECONDS)


def _skip_hours(stated: Iterable[str]) -> frozenset[int]:
    """Some count from 1 to 24."""
    hours = (int(one) for one in map(str.strip, stated) if one.isascii() and _HOUR.fullmatch(one))
    return frozenset(hour % _HOURS for hour in hours if hour <= _HOURS)


def _skip_days(stated: Iterable[str]) -> frozenset[int]:
    """By their English names, as RSS has them."""
    names = (one.strip().lower() for one in stated)
    return frozenset(_DAYS.index(one) for one in names if one in _DAYS)


def _raw(mapping: Raw, name: str) -> object:
    """What is stored under this very name."""
    return dict.get(mapping, name)


def _string(mapping: Raw, name: str) -> str:
    value = dict.get(mapping, name)
    return value if isinstance(value, str) else ""


def _mapping(mapping: Raw, name: str) -> Raw:
    value = _raw(mapping, name)
    return value if isinstance(value, dict) else {}


def _mappings(values: object, limit: int) -> Sequence[Raw]:
    if not isinstance(values, list):
        return ()
    return [value for value in values[:limit] if isinstance(value, dict)]


def _strings(mapping: Raw, name: str) -> tuple[str, ...]:
    values = _raw(mapping, name)
    return tuple(one for one in values if isinstance(one, str)) if isinstance(values, list) else ()
