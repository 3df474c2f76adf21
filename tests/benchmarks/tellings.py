"""Invented news without end: events of made-up words, each told by one outlet or by several, in words of their own.

Words follow Zipf's law, as those of real news do: the n-th most common one stands about 1/n as often as the first. So
common words have long lists and most words are rare, however much is told.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_BEGINNINGS: tuple[str, ...] = (*"bcdfghjklmnprstvwz", "br", "cl", "dr", "fl", "gr", "kl", "pr", "qu", "sh", "st", "tr")
_MIDDLES: tuple[str, ...] = (*"aeiou", "ai", "ea", "ou", "io", "ei")
_ENDS: tuple[str, ...] = (*"nrlstmx", "nd", "rt", "sk", "lm", "th")
_WORDS = 60_000
_NAMES = 200_000
_GOING = 400
"""events that are told at the same time"""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one outlet says of one event."""

    event: int
    outlet: int
    title: str
    summary: str


@dataclass(slots=True)
class _Event:
    number: int
    names: list[str]
    words: list[str]
    figure: int
    left: int


class Agency:
    """Tells events, the same ones for the same seed."""

    def __init__(self, seed: int = 1, outlets: int = 500) -> None:
        """Make up the words."""
        self._chance = random.Random(seed)
        self._outlets = outlets
        self._words = [_word(number) for number in range(_WORDS)]
        self._steps = list(accumulate(1 / (place + 3) for place in range(_WORDS)))
        self._going: list[_Event] = []
        self._events = 0

    def tell(self, tellings: int) -> Iterator[Telling]:
        """So many tellings, from where the last ones ended."""
        chance = self._chance
        for _ in range(tellings):
            if len(self._going) < _GOING or chance.random() < 0.6:
                self._going.append(self._event())
            place = chance.randrange(len(self._going))
            event = self._going[place]
            yield self._telling(event)
            event.left -= 1
            if not event.left:
                self._going[place] = self._going[-1]
                self._going.pop()

    def _event(self) -> _Event:
        chance = self._chance
        self._events += 1
        return _Event(
            number=self._events,
            names=[_word(int(_NAMES * chance.random() ** 2) + _WORDS).capitalize() for _ in range(3)],
            words=list(dict.fromkeys(self._said(9))),
            figure=chance.randrange(2, 400),
            # Most are told once, a few by everybody.
            left=min(40, int(chance.paretovariate(1.1))),
        )

    def _telling(self, event: _Event) -> Telling:
        chance = self._chance
        names = chance.sample(event.names, chance.choice((1, 2, 2)))
        core = chance.sample(event.words, min(len(event.words), chance.randrange(3, 6)))
        title = [*core, *self._said(2)]
        chance.shuffle(title)
        for name in names:
            title.insert(chance.randrange(len(title)), name)
        more = [*event.words, *event.names, *self._said(10), str(event.figure)]
        chance.shuffle(more)
        return Telling(
            event=event.number,
            outlet=chance.randrange(self._outlets),
            title=" ".join(title),
            summary=" ".join(more[: chance.randrange(12, len(more))]) + ".",
        )

    def _said(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._steps, k=count)


def _word(number: int) -> str:
    """The same word for the same number, another for another."""
    syllables: list[str] = []
    rest = number + 300
    while rest:
        rest, place = divmod(rest, len(_BEGINNINGS))
        syllables.append(_BEGINNINGS[place])
        rest, place = divmod(rest, len(_MIDDLES))
        syllables.append(_MIDDLES[place])
    return "".join(syllables) + _ENDS[number % len(_ENDS)]
