"""The numbers of a headline or a sentence, in figures or in words, and which of them count nothing.

English, Russian, Ukrainian and German. Dates, clock times, years, scores, ranges, ages, ordinals, durations, distances,
sums of money and parts of names (*F-16*, *No 5*) count nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monitor.text.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How many, as far as a text says; `high` is `low` unless it says *dozens*."""

    low: float
    high: float
    words: str
    """for people: `1,200`, `dozens`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word, folded, a number with its amount, or a sign."""

    word: str
    amount: Amount | None = None
    """None for words and signs, and for numbers that count nothing"""
    is_number: bool = False
    is_share: bool = False
    """a percentage"""
    is_capital: bool = False
    """begins with a capital letter"""

    @property
    def is_sign(self) -> bool:
        """Whether it is neither word nor number."""
        return not self.is_number and not self.word[:1].isalpha()


def amount_of(value: float) -> Amount:
    """The amount of one value."""
    return Amount(low=value, high=value, words=f"{value:,.10g}")


def pieces(sentence: str) -> tuple[Piece, ...]:
    """The words, numbers and signs of a sentence in their order."""
    found = [_piece(match, sentence) for match in _PIECE.finditer(sentence)]
    return tuple(_judged(list(_scaled(found))))


_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_PIECE = re.compile(rf"(?P<number>{_NUMBER})|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|[^\w\s]")
_GROUPS = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_GLUE_BEFORE = re.compile(r"[\w$€£¥₽₴#№/:-]$|\d[.,–—-]$")
"""what makes a number behind it part of a name, a sum, a date, a score or a range"""
_GLUE_AFTER = re.compile(r"(?:[:/–-]\d|(?:-|–)?[^\W\d_]|\s?[$€£¥₽₴]|[.]\d)")
_SCALE_GLUED = re.compile(r"(m|bn|k|mln|млн|тыс|тис)(?![^\W\d_])")
_RATED = re.compile(r"-(?:magnitude|percent|prozent)", re.IGNORECASE)
"""what may hang on a number by a hyphen"""

