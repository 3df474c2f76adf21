"""Makes the sketch of an entry: cuts its text into words, weighs them, and notes what tells it from its like."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from monitor.model.entries import Text
from monitor.stories.numbering import Numbers, WordNumbers
from monitor.stories.outline import NotASketch, Parts, Sketch, assemble, pack, unpack
from monitor.stories.particulars import particulars
from monitor.stories.phrases import phrases
from monitor.stories.vocabulary import Vocabulary
from monitor.text.scripts import guess_language
from monitor.text.tokens import terms

__all__ = ["NotASketch", "Sketch", "pack", "sketch", "unpack"]

_TITLE_WORDS = 40
_SUMMARY_WORDS = 120
_LEAD_OF_BODY = 80
"""words of the body that stand in for a summary where there is none"""
_BODY_WORDS = 300
_LETTERS_A_WORD = 12
"""characters kept for each word wanted: enough in any language, and a long text costs no more than a short one"""
_OPENING = 8
"""words by which a body is known to repeat the summary"""
_FIRST_SPACELESS = "\u0e00"
_LETTERS_OF_A_SIGN = 2


def sketch(text: Text, *, language: str, names: Sequence[str], vocabulary: Vocabulary, numbers: WordNumbers) -> Sketch:
    """What likeness needs to know of an entry; `names` are its outlet's own and ignored. Never raises."""
    return assemble(parts_of(text, language=language, names=names, numbers=numbers), vocabulary.weights)


def parts_of(text: Text, *, language: str, names: Sequence[str], numbers: WordNumbers) -> Parts:
    """What a sketch is assembled from: the greater part of the work, and the one that no vocabulary is needed for."""
    title = text.title[: _TITLE_WORDS * _LETTERS_A_WORD]
    summary = text.summary[: _SUMMARY_WORDS * _LETTERS_A_WORD]
    body = text.body[: (_SUMMARY_WORDS + _BODY_WORDS) * _LETTERS_A_WORD]
    language = language or guess_language(f"{title} {summary or body}")
    own = [name for name in map(terms, names) if name]
    titled = _without(own, terms(title))[:_TITLE_WORDS]
    led = _without(own, terms(summary))[:_SUMMARY_WORDS]
    rest = _without(own, terms(body))
    if led and rest[:_OPENING] == led[:_OPENING]:
        rest = rest[len(led) :]
    if not led:
        led, rest = rest[:_LEAD_OF_BODY], rest[_LEAD_OF_BODY:]
    rest = rest[:_BODY_WORDS]
    known = numbers.of(language)
    in_title, in_lead = _count(known, _told(titled)), _count(known, _told(led))
    stated = particulars(
        _unsigned(title, names), summary or body[: _LEAD_OF_BODY * _LETTERS_A_WORD // 2], body, language
    )
    named = stated.names
    below = list(filter(named.__contains__, rest))
    # A name that was cut off stands nowhere; one that is a word of grammar has no number.
    standing = {*below, *named.intersection(titled), *named.intersection(led)}
    return Parts(
        title=in_title,
        lead=in_lead,
        names_below=_count(known, below),
        names={known[name] for name in standing} - {0},
        stated=stated,
        phrases=phrases([*titled, *led, *rest]),
        terms=len(titled) + len(led) + len(rest),
    )


def _count(numbers: Numbers, words: Iterable[str]) -> dict[int, int]:
    """How often each word stands there, by number, in the order of first places; words of grammar do not count."""
    counted: dict[int, int] = {}
    for number in map(numbers.__getitem__, words):
        counted[number] = counted.get(number, 0) + 1
    counted.pop(0, None)
    return counted


def _told(words: list[str]) -> Iterable[str]:
    """The words, and for scripts written without spaces, whose words are signs here, the pairs of neighbours."""
    if not words or max(words) < _FIRST_SPACELESS:
        return words
    pairs = (one + other for one, other in pairwise(words) if _is_sign(one) and _is_sign(other))
    return [*(word for word in words if not _is_sign(word)), *pairs]


def _is_sign(word: str) -> bool:
    return word >= _FIRST_SPACELESS and len(word) <= _LETTERS_OF_A_SIGN


def _unsigned(title: str, names: Sequence[str]) -> str:
    """The title as written, without an outlet's name, whose capitals are not those of the headline."""
    plain = title.casefold()
    for name in names:
        at = plain.rfind(name.casefold()) if name else -1
        if at > 0 and len(plain) == len(title):
            title = title[:at] + title[at + len(name) :]
            plain = title.casefold()
    return title


def _without(names: Sequence[list[str]], words: list[str]) -> list[str]:
    """The words without the phrases that are an outlet's names."""
    for name in names:
        first, size = name[0], len(name)
        if first not in words:
            continue
        kept: list[str] = []
        at = 0
        while at < len(words):
            if words[at] == first and words[at : at + size] == name:
                at += size
            else:
                kept.append(words[at])
                at += 1
        words = kept
    return words
