"""Cuts a query into lexemes, and refuses by name what the language does not have, so that nothing is misread."""

import re
from difflib import get_close_matches

from monitor.rules.comparisons import COMPARISON, least_count
from monitor.rules.lexemes import Kind, Lexeme
from monitor.rules.refusals import refused_word
from monitor.rules.tree import FIELD_NAMES, QueryMistake, QueryNote
from monitor.text.folding import DOUBLE_QUOTES

MAX_DISTANCE = 100
"""words, of NEAR and of a phrase with ~"""


def cut(query: str) -> tuple[tuple[Lexeme, ...], tuple[QueryMistake, ...], tuple[QueryNote, ...]]:
    """Return the lexemes, the last of which is END, every mistake seen on the way, and what may not be meant."""
    cutter = _Cutter(query)
    cutter.run()
    return tuple(cutter.lexemes), tuple(cutter.mistakes), tuple(cutter.notes)


_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_FUNCTIONS = ("count", "forms")
_MINUS = "-−–"

_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(f"[{DOUBLE_QUOTES}]([^{DOUBLE_QUOTES}]*)[{DOUBLE_QUOTES}]")
_FIELD = re.compile(r"([^\W\d_]\w*):")
_RUN = re.compile(rf"[^\s(){DOUBLE_QUOTES}]+")
_RAW = re.compile(r"[^\s)]+")
_SOLID = re.compile(r"\S+")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/(?=[\s()]|$)", re.DOTALL)
_NEAR = re.compile(r"(O?NEAR)(?:/(\d*))?")
_DISTANCE = re.compile(r"~(\d*)")
_STAR_IN_QUOTES = re.compile(r"\w\*(?!\w)")
_MOST_DIGITS = 6
"""of a number that is read: Python refuses to read thousands of them"""
_LONGEST_GUESS = 100
"""characters of a wrong word that a right one is looked for: the search takes the square of it"""


