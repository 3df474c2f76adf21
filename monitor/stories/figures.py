"""The figures of a text: how many were killed, injured, arrested …; how strong a quake was; a percentage in a headline.

Two readings. What is *stated* is strict, for what is held to be news: the headline, else the first sentences below it,
and nothing that looks back (*since the war began*, *last year*). What is *mentioned* is lax, for what has been said
already: any figure anywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from monitor.model.entries import Text
from monitor.stories.counted import KILLED, NUMBERS_OF, PEOPLE, QUALIFIERS, REACHED, TOLLS, Side, Use, use_of
from monitor.stories.numerals import Amount, Piece, pieces

MAGNITUDE, PERCENT = "magnitude", "percent"

Figures = Mapping[str, tuple[Amount, ...]]
"""by what they count"""


class FigureReader:
    """Reads texts, and remembers sentences and words: those who carry one story share most of them."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._texts: dict[str, tuple[str, ...]] = {}
        self._sentences: dict[str, tuple[tuple[str, Amount], ...]] = {}
        self._looks_back: dict[str, bool] = {}
        self._uses: dict[str, Use | None] = {}

    def stated(self, text: Text, sentences: int = 1) -> Figures:
        """What a text has to say: of each thing the figures of its headline, or else of its first sentences."""
        title = self._figures(self._split(text.title[:_LONGEST]), is_strict=True)
        lead = self._figures(self._split(text.summary[:_LONGEST])[:sentences], is_strict=True)
        return {**{thing: found for thing, found in lead.items() if thing != PERCENT}, **title}

    def mentioned(self, text: Text) -> Figures:
        """Every figure of a text."""
        return self._figures((*self._split(text.title[:_LONGEST]), *self._split(text.summary[:_LONGEST])))

    def _figures(self, sentences: Iterable[str], *, is_strict: bool = False) -> Figures:
        found: dict[str, dict[Amount, None]] = {}
        for sentence in sentences:
            bound = self._read(sentence)
            if bound and not (is_strict and self._is_about_the_past(sentence)):
                for thing, amount in bound:
                    found.setdefault(thing, {})[amount] = None
        return {thing: tuple(amounts) for thing, amounts in found.items()}

    def _split(self, text: str) -> tuple[str, ...]:
        if text not in self._texts:
            self._texts[text] = tuple(sentence for sentence in _SENTENCE.split(text) if sentence)
        return self._texts[text]

    def _read(self, sentence: str) -> tuple[tuple[str, Amount], ...]:
        if sentence not in self._sentences:
            self._sentences[sentence] = tuple(_Binding(pieces(sentence), self._use).all())
        return self._sentences[sentence]

    def _is_about_the_past(self, sentence: str) -> bool:
        if sentence not in self._looks_back:
            self._looks_back[sentence] = _LOOK_BACK.search(sentence.casefold()) is not None
        return self._looks_back[sentence]

    def _use(self, word: str) -> Use | None:
        if word not in self._uses:
            self._uses[word] = use_of(word)
        return self._uses[word]


_LONGEST = 2_000  # characters of a title or summary: what is news stands at the beginning
_SENTENCE = re.compile(r"(?<=\w\w\w[.!?…])\s+|\n+")
_LOOK_BACK = re.compile(
    r"\b(?:last|past|previous) (?:week|month|year|summer|autumn|fall|winter|spring|decade|century)|\bago\b|anniversar"
    r"|\bsince\b|\bpreviously\b|\b(?:in|from|of|с|в|у|з|seit|von|im jahr) (?:19|20)\d\d\b|\byears? (?:after|later|on)\b"
    r"|\bsimilar\b|\b(?:so far|this) year\b|\bhistory\b|\bremember|\bвспом|\bпам.?ят|\bgedenk"
    r"|\bназад\b|годовщин|\bв прошлом\b|\bпрошл(?:ого|ой)\b|\bс начала\b|\bс тех пор\b|\bза (?:этот )?год\b"
    r"|\bтому\b|річниц|\bминул(?:ого|ої)\b|\bторік\b|\bвід початку\b|\bз початку\b"
    r"|\bseit\b|jahrestag|\b(?:im|am) (?:vergangenen|letzten)\b|\bvor \w+ (?:jahr|monat|woche|tag)en?\b"
)
_MAGNITUDE = re.compile(r"magnitude|магнитуд\w*|магнітуд\w*|starke|erdbebenstarke")
_BEFORE_MAGNITUDE = frozenset({"of", "в", "von", ":", "a", "around", "about"})
_STRONGEST = 10.0
_GAP = 5  # words between a number and what became of them
_FREE_GAP = 2  # the same, of any words
_TOLL_GAP = 10
_OUT_OF = (["of"], ["из"], ["з"], ["von"])


