"""Invented feeds that lie about ids, links, words and dates, and what must come of them all the same.

A `Feed` is news in the order of their coming and the lies that are told of it; a document is a window on it. An item
is honest in one key at least: its id, its link or its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from monitor.model.entries import Entry, Text
from tests.plain_values import NOW

IDS = ("honest", "none", "constant", "position", "random", "flipped", "huge")
LINKS = ("honest", "none", "constant", "front", "session", "moved", "tracked")
WORDS = ("steady", "edited")
DATES = ("honest", "none", "constant", "random")

HONEST_IDS = frozenset({"honest", "huge"})
HONEST_LINKS = frozenset({"honest", "tracked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The newest `size` items of the first `end` ones."""

    end: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and its lies."""

    ids: str = "honest"
    links: str = "honest"
    words: str = "steady"
    dates: str = "honest"
    is_templated: bool = False
    """headlines that differ in a number only"""
    windows: tuple[Window, ...]
    turn: int = 2
    """the document from which on ids are flipped and links moved"""

    def documents(self) -> list[tuple[list[int], list[Entry]]]:
        """Each document: the numbers of its items, and what it says of them, newest first."""
        chance = Random(4)
        made = []
        for turn, window in enumerate(self.windows):
            numbers = list(range(window.end, max(0, window.end - window.size), -1))
            made.append((numbers, [self._entry(number, place, turn, chance) for place, number in enumerate(numbers)]))
        return made

    def _entry(self, number: int, place: int, turn: int, chance: Random) -> Entry:
        ids = {
            "honest": f"tag:harbour.example,2026:{number}",
            "none": "",
            "constant": "news",
            "position": f"{place + 1}",
            "random": f"{chance.getrandbits(64):x}",
            "flipped": f"{'cms-two' if turn >= self.turn else 'cms-one'}/{number}",
            "huge": f"{number}" * 20_000,
        }
        links = {
            "honest": f"https://harbour.example/news/{number}",
            "none": "",
            "constant": "https://harbour.example/live",
            "front": "https://harbour.example/",
            "session": f"https://harbour.example/read?sid={chance.getrandbits(64):x}",
            "moved": f"https://{'new-home' if turn >= self.turn else 'harbour'}.example/{number}",
            "tracked": f"http{'s' if turn % 2 else ''}://harbour.example/news/{number}?utm_term={chance.random()}",
        }
        dates = {
            "honest": NOW - timedelta(days=3) + timedelta(minutes=number),
            "none": None,
            "constant": NOW - timedelta(days=3000),
            "random": NOW - timedelta(minutes=chance.randrange(100_000)),
        }
        text = self._text(number, turn if self.words == "edited" else 0)
        return Entry(id=ids[self.ids], link=links[self.links], text=text, published_at=dates[self.dates])

    def _text(self, number: int, edit: int) -> Text:
        marks = f"edition{edit}" if edit else "first"
        if self.is_templated:
            return Text(title=f"Ferry number {number} leaves the northern harbour on time, {marks}")
        own = " ".join(f"{word}{number}" for word in ("alder", "birch", "cedar", "dogwood", "elder", "fir"))
        return Text(title=f"{own} {marks}", summary=f"{own} grove{number} hedge{number}")


def expected(documents: Sequence[tuple[list[int], list[Entry]]]) -> list[list[int]]:
    """For each document the numbers that must be told, each once: what was not in an earlier one. None of the first."""
    seen: set[int] = set()
    wanted = []
    for turn, (numbers, _) in enumerate(documents):
        wanted.append([number for number in numbers if turn and number not in seen])
        seen |= set(numbers)
    return wanted
