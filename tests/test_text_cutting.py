"""`text.cutting`: texts are broken off between words, outside of addresses, and never within a sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.apprise_words import fitted
from monitor.text.cutting import continues, cut, word_end, word_start

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
SIGNS = [
    "a",
    " ",
    "д",
    "港",
    "é",
    "e\u0301\u0323",
    FAMILY,
    "👍🏽",
    "🇺🇦",
    "🏴\U000e0067\U000e0062\U000e007f",
    "क्\u200dष",
]
LINK = "https://harbour.example/news/2026/03/29"
texts = st.lists(st.sampled_from(SIGNS), max_size=60)


@given(texts, st.integers(min_value=0, max_value=200))
def test_a_sign_is_never_split(signs: list[str], longest: int) -> None:
    """Accents, families, flags and tones of skin stay with what they belong to."""
    text = "".join(signs)
    kept = cut(text, longest)
    assert len(kept) <= longest or kept == text
    if kept != text:
        borders = {len("".join(signs[:count])) for count in range(len(signs) + 1)}
        assert len(kept.removesuffix("…")) in borders


@given(
    st.lists(st.sampled_from(["word", "longer-word", LINK, "www.harbour.example/a"]), min_size=1, max_size=12),
    st.data(),
)
def test_an_address_is_whole_or_left_out(words: list[str], data: st.DataObject) -> None:
    """Half an address leads somewhere else."""
    text = " ".join(words)
    longest = data.draw(st.integers(min_value=1, max_value=len(text)))
    kept = cut(text, longest).removesuffix("…").split()
    # A single word that is too long is cut where it stands: then at least something of it is read.
    assert kept == words[: len(kept)] or (len(kept) == 1 and words[0].startswith(kept[0]) and "." not in words[0])


@given(texts, st.integers(min_value=0, max_value=80))
def test_where_a_text_begins_is_no_middle_of_a_sign(signs: list[str], at: int) -> None:
    """Nor beyond where it may begin."""
    text = "".join(signs)
    at = min(at, len(text))
    start = word_start(text, at, len(text))
    assert at <= start <= len(text)
    assert start in {0, len(text)} or not continues(text, start)


@pytest.mark.parametrize(("text", "at"), [("🇺🇦🇩🇪", 1), ("🇺🇦🇩🇪", 3), ("👍🏽", 1), (FAMILY, 2), ("e\u0301", 1)])
def test_what_belongs_together(text: str, at: int) -> None:
    """Each of these would be another sign, or half a one, if it were cut there."""
    assert continues(text, at)
    assert word_end(text, at) == at - at % 2 if text.startswith("🇺") else word_end(text, at) == 0


def test_two_flags_may_be_parted() -> None:
    """Between them, not within."""
    assert not continues("🇺🇦🇩🇪", 2)
    assert cut("🇺🇦🇩🇪", 3) == "🇺🇦…"


@given(texts, st.integers(min_value=0, max_value=120))
def test_a_service_with_little_room_gets_whole_signs(signs: list[str], longest: int) -> None:
    """Also through Apprise, whose plugins would cut anywhere."""
    title = "".join(signs)
    text = f"{title}\n{LINK}\nid: m1"
    shown = fitted(text, longest)
    assert len(shown) <= longest or shown == text
    first = shown.split("\n")[0]
    if first != title:
        borders = {len("".join(signs[:count])) for count in range(len(signs) + 1)}
        assert len(first.removesuffix("…")) in borders
