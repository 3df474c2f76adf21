"""How rare words are, in bounded memory."""

import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories import vocabulary as module
from monitor.stories.vocabulary import Vocabulary, VocabularyDamaged, word_number

SETS = st.lists(st.sets(st.integers(min_value=0, max_value=2**32 - 1), max_size=5), max_size=8)


def taught(documents: list[set[int]]) -> Vocabulary:
    known = Vocabulary()
    for words in documents:
        known.learn(words)
    return known


def test_a_word_has_the_same_number_in_every_process() -> None:
    """A hash that Python salts would make yesterday's sketches strangers."""
    assert word_number("ferri") == zlib.crc32(b"ferri") == 2730101879
    assert word_number("паром") != word_number("паромщик")
    assert 0 <= word_number("\ud800") < 2**32


def test_the_rarer_a_word_the_more_it_weighs() -> None:
    known = taught([{1, 2}] * 10 + [{1}] * 90)
    assert known.weight(1) < known.weight(2) < known.weight(3) <= 250
    assert known.weight(1) == 1
    assert known.weights([3, 2, 1]) == [known.weight(3), known.weight(2), known.weight(1)]


@given(st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 60), max_size=8)), max_size=80), st.integers(0, 40))
@settings(max_examples=40)
def test_weights_that_were_worked_out_before_hold_no_longer_than_they_are_right(
    steps: list[tuple[bool, set[int]]], common: int
) -> None:
    """A vocabulary that is asked after every document says the same as one that is asked for the first time."""
    asked, unasked = (taught([set(range(common))] * 30) for _ in range(2))
    for is_new, words in steps:
        for one in (asked, unasked):
            (one.learn if is_new else one.unlearn)(words)
        asked.weights(range(60))
    assert asked.weights(range(60)) == unasked.weights(range(60))


def test_what_everybody_says_loses_weight_as_it_is_learned() -> None:
    known = Vocabulary.starting()
    before = known.weight(word_number("zeppelin"))
    for _ in range(50):
        known.learn({word_number("zeppelin")})
    assert known.weight(word_number("zeppelin")) < before


def test_a_new_installation_knows_the_words_of_news_in_three_languages() -> None:
    """Said often, said seldom, never heard of."""
    known = Vocabulary.starting()
    for often, seldom in (("presid", "zeppelin"), ("президент", "дирижабл"), ("україн", "дирижабл")):
        assert known.weight(word_number(often)) < known.weight(word_number(seldom)) - 20
    assert known.documents > 20_000


@settings(deadline=None, max_examples=20)
@given(SETS, st.sets(st.integers(min_value=0, max_value=2**32 - 1), max_size=5))
def test_what_was_learned_can_be_unlearned(documents: list[set[int]], words: set[int]) -> None:
    """As if it had never been there."""
    known = taught(documents)
    before = known.freeze()
    known.learn(words)
    known.unlearn(words)
    assert known.freeze() == before


@settings(deadline=None, max_examples=20)
@given(SETS)
def test_a_frozen_vocabulary_thaws_to_the_same(documents: list[set[int]]) -> None:
    """A restart changes no weight."""
    known = taught(documents)
    back = Vocabulary.thaw(known.freeze())
    assert back.freeze() == known.freeze()
    assert back.documents == len(documents)
    everything = sorted(set().union(*documents)) if documents else []
    assert back.weights(everything) == known.weights(everything)


def test_the_order_of_what_was_learned_makes_no_difference() -> None:
    documents = [{at, at + 1, 7} for at in range(40)]
    shuffled = documents.copy()
    random.Random(3).shuffle(shuffled)
    assert taught(documents).freeze() == taught(shuffled).freeze()


def test_the_past_is_forgotten_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table does not grow, and what was said long ago counts less and less."""
    monkeypatch.setattr(module, "_MOST_DOCUMENTS", 100)
    known = taught([{1}] * 100 + [{2}] * 60)
    assert known.documents == 60
    assert known.weight(1) > known.weight(2)


def test_unlearning_what_was_forgotten_goes_no_lower_than_nothing() -> None:
    known = Vocabulary()
    known.unlearn({1, 2})
    assert known.documents == 0
    assert known.freeze() == Vocabulary().freeze()


def test_a_frozen_vocabulary_is_small() -> None:
    """It is written with the stories, so it must not weigh more than they do."""
    known = Vocabulary.starting()
    chance = random.Random(1)
    for _ in range(2_000):
        known.learn({chance.randrange(2**32) for _ in range(30)})
    assert len(known.freeze()) < 400_000


@pytest.mark.parametrize("cut", [0, 2, 10, 11, 200, -1])
def test_bytes_that_are_no_vocabulary_are_refused(cut: int) -> None:
    with pytest.raises(VocabularyDamaged):
        Vocabulary.thaw(Vocabulary.starting().freeze()[:cut])


def test_bytes_of_another_kind_are_refused() -> None:
    with pytest.raises(VocabularyDamaged):
        Vocabulary.thaw(b"tv1" + bytes(8) + b"not compressed")
    with pytest.raises(VocabularyDamaged):
        Vocabulary.thaw(b"tv1" + bytes(8) + zlib.compress(b"short"))
