"""Headlines that say the opposite of one another."""

import pytest

from monitor.stories.contraries import is_contrary
from monitor.stories.vocabulary import word_number
from monitor.text.folding import fold
from monitor.text.stems import Stems

STEMS = Stems()


def words(title: str, language: str = "en") -> frozenset[int]:
    return frozenset(word_number(STEMS.stem(fold(word), language)) for word in title.split())


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Peace talks begin in Geneva", "Peace talks falter in Geneva", "en"),
        ("Norway raises rates", "Sweden cuts rates", "en"),
        ("Senate approves the harbour bill", "Senate rejected the harbour bill", "en"),
        ("Переговоры начались в Женеве", "Переговоры в Женеве сорвались", "ru"),
        ("Рада схвалила закон", "Рада відхилила закон", "uk"),
        ("Notenbank erhöht den Zins", "Notenbank senkt den Zins", "de"),
    ],
)
def test_opposite_answers_contradict_either_way_round(one: str, other: str, language: str) -> None:
    """Whichever comes first."""
    assert is_contrary(words(one, language), words(other, language))
    assert is_contrary(words(other, language), words(one, language))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Peace talks begin in Geneva", "Peace talks start in Geneva"),
        ("Peace talks begin in Geneva", "Delegations arrive in Geneva"),
        ("Stocks rise and fall on rate fears", "Stocks fall on rate fears"),
        ("Stocks fall on rate fears", "Stocks rise and fall on rate fears"),
        ("", "Talks begin"),
        ("Norway raises rates", "Talks falter"),
    ],
)
def test_what_agrees_or_says_both_or_speaks_of_something_else_contradicts_nothing(one: str, other: str) -> None:
    """Precision first: only a plain yes against a plain no counts."""
    assert not is_contrary(words(one), words(other))
