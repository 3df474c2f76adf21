"""The extras: used where they are installed, absent without a trace where they are not."""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest

from monitor.system import languages


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], None]:
    """Pretend that a module is installed, with this inside."""
    known: set[str] = set()
    monkeypatch.setattr(languages, "find_spec", lambda name: object() if name in known else None)

    def install(name: str, inside: object) -> None:
        module = ModuleType(name)
        module.__dict__.update(vars(inside))
        monkeypatch.setitem(sys.modules, name, module)
        known.add(name)

    return install


def test_without_the_extras_nothing_is_detected(installed: Callable[[str, object], None]) -> None:
    """Neither is an error."""
    assert callable(installed)
    assert languages.detector() is None
    assert languages.lemmas() == {}


def test_a_detector_is_asked_once_for_a_text_and_never_without_letters(
    installed: Callable[[str, object], None],
) -> None:
    """A feed repeats its entries at every poll; numbers have no language."""
    asked: list[str] = []

    def classify(text: str) -> tuple[str, float]:
        asked.append(text)
        return "ru", 1.0

    installed("py3langid", SimpleNamespace(classify=classify))
    detect = languages.detector()
    assert detect is not None
    assert [detect("Привет"), detect("Привет"), detect("12 — 13"), detect("")] == ["ru", "ru", "", ""]
    assert asked == ["Привет"]
    assert detect("я" * 10_000) == "ru"
    assert len(asked[-1]) == 500


def test_a_dictionary_gives_the_first_form_and_knows_no_yo(installed: Callable[[str, object], None]) -> None:
    """Words are folded before they are looked up, and so is what comes back."""
    forms = {"ежики": ["ёжик", "ежик"], "zzz": []}
    analyzer = SimpleNamespace(normal_forms=lambda word: forms[word])
    installed("pymorphy3", SimpleNamespace(MorphAnalyzer=lambda **_: analyzer))
    installed("pymorphy3_dicts_ru", SimpleNamespace())
    languages._analyzer.cache_clear()
    lemma = languages.lemmas()["ru"]
    assert (lemma("ежики"), lemma("zzz")) == ("ежик", "zzz")
    languages._analyzer.cache_clear()
