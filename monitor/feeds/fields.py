"""Single fields of an entry, made safe: words, links, ids, dates and languages, whichever format they came from."""

import re
from calendar import timegm
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from monitor.model.entries import Text
from monitor.text.plain import clean, plain_line, plain_text, shorten

TITLE_LIMIT = 500
SUMMARY_LIMIT = 20_000
BODY_LIMIT_BYTES = 100_000
STAND_IN_TITLE_LIMIT = 120
"""characters of the summary that stand in for a missing title"""
ID_LIMIT = 2_000
LINK_LIMIT = 4_000
NAME_LIMIT = 200
NAMES_LIMIT = 100
INHERITED_LIMIT = 10
"""authors of a feed that stand in for those of an entry: a hundred in each of 5,000 entries would be 100 MB"""
ENTRIES_LIMIT = 5_000
MARKUP_LIMIT = 400_000
"""characters of markup looked at for one field: four times the longest text kept"""
OLDEST = timedelta(days=20 * 365 + 5)
NEWEST = timedelta(days=1)

_CDATA = "<![CDATA["
_USUAL_LINK = re.compile(
    r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
    r"/(?:(?!\.{1,2}(?:[/?]|\Z))[A-Za-z0-9._~%@:!$&'()*+,=-]*/)*+(?!\.{1,2}(?:\?|\Z))[A-Za-z0-9._~%@:!$&'()*+,=-]*+"
    r"(?:\?[A-Za-z0-9._~%@:!$&'()*+,;=/-]+)?"
)
"""which joining and splitting would leave as it is"""
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*$")


def words(title: str, summary: str, body: str) -> Text:
    """Texts within their limits, from plain text. A missing title is lent by the summary, else by the body."""
    short = shorten(summary, SUMMARY_LIMIT)
    if not title and (lender := summary or body):
        title = shorten(" ".join(lender[: STAND_IN_TITLE_LIMIT * 4].split()), STAND_IN_TITLE_LIMIT)
    return Text(
        title=shorten(title, TITLE_LIMIT),
        summary=short,
        # A body that says the same as the summary would count every word twice.
        body="" if body == short else _within_bytes(body),
    )


def text_of(markup: str) -> str:
    """Plain text of HTML."""
    return markup and plain_text(_without_cdata(markup[:MARKUP_LIMIT]))


def line_of(markup: str) -> str:
    """One line of plain text."""
    return plain_line(_without_cdata(markup[:MARKUP_LIMIT]))


def literal(text: str) -> str:
    """Text that its format declares to be no markup: `<b>` in it is what the reader shall see."""
    return clean(text[:MARKUP_LIMIT]).strip()


def link_of(stated: str, base: str) -> str:
    """An absolute http(s) address, or "" where there is none."""
    if _USUAL_LINK.fullmatch(stated) and len(stated) <= LINK_LIMIT:
        return stated
    stated = "".join(clean(stated[: LINK_LIMIT + 1]).split("\n")).strip()
    if not stated or len(stated) > LINK_LIMIT or (" " in stated and "://" not in stated):
        return ""  # words with spaces between them are a sentence in the wrong place
    stated = ("http://" if stated[:4].lower() == "www." else "") + stated.replace(" ", "%20")
    try:
        joined = urljoin(base, stated)
        parts = urlsplit(joined)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return ""
    # A scheme in upper case is the same; who compares beginnings shall not have to know.
    return parts.scheme + joined[len(parts.scheme) :] if is_good and len(joined) <= LINK_LIMIT else ""


def id_of(stated: str) -> str:
    """The feed's own id; one that is too long to keep is known by its digest."""
    identity = clean(stated).strip()
    if len(identity) <= ID_LIMIT:
        return identity
    return "sha256:" + sha256(identity.encode("utf-8")).hexdigest()


def names_of(stated: Iterable[str]) -> tuple[str, ...]:
    """Authors or categories: one line each, every one once, in their order."""
    lines = dict.fromkeys([shorten(plain_line(name[: NAME_LIMIT * 10]), NAME_LIMIT) for name in stated if name])
    lines.pop("", None)
    return tuple(lines)[:NAMES_LIMIT]


def language_of(*stated: object) -> str:
    """The primary tag of the first that has one: `en-US` gives `en`."""
    for tag in stated:
        if isinstance(tag, str) and (match := _LANGUAGE.match(tag.strip())):
            return match[1].lower()
    return ""


def moment_of(stated: object) -> datetime | None:
    """The moment that was read of a date, or that a UTC time tuple says; None for what is absurd."""
    if isinstance(stated, datetime):
        return stated
    if not isinstance(stated, tuple):
        return None
    try:
        return datetime.fromtimestamp(timegm(stated), UTC)
    except (ValueError, OverflowError, TypeError, OSError):  # years −1 and 10000, and whatever else was parsed
        return None


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a date is none only because it lies too far ahead: later than tomorrow."""
    return moment > now + NEWEST


def plausible(moment: datetime, now: datetime) -> datetime | None:
    """The moment where it can be meant, else None, as for what is older than 20 years: no date is corrected."""
    return moment if now - OLDEST <= moment <= now + NEWEST else None


def _without_cdata(markup: str) -> str:
    """Without the brackets of a section within a section, which a tree parser would take for a comment."""
    return markup.replace(_CDATA, "").replace("]]>", "") if _CDATA in markup else markup


def _within_bytes(text: str) -> str:
    if len(text) * 4 <= BODY_LIMIT_BYTES:
        return text
    encoded = text.encode("utf-8")
    if len(encoded) <= BODY_LIMIT_BYTES:
        return text
    return encoded[: BODY_LIMIT_BYTES - 3].decode("utf-8", "ignore").rstrip() + "…"
