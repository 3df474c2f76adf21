"""Alerts as entries of Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org). Words of publishers are text in both."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from monitor.channels.chat_words import shortened
from monitor.channels.letter_html import escape
from monitor.model.alerts import AlertKind, Item, Marked, Rendered
from monitor.text.plain import clean

_LONGEST_TITLE = 300
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OWN = "_tocsin"
"""the key of what JSON Feed has no place for; such keys begin with an underscore"""

_LEADS = {
    AlertKind.UPDATE: "update: ",
    AlertKind.SPREAD: "spreading: ",
    AlertKind.BURST: "many at once: ",
    AlertKind.ALARM: "alarm: ",
    AlertKind.TEST: "test alert: ",
}
"""what stands before a title"""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the feeds say of themselves."""

    name: str
    """of the channel; the feed's id is made of it"""
    title: str
    url: str
    """where the folder can be found on the web; empty: nowhere"""
    atom: str
    json: str
    """names of the two files"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An alert in a feed."""

    id: str
    title: str
    html: str
    at: str
    """RFC 3339, UTC"""
    link: str = ""
    outlets: tuple[str, ...] = ()
    rule: str = ""
    alert: str = ""
    """its public id"""


def entries_of(message: Rendered, now: datetime) -> tuple[Entry, ...]:
    """An entry for each alert of a message, in its order; a message without any is an entry itself."""
    if message.items:
        return tuple(_entry(item) for item in message.items)
    html = "".join(f"<p>{escape(line)}</p>" for line in message.text.splitlines() if line.strip())
    return (
        Entry(
            id=_name(message.public_id),
            title=_line(message.subject),
            html=html,
            at=_moment(now),
            alert=message.public_id,
        ),
    )


def json_feed(about: About, entries: Iterable[Entry]) -> bytes:
    """The JSON Feed, UTF-8."""
    feed: dict[str, object] = {"version": "https://jsonfeed.org/version/1.1", "title": _line(about.title)}
    if about.url:
        feed |= {"home_page_url": f"{about.url}/", "feed_url": f"{about.url}/{about.json}"}
    feed["items"] = [_json_item(entry) for entry in entries]
    return json.dumps(feed, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def atom(about: About, entries: tuple[Entry, ...]) -> bytes:
    """The Atom feed, UTF-8."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_name(f'feed {about.name}')}</id>",
        f"<title>{escape(_line(about.title))}</title>",
        f"<updated>{max(entry.at for entry in entries)}</updated>",
        "<author><name>tocsin</name></author>",
        "<generator>tocsin</generator>",
    ]
    if about.url:
        lines.append(f'<link rel="self" type="application/atom+xml" href="{escape(f"{about.url}/{about.atom}")}"/>')
    lines += [_atom_entry(entry) for entry in entries]
    return "\n".join((*lines, "</feed>", "")).encode("utf-8", "replace")


def read_back(data: bytes) -> tuple[Entry, ...] | None:
    """The entries of a JSON Feed of ours; None where it is none."""
    try:
        feed = json.loads(data)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return None
    return tuple(entry for item in items if (entry := _read_item(item)) is not None)


def _entry(item: Item) -> Entry:
    alert, content = item.alert, item.alert.content
    link = content.link if urlsplit(content.link).scheme in ("http", "https") else ""
    return Entry(
        id=_name(alert.public_id),
        title=_line(_LEADS.get(alert.kind, "") + "".join(piece.words for piece in item.title)) or "(no title)",
        html=_html(item),
        at=_moment(alert.at),
        link=link,
        outlets=tuple(_line(name) for name in content.outlets),
        rule=_line(content.rule),
        alert=alert.public_id,
    )


def _html(item: Item) -> str:
    alert, content = item.alert, item.alert.content
    published = f", {content.published_at:%Y-%m-%d %H:%M} UTC" if content.published_at else ""
    about = f"{', '.join(content.outlets)}{published}{' — late news' if content.is_late else ''}"
    matched = ", ".join(f"<mark>{escape(word)}</mark>" for word in item.matched)
    why = " ".join(
        part
        for part in (f"rule {escape(content.rule)}" if content.rule else "", matched and f"found {matched}")
        if part
    )
    follows = f"follows alert {content.follows}: {content.follows_title}" if content.follows else ""
    return "".join(
        (
            f"<p><b>{escape('; '.join(content.changes))}</b></p>" if content.changes else "",
            f"<p>{escape(about)}</p>",
            f"<p>also in: {escape(', '.join(content.also_in))}</p>" if content.also_in else "",
            *(f"<blockquote>{_marked(passage.pieces)}</blockquote>" for passage in item.passages),
            f"<p>why: {why}</p>" if why else "",
            f"<p>{escape(follows)}</p>" if follows else "",
            f"<p>id: {escape(alert.public_id)}</p>",
        )
    )


def _json_item(entry: Entry) -> Mapping[str, object]:
    return {
        "id": entry.id,
        **({"url": entry.link} if entry.link else {}),
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.at,
        **({"authors": [{"name": name} for name in entry.outlets]} if entry.outlets else {}),
        **({"tags": [entry.rule]} if entry.rule else {}),
        _OWN: {"alert": entry.alert},
    }


def _read_item(item: object) -> Entry | None:
    if not isinstance(item, dict) or not isinstance(item.get(_OWN), dict):
        return None
    authors = [one.get("name", "") for one in _listed(item.get("authors")) if isinstance(one, dict)]
    entry = Entry(
        id=str(item.get("id", "")),
        title=str(item.get("title", "")),
        html=str(item.get("content_html", "")),
        at=str(item.get("date_published", "")),
        link=str(item.get("url", "")),
        outlets=tuple(str(name) for name in authors),
        rule=str(next(iter(_listed(item.get("tags"))), "")),
        alert=str(item[_OWN].get("alert", "")),
    )
    return entry if entry.id and _MOMENT.fullmatch(entry.at) else None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _atom_entry(entry: Entry) -> str:
    parts = [
        f"<id>{escape(entry.id)}</id>",
        f"<title>{escape(entry.title)}</title>",
        f"<published>{entry.at}</published>",
        f"<updated>{entry.at}</updated>",
        f'<link rel="alternate" href="{escape(entry.link)}"/>' if entry.link else "",
        *(f"<author><name>{escape(name)}</name></author>" for name in entry.outlets),
        f'<category term="{escape(entry.rule)}"/>' if entry.rule else "",
        f'<content type="html">{escape(entry.html)}</content>',
    ]
    return f"<entry>{''.join(parts)}</entry>"


def _marked(pieces: Iterable[Marked]) -> str:
    return "".join(f"<mark>{escape(piece.words)}</mark>" if piece.is_match else escape(piece.words) for piece in pieces)


def _name(what: str) -> str:
    """An id that no other program can have given away, the same at every repeat."""
    return uuid5(NAMESPACE_URL, f"tocsin:{what}").urn


def _line(text: str) -> str:
    return shortened(" ".join(clean(text).split()), _LONGEST_TITLE)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
