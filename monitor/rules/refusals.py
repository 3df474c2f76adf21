"""What other query languages write: refused by name, with what to write instead, or it would be read as plain words."""

import re
from collections.abc import Callable

from monitor.text.folding import APOSTROPHES


def refused_word(text: str) -> str | None:
    """Return why a run of characters is no word of ours; None for one that may be."""
    for pattern, what in _REFUSED:
        if found := pattern.search(text):
            return what if isinstance(what, str) else what(found)
    return None


def _proximity(found: re.Match[str]) -> str:
    name, number = found[1].upper(), (found[2] or "5")[:3]
    operator = "ONEAR" if name in ("PRE", "P", "ONEAR") else "NEAR"
    if name in ("NEAR", "ONEAR"):
        return f"operators are written in upper case: {operator}/{number}"
    return f"words near each other are written a {operator}/{number} b"


_Reason = str | Callable[[re.Match[str]], str]

_REFUSED: tuple[tuple[re.Pattern[str], _Reason], ...] = (
    (re.compile(r"[\[\]{}]"), "brackets have no meaning here; group with ( ), and name the words of a range"),
    (re.compile(r"&&|^&$"), "write AND between words"),
    (re.compile(r"\|"), "write OR between words"),
    (re.compile(r"^!"), "write NOT before what must not be there"),
    (re.compile(r"^\+"), "leave the + out: every word is required unless OR stands between them"),
    (re.compile(r"^(w|n|p|pre|near|onear)/(\d+)$", re.IGNORECASE), _proximity),
    (re.compile(r"^ADJ$|^(?i:adj)/?\d+$"), "words right after one another are written a ONEAR/5 b, or as a phrase"),
    (re.compile(r"^[wW]/[sSpP]$"), "there are no sentences and paragraphs here: write a NEAR/10 b"),
    (re.compile(r"^\*"), "a * stands at the end of a word only: words are not looked for by how they end"),
    (re.compile(r"\?"), "? does not stand for a letter; write the words with OR, or /wom[ae]n/"),
    (re.compile(r"\*(?!$)"), "a * stands at the end of a word only, as in negoti*; else write /col.*r/"),
    (re.compile(r"~"), '~ has no meaning after a word: write its spellings with OR; a phrase may have it, "a b"~3'),
    (re.compile(r"\^"), "words have no weights: leave ^ and the number out"),
    (re.compile(rf"^[{APOSTROPHES}]"), 'a phrase stands in double quotes, such as "peace talks"'),
    (re.compile(r"[<>]"), "< and > have no meaning here; they stand after count(…) only"),
)
