"""What chats get: nobody is called, no markup is opened, links lead where they led, and the length fits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.apprise_words import fitted, harmless

CALLS = re.compile(
    r"@(?:everyone|here|channel|all)|<[@!#]|<at>|\]\(", re.IGNORECASE
)  # Discord, Mattermost, Slack, Teams, Markdown
LINK = "https://harbour.example/ferry"


@pytest.mark.parametrize(
    "title",
    [
        "@everyone", "@here", "@HERE and @Channel", "x@everyone", "<!channel>", "<!subteam^S1|desk>", "<@U123>",
        "<@&9>", "<#C024|x>", "@room @**all**", "[x](javascript:alert)", "![x](https://bad.example/p.png)",
        "<b>bold</b>", "</a>",
        "<https://bad.example|the bank>", "<at>desk</at>", "https://a.example/@everyone/<!channel>](https://b.example)",
    ],
)  # fmt: skip
def test_nobody_is_called_and_nothing_is_hidden(title: str) -> None:
    """Whatever a headline holds; to the eye it reads as before."""
    sent = harmless(f"Ferry: {title} now")
    assert not CALLS.search(sent)
    assert not re.search(r"<[A-Za-z/]", sent)


@pytest.mark.parametrize(
    "text",
    [
        "Ferry strike ends", "a < b, 5 <3", "write to desk@harbour.example", f"{LINK}?a=1&b=2#c_d-e~f", "5 @ 3",
        "[1] (2)",        "Паром @ причал", f"(see {LINK}), they say", f"“{LINK}”",
    ],
)  # fmt: skip
def test_ordinary_words_and_links_stay_as_they_are(text: str) -> None:
    """Character by character."""
    assert harmless(text) == text


def test_a_link_keeps_leading_to_its_page() -> None:
    """Signs that a chat would interpret are percent-encoded, which servers take for the same."""
    assert harmless("https://medium.example/@desk/a_(b)") == "https://medium.example/%40desk/a_%28b%29"


@given(st.text())
def test_harmless_words_stay_harmless(text: str) -> None:
    """Twice is as good as once, and without the breaks and escapes it is the text that came."""
    once = harmless(text)
    assert not CALLS.search(once)
    assert harmless(once) == once
    if "http" not in text.casefold() and "\u200b" not in text:
        assert once.replace("\u200b", "") == text


def test_a_message_that_fits_is_left_alone() -> None:
    """To the last character."""
    text = f"Ferry strike ends\nHarbour Post\n\n{LINK}\nid: m1"
    assert fitted(text, len(text)) == text


def test_the_headline_the_link_and_the_id_are_kept_first() -> None:
    """What stands between goes line by line from the end."""
    text = f"Ferry strike ends\nHarbour Post\nwhy: rule ferries\n\nthe strike is over\n\n{LINK}\nid: m1"
    assert fitted(text, 75) == f"Ferry strike ends\nHarbour Post\n{LINK}\nid: m1"
    assert fitted(text, 60) == f"Ferry strike ends\n{LINK}\nid: m1"


def test_a_headline_without_end_leaves_room_for_the_link() -> None:
    """It is cut, the link is not."""
    cut = fitted(f"{'x' * 10_000}\n{LINK}\nid: m1", 160)
    assert len(cut) == 160
    assert cut.endswith(f"…\n{LINK}\nid: m1")


def test_a_link_that_leaves_no_room_is_left_out() -> None:
    """Half a link is none."""
    cut = fitted(f"Ferry strike ends after nine days of talks\nhttps://a.example/{'x' * 150}\nid: m1", 160)
    assert cut == "Ferry strike ends after nine days of talks\nid: m1"


@given(st.text(), st.integers(min_value=0, max_value=300))
def test_whatever_it_is_it_fits(text: str, longest: int) -> None:
    """Within the limit, and never an invented line."""
    assert len(fitted(text, longest)) <= longest
