"""The parts of a trial that can be seen without a command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app.examine import examined
from monitor.app.rehearsal import WouldSend, rehearsed
from monitor.app.trial import is_address, read_feed, trial_channel, trial_rules, views
from monitor.errors import InputUnreadable, UsageError
from monitor.model.alerts import AlertKind, PublicId, Rendered, Sent
from monitor.model.entries import Entry, ParsedFeed, Text
from tests.test_app_examine import GOOD, written

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_rule_sees_the_feed_as_its_outlet() -> None:
    """By title, else by host; an entry's own language and publication date come first."""
    entries = (
        Entry(text=Text(title="A"), language="fr", published_at=NOW),
        Entry(text=Text(title="B"), updated_at=NOW),
    )
    feed = ParsedFeed(kind="rss20", title="Gazette", site="https://a.example/", language="en", entries=entries)
    first, second = views(feed)
    assert (first.outlets, first.language, first.published_at) == (("Gazette",), "fr", NOW)
    assert (second.language, second.published_at) == ("en", NOW)
    assert views(ParsedFeed(kind="rss20", site="https://a.example/", entries=entries))[0].outlets == ("a.example",)
    assert views(ParsedFeed(kind="rss20", entries=entries))[0].outlets == ("this feed",)


@pytest.mark.parametrize(
    ("source", "is_one"), [("https://a.example", True), ("HTTP://a.example", True), ("feed.xml", False), ("", False)]
)
def test_only_web_addresses_are_fetched(source: str, is_one: bool) -> None:
    """Everything else is a file."""
    assert is_address(source) is is_one


@pytest.mark.parametrize("source", ["", "gopher://a.example/"])
def test_what_is_neither_file_nor_address_is_a_wrong_call(source: str) -> None:
    """Exit 64, unlike a file that is not there."""
    with pytest.raises(UsageError, match="http"):
        read_feed(source)


def test_a_name_that_no_file_can_have_is_unreadable() -> None:
    """A NUL in a name is an error of Python, not of the system."""
    with pytest.raises(InputUnreadable, match="cannot read"):
        read_feed("a\0b")


def test_every_mistake_of_a_query_is_told_with_its_column() -> None:
    """In one line."""
    with pytest.raises(UsageError, match=r"^--match: column \d+: "):
        trial_rules('truce AND (title:"" OR')


def test_a_webhook_address_is_checked_before_anything_is_fetched() -> None:
    """Its mistakes are those of the channel."""
    with pytest.raises(UsageError, match=r"^--to: "):
        trial_channel("http://")


async def test_a_rehearsal_channel_sends_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """One line with channel, subject and id."""
    channel = WouldSend("desk")
    message = Rendered(
        public_id=PublicId("abc"), channel="desk", kind=AlertKind.FIRST, subject="Truce", text="", items=()
    )
    assert await channel.send(message) == Sent()
    await channel.close()
    assert capsys.readouterr().out == "would send to desk: Truce (id abc)\n"


def test_in_a_rehearsal_no_channel_is_real(tmp_path: Path) -> None:
    """Each keeps its name."""
    plan = rehearsed(examined(written(tmp_path, GOOD), {}))
    assert plan.channels == {"console": WouldSend("console")}