class _Cutter:
    """Goes through one query from left to right."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.lexemes: list[Lexeme] = []
        self.mistakes: list[QueryMistake] = []
        self.notes: list[QueryNote] = []
        self.opened: list[str] = []
        """the function before each ( that is open, or nothing"""

    def run(self) -> None:
        while self.at < len(self.query):
            if space := _SPACE.match(self.query, self.at):
                self.at = space.end()
            else:
                self._next(self.query[self.at])
        self._add(Kind.END, "", self.at)

    def _next(self, sign: str) -> None:
        if sign == "(":
            self.opened.append("")
            self._add(Kind.OPEN, sign, self.at + 1)
        elif sign == ")":
            self._close()
        elif sign in DOUBLE_QUOTES:
            self._quoted()
        elif sign in _MINUS:
            self._minus()
        elif sign == "=":
            self._exact()
        elif sign == "/":
            self._regex()
        elif name := _FIELD.match(self.query, self.at):
            self._field(name[1].lower(), name.end())
        else:
            self._run(self.at)

    def _add(self, kind: Kind, text: str, end: int, number: int = 0) -> None:
        self.lexemes.append(Lexeme(kind, text, self.at + 1, end + 1, number))
        self.at = end

    def _blame(self, what: str) -> None:
        self.mistakes.append(QueryMistake(column=self.at + 1, what=what))

    def _note(self, what: str) -> None:
        self.notes.append(QueryNote(column=self.at + 1, what=what))

    def _refuse(self, what: str, end: int) -> None:
        self._blame(what)
        self._add(Kind.REFUSED, "", end)

    def _close(self) -> None:
        function = self.opened.pop() if self.opened else ""
        self._add(Kind.CLOSE, ")", self.at + 1)
        if function == "count":
            self._compare()

    def _compare(self) -> None:
        """Take `>= 3` after `count(…)`, and refuse every other comparison by what to write instead."""
        found = COMPARISON.match(self.query, self.at)
        if found is None:
            self._refuse("count(…) needs a number to be compared with, such as count(…) >= 3", self.at)
            return
        count = least_count(*found.groups())
        self.at += len(found[0]) - len(found[0].lstrip())
        if isinstance(count, str):
            self._refuse(count, found.end())
        else:
            self._add(Kind.COMPARED, found[0].strip(), found.end(), count)

    def _quoted(self) -> None:
        found = _QUOTED.match(self.query, self.at)
        if found is None:
            self._refuse("the quotation mark opened here is never closed", len(self.query))
            return
        text = " ".join(found[1].split())
        if _STAR_IN_QUOTES.search(text):
            self._note("a * in quotes is no prefix; words before a beginning are written peace ONEAR/1 negoti*")
        distance = _DISTANCE.match(self.query, found.end())
        if distance is None:
            self._add(Kind.PHRASE, text, found.end())
        elif number := self._distance(distance[1], "~", distance.end(), least=0):
            self._add(Kind.LOOSE, text, distance.end(), number[0])

    def _distance(self, digits: str, sign: str, end: int, *, least: int) -> tuple[int] | None:
        """The number after ~ or NEAR/; where there is none that can be, the whole is refused."""
        if not digits:
            self._refuse(f"{sign} needs a number of words right after it, such as {sign}5", end)
        elif len(digits) > _MOST_DIGITS or not least <= int(digits) <= MAX_DISTANCE:
            self._refuse(f"{sign}{digits[:_MOST_DIGITS]}: a distance is {least} to {MAX_DISTANCE} words", end)
        else:
            return (int(digits),)
        return None

    def _minus(self) -> None:
        following = self.query[self.at + 1 : self.at + 2]
        if following and not following.isspace() and following != ")":
            self._add(Kind.NOT, self.query[self.at], self.at + 1)
        else:
            self._blame("a dash alone says nothing: write NOT, or leave it out")
            self.at += 1

    def _exact(self) -> None:
        """Take `=Word` or `="Several Words"`."""
        if quoted := _QUOTED.match(self.query, self.at + 1):
            self._add(Kind.EXACT, quoted[1], quoted.end())
            return
        end = _end(_RUN, self.query, self.at + 1)
        text = self.query[self.at + 1 : end]
        if not text:
            self._refuse("= needs a word or a phrase right after it, such as =Apple", self.at + 1)
        elif refusal := refused_word(text):
            self._refuse(refusal, end)
        elif text.endswith("*"):
            self._refuse("a spelling is exact as a whole: leave the = or the * out", end)
        else:
            self._add(Kind.EXACT, text, end)

    def _regex(self) -> None:
        if regex := _REGEX.match(self.query, self.at):
            self._add(Kind.REGEX, regex[1], regex.end())
            return
        what = "a / opens a regular expression and one before a space ends it: /cease.?fire/; or put it in quotes"
        self._refuse(what, _end(_RUN, self.query, self.at))

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
            near = get_close_matches(name[:_LONGEST_GUESS], (*FIELD_NAMES, "entity"), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "put the words in quotes if the colon belongs to them"
            self._blame(f"unknown field {name[:_LONGEST_GUESS]!r}, {hint}")
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
        """Take an id, quoted or not, or a type; a `?` after it asks for possible mentions too."""
        if quoted := _QUOTED.match(self.query, at):
            is_possible = self.query.startswith("?", quoted.end())
            self._add(Kind.ENTITY, quoted[1], quoted.end() + is_possible, is_possible)
            return
        end = _end(_RUN, self.query, at)
        name = self.query[at:end]
        is_possible = name.endswith("?")
        name = name.removesuffix("?")
        if not name:
            self._refuse("entity: needs the id of a declared entity right after it", end)
        elif name.lower().startswith("type:"):
            self._add(Kind.ENTITY_TYPE, name[len("type:") :].lower(), end, is_possible)
        else:
            self._add(Kind.ENTITY, name, end, is_possible)

    def _run(self, start: int) -> None:
        end = _end(_RUN, self.query, start)
        text = self.query[start:end]
        if text in _OPERATORS:
            self._add(_OPERATORS[text], text, end)
        elif near := _NEAR.fullmatch(text):
            self._near(near, end)
        elif self.query.startswith("(", end):
            self._call(text, end)
        elif refusal := refused_word(text):
            self._refuse(refusal, end)
        elif text.endswith("*"):
            self._add(Kind.PREFIX, text[:-1], end)
        else:
            if text in ("and", "or", "not"):
                self._note(f"{text!r} in lower case is a word to be found; the operator is {text.upper()}")
            self._add(Kind.WORD, text, end)

    def _near(self, found: re.Match[str], end: int) -> None:
        """Take the operator; one whose distance is wrong still joins its sides."""
        name, digits = found.groups()
        number = self._near_distance(name, digits or "")
        self._add(Kind.NEAR, name, end, number)

    def _near_distance(self, name: str, digits: str) -> int:
        if not digits:
            self._blame(f"{name} needs a number of words, such as {name}/5")
        elif len(digits) > _MOST_DIGITS or not 1 <= int(digits) <= MAX_DISTANCE:
            self._blame(f"{name}/{digits[:_MOST_DIGITS]}: a distance is 1 to {MAX_DISTANCE} words")
        else:
            return int(digits)
        return 1

    def _call(self, name: str, opened: int) -> None:
        """Take `count(` or `forms(`; refuse another `name(…)` as a whole, and the comparison after it."""
        if name.lower() in _FUNCTIONS:
            self.opened.append(name.lower())
            self._add(Kind.CALL, name.lower(), opened + 1)
            return
        depth = 0
        end = opened
        while end < len(self.query):
            depth += {"(": 1, ")": -1}.get(self.query[end], 0)
            end += 1
            if depth == 0:
                break
        if comparison := COMPARISON.match(self.query, end):
            end = comparison.end()
        near = get_close_matches(name.lower()[:_LONGEST_GUESS], _FUNCTIONS, n=1)
        hint = f"did you mean {near[0]}(…)?" if near else "put a space before ( to begin a group"
        self._refuse(f"{name[:_LONGEST_GUESS]!r} is no function; {hint}", end)


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where a match that begins at `start` ends; `start` where there is none."""
    match = pattern.match(text, start)
    return match.end() if match else start
