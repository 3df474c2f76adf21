"""Sketches of invented texts, for the tests of what is alike."""

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from monitor.model.entries import Text
from monitor.stories.numbering import WordNumbers
from monitor.stories.sketch import Sketch, sketch
from monitor.stories.vocabulary import Vocabulary

NUMBERS = WordNumbers()
VOCABULARY = Vocabulary.starting()
"""never taught in tests that share it"""

_WORDS = (
    *("ferry", "Alma", "harbour", "Norvik", "mole", "Quake", "Chile", "Peru", "kills", "3", "30", "rudder", "storm"),
    *("the", "of", "Kabul", "mayor", "Lindgren", "inquiry", "5 March 2024", "Monday", "паром", "Чили", "渡", "轮", "."),
)


def sketched(title: str, summary: str = "", body: str = "", *, language: str = "", names: Sequence[str] = ()) -> Sketch:
    """The sketch of a text, as a new installation makes it."""
    text = Text(title=title, summary=summary, body=body)
    return sketch(text, language=language, names=names, vocabulary=VOCABULARY, numbers=NUMBERS)


def texts() -> st.SearchStrategy[Text]:
    """Texts of a few words, so that two of them have some in common."""
    return st.builds(Text, title=_said(8), summary=_said(30), body=_said(60))


def headlines_told() -> st.SearchStrategy[Sketch]:
    """Sketches of bare headlines."""
    return _said(7).map(sketched)


def _said(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(_WORDS), max_size=most).map(" ".join)


def sketches() -> st.SearchStrategy[Sketch]:
    """Their sketches."""
    return texts().map(lambda text: sketched(text.title, text.summary, text.body))


def sentences(words: Iterable[str], size: int = 9) -> str:
    """The words as sentences of so many each."""
    told = list(words)
    return " ".join(" ".join(told[at : at + size]).capitalize() + "." for at in range(0, len(told), size))
