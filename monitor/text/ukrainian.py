"""A light stemmer for Ukrainian: takes off the endings of nouns and adjectives, and of verbs in -увати.

Snowball has none, and the dictionary of pymorphy3 for Ukrainian is of unclear licence. It works by endings alone, the
longest first, and leaves three letters at least: *санкція, санкції, санкцій, санкціями* have one stem. Endings of
verbs that many nouns have too (*сказали, генерали*) are left. The і that turns into о in an open syllable is followed
(*перехід, переходу*), vowels that come and go are not (*день, дня*).
"""

_LEAST = 3

_NOUNS = (
    "ами ями ові еві єві ах ях ам ям ом єм ою ею єю ів їв ей ий ій їй ії ія ію ією іями іях іям їх їм "
    "а я о е є и і ї у ю ь й ння нню нням ннях ннями ття ттю ттям"
)
_ADJECTIVES = "ого ього ому ьому ими іми их іх им ім ої ьої ій ою ьою а я е є і ий ій у ю"
_VERBS = "увати ювати ував увала увало ували ював ювала ювало ювали ує ює ують юють ає яє ають яють уть ють"
_ENDINGS = frozenset(f"{_NOUNS} {_ADJECTIVES} {_VERBS}".split())
_LONGEST = max(map(len, _ENDINGS))
_SOFT = "рцжчшщ"
"""before these -ем is an ending (*секретарем*); elsewhere it is the end of a stem (*систем*)"""
_CONSONANTS = frozenset("бвгґджзйклмнпрстфхцчшщ")


def stem_ukrainian(term: str) -> str:
    """Return the stem of a folded Ukrainian word; the same for most of its forms."""
    word = term.removesuffix("ся") if len(term) > _LEAST + 2 else term
    for length in range(min(_LONGEST, len(word) - _LEAST), 0, -1):
        if word[-length:] in _ENDINGS:
            word = word[:-length]
            break
    else:
        if word[-2:] == "ем" and word[-3:-2] in _SOFT and len(word) > _LEAST + 1:
            word = word[:-2]
    return _opened(word)


def _opened(stem: str) -> str:
    """Return a stem that ends in і and a consonant with о instead, as it has in all other forms."""
    if len(stem) > _LEAST and stem[-2] == "і" and stem[-1] in _CONSONANTS:
        return f"{stem[:-2]}о{stem[-1]}"
    return stem
