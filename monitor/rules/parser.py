"""Reads a query into its syntax tree, by recursive descent.

    either  := every (OR every)*                 binds loosest
    every   := negated ((AND)? negated)*         words side by side must all be there
    negated := (NOT | -)? operand                binds tightest
    operand := word | "phrase" | entity:id | ( either ) | field: operand

So `a OR b c` is `a OR (b AND c)`, and `NOT a b` is `(NOT a) AND b`.
"""

from difflib import get_close_matches

from monitor.entities.roster import Roster
from monitor.rules.lexer import Kind, Lexeme, cut
from monitor.rules.polarity import find_negative
from monitor.rules.tree import (
    FIELD_NAMES,
    TEXT_FIELDS,
    And,
    Columns,
    EntityMention,
    Field,
    Fielded,
    Literal,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    QueryMistake,
    Word,
)
from monitor.text.tokens import terms

MAX_LENGTH = 20_000
MAX_DEPTH = 100


def parse(query: str, roster: Roster) -> Query | tuple[QueryMistake, ...]:
    """Return the query as understood, or all of its mistakes in the order of their columns."""
    if len(query) > MAX_LENGTH:
        return (QueryMistake(column=MAX_LENGTH + 1, what=f"a query has at most {MAX_LENGTH} characters"),)
    lexemes, refused = cut(query)
    reader = _Reader(lexemes, roster)
    tree = reader.read()
    mistakes = (*refused, *reader.mistakes)
    if tree is None or mistakes:
        return tuple(sorted(set(mistakes)))
    return find_negative(tree) or Query(text=query, tree=tree)


_JOINS = frozenset({Kind.AND, Kind.OR, Kind.NOT, Kind.FIELD})
_OPERANDS = frozenset({Kind.WORD, Kind.PHRASE, Kind.RAW, Kind.ENTITY, Kind.FIELD, Kind.OPEN, Kind.REFUSED})


class _Reader:
    """Goes through the lexemes of one query. A part that is wrong is noted and read as None."""

    def __init__(self, lexemes: tuple[Lexeme, ...], roster: Roster) -> None:
        self.lexemes = lexemes
        self.roster = roster
        self.at = 0
        self.depth = 0
        self.mistakes: list[QueryMistake] = []

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

    def _either(self, scope: Field | None) -> Node | None:
        parts = [self._every(scope)]
        while self._here().kind is Kind.OR:
            self._take()
            parts.append(self._every(scope))
        flat = [each for part in parts if part for each in (part.parts if isinstance(part, Or) else (part,))]
        return Or(parts=tuple(flat), columns=_around(flat)) if len(flat) > 1 else _only(flat)

    def _every(self, scope: Field | None) -> Node | None:
        parts = [self._negated(scope)]
        while self._here().kind is Kind.AND or self._here().kind is Kind.NOT or self._here().kind in _OPERANDS:
            if self._here().kind is Kind.AND:
                self._take()
            parts.append(self._negated(scope))
        flat = [each for part in parts if part for each in (part.parts if isinstance(part, And) else (part,))]
        return And(parts=tuple(flat), columns=_around(flat)) if len(flat) > 1 else _only(flat)

    def _negated(self, scope: Field | None) -> Node | None:
        if self._here().kind is not Kind.NOT:
            return self._operand(scope)
        first = self._take()
        while self._here().kind is Kind.NOT:
            self._blame(self._take(), "NOT of NOT: say it without either")
        part = self._operand(scope)
        return part and Not(part=part, columns=Columns(start=first.start, end=part.columns.end))

    def _operand(self, scope: Field | None) -> Node | None:
        if self._here().kind not in _OPERANDS:
            self._nothing()
            return None
        lexeme = self._take()
        match lexeme.kind:
            case Kind.OPEN:
                return self._group(lexeme, scope)
            case Kind.FIELD:
                return self._fielded(lexeme, scope)
            case Kind.ENTITY:
                return self._entity(lexeme, scope)
            case Kind.REFUSED:
                return None
        return self._words(lexeme, scope)

    def _nothing(self) -> None:
        """Say what is missing where an operand should stand; step over an operator that would be met again."""
        before = self.lexemes[self.at - 1] if self.at else None
        if before and before.kind in _JOINS:
            name = f"{before.text}:" if before.kind is Kind.FIELD else before.text
            self._blame(before, f"{name} has nothing after it")
        elif self._here().kind in {Kind.AND, Kind.OR}:
            self._blame(self._here(), f"{self._here().text} has nothing before it")
        elif before and before.kind is Kind.OPEN and self._here().kind is Kind.CLOSE:
            self._blame(before, "a group ( ) with nothing in it")
        elif before is None:
            what = "the query is empty" if self._here().kind is Kind.END else "this ) closes nothing"
            self._blame(self._here(), what)
        if self._here().kind is Kind.AND:
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

    def _entity(self, lexeme: Lexeme, scope: Field | None) -> Node | None:
        if scope and scope not in TEXT_FIELDS:
            self._blame(lexeme, f"entities are looked for in title, summary and body, not in {scope}:")
        if lexeme.text in self.roster.phrases:
            return EntityMention(id=lexeme.text, columns=_columns(lexeme))
        near = get_close_matches(lexeme.text, self.roster.phrases, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "declare it under entities:"
        self._blame(lexeme, f"unknown entity {lexeme.text!r}, {hint}")
        return None

    def _words(self, lexeme: Lexeme, scope: Field | None) -> Node | None:
        columns = _columns(lexeme)
        if scope is Field.LINK and lexeme.text:
            return Literal(text=lexeme.text, columns=columns)
        found = tuple(terms(lexeme.text))
        if len(found) > 1:
            return Phrase(terms=found, text=lexeme.text, columns=columns)
        if found:
            return Word(term=found[0], text=lexeme.text, columns=columns)
        if lexeme.kind is Kind.PHRASE and not lexeme.text:
            self._blame(lexeme, "a phrase with nothing in it")
        else:
            self._blame(lexeme, f"{lexeme.text!r} has no letters or digits to look for")
        return None


def _columns(lexeme: Lexeme) -> Columns:
    return Columns(start=lexeme.start, end=lexeme.end)


def _around(parts: list[Node]) -> Columns:
    return Columns(start=parts[0].columns.start, end=parts[-1].columns.end) if parts else Columns()


def _only(parts: list[Node]) -> Node | None:
    return parts[0] if parts else None
