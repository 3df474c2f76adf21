"""JSON Feed, also as nobody should write it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import parse_document
from monitor.model.entries import Entry, ParsedFeed, ParseFailed, Text

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://heron.example/feed.json"
VERSION = "https://jsonfeed.org/version/1.1"


def read(document: object) -> ParsedFeed | ParseFailed:
    """A document, as JSON."""
    body = json.dumps(document).encode()
    return parse_document(body, content_type="application/feed+json", url=URL, now=NOW)


def test_a_json_feed_is_read_whole() -> None:
    """Every field that 1.1 states."""
    assert read(
        {
            "version": VERSION,
            "title": "The Heron",
            "home_page_url": "/",
            "language": "en-US",
            "authors": [{"name": "The desk"}],
            "items": [
                {
                    "id": "1",
                    "url": "news/1",
                    "title": "Otters &amp; herons agree",
                    "content_html": "<p>A treaty.</p><p>More.</p>",
                    "summary": "A treaty.",
                    "date_published": "2026-11-20T10:00:00+02:00",
                    "date_modified": "2026-11-20T09:00:00Z",
                    "authors": [{"name": "Ida Reed"}],
                    "tags": ["rivers", 7, "peace"],
                    "language": "de",
                },
                {"id": 2, "external_url": "https://else.example/2", "content_text": "Plain <b>text</b>."},
            ],
        }
    ) == ParsedFeed(
        kind="json11",
        title="The Heron",
        site="https://heron.example/",
        language="en",
        entries=(
            Entry(
                id="1",
                link="https://heron.example/news/1",
                text=Text(title="Otters & herons agree", summary="A treaty.", body="A treaty.\nMore."),
                authors=("Ida Reed",),
                categories=("rivers", "peace"),
                language="de",
                published_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
                updated_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
            ),
            Entry(
                id="2",
                link="https://else.example/2",
                text=Text(title="Plain <b>text</b>.", summary="Plain <b>text</b>."),
                authors=("The desk",),
                language="en",
            ),
        ),
    )


def test_version_one_names_a_single_author() -> None:
    """`author`, and a version without a minor number."""
    feed = read({"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "author": {"name": "Ida"}}]})
    assert isinstance(feed, ParsedFeed)
    assert (feed.kind, feed.entries[0].authors) == ("json1", ("Ida",))


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("soon", None),
        (5, None),
    ],
)
def test_dates_are_plausible_or_unknown(date: object, expected: datetime | None) -> None:
    """As in every other kind of feed."""
    feed = read({"version": VERSION, "items": [{"id": "1", "date_published": date}]})
    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].published_at == expected


def test_a_feed_without_a_list_of_items_is_not_whole() -> None:
    """Its entries say nothing, least of all that there are none."""
    feed = read({"version": VERSION, "items": {"0": {}}})
    assert isinstance(feed, ParsedFeed)
    assert (feed.is_whole, feed.flaw, feed.entries) == (False, "there is no list of items", ())
    many = read({"version": VERSION, "items": [{"id": str(n)} for n in range(5_001)]})
    assert isinstance(many, ParsedFeed)
    assert (len(many.entries), many.is_whole) == (5_000, False)


@pytest.mark.parametrize(
    "text", ["{" * 100_000, '{"a":' * 100_000, '{"version": ' + "9" * 5_000 + "}", '{"version": 1}']
)
def test_hostile_json_is_a_failure(text: str) -> None:
    """Deep, numeric, or simply not a feed."""
    assert isinstance(parse_document(text.encode(), content_type="", url=URL, now=NOW), ParseFailed)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = (
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published",
    "date_modified", "authors", "author", "tags", "language",
)  # fmt: skip


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(_NAMES, _JSON)), max_size=4), _JSON)
def test_wrong_types_are_as_if_not_stated(items: list[dict[str, object]], title: object) -> None:
    """No value of any type in any field makes reading fail; good entries beside it are read."""
    feed = read({"version": VERSION, "title": title, "items": [*items, {"id": "good", "title": "Good"}]})
    assert isinstance(feed, ParsedFeed)
    assert len(feed.entries) == len(items) + 1
    assert feed.entries[-1].text.title == "Good"
