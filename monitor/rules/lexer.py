"""Cuts a query into lexemes, and refuses by name what the language does not have, so that nothing is misread."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from monitor.rules.tree import FIELD_NAMES, QueryMistake
from monitor.text.folding import APOSTROPHES, DOUBLE_QUOTES


class Kind(StrEnum):
    """What a lexeme is."""

    WORD = "word"
    PHRASE = "phrase"
    RAW = "raw"
    """characters after `link:`, to be taken as they are"""
    ENTITY = "entity"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    REFUSED = "refused"
    """stands for an operand that has a mistake of its own"""
    END = "end"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of a query: columns from 1, end exclusive. `text` is what it says, without its quotes or prefix."""

    kind: Kind
    text: str
    start: int
    end: int


def cut(query: str) -> tuple[tuple[Lexeme, ...], tuple[QueryMistake, ...]]:
    """Return the lexemes, the last of which is END, and every mistake seen on the way."""
    cutter = _Cutter(query)
    cutter.run()
    return tuple(cutter.lexemes), tuple(cutter.mistakes)


_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_MINUS = "-−–"

_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(f"[{DOUBLE_QUOTES}]([^{DOUBLE_QUOTES}]*)[{DOUBLE_QUOTES}]")
_FIELD = re.compile(r"([^\W\d_]\w*):")
_RUN = re.compile(rf"[^\s(){DOUBLE_QUOTES}]+")
_RAW = re.compile(r"[^\s)]+")
_SOLID = re.compile(r"\S+")
_REGEX = re.compile(r"/(?:[^/\\]|\\.)+/(?=[\s()]|$)")
_NEAR = re.compile(r"O?NEAR(?:/\d*)?")
_DISTANCE = re.compile(r"~\d*")
_COMPARISON = re.compile(r"\s*[<>=]+\s*\d+")

_LATER = "not supported yet"
_REFUSED_WORDS = (
    (re.compile(r"[\[\]{}]"), "brackets have no meaning here; group with ( )"),
    (re.compile(r"&&|^&$"), "write AND between words"),
    (re.compile(r"\|"), "write OR between words"),
    (re.compile(r"^!"), "write NOT before what must not be there"),
    (re.compile(r"^\+"), "leave the + out: every word is required unless OR stands between them"),
    (re.compile(r"^="), f"exact spelling such as =Apple is {_LATER}"),
    (re.compile(r"^[wWnN]/\d+$|^(?i:adj)\d+$"), f"words near each other are written a NEAR/5 b, which is {_LATER}"),
    (re.compile(r"^[^*?]+\*$"), f"a prefix such as negoti* is {_LATER}"),
    (re.compile(r"[*?]"), "* and ? do not stand for letters; put the words in double quotes to look for them"),
    (re.compile(r"~"), "~ has no meaning after a word"),
    (re.compile(r"\^"), "words have no weights: leave ^ and the number out"),
    (re.compile(rf"^[{APOSTROPHES}]"), 'a phrase stands in double quotes, such as "peace talks"'),
    (re.compile(r"[<>]"), "< and > have no meaning here"),
)
"""What other query languages write, and what we will; each would otherwise be read as a plain word."""


