"""What a headline says, without what its outlet hangs on it: labels such as *Exclusive-*, and the outlet's own name.

Two entries whose bare headlines are equal may be the same text. So only that goes which can stand before any news
(`labels`), and the outlet's own names; a name of anybody else is a part of the news: *Putin: …* and *Zelensky: …* over
the same words are two stories.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from monitor.stories.labels import AFTER_NAME, BEFORE, BEHIND, TAGS, WIRE
from monitor.text.tokens import terms

TELLING = 5
"""words of a headline from which on it may name a text; fewer ("Morning briefing") stand over any news"""
_LONGEST = 600  # characters: what is longer is no headline, and stays as it is
_EDGE = 60  # characters from either end in which a label or a name may stand
_MOST_WORDS = 8  # of a label or a name
_MOST_PARTS = 6  # separators looked at from either end
_ARTICLE = "the"
_SHORTEST_NAME = 6  # letters of a domain that may begin with an article
_ARTICLES = (_ARTICLE, "die", "der", "das", "le", "la", "el")
_SPACELESS = "\u0e00"  # Thai; from here on most scripts give a token a sign

_PARTING = re.compile(
    r"\s*(?::(?!\d)|\||//|[·•!]|\.(?=\s))\s*|\s+[-–—]+\s+|(?P<tight>[-–—])(?=[^\W_a-zа-яіїєґё]|[\"'“‘«„])"
)
_ANY = re.compile(r"[][()|·•!:]|//|\.\s|\s[-–—]|^\W*\w[\w ]{2,20}[-–—]")
"""one quick look that spares most headlines the rest: without any of these there is nothing to part"""
_LEADING = re.compile(r"[\[(]([^][()]{1,40})[\])]\s*")
_TRAILING = re.compile(r"\s*[\[(]([^][()]{1,40})[\])]$")
_LOOSE = " \t-–—|·•:/"
"""what may be left at the end where a name went"""


def bare_title(title: str, names: Sequence[str] = ()) -> str:
    """The headline without labels and without `names` (of the outlet, its publisher, the entry's authors) at its ends.

    Never empty where the title is not; the bare headline of a bare headline is itself.
    """
    bare = title.strip()
    if len(bare) > _LONGEST or not _ANY.search(bare):
        return bare
    own = _own(tuple(names))
    while (shorter := next(_shorter(bare, own), None)) is not None:
        bare = shorter
    return bare


def headline_number(title: str, names: Sequence[str] = ()) -> int:
    """A number of 64 bits that names the words of the bare headline; 0 where they are fewer than `TELLING`."""
    words = terms(bare_title(title, names))
    # A sign of a script without spaces is hardly half a word.
    signs = sum(len(word) == 1 and word >= _SPACELESS for word in words)
    if len(words) - signs / 2 < TELLING:
        return 0
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


@lru_cache(1_000)
def _own(names: tuple[str, ...]) -> frozenset[str]:
    """The spellings of names, for the headlines of a feed that come one after another."""
    return frozenset(spelt for name in names for spelt in _spellings(terms(name))) - {""}


def _shorter(bare: str, own: frozenset[str]) -> Iterator[str]:
    """What remains without one thing at either end, as far as something does."""
    remains = (*_without_head(bare, own), *_without_tail(bare, own), *_without_brackets(bare, own))
    return (rest for rest in remains if len(rest) < len(bare) and terms(rest))


def _without_head(bare: str, own: frozenset[str]) -> Iterator[str]:
    for _, found in zip(range(_MOST_PARTS), _PARTING.finditer(bare, 0, _EDGE), strict=False):
        head = terms(bare[: found.start()])
        if _is_label(head, WIRE) or (not found["tight"] and _is_heading(head, own)):
            yield bare[found.end() :].lstrip(_LOOSE)


def _without_tail(bare: str, own: frozenset[str]) -> Iterator[str]:
    partings = [found for found in _PARTING.finditer(bare, max(0, len(bare) - _EDGE)) if not found["tight"]]
    for found in partings[-_MOST_PARTS:]:
        tail = terms(bare[found.end() :])
        is_stop = "." in found[0] or "!" in found[0]
        if " ".join(tail) in BEHIND or (not is_stop and _is_own(tail, own)):
            # A sentence keeps its own stop; a dash or a bar goes with what it parted.
            end = found.start() + 1 if is_stop else found.start()
            yield bare[:end].rstrip(_LOOSE)


def _without_brackets(bare: str, own: frozenset[str]) -> Iterator[str]:
    first = _LEADING.match(bare)
    last = _TRAILING.search(bare) if bare.endswith((")", "]")) else None
    if first and _is_tag(terms(first[1]), own):
        yield bare[first.end() :]
    if last and _is_tag(terms(last[1]), own):
        yield bare[: last.start()]


def _is_heading(words: Sequence[str], own: frozenset[str]) -> bool:
    """Whether the words are a label, a name, or both: `Gazette exclusive`."""
    if len(words) > _MOST_WORDS:
        return False
    if _is_label(words, BEFORE) or _is_own(words, own):
        return True
    return any(_is_label(words[cut:], BEFORE) and _is_own(words[:cut], own) for cut in range(1, len(words)))


def _is_label(words: Sequence[str], labels: frozenset[str]) -> bool:
    """Whether the words are a label, or one with a number: `UPDATE 2`."""
    joined = " ".join(words)
    return joined in labels or (len(words) > 1 and words[-1].isdigit() and " ".join(words[:-1]) in labels)


def _is_tag(words: Sequence[str], own: frozenset[str]) -> bool:
    return bool(words) and (all(word in TAGS for word in words) or _is_own(words, own))


def _is_own(words: Sequence[str], own: frozenset[str]) -> bool:
    """Whether the words are a name, or a name with what outlets add to it."""
    if not own or not words or len(words) > _MOST_WORDS:
        return False
    ends = [cut for cut in range(1, len(words)) if " ".join(words[cut:]) in AFTER_NAME]
    return any(not own.isdisjoint(_spellings(words[:end])) for end in (len(words), *ends))


def _spellings(words: Sequence[str]) -> Iterator[str]:
    """A name without spaces, with and without its article: `The Moscow Times` is the domain themoscowtimes too."""
    name = "".join(words)
    yield name
    if words and words[0] in _ARTICLES and len(words) > 1:
        yield "".join(words[1:])
    elif name.startswith(_ARTICLE) and len(name) > _SHORTEST_NAME:
        yield name.removeprefix(_ARTICLE)