class _Binding:
    """Which number of a sentence counts what. Each number and each word serves once, the surest pairs first."""

    def __init__(self, sentence: Sequence[Piece], use: Callable[[str], Use | None]) -> None:
        self._pieces = sentence
        self._words = [piece.word for piece in sentence]
        self._free = {
            at for at, piece in enumerate(sentence) if piece.amount and piece.amount.low > 0 and not piece.is_share
        }
        self._uses: dict[int, Use] = {}
        if self._free:
            found = ((at, use(piece.word)) for at, piece in enumerate(sentence) if not piece.is_number)
            self._uses = {at: one for at, one in found if one is not None}

    def all(self) -> Iterator[tuple[str, Amount]]:
        for piece in self._pieces:
            if piece.is_share and piece.amount:
                yield PERCENT, piece.amount
        if self._free:
            yield from self._magnitudes()
            yield from self._tolls()
            yield from self._right_before()
            yield from self._behind()
            yield from self._loosely_before()
            yield from self._objects()

    def _take(self, number: int, word: int, thing: str) -> Iterator[tuple[str, Amount]]:
        self._free.discard(number)
        self._uses.pop(word, None)
        amount = self._pieces[number].amount
        if amount is not None:
            yield thing, amount

    def _magnitudes(self) -> Iterator[tuple[str, Amount]]:
        for at, word in enumerate(self._words):
            if not _MAGNITUDE.fullmatch(word):
                continue
            behind = next((i for i in range(at + 1, len(self._words)) if self._words[i] not in _BEFORE_MAGNITUDE), -1)
            before = at - 2 if at and self._words[at - 1] == "-" else at - 1
            for number in (behind, before):
                amount = self._pieces[number].amount if number in self._free else None
                if amount is not None and amount.high < _STRONGEST:
                    yield from self._take(number, at, MAGNITUDE)
                    break

    def _tolls(self) -> Iterator[tuple[str, Amount]]:
        """*Death toll rises to 30*, *число пострадавших выросло до 40*."""
        for at, word in enumerate(self._words):
            use = self._uses.get(at)
            if word not in TOLLS and not (use and NUMBERS_OF & {*self._words[max(at - 2, 0) : at]}):
                continue
            for number in range(at + 1, min(at + 1 + _TOLL_GAP, len(self._words))):
                if self._words[number] in {".", ",", ";"}:
                    break
                if number in self._free and self._is_reached(at, number):
                    yield from self._take(number, at, use.thing if use else KILLED)
                    break

    def _is_reached(self, toll: int, number: int) -> bool:
        between = self._words[toll + 1 : number]
        last = max((at for at, word in enumerate(between) if word in REACHED), default=None)
        return between == [":"] if last is None else _is_qualified(between[last + 1 :])

    def _right_before(self) -> Iterator[tuple[str, Amount]]:
        """*30 people were killed*."""
        for number in sorted(self._free):
            at = number + 1
            while at < len(self._words) and at <= number + _GAP and self._words[at] in PEOPLE:
                at += 1
            if self._is(at, Side.EITHER, Side.BEFORE):
                yield from self._take(number, at, self._uses[at].thing)

    def _behind(self) -> Iterator[tuple[str, Amount]]:
        """*Kills at least 30*."""
        for at, use in sorted(self._uses.items(), key=lambda one: one[0]):
            if not self._is(at, Side.EITHER, Side.BEHIND):
                continue
            number = next((i for i in range(at + 1, min(at + 2 + _GAP, len(self._words))) if i in self._free), None)
            if number is not None and _is_qualified(self._words[at + 1 : number]):
                yield from self._take(number, at, use.thing)

    def _loosely_before(self) -> Iterator[tuple[str, Amount]]:
        """*30 Palestinians killed*; but not *Boeing 737 crash killed*."""
        for number in sorted(self._free):
            if not self._is_name(number):
                yield from self._nearest(number, Side.EITHER)

    def _objects(self) -> Iterator[tuple[str, Amount]]:
        """*30 attack drones*; of *30 of 40 drones* the first."""
        for number in sorted(self._free):
            if not self._is_name(number) and self._words[number - 1 : number] not in _OUT_OF:
                yield from self._nearest(number, Side.OBJECT)

    def _nearest(self, number: int, side: Side) -> Iterator[tuple[str, Amount]]:
        for at in range(number + 1, min(number + 2 + _FREE_GAP, len(self._words))):
            if self._is(at, side):
                yield from self._take(number, at, self._uses[at].thing)
                break
            if self._pieces[at].is_sign or self._pieces[at].is_number:
                break

    def _is(self, at: int, *sides: Side) -> bool:
        use = self._uses.get(at)
        return use is not None and use.side in sides

    def _is_name(self, number: int) -> bool:
        """Whether it belongs to a name in front of it; a word of a qualifier may well have a capital letter."""
        before = self._pieces[max(number - 1, 0) : number]
        return any(piece.is_capital and not _is_qualified([piece.word]) for piece in before) and not _is_qualified(
            self._words[max(number - 2, 0) : number]
        )


def _is_qualified(words: Sequence[str]) -> bool:
    return bool(QUALIFIERS.fullmatch("".join(f"{word} " for word in words)))
