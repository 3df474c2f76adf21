"""What goes into a column comes out of it: moments, contents, addresses, settings."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import StoreUnwritable
from monitor.model.alerts import AlertContent
from monitor.model.entries import Text
from monitor.model.rules import Evidence
from monitor.store.connecting import settle_settings
from monitor.store.content import pack_content, unpack_content
from monitor.store.moments import to_micros, to_moment
from monitor.store.origins import origin_of

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
moments = st.datetimes(timezones=st.just(UTC))
evidence = st.builds(Evidence, field=words, start=st.integers(0, 9), end=st.integers(0, 99), part=words)
contents = st.builds(
    AlertContent,
    title=words,
    outlets=st.lists(words, max_size=3).map(tuple),
    link=words,
    rule=words,
    published_at=st.none() | moments,
    is_late=st.booleans(),
    text=st.builds(Text, title=words, summary=words, body=words),
    evidence=st.lists(evidence, max_size=3).map(tuple),
)


@given(moments)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    """Every moment that Python knows survives, before 1970 as well."""
    assert to_moment(to_micros(moment)) == moment


def test_a_moment_is_stored_in_utc() -> None:
    """A moment told in another zone is the same moment; one without a zone is refused."""
    tokyo = datetime(2026, 3, 2, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    assert to_moment(to_micros(tokyo)) == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with pytest.raises(TypeError):
        to_micros(tokyo.replace(tzinfo=None))


@given(contents)
def test_the_content_of_an_alert_comes_back_whole(content: AlertContent) -> None:
    """Title, link and rule have columns of their own; all else travels in one."""
    packed = pack_content(content)
    assert unpack_content(packed, title=content.title, link=content.link, rule=content.rule) == content


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://News.Example/feed?x=1", "https://news.example:443"),
        ("http://user:pass@news.example:8080/feed", "http://news.example:8080"),
        ("http://[2001:DB8::1]/feed", "http://[2001:db8::1]:80"),
        ("http://news.example:none/", "http://news.example:none/"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    """The key of Retry-After holds no path and no credentials; what cannot be read is its own origin."""
    assert origin_of(url) == origin


def test_a_disk_that_cannot_keep_a_log_is_refused() -> None:
    """Where SQLite cannot do what our promises rest on, we do not start."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(StoreUnwritable, match="journal_mode"):
        settle_settings(connection, Path("memory"))
