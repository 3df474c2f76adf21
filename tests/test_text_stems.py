"""Stems: one for all forms of a word, in the language of the story or of its letters."""

from importlib import import_module

import pytest
import snowballstemmer

from monitor.text import stems as module
from monitor.text.scripts import Script, guess_language, script_of
from monitor.text.stems import Stems
from monitor.text.ukrainian import stem_ukrainian


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", "sanction sanctions sanctioned sanctioning"),
        ("ru", "санкция санкции санкций санкциями"),
        ("de", "haus hauses hauser"),
        ("fr", "negociation negociations"),
        ("uk", "санкція санкції санкцій санкціями санкцію"),
        ("uk", "обстріл обстрілу обстріли обстрілами обстрілів"),
        ("uk", "перехід переходу переходом"),
        ("uk", "генерал генерали генерала генералом"),
        ("uk", "система систем системи системою"),
        ("uk", "секретар секретарем секретарі"),
        ("uk", "український української українського українські"),
        ("uk", "атакувати атакував атакували атакує"),
        ("", "talk talks"),
        ("ru", "talk talks"),
        ("en", "переговоры переговоров"),
        ("el", "πολεμος πολεμου"),
    ],
)
def test_forms_of_one_word_have_one_stem(language: str, forms: str) -> None:
    """A word in another script than its story is stemmed by its own."""
    stems = Stems()
    assert len({stems.stem(form, language) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "talk talks"), ("bg", "мир мира"), ("be", "мір міры"), ("", "会 談")]
)
def test_a_language_without_a_stemmer_has_one_form_a_word(language: str, words: str) -> None:
    """Its words are not taken for those of another language of the same script."""
    assert [Stems().stem(word, language) for word in words.split()] == words.split()


def test_short_words_keep_three_letters() -> None:
    """What is shorter stays as it is."""
    assert stem_ukrainian("їх") == "їх"
    assert stem_ukrainian("мир") == stem_ukrainian("миру") == "мир"


def test_a_dictionary_comes_before_the_stemmer() -> None:
    """In its language alone."""
    stems = Stems({"ru": lambda word: {"людей": "человек"}.get(word, word)})
    assert stems.stem("людей", "ru") == stems.stem("человек", "ru")
    assert stems.stem("talks", "ru") == "talk"


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of new words forgets the old ones; a very long one is not stemmed at all."""
    monkeypatch.setattr(module, "_MOST_KEPT", 10)
    stems = Stems()
    assert [stems.stem(f"talks{'x' * number}s", "en") for number in range(25)]
    assert len(stems._known) <= 10  # its bound is what this is about
    assert stems.stem("talks", "en") == "talk"
    assert stems.stem("s" * 100, "en") == "s" * 100


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Talks resume", "en"), ("Élysée", "en"), ("Переговоры отложены", "ru"), ("Переговори відкладено", "uk"),
        ("Перамовы ў Мінску", "be"), ("会談", ""), ("123 — !", ""), ("", ""),
        ("Ειρήνη", "el"), ("سلام", "ar"), ("🚒", ""),
        ("Հայաստան", "hy"), ("शांति", "hi"), ("அமைதி", "ta"),
    ],
)  # fmt: skip
def test_letters_speak_for_a_language(text: str, language: str) -> None:
    """Only where nothing better is known."""
    assert guess_language(text) == language


def test_scripts_are_told_by_the_first_letter() -> None:
    """Also where there is none."""
    assert (script_of("ж"), script_of("ế"), script_of("会"), script_of("")) == (
        Script.CYRILLIC,
        Script.LATIN,
        Script.OTHER,
        Script.LATIN,
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("english", "negotiations skies dying generously happily relational cats ponies news proceed"),
        ("russian", "переговорами санкции погибшие осажденного важнейшая людей"),
        ("german", "verhandlungen aufgehoben menschen beschlossene"),
        ("french", "negociations continuellement sanctionnees"),
        ("greek", "διαπραγματευσεις κυρωσεις"),
        ("arabic", "المفاوضات والعقوبات"),
    ],
)
def test_the_stemmer_in_c_gives_the_same_stems_as_its_twin_in_python(name: str, words: str) -> None:
    """What was stored by stems of the one must be found by those of the other."""
    twin = import_module(f"snowballstemmer.{name}_stemmer")
    slow = getattr(twin, f"{name.title()}Stemmer")()
    fast = snowballstemmer.stemmer(name)
    assert type(fast) is not type(slow), "PyStemmer is missing"
    assert [fast.stemWord(word) for word in words.split()] == [slow.stemWord(word) for word in words.split()]
