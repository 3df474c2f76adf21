"""Reads a query into its syntax tree, by recursive descent.

    either  := every (OR every)*                       binds loosest
    every   := near ((AND)? near)*                     words side by side must all be there
    near    := negated ((NEAR/n | ONEAR/n) negated)*   from left to right
    negated := (NOT | -)? operand                      binds tightest
    operand := word | "phrase" | "phrase"~n | prefix* | =Exact | /regex/ | entity:id | forms(word)
             | count(either) >= n | ( either ) | field: operand

So `a OR b c` is `a OR (b AND c)`, and `NOT a b` is `(NOT a) AND b`. docs/queries.md has the grammar in full.
"""

import re
from difflib import get_close_matches

from monitor.entities.roster import Roster
from monitor.rules.lexemes import Kind, Lexeme
from monitor.rules.lexer import cut
from monitor.rules.literals import read_literal
from monitor.rules.placement import find_misplaced
from monitor.rules.polarity import find_negative
from monitor.rules.tree import (
    ENTITY_TYPES,
    FIELD_NAMES,
    And,
    Columns,
    Count,
    EntityMention,
    EntityType,
    Field,
    Fielded,
    Forms,
    Near,
    Node,
    Not,
    Or,
    Query,
    QueryMistake,
    QueryNote,
    Regex,
    Word,
)

MAX_LENGTH = 20_000
"""characters of a query"""
MAX_DEPTH = 100
"""groups in groups"""
_LONGEST_GUESS = 100
"""characters of a wrong word that a right one is looked for: the search takes the square of it"""
_ASCII_ONLY = re.compile(r"\\[bBwWdD]")


def parse(query: str, roster: Roster) -> Query | tuple[QueryMistake, ...]:
    """Return the query as understood, or all of its mistakes in the order of their columns."""
    if len(query) > MAX_LENGTH:
        return (QueryMistake(column=MAX_LENGTH + 1, what=f"a query has at most {MAX_LENGTH} characters"),)
    lexemes, refused, notes = cut(query)
    reader = _Reader(lexemes, roster, query)
    tree = reader.read()
    kinds = {lexeme.kind for lexeme in lexemes}
    misplaced = find_misplaced(tree) if tree and not kinds.isdisjoint(_PLACED) else ()
    mistakes = (*refused, *reader.mistakes, *misplaced)
    if tree is None or mistakes:
        return tuple(sorted(set(mistakes)))
    noted = tuple(sorted({*notes, *reader.notes}))
    negative = find_negative(tree) if Kind.NOT in kinds else ()
    return negative or Query(text=query, tree=tree, notes=noted)


_PLACED = frozenset({Kind.FIELD, Kind.NEAR, Kind.CALL})
"""what gives the parts beside or within it a place that may be wrong"""
_JOINS = frozenset({Kind.AND, Kind.OR, Kind.NOT, Kind.FIELD, Kind.NEAR})
_LITERALS = frozenset({Kind.WORD, Kind.PHRASE, Kind.LOOSE, Kind.PREFIX, Kind.EXACT, Kind.REGEX, Kind.RAW})
_OPERANDS = _LITERALS | {Kind.ENTITY, Kind.ENTITY_TYPE, Kind.FIELD, Kind.CALL, Kind.OPEN, Kind.REFUSED}
_EVERYWHERE = frozenset({Kind.AND, Kind.NOT}) | _OPERANDS


