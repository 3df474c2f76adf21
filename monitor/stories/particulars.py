"""Who, how many and when: the names, numbers and days that a text states, by which two like events are told apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.text.folding import fold

_MOST_NUMBERS = 24
_MOST_DAYS = 12
_FIRST_YEAR = 1900
_LAST_YEAR = 2099
_TITLE_CASE = 0.6
"""share of capitals among the longer words of a headline, from which on capitals say nothing"""
_LONGER = 4
_FIRST_SMALL, _LAST_SMALL = "a", "{"
"""every plain word in small letters stands between them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a text states; numbers as written without separators, the first ones first."""

    names: frozenset[str]
    """folded words that stand with a capital letter and nowhere without"""
    numbers: tuple[str, ...]
    in_lead: int
    """how many of the numbers stand in the lead"""
    days: tuple[int, ...]
    """`day_code` of each date"""
    years: tuple[int, ...]
    weekdays: int
    """a bit for each, Monday is 1"""


def particulars(title: str, lead: str, rest: str, language: str) -> Particulars:
    """What a headline, its summary and the text under them state; bounded, whatever the text."""
    text = f"{title}\n{lead}\n{rest}"
    numbers, years = _figures(text)
    words = _words(text)
    return Particulars(
        names=frozenset() if language in _CAPITAL_NOUNS else _names(title, f"{lead}\n{rest}", words),
        numbers=numbers,
        in_lead=len(_figures(f"{title}\n{lead}")[0]) if numbers and rest else len(numbers),
        days=_days(text, words) if numbers else (),
        years=years,
        weekdays=_weekdays(words, language),
    )


def day_code(year: int, month: int, day: int) -> int:
    """A number below 56,500 for a date; year 0 where none is stated; codes of one year differ by days, roughly."""
    known = year - _FIRST_DATED + 1 if _FIRST_DATED <= year <= _LAST_YEAR else 0
    return known * _YEAR + (month - 1) * 31 + day


def has_year(code: int) -> bool:
    """Whether the date of a code has its year."""
    return _YEAR < code < _ISSUES


def without_year(code: int) -> int:
    """The code of the same day in any year; what is no day stays."""
    return code if code >= _ISSUES else (code - 1) % _YEAR + 1


_FIRST_DATED = 1950
_YEAR = 12 * 31
_ISSUES = 56_500
"""from here on codes are of no day, but of the issue of a series: day 5, part 2"""
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTERS = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}
_FIGURE = re.compile(r"\d[\d.,: \u00a0\u202f]*\d|\d")
_GROUPED = re.compile(r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+")
_CAPITAL_NOUNS = frozenset({"de", "lb"})


def _words(text: str) -> set[str]:
    """The words as written; those of plain text by a table and a split, which take a quarter of the pattern's time."""
    return set(text.translate(_ASCII_LETTERS).split() if text.isascii() else _WORD.findall(text))


def _names(title: str, rest: str, words: set[str]) -> frozenset[str]:
    if _is_title_case(title):
        words = _words(rest)
    # Of plain words those with a capital letter come before all others, which is quicker to ask than what it is.
    perhaps = [word for word in words if word < _FIRST_SMALL or word > _LAST_SMALL]
    found = [word for word in perhaps if len(word) > 1 and word[0].isupper() and word.lower() not in words]
    return frozenset(map(fold, found))


def _is_title_case(title: str) -> bool:
    longer = [word for word in _WORD.findall(title) if len(word) >= _LONGER]
    capital = [word for word in longer if word[0].isupper()]
    return len(capital) > _TITLE_CASE * len(longer)


