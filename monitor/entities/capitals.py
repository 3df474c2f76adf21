"""Whether a name that several entities share stands in the text as one of them declares it, capitals included."""

from collections.abc import Iterable

from monitor.entities.inflection import parts_of
from monitor.entities.naming import Form
from monitor.entities.paradigms import Case
from monitor.entities.scanning import Lettering


def is_as_declared(form: Form, exact: tuple[str, ...], written: Lettering) -> bool:
    """Whether words that are this form are a declared name or a case of it, in the capitals of the declaration.

    Capitals say nothing in a field where every word has one.
    """
    if len(form.how) > 1 or any(step.split(",")[0] not in _CASES for step in form.how):
        return False
    return written.proves_nothing or any(_agree(exact, _words(spelling)) for spelling in form.name.spellings)


_CASES = frozenset(Case)


def _words(text: str) -> Iterable[str]:
    return (part.token.exact for part in parts_of(text))


def _agree(exact: Iterable[str], declared: Iterable[str]) -> bool:
    return all(_is_so(one, other, at == 0) for at, (one, other) in enumerate(zip(exact, declared, strict=False)))


def _is_so(exact: str, declared: str, is_first: bool) -> bool:
    """Whether a word has the capitals of its declaration; the first may have one because a sentence begins there."""
    # A case of an acronym may end in small letters: МИДа.
    if exact.startswith(declared) or _capitals(exact) == _capitals(declared):
        return True
    return is_first and _capitals(exact) == (True, False) and not declared[:1].isupper()


def _capitals(word: str) -> tuple[bool, bool]:
    """Whether a word begins with a capital, and whether it has no other letters."""
    return word[:1].isupper(), len(word) > 1 and word.isupper()