class _Reader:
    """Goes through the lexemes of one query. A part that is wrong is noted and read as None."""

    def __init__(self, lexemes: tuple[Lexeme, ...], roster: Roster, query: str) -> None:
        self.lexemes = lexemes
        self.roster = roster
        self.query = query
        self.at = 0
        self.depth = 0
        self.mistakes: list[QueryMistake] = []
        self.notes: list[QueryNote] = []

    def read(self) -> Node | None:
        tree = self._either(None)
        while self._here().kind is not Kind.END:
            self._blame(self._here(), "this ) closes nothing")
            self._take()
            if self._here().kind is not Kind.END:
                self._either(None)
        return tree

    def _here(self) -> Lexeme:
        return self.lexemes[self.at]

    def _take(self) -> Lexeme:
        """Step over the lexeme that stands here; nobody steps over END."""
        self.at += 1
        return self.lexemes[self.at - 1]

    def _blame(self, lexeme: Lexeme, what: str) -> None:
        self.mistakes.append(QueryMistake(column=lexeme.start, what=what))

    def _note(self, column: int, what: str) -> None:
        self.notes.append(QueryNote(column=column, what=what))

    def _either(self, scope: Field | None) -> Node | None:
        parts = [self._every(scope)]
        excluded = None
        while self._here().kind is Kind.OR:
            self._take()
            part, excluded = self._every(scope)
            parts.append((part, excluded))
        if excluded and not any(earlier for _, earlier in parts[:-1]):
            what = "this NOT excludes from the last alternative only; for all of them write (a OR b) NOT c"
            self._note(excluded.columns.start, what)
        flat = [each for part, _ in parts if part for each in (part.parts if isinstance(part, Or) else (part,))]
        return Or(parts=tuple(flat), columns=_around(flat)) if len(flat) > 1 else _only(flat)

    def _every(self, scope: Field | None) -> tuple[Node | None, Not | None]:
        """What must all be there, and the first part of it that must not."""
        parts = [self._near(scope)]
        while self._here().kind in _EVERYWHERE:
            is_implicit = self._here().kind is not Kind.AND
            if not is_implicit:
                self._take()
            parts.append(self._near(scope))
            if is_implicit:
                self._note_neighbours(parts[-2], parts[-1])
        excluded = next((part for part in parts if isinstance(part, Not)), None)
        flat = [each for part in parts if part for each in (part.parts if isinstance(part, And) else (part,))]
        tree = And(parts=tuple(flat), columns=_around(flat)) if len(flat) > 1 else _only(flat)
        return tree, excluded if len(parts) > 1 else None

    def _note_neighbours(self, one: Node | None, other: Node | None) -> None:
        """`peace talks NEAR/5 Miami` looks as if two words were near a third."""
        for near, word in ((one, other), (other, one)):
            if isinstance(near, Near) and isinstance(word, Word):
                what = "NEAR takes the one word on either side of it; put a phrase in quotes, or write AND here"
                self._note(word.columns.start, what)

    def _near(self, scope: Field | None) -> Node | None:
        left = self._negated(scope)
        while self._here().kind is Kind.NEAR:
            operator = self._take()
            right = self._negated(scope)
            if left and right:
                left = Near(
                    left=left,
                    right=right,
                    distance=operator.number,
                    is_ordered=operator.text == "ONEAR",
                    columns=_around([left, right]),
                )
            else:
                left = left or right
        return left

    def _negated(self, scope: Field | None) -> Node | None:
        if self._here().kind is not Kind.NOT:
            return self._operand(scope)
        first = self._take()
        while self._here().kind is Kind.NOT:
            self._blame(self._take(), "NOT of NOT: say it without either")
        part = self._operand(scope)
        return part and Not(part=part, columns=Columns(start=first.start, end=part.columns.end))

    def _operand(self, scope: Field | None) -> Node | None:  # noqa: PLR0911 - one for each kind of operand
        if self._here().kind not in _OPERANDS:
            self._nothing()
            return None
        lexeme = self._take()
        match lexeme.kind:
            case Kind.OPEN:
                return self._group(lexeme, scope)
            case Kind.CALL:
                return self._call(lexeme, scope)
            case Kind.FIELD:
                return self._fielded(lexeme, scope)
            case Kind.ENTITY | Kind.ENTITY_TYPE:
                return self._entity(lexeme)
            case Kind.REFUSED:
                return None
        return self._literal(lexeme, scope)

    def _literal(self, lexeme: Lexeme, scope: Field | None) -> Node | None:
        node = read_literal(lexeme, scope, self.query)
        if isinstance(node, str):
            self._blame(lexeme, node)
            return None
        if isinstance(node, Regex) and not node.pattern.isascii() and _ASCII_ONLY.search(node.pattern):
            what = r"\b, \w and \d know ASCII letters and digits only; for others write [^\pL], \pL, \pN"
            self._note(lexeme.start, what)
        return node

    def _nothing(self) -> None:
        """Say what is missing where an operand should stand; step over an operator that would be met again."""
        before = self.lexemes[self.at - 1] if self.at else None
        here = self._here()
        if before and before.kind in _JOINS:
            name = f"{before.text}:" if before.kind is Kind.FIELD else before.text
            self._blame(before, f"{name} has nothing after it")
        elif here.kind in {Kind.AND, Kind.OR, Kind.NEAR}:
            self._blame(here, f"{here.text} has nothing before it")
        elif before and before.kind is Kind.OPEN and here.kind is Kind.CLOSE:
            self._blame(before, "a group ( ) with nothing in it")
        elif before and before.kind is Kind.CALL:
            self._blame(before, f"{before.text}( ) with nothing in it")
        elif before is None:
            what = "the query is empty" if here.kind is Kind.END else "this ) closes nothing"
            self._blame(here, what)
        if here.kind is Kind.AND:
            self._take()

    def _group(self, opened: Lexeme, scope: Field | None) -> Node | None:
        if self.depth == MAX_DEPTH:
            self._blame(opened, f"groups stand at most {MAX_DEPTH} deep in one another")
            self.at = len(self.lexemes) - 1
            return None
        self.depth += 1
        tree = self._either(scope)
        self.depth -= 1
        if self._here().kind is Kind.CLOSE:
            self._take()
        elif not self._gave_up():
            self._blame(opened, "the ( opened here is never closed")
        return tree

    def _call(self, opened: Lexeme, scope: Field | None) -> Node | None:
        """Read `forms(word)`, or `count(…) >= n` with its comparison."""
        part = self._group(opened, scope)
        least = 0
        if opened.text == "count" and self._here().kind in (Kind.COMPARED, Kind.REFUSED):
            least = self._take().number
        columns = Columns(start=opened.start, end=self.lexemes[self.at - 1].end)
        if part is None:
            return None
        if opened.text == "count":
            return Count(part=part, least=least, columns=columns) if least else None
        if isinstance(part, Word):
            return Forms(term=part.term, text=part.text, columns=columns)
        self._blame(opened, "forms(…) takes one plain word, such as forms(sanction)")
        return None

    def _gave_up(self) -> bool:
        return any("deep in one another" in mistake.what for mistake in self.mistakes)

    def _fielded(self, lexeme: Lexeme, outer: Field | None) -> Node | None:
        while self._here().kind is Kind.FIELD:
            self._blame(self._take(), f"one field at a time: {lexeme.text}: stands before it")
        if outer is not None:
            self._blame(lexeme, f"{lexeme.text}: cannot stand inside {outer}:( )")
        if self._here().kind is Kind.NOT:
            self._blame(self._take(), f"write NOT before {lexeme.text}:, not after it")
        field = FIELD_NAMES[lexeme.text]
        part = self._operand(field)
        return part and Fielded(
            field=field, part=part, columns=Columns(start=lexeme.start, end=self.lexemes[self.at - 1].end)
        )

    def _entity(self, lexeme: Lexeme) -> Node | None:
        is_possible = bool(lexeme.number)
        if lexeme.kind is Kind.ENTITY_TYPE:
            return self._entity_type(lexeme)
        if lexeme.text in self.roster.phrases:
            return EntityMention(id=lexeme.text, is_possible=is_possible, columns=_columns(lexeme))
        near = get_close_matches(lexeme.text[:_LONGEST_GUESS], self.roster.phrases, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "declare it under entities:"
        self._blame(lexeme, f"unknown entity {lexeme.text[:_LONGEST_GUESS]!r}, {hint}")
        return None

    def _entity_type(self, lexeme: Lexeme) -> Node | None:
        known = set(self.roster.types.values())
        if lexeme.text in known:
            return EntityType(type=lexeme.text, is_possible=bool(lexeme.number), columns=_columns(lexeme))
        if lexeme.text in ENTITY_TYPES:
            self._blame(lexeme, f"no entity of type {lexeme.text} is declared, so this would find nothing")
            return None
        near = get_close_matches(lexeme.text[:_LONGEST_GUESS], {*known, *ENTITY_TYPES}, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(ENTITY_TYPES)}"
        self._blame(lexeme, f"unknown type of entity {lexeme.text[:_LONGEST_GUESS]!r}, {hint}")
        return None


def _columns(lexeme: Lexeme) -> Columns:
    return Columns(start=lexeme.start, end=lexeme.end)


def _around(parts: list[Node]) -> Columns:
    return Columns(start=parts[0].columns.start, end=parts[-1].columns.end) if parts else Columns()


def _only(parts: list[Node]) -> Node | None:
    return parts[0] if parts else None
