"""What is left of a headline once labels and the outlet's own name are taken off its ends."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.stories.headlines import bare_title, headline_number
from monitor.stories.labels import BEFORE, WIRE
from monitor.text.tokens import terms

NAMES = ("The Harbour Times", "harbourtimes", "Anna Quill")
BARE = "Ferries stop as the storm comes in"


@pytest.mark.parametrize(
    "title",
    [
        "Exclusive-Ferries stop as the storm comes in",
        "EXCLUSIVE: Ferries stop as the storm comes in",
        "Factbox-Ferries stop as the storm comes in",
        "UPDATE 2-Ferries stop as the storm comes in",
        "UPDATE 12 - Ferries stop as the storm comes in",
        "1st LD Writethru: Ferries stop as the storm comes in",
        "⚡️ BREAKING: Ferries stop as the storm comes in",
        "Live-Ticker: Ferries stop as the storm comes in",
        "Live updates: Ferries stop as the storm comes in",
        "Opinion | Ferries stop as the storm comes in",
        "Op-Ed: Ferries stop as the storm comes in",
        "Срочно! Ferries stop as the storm comes in",
        "Молния: Ferries stop as the storm comes in",
        "«Эксклюзив». Ferries stop as the storm comes in",
        "Терміново: Ferries stop as the storm comes in",
        "[VIDEO] Ferries stop as the storm comes in",
        "Ferries stop as the storm comes in (photos, video)",
        "Ferries stop as the storm comes in (ФОТО, ВІДЕО)",
        "Ferries stop as the storm comes in – live",
        "Ferries stop as the storm comes in | Video",
        "Ferries stop as the storm comes in - The Harbour Times",
        "Ferries stop as the storm comes in | HarbourTimes",
        "Ferries stop as the storm comes in — Harbour Times News",
        "Harbour Times - Ferries stop as the storm comes in",
        "The Harbour Times exclusive: Ferries stop as the storm comes in",
        "Anna Quill: Ferries stop as the storm comes in",
        "Ferries stop as the storm comes in | Anna Quill",
        "Watch: BREAKING - Ferries stop as the storm comes in (video) | Live | The Harbour Times",
        "  Ferries stop as the storm comes in ",
    ],
)
def test_what_an_outlet_hangs_on_a_headline_comes_off(title: str) -> None:
    """Labels, with numbers and several of them; names of the outlet, its publisher and the author; at either end."""
    assert bare_title(title, NAMES) == BARE
    assert headline_number(title, NAMES) == headline_number(BARE) > 0


@pytest.mark.parametrize(
    "title",
    [
        "Chess-Harbour beats Valley by three",
        "Putin: no plans to visit the harbour this year",
        "Zelensky: no plans to visit the harbour this year",
        "Chile: quake shakes the northern coast",
        "Fact check: Ferries stop as the storm comes in",
        "Retracted: Ferries stop as the storm comes in",
        "Ferries stop as the storm comes in – report",
        "Ferries stop as the storm comes in - The Valley Times",
        "Live-action film is shot in the harbour",
        "Exclusive-use lanes open in the harbour",
        "Update on the ferries: none until Monday",
        "The Harbour Times wins three prizes",
        "Talks begin at 10:30 in the harbour",
        "Mayor (67) resigns over ferries (again)",
    ],
)
def test_what_tells_news_apart_stays(title: str) -> None:
    """Topics, places, who says so, words that turn a headline round, names of others, and labels inside sentences."""
    assert bare_title(title, NAMES) == title


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Live:", "Live:"),
        ("The Harbour Times", "The Harbour Times"),
        ("Exclusive: The Harbour Times", "The Harbour Times"),
        ("(video)", "(video)"),
        ("Video. Live. Photo", "Photo"),
        ("He said yes! Video", "He said yes!"),
        ("", ""),
    ],
)
def test_something_always_remains(title: str, bare: str) -> None:
    """A headline made of labels keeps one."""
    assert bare_title(title, NAMES) == bare


def test_without_names_nobody_is_known() -> None:
    """The name of an outlet is cut only where it is that outlet's feed."""
    assert bare_title(f"{BARE} - The Harbour Times") == f"{BARE} - The Harbour Times"


def test_a_text_that_is_no_headline_is_left_alone() -> None:
    """However many labels it begins with: the work is bounded."""
    long = "Live: " * 20_000 + BARE
    assert bare_title(long, NAMES) == long


@pytest.mark.parametrize("title", ["Morning briefing", "Live: four words are few", "早报", "速報ですよ", "", "!!!"])
def test_a_headline_that_tells_little_has_no_number(title: str) -> None:
    """It may stand over any news; a sign of a script without spaces is half a word."""
    assert headline_number(title) == 0


def test_a_headline_without_spaces_has_a_number_where_it_is_long_enough() -> None:
    """Ten signs or more."""
    assert headline_number("港口渡轮因暴风雨停航三天") > 0


def test_the_number_is_that_of_the_words_and_never_changes() -> None:
    """Case, quotes and dashes are no words; the figure is stored, so it must be this one for ever."""
    assert headline_number("FERRIES “STOP” AS THE STORM — COMES IN!") == headline_number(BARE) == 11986206790752715959
    assert headline_number("Ferries stop as the storm comes on") != headline_number(BARE)


_PIECES = st.sampled_from([*sorted(BEFORE), *sorted(WIRE), *NAMES, "storm", "Ferries", "10", "早报", "в", "(video)"])
_JOINTS = st.sampled_from([": ", " | ", "-", " - ", " — ", ". ", "! ", " ", " // ", "] ", "[", "(", ") ", " · ", ""])
_BUILT = st.lists(st.tuples(_PIECES, _JOINTS), max_size=12).map(lambda parts: "".join(map("".join, parts)))
_TITLES = _BUILT | st.text(max_size=80)


@given(title=_TITLES, names=st.lists(st.sampled_from(NAMES) | st.text(max_size=12), max_size=3))
@example(title="Live: Live: Live: \ud800", names=["\ud800"])
@example(title="А" * 30 + " - " * 100, names=[""])
def test_the_bare_headline_of_a_bare_headline_is_itself(title: str, names: list[str]) -> None:
    """And it is a part of the title, and has words where the title has."""
    bare = bare_title(title, names)
    assert bare_title(bare, names) == bare
    assert bare in title
    assert bool(terms(bare)) == bool(terms(title))
    assert bool(bare) == bool(title.strip())
    assert headline_number(bare, names) == headline_number(title, names) < 2**64