_SCALE_WORDS = {
    1e3: "thousand k тысяча тысячи тысяч тыс тисяча тисячі тисяч тис tausend",
    1e6: "million mln m миллион миллиона миллионов млн мільйон мільйона мільйонів mio millionen",
    1e9: "billion bn миллиард миллиарда миллиардов млрд мільярд мільярда мільярдів mrd milliarde milliarden",
}
_SCALES = {word: scale for scale, words in _SCALE_WORDS.items() for word in words.split()}
_SPELT = (
    "one один одна одного одну",
    "two два две двух двое двоих дві двох двоє zwei",
    "three три трех трое троих трьох троє drei",
    "four четыре четырех четверо четверых чотири чотирьох четверо vier",
    "five пять пяти пятеро пятерых п'ять п'яти п'ятеро funf",
    "six шесть шести шестеро шестерых шість шести шестеро sechs",
    "seven семь семи семеро семерых сім семи семеро sieben",
    "eight восемь восьми восьмеро вісім восьми acht",
    "nine девять девяти девятеро дев'ять дев'яти neun",
    "ten десять десяти zehn",
    "eleven одиннадцать одиннадцати одинадцять одинадцяти elf",
    "twelve двенадцать двенадцати дванадцять дванадцяти zwolf",
)
_TEENS = (
    "thirteen тринадцать тринадцати тринадцять тринадцяти dreizehn",
    "fourteen четырнадцать четырнадцати чотирнадцять чотирнадцяти vierzehn",
    "fifteen пятнадцать пятнадцати п'ятнадцять п'ятнадцяти funfzehn",
    "sixteen шестнадцать шестнадцати шістнадцять шістнадцяти sechzehn",
    "seventeen семнадцать семнадцати сімнадцять сімнадцяти siebzehn",
    "eighteen восемнадцать восемнадцати вісімнадцять вісімнадцяти achtzehn",
    "nineteen девятнадцать девятнадцати дев'ятнадцять дев'ятнадцяти neunzehn",
)
_TENS = (
    "twenty двадцать двадцати двадцять двадцяти zwanzig",
    "thirty тридцать тридцати тридцять тридцяти dreissig",
    "forty сорок сорока vierzig",
    "fifty пятьдесят пятидесяти п'ятдесят п'ятдесяти funfzig",
    "sixty шестьдесят шестидесяти шістдесят шістдесяти sechzig",
    "seventy семьдесят семидесяти сімдесят сімдесяти siebzig",
    "eighty восемьдесят восьмидесяти вісімдесят вісімдесяти achtzig",
    "ninety девяносто дев'яносто neunzig",
)
_WORDS = {word: number for number, words in enumerate((*_SPELT, *_TEENS), 1) for word in words.split()}
_WORDS |= {word: number for number, words in zip(range(20, 100, 10), _TENS, strict=True) for word in words.split()}
_TEN, _TWENTY = 10, 20
_VAGUE_WORDS = {
    ("dozens", 20, 99): "dozens scores десятки десятков десятків dutzende dutzenden",
    ("hundreds", 200, 999): "hundreds сотни сотен сотні сотень hunderte hunderten",
    ("thousands", 2_000, 9_999): "thousands тысячи тисячі tausende tausenden",
}
_VAGUE = {word: vague for vague, words in _VAGUE_WORDS.items() for word in words.split()}
_SHARES = re.compile(r"percent|pct|percentage|процент\w*|відсот\w*|prozent")
_UNITS = re.compile(
    r"seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|decades?|am|pm|oclock|o'clock"
    r"|km|kms|kilomet\w+|miles?|met(?:er|re)s?|feet|foot|ft|inch(?:es)?|kg|kilos?|tons?|tonnes?|mph|degrees?|times"
    r"|dollars?|usd|euros?|eur|pounds?|gbp|yuan|yen|rupees?|rubles?|roubles?|hryvnias?|cents?"
    r"|секунд\w*|минут\w*|час(?:а|ов)?|дн(?:я|ей)|день|суток|недел\w*|месяц\w*|год(?:а|у)?|лет|летн\w+|раза?|км|метр\w*"
    r"|километр\w*|кг|тонн\w*|градус\w*|долл\w*|евро|руб\w*|грн|гривен|гривн\w*|хвилин\w*|годин\w*|дні|днів|тижн\w*"
    r"|місяц\w*|рок(?:ів|у|и|ах)|років|рік|річн\w*|разів|рази|доларів|євро|sekunden?|minuten?|stunden?|uhr|tagen?|tage?"
    r"|wochen?|monaten?|monate?|jahren?|jahre?|jahrig\w*|kilometern?|metern?|grad|mal|franken|rubel"
)
_MONTHS = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|январ\w|феврал\w|марта?|апрел\w|мая|июн\w|июл\w|августа?|сентябр\w|октябр\w|ноябр\w"
    r"|декабр\w|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|januar|februar"
    r"|marz|mai|juni|juli|oktober|dezember"
)
_NAMING_WORDS = (
    "no number day week article page top round phase part chapter level grade route flight highway room unit aged age"
    " номер статья день стаття тег artikel tag nummer platz"
)
_NAMING = frozenset(_NAMING_WORDS.split())
"""words that make a number behind them a name, a place in a list or an age"""


def _piece(match: re.Match[str], sentence: str) -> Piece:
    raw = match[0]
    if match["number"] is None:
        return _word(raw.lower() if raw.isascii() else fold(raw) or raw, is_capital=raw[0].isupper())
    before, after = sentence[max(match.start() - 2, 0) : match.start()], sentence[match.end() : match.end() + 12]
    hangs = _GLUE_AFTER.match(after) and not _SCALE_GLUED.match(after) and not _RATED.match(after)
    counts = not (hangs or _GLUE_BEFORE.search(before) or _YEAR.fullmatch(raw))
    return Piece(word=raw, is_number=True, amount=amount_of(_value(raw)) if counts else None)


