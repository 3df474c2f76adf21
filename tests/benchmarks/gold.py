"""Articles whose stories are known: read, sketched, streamed, and compared with what they should have become."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.model.entries import Text
from monitor.stories.numbering import WordNumbers
from monitor.stories.outline import View
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch, sketch
from monitor.stories.vocabulary import Vocabulary

CANDIDATES = 8
"""stories that an entry is compared with: those whose leads are nearest"""
FORMS: Mapping[str, Callable[[Text], Text]] = {
    "whole text": lambda text: text,
    "title and summary": lambda text: Text(title=text.title, summary=text.summary),
    "title and sentence": lambda text: Text(title=text.title, summary=text.summary.split(". ")[0]),
    "title": lambda text: Text(title=text.title),
}
"""How much of an article a feed brings."""

Score = Callable[[Sketch, Profile, float], float]
"""Of an entry and a story, given the highest cosine of its lead with those of the story's entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text with the story that it tells; look-alike stories share a topic."""

    text: Text
    outlet: str
    language: str
    story: str
    topic: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How well stories were put together: precision, recall and their harmonic mean, by pairs and by article."""

    pairs: tuple[float, float, float]
    articles: tuple[float, float, float]
    """B-cubed"""


def articles(path: Path) -> list[Article]:
    """The articles of a file of one JSON object a line, in its order."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Article(
            text=Text(title=row["title"], summary=row["summary"], body=row["body"]),
            outlet="" if row["outlet"] == "unknown" else row["outlet"],
            language=row["lang"],
            story=row["story"],
            topic=int(row["topic"]),
        )
        for row in rows
    ]


def is_in(half: str, topic: int) -> bool:
    """Whether a topic belongs to the `odd` or the `even` half, or to `all`."""
    return half == "all" or (topic % 2 == 1) == (half == "odd")


def sketched(told: Iterable[Article], form: str) -> list[Sketch]:
    """The sketches of articles in one of the FORMS, each with the vocabulary that the earlier ones have taught."""
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    found: list[Sketch] = []
    for article in told:
        names = (article.outlet,) if article.outlet else ()
        found.append(
            sketch(
                FORMS[form](article.text),
                language=article.language,
                names=names,
                vocabulary=vocabulary,
                numbers=numbers,
            )
        )
        vocabulary.learn(found[-1].words)
    return found


def rough_cosine(one: View, other: View) -> float:
    """The cosine of two leads."""
    return sum([weight * other.lead.get(word, 0) for word, weight in one.lead.items()]) / one.length / other.length


class Stream:
    """Sketches that come one at a time; remembers the cosines of their leads, which all trials need."""

    def __init__(self, sketches: Sequence[Sketch], least: float) -> None:
        """Stories whose nearest entry has a lower cosine than `least` are no candidates."""
        self.sketches = sketches
        self._least = least
        self._cosines: dict[tuple[int, int], float] = {}

    def threads(self, order: Iterable[int], score: Score, threshold: float) -> dict[int, int]:
        """Article → story, where each joins the best of its candidates or founds a story of its own."""
        stories: list[tuple[Profile, list[int]]] = []
        found: dict[int, int] = {}
        for one in order:
            sketch = self.sketches[one]
            scores = [
                (score(sketch, stories[place][0], cosine), -place) for cosine, place in self._candidates(one, stories)
            ]
            best, place = max(scores, default=(-1.0, 0))
            if best < threshold:
                stories.append((Profile(), []))
                place = 1 - len(stories)
            profile, members = stories[-place]
            profile.add(sketch)
            members.append(one)
            found[one] = -place
        return found

    def nearest(self, one: int, members: Iterable[int]) -> float:
        """The highest cosine of leads with any of these."""
        return max(self._cosine(one, other) for other in members)

    def _candidates(self, one: int, stories: Sequence[tuple[Profile, list[int]]]) -> list[tuple[float, int]]:
        near = ((self.nearest(one, members), -place) for place, (_, members) in enumerate(stories))
        return [(cosine, -place) for cosine, place in sorted(near, reverse=True)[:CANDIDATES] if cosine >= self._least]

    def _cosine(self, one: int, other: int) -> float:
        key = min(one, other), max(one, other)
        if key not in self._cosines:
            self._cosines[key] = rough_cosine(self.sketches[one].view, self.sketches[other].view)
        return self._cosines[key]


def marks(gold: Mapping[int, str], found: Mapping[int, int]) -> Marks:
    """How well the stories found agree with the true ones."""
    both = Counter((found[one], story) for one, story in gold.items())
    true, ours = Counter(gold.values()), Counter(found[one] for one in gold)
    right, said, real = (sum(map(_pairs, counts.values())) for counts in (both, ours, true))
    count = len(gold)
    precise = sum(number * number / ours[story] for (story, _), number in both.items()) / count
    complete = sum(number * number / true[story] for (_, story), number in both.items()) / count
    return Marks(
        pairs=_triple(right / said if said else 1.0, right / real if real else 1.0),
        articles=_triple(precise, complete),
    )


def faults(told: Sequence[Article], found: Mapping[int, int]) -> Iterator[tuple[str, int, str]]:
    """(kind, article, story) of each article that lies with a strange story, or away from most of its own."""
    members: dict[int, Counter[str]] = {}
    places: dict[str, Counter[int]] = {}
    for one, story in found.items():
        members.setdefault(story, Counter())[told[one].story] += 1
        places.setdefault(told[one].story, Counter())[story] += 1
    for one, story in found.items():
        owner = members[story].most_common(1)[0][0]
        if owner != told[one].story:
            yield "merged", one, owner
        elif places[told[one].story].most_common(1)[0][0] != story:
            yield "missed", one, told[one].story


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _triple(precision: float, recall: float) -> tuple[float, float, float]:
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0