def _figures(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if _is_without_digits(text):
        return (), ()
    numbers: dict[str, None] = {}
    years: dict[int, None] = {}
    for match in _FIGURE.finditer(text):
        for number in _ungrouped(match[0]):
            if len(number) == 4 and number.isdecimal() and _FIRST_YEAR <= int(number) <= _LAST_YEAR:  # noqa: PLR2004
                years[int(number)] = None
            else:
                numbers[number] = None
        if len(numbers) >= _MOST_NUMBERS:
            break
    return tuple(numbers)[:_MOST_NUMBERS], tuple(years)[:_MOST_DAYS]


def _is_without_digits(text: str) -> bool:
    """Whether a plain text surely has none, as most: to strike them out takes a fifth of looking for one."""
    return text.isascii() and len(text.encode().translate(None, b"0123456789")) == len(text)


def _ungrouped(figure: str) -> Iterable[str]:
    """The numbers of a run of digits and separators: 1,000 is one, 5, 7 are two."""
    for part in figure.replace(", ", "  ").split("  "):
        if _GROUPED.fullmatch(part):
            yield re.sub(r"\D", "", part)
        else:
            yield from part.strip(".,: \u00a0\u202f").split()


def _days(text: str, words: set[str]) -> tuple[int, ...]:
    found: dict[int, None] = {}
    if words & _ISSUE_WORDS:
        found = {_ISSUES + int(match[1]): None for match in _ISSUE.finditer(text)}
    if words & _MONTH_SPELLINGS or _NUMERIC.search(text):
        for pattern, order in _DATES:
            for match in pattern.finditer(text):
                year, month, day = (match[place] for place in order)
                number = int(month) if month.isdecimal() else _MONTHS.get(fold(month), 0)
                if 1 <= number <= 12 and 1 <= int(day) <= 31:  # noqa: PLR2004
                    found[day_code(int(year or 0), number, int(day))] = None
    return tuple(found)[:_MOST_DAYS]


_SERIES = (
    *("day", "part", "episode", "week", "round", "chapter", "issue"),
    *("tag", "teil", "folge", "день", "часть", "частина"),
)
_ISSUE = re.compile(rf"(?i)\b(?:{'|'.join(_SERIES)}) ([0-9]{{1,3}})\b")
_ISSUE_WORDS = frozenset(spelling for word in _SERIES for spelling in (word, word.title(), word.upper()))
_DATES = (
    (re.compile(r"\b([12]\d\d\d)-(\d\d)-(\d\d)\b", re.ASCII), (1, 2, 3)),
    (re.compile(r"\b(\d{1,2})\.(\d{1,2})\.([12]\d\d\d)\b", re.ASCII), (3, 2, 1)),
    (re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th|\.)? ([^\W\d_]{3,10})\.?,?(?: ([12][09][0-9]{2})\b)?"), (3, 2, 1)),
    (re.compile(r"\b([^\W\d_]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?\b(?:,? ([12][09][0-9]{2})\b)?"), (3, 1, 2)),
)
_MONTHS = {
    name: number
    for language in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sept oct nov dec",
        "januar februar marz april mai juni juli august sep oktober november dezember",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    )
    for number, name in enumerate(language.split(), 1)
}
_MONTH_SPELLINGS = frozenset(spelling for name in _MONTHS for spelling in (name, name.title(), name.upper())) | {"März"}
_NUMERIC = re.compile(r"\d[-.]\d\d?[-.]\d")


def _weekdays(words: set[str], language: str) -> int:
    names = _WEEKDAYS.get(language)
    if names is None:
        return 0
    found = 0
    for word in words & names.keys():
        found |= 1 << names[word]
    return found


def _spellings(days: str) -> dict[str, int]:
    return {
        spelling: number
        for number, names in enumerate(days.split(";"))
        for name in names.split()
        for spelling in (name, name.title())
    }


_WEEKDAYS = {
    "en": _spellings("monday mon;tuesday;wednesday;thursday;friday;saturday;sunday"),
    "de": _spellings("montag;dienstag;mittwoch;donnerstag;freitag;samstag sonnabend;sonntag"),
    "ru": _spellings(
        "понедельник понедельника;вторник вторника;среду среды;четверг четверга;пятницу пятницы;субботу субботы;"
        "воскресенье воскресенья"
    ),
    "uk": _spellings(
        "понеділок понеділка;вівторок вівторка;середу середи;четвер;пʼятницю ятницю;суботу суботи;неділю неділі"
    ),
}
