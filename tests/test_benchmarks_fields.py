"""The table of fields, on invented feeds: what is lost has a reason, or is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.benchmarks import fields

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def feed(item: str) -> bytes:
    good = (
        "<item><guid isPermaLink='false'>1</guid><link>http://quay.example/1</link><title>Ship in port</title></item>"
    )
    return f"<rss version='2.0'><channel><title>The Quay</title>{good}<item>{item}</item></channel></rss>".encode()


def test_a_refused_link_and_an_old_date_are_explained(tmp_path: Path) -> None:
    """Nothing else is taken for it; a document that is no feed is listed with its reason."""
    old = "<title>Old</title><link>javascript:x</link><pubDate>Mon, 01 Jan 2001 00:00:00 GMT</pubDate>"
    (tmp_path / "a.xml").write_bytes(feed(old))
    (tmp_path / "b.xml").write_bytes(b"<html></html>")
    table = fields.compare(sorted(tmp_path.glob("*.xml")), NOW)
    assert (table.ours["link"], table.plain["link"], table.ours["date"], table.plain["date"]) == (1, 2, 0, 1)
    assert {(loss.field, loss.reason) for loss in table.losses} == {
        ("link", "javascript: is no address of a page"),
        ("date", "older than 20 years"),
    }
    assert (table.unexplained, table.faults) == ([], [])
    assert table.unread == [("b.xml", "not a feed: an HTML page")]


def test_a_loss_without_a_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where entities are declared, for which we refuse what feedparser reads."""
    (tmp_path / "a.xml").write_bytes(b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + feed("<title>Boat</title>"))
    monkeypatch.setattr("sys.argv", ["fields", str(tmp_path)])
    assert fields.main() == 1
    assert "a.xml: title of 2: UNEXPLAINED" in capsys.readouterr().out


def test_absent_captures_are_said_to_be_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, so that a script can tell it from a failure."""
    monkeypatch.setattr("sys.argv", ["fields", str(tmp_path / "nowhere")])
    assert fields.main() == 2
    assert capsys.readouterr().out.startswith("skipped:")
