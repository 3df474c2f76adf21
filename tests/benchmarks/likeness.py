"""How well entries are told apart and put together: what was tried, side by side on one file, and the worst errors.

    python -m tests.benchmarks.likeness ARTICLES.jsonl [--half odd|even|all] [--worst 20] [--without --apart FOLDER]

ARTICLES has one JSON object a line (`title`, `summary`, `body`, `outlet`, `lang`, and `story` and `topic`, which say
what is one story and which stories look alike). It is streamed in its order. Exits with 2 where it is absent.
"""

import argparse
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from math import exp, log
from pathlib import Path

from monitor.stories.evidence import Evidence, brevity, containment, evidence
from monitor.stories.likeness import BRIEF, LEAST_COSINE, SAME_STORY, compare
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch
from tests.benchmarks.gold import FORMS, Article, Score, Stream, articles, faults, is_in, marks, sketched
from tests.benchmarks.likeness_learning import (
    LEARNED_FORMS,
    THRESHOLD,
    Example,
    from_articles,
    from_documents,
    learned,
    whole,
)

GROUPS = {
    "names": ("names", "core", "known", "strange", "missing"),
    "places": ("elsewhere",),
    "numbers": ("numbers", "other_numbers", "text_numbers"),
    "days and years": ("days", "years", "other_years", "other_weekdays"),
    "phrases": ("phrases",),
}
COSINES = (0.20, 0.25, 0.30)
SHORT = 90
"""characters of a title that are printed"""


def ours(one: Sketch, story: Profile, cosine: float) -> float:  # noqa: ARG001 - a Score
    """The score that decides."""
    return compare(one, story).score


def nearest(one: Sketch, story: Profile, cosine: float) -> float:  # noqa: ARG001 - a Score
    """Plain TF-IDF."""
    return cosine


def relearned(examples: Sequence[Example], dropped: Collection[str], threshold: float) -> Score:
    """What decides when some figures are not looked at, learned like the constants."""
    kept = [at for at, name in enumerate(Evidence._fields) if name not in dropped]
    bias, weights = learned(
        [Evidence._fields[at] for at in kept],
        [replace(one, figures=[one.figures[at] for at in kept]) for one in examples],
    )
    bias -= log(threshold / (1 - threshold))

    def score(one: Sketch, story: Profile, cosine: float) -> float:  # noqa: ARG001 - a Score
        seen = evidence(one.view, story.sums, *containment(one.view, story.sums))
        total = bias + BRIEF * brevity(one.view, story.sums)
        return 1 / (1 + exp(-total - sum([weight * seen[at] for weight, at in zip(weights, kept, strict=True)])))

    return score


def examples_of(told: Sequence[Article], half: str, apart: Iterable[Path]) -> list[Example]:
    """What the constants are learned from."""
    found = [
        example for form in LEARNED_FORMS for example in from_articles(told, half, form, whole, 1 / len(LEARNED_FORMS))
    ]
    return found + [example for folder in apart for example in from_documents(folder, whole)]


def row(name: str, told: Sequence[Article], half: str, found: dict[int, int]) -> None:
    """Print one line of the table."""
    gold = {one: article.story for one, article in enumerate(told) if is_in(half, article.topic)}
    seen = marks(gold, found)
    figures = "   ".join(" / ".join(f"{figure:.3f}" for figure in triple) for triple in (seen.pairs, seen.articles))
    print(f"{name:<44} {half:<5} {figures}")


def main() -> int:
    """Print the table and the worst errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--half", choices=("odd", "even", "all"), action="append")
    parser.add_argument("--worst", type=int, default=20)
    parser.add_argument("--without", action="store_true", help="also what each group of figures is worth; two minutes")
    parser.add_argument("--apart", type=Path, action="append", default=[], help="captured feeds, to learn from")
    chosen = parser.parse_args()
    for path in (chosen.articles, *chosen.apart):
        if not path.exists():
            print(f"skipped: there is no {path}")
            return 2
    told = articles(chosen.articles)
    halves = chosen.half or ["odd", "even", "all"]
    orders = {half: [one for one, article in enumerate(told) if is_in(half, article.topic)] for half in halves}
    streams = {form: Stream(sketched(told, form), LEAST_COSINE) for form in FORMS}
    print(f"{'precision / recall / F1':<50} {'by pairs':<23} by articles (B-cubed)")
    for half, order in orders.items():
        row("every article alone", told, half, {one: one for one in order})
        for form in ("title", "title and summary"):
            for least in COSINES:
                row(f"TF-IDF, {form}, {least:.2f}", told, half, streams[form].threads(order, nearest, least))
        for form, stream in streams.items():
            row(f"ours, {form}", told, half, stream.threads(order, ours, SAME_STORY))
    if chosen.without:
        trials(told, streams["whole text"], chosen.apart)
    for half, order in orders.items():
        found = streams["whole text"].threads(order, ours, SAME_STORY)
        print(f"\nworst of {half}, whole text")
        for kind, one, story in sorted(faults(told, found))[: 2 * chosen.worst]:
            print(f"{kind} {told[one].story:>4} with {story:>4}: {told[one].text.title[:SHORT]}")
    return 0


def trials(told: Sequence[Article], stream: Stream, apart: Sequence[Path]) -> None:
    """Both directions: learned on one half, tried on the other, with and without each group of figures."""
    for half, other in (("odd", "even"), ("even", "odd")):
        order = [one for one, article in enumerate(told) if is_in(other, article.topic)]
        examples = examples_of(told, half, apart)
        for name, dropped in {"all": (), **GROUPS}.items():
            score = relearned(examples, dropped, THRESHOLD)
            title = f"learned on {half}, {'everything' if name == 'all' else f'without {name}'}"
            row(title, told, other, stream.threads(order, score, SAME_STORY))


if __name__ == "__main__":
    sys.exit(main())
