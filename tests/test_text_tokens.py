"""Tokens: where words end, what they fold to, and where they stand in the original."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text.folding import fold
from monitor.text.tokens import Token, spans, terms, tokenise


def test_a_token_says_what_it_folds_to_and_where_it_stood() -> None:
    """The possessive belongs to no token, and offsets count code points of the original."""
    assert tokenise("“Élysée’s talks”") == (Token("elysee", "Élysée", 1, 7), Token("talks", "talks", 10, 15))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cease-fire", "cease fire"),
        ("cease\u2011fire", "cease fire"),
        ("O'Brien’s aide", "o brien aide"),
        ("the workers' strike", "the workers strike"),
        ("U.S. envoys", "u s envoys"),
        ("snake_case #Truce @desk", "snake case truce desk"),
        ("1,000 or 1.000 or 1 000", "1 000 or 1 000 or 1 000"),
        ("3.5% of G20", "3 5 of g20"),
        ("Лук’янівка Лук'янівка Лук\u02bcянівка", "лук янівка лук янівка лук янівка"),
        ("IT'S his'story 's", "it his story s"),
        ("a's’s", "a s"),
        ("e\u0301te\u0301", "ete"),
        ("co\u00adoperate", "cooperate"),
        ("\u0301 \u0640 — …", ""),
        ("", ""),
    ],
)
def test_words_are_cut_where_the_house_rule_says(text: str, expected: str) -> None:
    """Letters and digits with their marks; all else separates, in texts and queries alike."""
    assert terms(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("停戦交渉", ["停", "戦", "交", "渉"]),
        ("が\u304b\u3099", ["が", "が"]),
        ("ｶﾞ", ["ガ"]),
        ("ยุติ", ["ยุ", "ติ"]),
        ("휴전 \u1112\u1172", ["휴", "전", "휴"]),
        ("G7会議", ["g7", "会", "議"]),
    ],
)
def test_scripts_without_spaces_give_a_token_a_character(text: str, expected: list[str]) -> None:
    """Phrases do the rest; marks stay with their character."""
    assert terms(text) == expected


def test_words_of_indic_scripts_stay_whole() -> None:
    """Vowel signs are no letters to Python, yet no word breaks at them."""
    assert terms("शांति वार्ता") == ["शांति", "वार्ता"]


@pytest.mark.parametrize("text", ["Про це пише Iнтерв'ю", "A\u200bж", "ａж", "Éж", "ªж", "a\u0483ж", "Київ і EU"])
def test_stray_letters_are_found_on_the_quick_way_too(text: str) -> None:
    """Which words are looked at more closely is decided for a whole text, and must not change one."""
    assert terms(text) == [fold(token.exact) for token in tokenise(text)]


_anything = st.text(alphabet=st.characters())
_likely = st.text(alphabet="aZéйё'’sS-–.,1 \u0301\u00ad\u3099会かยุ\u1112\u1161\u11ab_ʼ`\u0640ﷺ½İß")


@given(st.one_of(_anything, _likely))
@example("ʼs a’s’s \u037a")
@example("\ud800\udfff\x00")
def test_tokens_are_ordered_and_fold_from_the_original(text: str) -> None:
    """Every token is a stretch of the text, folds to its term, and ends before the next begins."""
    end = 0
    for token in tokenise(text):
        assert token.start >= end
        assert token.exact == text[token.start : token.end]
        assert token.term
        assert fold(token.exact) == token.term
        end = token.end
    assert len(spans(text)) == len(terms(text))


@given(st.one_of(st.text(alphabet=st.characters(max_codepoint=127)), st.text(alphabet="aZs19'`S -")))
@example("'s's a's's's b`S'S")
def test_the_short_way_for_ascii_cuts_like_the_long_way(text: str) -> None:
    """A word of another script at the end must not change how the ASCII words before it are cut."""
    assert [*terms(text), "ж"] == terms(f"{text} ж")


def test_a_word_that_was_folded_before_folds_the_same_and_so_does_one_too_long_to_be_remembered() -> None:
    """What is remembered of a word of one text holds for all others."""
    words = ["Йод", "Ж" * 50, "Éж", "Йод"]
    expected = [fold(word) for word in words]
    assert terms(" ".join(words)) == terms(" ".join(words)) == expected


def test_no_combining_mark_of_unicode_breaks_a_word() -> None:
    """The blocks that are searched for marks hold all of them."""
    marks = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "M"]
    assert [mark for mark in marks if len(spans(f"ж{mark}ж")) != 1] == []