class _Cutter:
    """Goes through one query from left to right."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.lexemes: list[Lexeme] = []
        self.mistakes: list[QueryMistake] = []

    def run(self) -> None:
        while self.at < len(self.query):
            if space := _SPACE.match(self.query, self.at):
                self.at = space.end()
            else:
                self._next(self.query[self.at])
        self._add(Kind.END, "", self.at)

    def _next(self, sign: str) -> None:
        if sign in "()":
            self._add(Kind.OPEN if sign == "(" else Kind.CLOSE, sign, self.at + 1)
        elif sign in DOUBLE_QUOTES:
            self._quoted(Kind.PHRASE)
        elif sign in _MINUS:
            self._minus()
        elif regex := _REGEX.match(self.query, self.at):
            self._refuse(f"a regular expression is {_LATER}; put the text in quotes", regex.end())
        elif name := _FIELD.match(self.query, self.at):
            self._field(name[1].lower(), name.end())
        else:
            self._run(self.at)

    def _add(self, kind: Kind, text: str, end: int) -> None:
        self.lexemes.append(Lexeme(kind, text, self.at + 1, end + 1))
        self.at = end

    def _blame(self, what: str) -> None:
        self.mistakes.append(QueryMistake(column=self.at + 1, what=what))

    def _refuse(self, what: str, end: int) -> None:
        self._blame(what)
        self._add(Kind.REFUSED, "", end)

    def _quoted(self, kind: Kind) -> None:
        found = _QUOTED.match(self.query, self.at)
        if found is None:
            self._refuse("the quotation mark opened here is never closed", len(self.query))
        elif distance := _DISTANCE.match(self.query, found.end()):
            self._refuse(f'words within a distance, "…"{distance[0]}, are {_LATER}', distance.end())
        else:
            self._add(kind, " ".join(found[1].split()), found.end())

    def _minus(self) -> None:
        following = self.query[self.at + 1 : self.at + 2]
        if following and not following.isspace() and following != ")":
            self._add(Kind.NOT, self.query[self.at], self.at + 1)
        else:
            self._blame("a dash alone says nothing: write NOT, or leave it out")
            self.at += 1

    def _field(self, name: str, end: int) -> None:
        if name == "entity":
            self._entity(end)
        elif name in FIELD_NAMES:
            self._add(Kind.FIELD, name, end)
            if name == "link":
                self._link()
        elif self.query.startswith("//", end):
            self._refuse(
                'an address is no field: put it in double quotes, or write link:"…" for entries whose link has it',
                _end(_RUN, self.query, end),
            )
        else:
            near = get_close_matches(name, (*FIELD_NAMES, "entity"), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "put the words in quotes if the colon belongs to them"
            self._blame(f"unknown field {name!r}, {hint}")
            self.at = end

    def _link(self) -> None:
        """Take what follows `link:` without a space as it is, unless it is quoted or grouped."""
        raw = _RAW.match(self.query, self.at)
        if raw is None or raw[0][0] == "(" or raw[0][0] in DOUBLE_QUOTES:
            return
        if "(" in raw[0] or any(sign in raw[0] for sign in DOUBLE_QUOTES):
            self._refuse("put a link with ( or quotes in it in double quotes", _end(_SOLID, self.query, self.at))
        else:
            self._add(Kind.RAW, raw[0], raw.end())

    def _entity(self, at: int) -> None:
        """Take an id, quoted or not; the two forms that are not there yet are refused."""
        end = _end(_RUN, self.query, at)
        name = self.query[at:end]
        if quoted := _QUOTED.match(self.query, at):
            self._add(Kind.ENTITY, quoted[1], quoted.end())
        elif not name:
            self._refuse("entity: needs the id of a declared entity right after it", at)
        elif name.lower().startswith("type:"):
            self._refuse(f"entity:type:… is {_LATER}", end)
        elif name.endswith("?"):
            self._refuse(f"possible mentions, entity:{name}, are {_LATER}", end)
        else:
            self._add(Kind.ENTITY, name, end)

    def _run(self, start: int) -> None:
        end = _end(_RUN, self.query, start)
        text = self.query[start:end]
        if text in _OPERATORS:
            self._add(_OPERATORS[text], text, end)
        elif _NEAR.fullmatch(text):
            self._blame(f"{text} is {_LATER}")
            self._add(Kind.AND, text, end)
        elif self.query.startswith("(", end):
            self._call(text, end)
        elif refusal := next((what for pattern, what in _REFUSED_WORDS if pattern.search(text)), None):
            self._refuse(refusal, end)
        else:
            self._add(Kind.WORD, text, end)

    def _call(self, name: str, opened: int) -> None:
        """Refuse `name(…)` as a whole, and the comparison after it."""
        depth = 0
        end = opened
        while end < len(self.query):
            depth += {"(": 1, ")": -1}.get(self.query[end], 0)
            end += 1
            if depth == 0:
                break
        if comparison := _COMPARISON.match(self.query, end):
            end = comparison.end()
        if name in {"forms", "count"}:
            self._refuse(f"{name}(…) is {_LATER}", end)
        else:
            self._refuse(f"{name!r} is no function; put a space before ( to begin a group", end)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where a match that begins at `start` ends; `start` where there is none."""
    match = pattern.match(text, start)
    return match.end() if match else start
