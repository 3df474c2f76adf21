"""Feeds as JSON objects, for the pipe from a worker. What comes back is checked: the worker may be compromised."""

from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.model.entries import Entry, ParsedFeed, ParseFailed, Text


def pack(parsed: ParsedFeed | ParseFailed) -> dict[str, object]:
    """The value as a JSON object."""
    if isinstance(parsed, ParseFailed):
        return {"failed": parsed.reason}
    return {
        "kind": parsed.kind,
        "title": parsed.title,
        "site": parsed.site,
        "language": parsed.language,
        "ttl_seconds": parsed.ttl_seconds,
        "update_seconds": parsed.update_seconds,
        "skip_hours": sorted(parsed.skip_hours),
        "skip_days": sorted(parsed.skip_days),
        "is_whole": parsed.is_whole,
        "flaw": parsed.flaw,
        "entries": [_pack_entry(entry) for entry in parsed.entries],
        "ahead": sorted(parsed.ahead),
    }


def unpack(value: Mapping[str, object]) -> ParsedFeed | ParseFailed:
    """The value that `pack` was given. Raises TypeError, ValueError, KeyError or OverflowError for anything else."""
    if "failed" in value:
        return ParseFailed(reason=_text(value, "failed"))
    return ParsedFeed(
        kind=_text(value, "kind"),
        title=_text(value, "title"),
        site=_text(value, "site"),
        language=_text(value, "language"),
        ttl_seconds=_whole_number(value["ttl_seconds"]),
        update_seconds=_whole_number(value["update_seconds"]),
        skip_hours=_places(value, "skip_hours", 24),
        skip_days=_places(value, "skip_days", 7),
        is_whole=value["is_whole"] is True,
        flaw=_text(value, "flaw"),
        entries=tuple(_unpack_entry(entry) for entry in _list(value, "entries")),
        ahead=_places(value, "ahead", len(_list(value, "entries"))),
    )


def _pack_entry(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.text.title,
        "summary": entry.text.summary,
        "body": entry.text.body,
        "authors": entry.authors,
        "categories": entry.categories,
        "language": entry.language,
        "published_at": _seconds(entry.published_at),
        "updated_at": _seconds(entry.updated_at),
    }


def _unpack_entry(value: object) -> Entry:
    if not isinstance(value, Mapping):
        raise TypeError("an entry is not an object")
    return Entry(
        id=_text(value, "id"),
        link=_text(value, "link"),
        text=Text(title=_text(value, "title"), summary=_text(value, "summary"), body=_text(value, "body")),
        authors=_texts(value, "authors"),
        categories=_texts(value, "categories"),
        language=_text(value, "language"),
        published_at=_moment(value["published_at"]),
        updated_at=_moment(value["updated_at"]),
    )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a moment is not a number")
    return datetime.fromtimestamp(value, UTC)


def _text(value: Mapping[str, object], name: str) -> str:
    return _checked(value[name], name)


def _texts(value: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple([_checked(one, name) for one in _list(value, name)])


def _checked(text: object, name: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{name} is not text")
    if not text.isascii():
        text.encode("utf-8")  # raises for lone surrogates, which no store can write
    return text


def _list(value: Mapping[str, object], name: str) -> list[object] | tuple[object, ...]:
    values = value[name]
    if not isinstance(values, list | tuple):
        raise TypeError(f"{name} is not a list")
    return values


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a number of seconds is not whole")
    return value


def _places(value: Mapping[str, object], name: str, count: int) -> frozenset[int]:
    places = frozenset(map(_whole_number, _list(value, name)))
    if not all(0 <= place < count for place in places):
        raise ValueError(f"{name} are not of their kind")
    return places
