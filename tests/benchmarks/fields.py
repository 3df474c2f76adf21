"""How many fields of real feeds are filled, ours beside plain feedparser's, and what became of the others.

    python -m tests.benchmarks.fields FOLDER [--all]

Every *.xml and *.json of FOLDER is read by both in this run. Where ours fills a field of fewer entries, each of these
is explained; exits 1 where one is not, or where a title still has markup, a link is not of the web or a date cannot be
meant, and 2 where there are no captures.
"""

import argparse
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser

from monitor.feeds.parse import parse_document
from monitor.model.entries import Entry, ParsedFeed, ParseFailed
from monitor.text.plain import plain_line, plain_text
from tests.benchmarks.captures import content_type

FIELDS = ("title", "link", "id", "date", "text", "author")
URL = "https://capture.example/feed"

_OURS: Mapping[str, Callable[[Entry], object]] = {
    "title": lambda entry: entry.text.title,
    "link": lambda entry: entry.link,
    "id": lambda entry: entry.id,
    "date": lambda entry: entry.published_at or entry.updated_at,
    "text": lambda entry: entry.text.summary or entry.text.body,
    "author": lambda entry: entry.authors,
}
_MARKUP = re.compile(
    r"</?(?:a|b|i|em|strong|span|div|p|br|img|font|u|sup|sub|h\d|cite|q|code)(?:[\s/][^<>]*)?>|&#?\w{2,8};"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SCHEME = re.compile(r"([A-Za-z][\w+.-]*):")
_YEARS_20 = timedelta(days=7_310)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Entries of one file of which plain feedparser fills a field and we do not; an empty reason explains nothing."""

    file: str
    field: str
    count: int
    reason: str


@dataclass(slots=True, kw_only=True)
class Table:
    """What both found in all files."""

    files: int = 0
    ours: Counter[str] = field(default_factory=Counter)
    plain: Counter[str] = field(default_factory=Counter)
    """field → entries that have it; `entries` → how many there are"""
    json_files: int = 0
    json_entries: int = 0
    losses: list[Loss] = field(default_factory=list)
    fewer: list[tuple[str, str]] = field(default_factory=list)
    """file and field where ours has fewer on the whole"""
    unread: list[tuple[str, str]] = field(default_factory=list)
    """file and why it gives no entries"""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """file and what must not be: markup in titles, links that are none, dates that cannot be meant"""

    @property
    def unexplained(self) -> list[Loss]:
        """Losses that somebody must look at."""
        return [loss for loss in self.losses if not loss.reason]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="list losses also where ours has as many on the whole")
    options = parser.parse_args()
    files = sorted(file for file in options.folder.glob("*") if file.suffix in {".xml", ".json"})
    if not files:
        print(f"skipped: {options.folder} holds no captures; give a folder of *.xml and *.json feeds")
        return 2
    table = compare(files, datetime.now(UTC))
    _print(table, is_full=options.all)
    return 1 if table.unexplained or table.faults else 0


def compare(files: Sequence[Path], now: datetime) -> Table:
    """Read each file twice."""
    table = Table(files=len(files))
    for file in files:
        body = file.read_bytes()
        ours = parse_document(body, content_type=content_type(file.name, body), url=URL, now=now)
        plain = feedparser.parse(io.BytesIO(body))
        entries = () if isinstance(ours, ParseFailed) else ours.entries
        if not entries:
            table.unread.append((file.name, _why_empty(ours)))
        if file.suffix == ".json" and entries:
            table.json_files += 1
            table.json_entries += len(entries)
        table.ours["entries"] += len(entries)
        table.plain["entries"] += len(plain.entries)
        for name in FIELDS:
            filled = sum(bool(_OURS[name](entry)) for entry in entries)
            plainly = sum(bool(_plain(entry, name)) for entry in plain.entries)
            table.ours[name] += filled
            table.plain[name] += plainly
            if filled < plainly:
                table.fewer.append((file.name, name))
        table.losses += _losses(file.name, ours, plain.entries, now)
        table.faults += ((file.name, fault) for entry in entries for fault in _faults(entry, now))
    return table


def _plain(entry: Mapping[str, object], name: str) -> object:
    """What feedparser has of a field, asked without its fallbacks from one date to another."""
    raw = {key: entry[key] for key in entry}
    if name == "date":
        return raw.get("published_parsed") or raw.get("updated_parsed") or raw.get("created_parsed")
    if name == "text":
        return _text(raw.get("summary")) or _contents(raw.get("content"))
    if name == "author":
        listed = raw.get("authors")
        people = listed if isinstance(listed, list) else []
        return _text(raw.get("author")) or any(dict(person) for person in people)
    return _text(raw.get(name))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _contents(value: object) -> str:
    parts = value if isinstance(value, list) else [{"value": value}]
    return "".join(_text(part.get("value")) for part in parts if isinstance(part, Mapping))


def _losses(
    file: str, ours: ParsedFeed | ParseFailed, plain: Sequence[Mapping[str, object]], now: datetime
) -> Iterator[Loss]:
    counts: Counter[tuple[str, str]] = Counter()
    entries = () if isinstance(ours, ParseFailed) else ours.entries
    for number, theirs in enumerate(plain):
        for name in FIELDS:
            if not _plain(theirs, name):
                continue
            if number >= len(entries):
                counts[name, _why_fewer(ours, len(plain), number)] += 1
            elif not _OURS[name](entries[number]):
                counts[name, _reason(name, theirs, now)] += 1
    for (name, reason), count in counts.items():
        yield Loss(file=file, field=name, count=count, reason=reason)


def _why_empty(ours: ParsedFeed | ParseFailed) -> str:
    if isinstance(ours, ParseFailed):
        return ours.reason
    return f"a feed without entries{f'; {ours.flaw}' if ours.flaw else ''}"


def _why_fewer(ours: ParsedFeed | ParseFailed, plain: int, number: int) -> str:
    if isinstance(ours, ParseFailed):
        return ""
    is_cut = not ours.is_whole and number == plain - 1
    return "the document is broken off in its last entry, which is not used" if is_cut else ""


def _reason(name: str, theirs: Mapping[str, object], now: datetime) -> str:
    value = _plain(theirs, name)
    if name == "date":
        return _why_no_date(value, now)
    if name == "link":
        return _why_no_link(str(value))
    if name in {"title", "text"}:
        readable = plain_line(str(value)) if name == "title" else plain_text(str(value))
        return "" if readable else "nothing but markup, such as an image"
    if name == "author":
        return "" if plain_line(str(theirs.get("author", ""))) else "an author without name or address"
    return ""


def _why_no_date(value: object, now: datetime) -> str:
    try:
        year, month, day = value[:3]  # type: ignore[index]
        moment = datetime(year, month, day, tzinfo=UTC)
    except (TypeError, ValueError):
        return "a date that no calendar has"
    if moment < now - _YEARS_20:
        return "older than 20 years"
    return "later than tomorrow" if moment > now else ""


def _why_no_link(link: str) -> str:
    scheme = _SCHEME.match(link)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return f"{scheme[1].lower()}: is no address of a page"
    if " " in link and "://" not in link:
        return "words in place of an address"
    return ""


def _faults(entry: Entry, now: datetime) -> Iterator[str]:
    if match := _MARKUP.search(entry.text.title):
        yield f"markup in a title: {match[0]}"
    if _CONTROL.search(entry.text.title):
        yield "a control character in a title"
    if entry.link and not entry.link.startswith(("http://", "https://")):
        yield "a link that is none"
    for moment in filter(None, (entry.published_at, entry.updated_at)):
        if not now - _YEARS_20 <= moment <= now + timedelta(days=1):
            yield "a date that cannot be meant"


def _print(table: Table, *, is_full: bool) -> None:
    print(f"{table.files} files; {table.json_files} JSON Feeds read, with {table.json_entries} entries")
    print(f"{'field':<10} {'ours':>7} {'plain':>7}")
    for name in ("entries", *FIELDS):
        print(f"{name:<10} {table.ours[name]:>7,} {table.plain[name]:>7,}")
    fewer = set(table.fewer)
    print(f"fewer on the whole: {len(fewer)} times a file and a field; unexplained: {len(table.unexplained)}")
    for loss in table.losses:
        if is_full or not loss.reason or (loss.file, loss.field) in fewer:
            print(f"  {loss.file}: {loss.field} of {loss.count}: {loss.reason or 'UNEXPLAINED'}")
    print(f"files that give no entries: {len(table.unread)}")
    for name, why in table.unread:
        print(f"  {name}: {why}")
    print(f"faults: {len(table.faults)}")
    for name, what in table.faults[:50]:
        print(f"  {name}: {what}")


if __name__ == "__main__":
    raise SystemExit(main())
