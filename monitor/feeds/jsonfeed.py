"""JSON Feed 1.0 and 1.1, which feedparser does not read. A field of the wrong type is as if it were not stated."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from monitor.feeds.fields import (
    ENTRIES_LIMIT,
    INHERITED_LIMIT,
    TITLE_LIMIT,
    id_of,
    language_of,
    line_of,
    link_of,
    literal,
    names_of,
    plausible,
    text_of,
    words,
)
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.text.plain import shorten

_VERSION = "jsonfeed.org/version/1"


def looks_like_json(text: str) -> bool:
    """Whether this is meant to be JSON: markup never begins so."""
    return text.lstrip()[:1] == "{"


def read_json_feed(text: str, url: str, now: datetime) -> ParsedFeed | ParseFailed:
    """The feed, or why it is none. Never raises."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ParseFailed(reason="the JSON is broken")
    if not isinstance(document, dict) or _VERSION not in (version := _string(document, "version")):
        return ParseFailed(reason="not a feed: JSON, but not a JSON Feed")
    language = language_of(document.get("language"))
    items = document.get("items")
    objects = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return ParsedFeed(
        kind="json11" if version.rstrip("/").endswith("/1.1") else "json1",
        title=shorten(" ".join(literal(_string(document, "title")).split()), TITLE_LIMIT),
        site=link_of(_string(document, "home_page_url"), url),
        language=language,
        is_whole=len(objects) <= ENTRIES_LIMIT and isinstance(items, list),
        flaw=_flaw(items, len(objects)),
        entries=tuple(_entry(item, document, url, language, now) for item in objects[:ENTRIES_LIMIT]),
    )


def _flaw(items: object, count: int) -> str:
    if not isinstance(items, list):
        return "there is no list of items"
    return f"more than {ENTRIES_LIMIT:,} entries: the rest was not read" if count > ENTRIES_LIMIT else ""


def _entry(item: Mapping[str, object], feed: Mapping[str, object], url: str, language: str, now: datetime) -> Entry:
    html, plain = _string(item, "content_html"), _string(item, "content_text")
    content = text_of(html) if html else literal(plain)
    summary = literal(_string(item, "summary"))
    return Entry(
        id=id_of(_identity(item.get("id"))),
        link=link_of(_string(item, "url"), url) or link_of(_string(item, "external_url"), url),
        text=words(line_of(_string(item, "title")), summary or content, content),
        authors=names_of(_authors(item)) or names_of(_authors(feed))[:INHERITED_LIMIT],
        categories=names_of(_strings(item.get("tags"))),
        language=language_of(item.get("language"), language),
        published_at=_moment(item.get("date_published"), now),
        updated_at=_moment(item.get("date_modified"), now),
    )


def _identity(stated: object) -> str:
    """1.0 allowed numbers, and 1.1 tells readers to make them text."""
    if isinstance(stated, bool) or not isinstance(stated, str | int | float):
        return ""
    return str(stated)


def _authors(holder: Mapping[str, object]) -> Iterator[str]:
    """`authors` of 1.1, else `author` of 1.0."""
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) and listed else [holder.get("author")]
    for person in people:
        if isinstance(person, dict):
            yield _string(person, "name")


def _moment(stated: object, now: datetime) -> datetime | None:
    if not isinstance(stated, str):
        return None
    try:
        moment = datetime.fromisoformat(stated.strip())
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return plausible(aware, now)


def _string(mapping: Mapping[str, object], name: str) -> str:
    value = mapping.get(name)
    return value if isinstance(value, str) else ""


def _strings(values: object) -> Iterator[str]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, str):
            yield value
