"""Learns the constants of likeness from articles whose stories are known, and prints them to paste.

    python -m tests.benchmarks.likeness_learning ARTICLES.jsonl --apart FOLDER [--headlines HEADLINES.jsonl]
                                                 [--judged PAIRS.jsonl] [--half odd]

Each article of one half of the topics is compared with the true stories so far, in three orders, and as feeds may bring
it: whole, with a summary, with one sentence of it. Articles whose topics are dense teach what tells look-alikes apart;
the entries of captured feed documents (FOLDER), which are different news as a rule, teach what any two entries of one
outlet have in common. For bare headlines: the titles of the articles; headlines of one outlet of HEADLINES, which are
different news as a rule; pairs judged by eye ({"one", "other", "same"} a line).

Weights are fitted by logistic regression with a penalty, and none may take the sign that its meaning forbids.
Two minutes of one core. Exits with 2 where a path is absent.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp, log, sqrt
from pathlib import Path

from monitor.feeds.parse import parse_document
from monitor.model.entries import ParsedFeed, Text
from monitor.stories.evidence import Evidence, Headlines, containment, evidence, headlines
from monitor.stories.likeness import LEAST_COSINE
from monitor.stories.numbering import WordNumbers
from monitor.stories.outline import View
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch, sketch
from monitor.stories.vocabulary import Vocabulary
from tests.benchmarks.captures import content_type
from tests.benchmarks.gold import Article, Stream, articles, is_in, rough_cosine, sketched

LEARNED_FORMS = ("whole text", "title and summary", "title and sentence")
THRESHOLD = 0.17
"""chance, among such comparisons, from which an entry joins a story"""
ORDERS = 3
PENALTY = 50.0
STEPS = 25
AGAINST = frozenset(
    {"strange", "missing", "elsewhere", "other_numbers", "other_years", "other_weekdays", "other_days", "size"}
)
"""what can only speak against"""
APART = 0.6
"""weight of a pair of entries of one document; an article's comparison weighs a third for each of three forms"""
APART_HEADLINES = 0.5
JUDGED = 3.0
NEAR = 0.45
"""cosine from which two entries of one document may well be one piece of news"""
NEAR_HEADLINES = 0.6
MOST_PAIRS = 400
SIZES = 5
"""doublings of the number of entries that a strange story has"""
REPEATED = 0.25
"""share of the entries of a document that may have one and the same run of words"""
NEIGHBOURS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One comparison, whether it is the same story, and how much it counts."""

    figures: Sequence[float]
    same: bool
    weight: float


Compare = Callable[[View, Profile], Sequence[float]]


def whole(one: View, story: Profile) -> Evidence:
    """Compare texts."""
    return evidence(one, story.sums, *containment(one, story.sums))


def bare(one: View, story: Profile) -> Headlines:
    """Compare headlines."""
    return headlines(one, story.sums)


def from_articles(told: Sequence[Article], half: str, form: str, compare: Compare, weight: float) -> Iterator[Example]:
    """Each article against the true stories before it, in several orders."""
    stream = Stream(sketched(told, form), LEAST_COSINE)
    for seed in range(ORDERS):
        order = [one for one, article in enumerate(told) if is_in(half, article.topic)]
        if seed:
            random.Random(seed).shuffle(order)
        stories: dict[str, tuple[Profile, list[int]]] = {}
        for one in order:
            own = told[one].story
            for story, (profile, members) in stories.items():
                if story == own or stream.nearest(one, members) > LEAST_COSINE:
                    figures = compare(stream.sketches[one].view, profile)
                    yield Example(figures=figures, same=story == own, weight=weight)
            profile, members = stories.setdefault(own, (Profile(), []))
            profile.add(stream.sketches[one])
            members.append(one)


def from_documents(folder: Path, compare: Compare) -> Iterator[Example]:
    """Entries of one captured document, whose leads are near but not too near: taken for different news."""
    told: dict[str, dict[str, Sketch]] = {}
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    index = folder / "manifest.jsonl"
    rows = map(json.loads, index.read_text(encoding="utf-8").splitlines()) if index.exists() else ()
    others = {row["file"] for row in rows if not row["news"]}
    for path in sorted(folder.rglob("*.xml")):
        body = path.read_bytes()
        feed = parse_document(
            body, content_type=content_type(path.name, body), url="https://capture.example/", now=datetime.now(UTC)
        )
        if path.name in others or not isinstance(feed, ParsedFeed):
            continue
        # A folder of captures of one feed beside an index is one document; otherwise each file is.
        group = told.setdefault(path.parent.name if path.parent != folder else path.name, {})
        for entry in feed.entries:
            if entry.text.summary and entry.text.title:
                language = (entry.language or feed.language)[:2]
                group[entry.link or entry.text.title] = sketch(
                    entry.text, language=language, names=(), vocabulary=vocabulary, numbers=numbers
                )
    for group in told.values():
        runs = Counter(run for one in group.values() for run in one.view.runs)
        if max(runs.values(), default=0) > REPEATED * len(group):
            continue  # what an outlet writes under everything is taken out before texts are compared
        views = [one.view for one in group.values() if not one.view.is_bare]
        pairs = [
            (one, other)
            for place, one in enumerate(views)
            for other in views[:place]
            if LEAST_COSINE <= rough_cosine(one, other) <= NEAR
        ]
        random.Random(7).shuffle(pairs)
        back = {id(one.view): one for one in group.values()}
        for at, (one, other) in enumerate(pairs[:MOST_PAIRS]):
            # Stories of all sizes, or size itself would speak for being the same.
            strange = [view for view in views if view is not one]
            nearest = sorted(strange, key=lambda view: -rough_cosine(view, other))[: 1 << at % SIZES]
            yield Example(figures=compare(one, Profile(back[id(view)] for view in nearest)), same=False, weight=APART)


def from_headlines(path: Path, compare: Compare) -> Iterator[Example]:
    """Headlines that one outlet published about the same time, likewise; of the outlets with the most."""
    rows = sorted(map(json.loads, path.read_text(encoding="utf-8").splitlines()), key=lambda row: str(row["published"]))
    by_outlet: dict[str, list[Sketch]] = {}
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    for row in rows:
        bare = sketch(Text(title=row["title"]), language=row["lang"], names=(), vocabulary=vocabulary, numbers=numbers)
        by_outlet.setdefault(row["outlet"], []).append(bare)
    for told in sorted(by_outlet.values(), key=len)[-3:]:
        pairs = [
            (one, other)
            for place, one in enumerate(told)
            for other in told[max(0, place - NEIGHBOURS) : place]
            if 2 * LEAST_COSINE <= rough_cosine(one.view, other.view) <= NEAR_HEADLINES
        ]
        random.Random(1).shuffle(pairs)
        for one, other in pairs[: 2 * MOST_PAIRS]:
            yield Example(figures=compare(one.view, Profile([other])), same=False, weight=APART_HEADLINES)


def from_judged(path: Path, compare: Compare) -> Iterator[Example]:
    """Pairs of headlines that somebody has read."""
    vocabulary, numbers = Vocabulary.starting(), WordNumbers()
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        one, other = (
            sketch(Text(title=row[side]), language="", names=(), vocabulary=vocabulary, numbers=numbers)
            for side in ("one", "other")
        )
        yield Example(figures=compare(one.view, Profile([other])), same=row["same"], weight=JUDGED)


def learned(names: Sequence[str], examples: Sequence[Example]) -> tuple[float, list[float]]:
    """The bias and a weight for each figure: Newton's method on standardised figures, kept within their signs."""
    total = sum(one.weight for one in examples)
    width = len(names)
    means = [sum(one.weight * one.figures[at] for one in examples) / total for at in range(width)]
    spreads = [
        sqrt(sum(one.weight * (one.figures[at] - means[at]) ** 2 for one in examples) / total) or 1.0
        for at in range(width)
    ]
    rows = [
        (
            [1.0, *((one.figures[at] - means[at]) / spreads[at] for at in range(width))],
            float(one.same),
            one.weight,
        )
        for one in examples
    ]
    signs = [0, *(-1 if name in AGAINST else 1 for name in names)]
    weights = [0.0] * (width + 1)
    for _ in range(STEPS):
        slope = [0.0, *(PENALTY * weight for weight in weights[1:])]
        bend = [[PENALTY * (at == to and at > 0) for to in range(width + 1)] for at in range(width + 1)]
        for row, same, weight in rows:
            chance = 1 / (1 + exp(-sum([figure * one for figure, one in zip(row, weights, strict=True)])))
            error, curve = weight * (chance - same), weight * chance * (1 - chance)
            for at, figure in enumerate(row):
                slope[at] += error * figure
                scaled, line = curve * figure, bend[at]
                for to in range(at + 1):
                    line[to] += scaled * row[to]
        free = [at for at in range(width + 1) if signs[at] * weights[at] > 0 or signs[at] * slope[at] <= 0]
        step = _solved([[bend[max(at, to)][min(at, to)] for to in free] for at in free], [slope[at] for at in free])
        for at, by in zip(free, step, strict=True):
            weights[at] -= by
            if signs[at] * weights[at] < 0:
                weights[at] = 0.0
        if max(map(abs, step)) < 1e-4:
            break
    plain = [weight / spread for weight, spread in zip(weights[1:], spreads, strict=True)]
    return weights[0] - sum(weight * mean for weight, mean in zip(plain, means, strict=True)), plain


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve by elimination; the matrix is positive definite."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at in range(size):
        for below in range(at + 1, size):
            share = rows[below][at] / rows[at][at]
            if share:
                rows[below] = [mine - share * above for mine, above in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        rest = sum(rows[at][to] * found[to] for to in range(at + 1, size))
        found[at] = (rows[at][size] - rest) / rows[at][at]
    return found


def show(name: str, fields: Sequence[str], examples: Iterable[Example], threshold: float) -> None:
    """Learn, and print the constants such that `threshold` of the chance stands at a score of one half."""
    found = list(examples)
    bias, weights = learned(fields, found)
    print(f"# {len(found):,} comparisons, {sum(one.same for one in found):,} of the same story")
    print(f"{name}_BIAS = {bias - log(threshold / (1 - threshold)):.2f}")
    print(
        f"{name}_WEIGHTS = {', '.join(f'{field}={weight:.2f}' for field, weight in zip(fields, weights, strict=True))}"
    )


def main() -> int:
    """Learn both sets of constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--apart", type=Path, action="append", default=[])
    parser.add_argument("--headlines", type=Path)
    parser.add_argument("--judged", type=Path)
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd")
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--headline-threshold", type=float, default=0.6)
    chosen = parser.parse_args()
    for path in (chosen.articles, *chosen.apart, chosen.headlines, chosen.judged):
        if path is not None and not path.exists():
            print(f"skipped: there is no {path}")
            return 2
    told = articles(chosen.articles)
    examples = [
        example
        for form in LEARNED_FORMS
        for example in from_articles(told, chosen.half, form, whole, 1 / len(LEARNED_FORMS))
    ]
    for folder in chosen.apart:
        examples += from_documents(folder, whole)
    show("", Evidence._fields, examples, chosen.threshold)
    examples = list(from_articles(told, chosen.half, "title", bare, 1 / len(LEARNED_FORMS)))
    if chosen.headlines:
        examples += from_headlines(chosen.headlines, bare)
    if chosen.judged:
        examples += from_judged(chosen.judged, bare)
    show("_HEADLINE", Headlines._fields, examples, chosen.headline_threshold)
    return 0


if __name__ == "__main__":
    sys.exit(main())
