"""Folding: spellings that a reader takes for the same become the same string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.folding import APOSTROPHES, DASHES, DOUBLE_QUOTES, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("CEASEFIRE", "ceasefire"),
        ("Zażółć", "zazolc"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("Đurđević", "durdevic"),
        ("İstanbul Diyarbakır", "istanbul diyarbakir"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ﬁnance", "finance"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("co\u00adoperate", "cooperate"),
    ],
)
def test_latin_and_greek_lose_case_and_diacritics(written: str, folded: str) -> None:
    """A reader who types without accents finds the word that has them."""
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ёлка", "елка"),
        ("за\u0301мок", "замок"),
        ("Йод", "йод"),
        ("и\u0306од", "йод"),
        ("Їжак", "їжак"),
        ("Ўсё", "ўсе"),
    ],
)
def test_cyrillic_keeps_letters_that_only_look_accented(written: str, folded: str) -> None:
    """ё is е and stress marks vanish, but й, ї and ў are letters of their own, composed or not."""
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Iнтерв'ю", "інтерв'ю"),
        ("Cуд у Xаркові", "суд у харкові"),
        ("ПОЛЬЩA", "польща"),
        ("Wi-Fi у Львові", "wi-fi у львові"),
        ("Zоряний", "zоряний"),
        ("ａж", "аж"),
        ("e\u0301ж", "еж"),
    ],
)
def test_latin_letters_astray_in_a_cyrillic_word_are_cyrillic(written: str, folded: str) -> None:
    """No reader sees them. A letter that nobody could take for a Cyrillic one leaves the word as it is."""
    assert fold(written) == folded
    assert fold(folded) == folded


def test_short_i_is_not_i() -> None:
    """Folding й to и would join different words."""
    assert fold("мой") != fold("мои")


@pytest.mark.parametrize(
    ("written", "folded"),
    [("مُحَمَّد", "محمد"), ("أحمد", "احمد"), ("שָׁלוֹם", "שלום"), ("が", "が"), ("ｶﾞ", "ガ"), ("हिन्दी", "हिन्दी")],
)
def test_other_scripts_lose_only_marks_that_readers_leave_out(written: str, folded: str) -> None:
    """Vowel points go; sound marks and vowel signs carry the word and stay."""
    assert fold(written) == folded


def test_typographic_signs_become_plain_ones() -> None:
    """Quotes, apostrophes and dashes of every house style are unified."""
    assert {fold(sign) for sign in APOSTROPHES} == {"'"} | {fold("`"), fold("´")}
    assert {fold(sign) for sign in DOUBLE_QUOTES} == {'"'}
    assert {fold(sign) for sign in DASHES} == {"-"}


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """A folded text is its own fold."""
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_only_lowered(text: str) -> None:
    """The hot path needs no table."""
    assert fold(text) == text.lower()