def _word(word: str, *, is_capital: bool) -> Piece:
    if word in _WORDS:
        return Piece(word=word, is_number=True, amount=amount_of(_WORDS[word]), is_capital=is_capital)
    if word in _VAGUE:
        name, low, high = _VAGUE[word]
        return Piece(word=word, is_number=True, amount=Amount(low=low, high=high, words=name), is_capital=is_capital)
    return Piece(word=word, is_capital=is_capital)


def _value(raw: str) -> float:
    """Three digits behind a separator are thousands, in whatever country; fewer or more are a fraction."""
    groups = _GROUPS.match(raw)
    whole, rest = (groups[0], raw[groups.end() :]) if groups else ("", raw)
    digits = "".join(sign for sign in whole if sign.isdecimal())
    return float((digits or "") + rest.replace(",", "."))


def _scaled(found: list[Piece]) -> Iterator[Piece]:
    """The pieces with *1.2 million* and *12 per cent* as one number each."""
    at = 0
    while at < len(found):
        piece = found[at]
        at += 1
        if width := _unit_behind(found, at):
            unit = found[at + width - 1]
            piece = replace(piece, amount=amount_of(_WORDS[piece.word] + _WORDS[unit.word]))
            at += width
        if piece.amount is not None and at < len(found) and found[at].word in _SCALES:
            scale = _SCALES[found[at].word]
            piece = replace(piece, amount=_times(piece.amount, scale))
            at += 1
        if piece.is_number and (width := _share_behind(found, at)):
            piece = replace(piece, is_share=True)
            at += width
        yield piece


def _unit_behind(found: list[Piece], at: int) -> int:
    """How many pieces at a place make a number of the tens before it: *thirty-two*, *двадцать два*."""
    tens = _WORDS.get(found[at - 1].word, 0)
    if tens < _TWENTY or at >= len(found):
        return 0
    hyphens = int(found[at].word == "-")
    unit = _WORDS.get(found[at + hyphens].word, 0) if at + hyphens < len(found) else 0
    return hyphens + 1 if 0 < unit < _TEN else 0


def _times(amount: Amount, scale: float) -> Amount:
    if amount.low == amount.high:
        return amount_of(amount.low * scale)
    return Amount(low=amount.low * scale, high=amount.high * scale, words=f"{amount.words} of {amount_of(scale).words}")


def _share_behind(found: list[Piece], at: int) -> int:
    """How many pieces at a place say that the number before them is a percentage."""
    words = [piece.word for piece in found[at : at + 3] if piece.word != "-"]
    hyphens = int(at < len(found) and found[at].word == "-")
    if words[:2] == ["per", "cent"]:
        return hyphens + 2
    return hyphens + 1 if words and (words[0] == "%" or _SHARES.fullmatch(words[0])) else 0


def _judged(found: list[Piece]) -> Iterator[Piece]:
    """The pieces, with numbers that count nothing by what stands around them as such."""
    for at, piece in enumerate(found):
        before = found[at - 1].word if at else ""
        after = [one.word for one in found[at + 1 : at + 3]]
        if piece.amount is not None and not _counts(piece, before, after):
            yield replace(piece, amount=None)
        else:
            yield piece


def _counts(piece: Piece, before: str, after: list[str]) -> bool:
    following = after[0] if after else ""
    is_dated = bool(_MONTHS.fullmatch(before) or _MONTHS.fullmatch(following))
    if following == "." and len(after) > 1:  # 3. Mai
        is_dated = bool(_MONTHS.fullmatch(after[1]))
    is_age = before == "," and following == ","
    is_part = piece.word[:1].isalpha() and "-" in (before, following)  # two-thirds, one-way
    is_pronoun = piece.word in _ONES and (before in {"no", "any", "every", "each", "not"} or following == "of")
    return not (is_dated or is_age or is_part or is_pronoun or before in _NAMING or _UNITS.fullmatch(following))


_ONES = frozenset(_SPELT[0].split())
