"""What rules cost: stories a second, time and memory to load, rules evaluated, and growth, beside brute force.

    python -m tests.benchmarks.matching STORIES.jsonl [--texts TEXTS.jsonl] [--rules 100000] [--repeat 3] [--brute 5]

Both files have one JSON object a line with `title` and, where there are any, `summary` and `body`. The first gives the
short stories, and the words that rules are made of; the second, if given, longer ones.
"""

import argparse
import gc
import json
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median

from monitor.entities.roster import Roster
from monitor.model.entries import Text
from monitor.model.rules import Match, RuleSpec, View
from monitor.rules.matching import match
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.text.tokens import terms
from tests.benchmarks.mixed_rules import Town, mixed_rules, town, word_rules

GROWTH = (100, 1_000, 10_000, 100_000)
MOST_STORIES = 3_000
"""of each length that are matched in a repetition"""


def main() -> int:
    """Print the figures; 1 where matching and brute force differ, 2 where the stories are absent."""
    options = _options()
    for path in (options.stories, options.texts):
        if path and not path.is_file():
            print(f"skipped: {path} is not there; give a JSON Lines file of stories with a title")
            return 2
    short = views_of(options.stories)
    here = town(view.text.title for view in short)
    sets = {"title": short} | (_longer(views_of(options.texts)) if options.texts else {})
    print(f"stories {len(short)}, words {len(here.words)}; CPU seconds, medians of {options.repeat}\n")
    _words(here, short, options)
    ruleset = _mixed(here, sets, options)
    differences = _beside_brute_force(ruleset, sets, options.brute)
    _growth(here, sets, options)
    return 1 if differences else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rules", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--brute", type=int, default=5, help="stories of each length that every rule is tried on")
    return parser.parse_args()


def views_of(path: Path) -> list[View]:
    with path.open(encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines if line.strip()]
    return [
        View(text=Text(title=each["title"], summary=each.get("summary", ""), body=each.get("body", "")))
        for each in stories
    ]


def _longer(views: Sequence[View]) -> dict[str, list[View]]:
    """Return the stories with four sentences, and with all of their text."""
    leads = [Text(title=view.text.title, summary=_sentences(view.text.body or view.text.summary)) for view in views]
    whole = [Text(title=view.text.title, summary="", body=view.text.body or view.text.summary) for view in views]
    return {
        "title + 4 sentences": [View(text=text) for text in leads],
        "full text": [View(text=text) for text in whole],
    }


def _sentences(text: str) -> str:
    return ". ".join(islice(text.split(". "), 4))


def _words(here: Town, views: Sequence[View], options: argparse.Namespace) -> None:
    """Stories a second against rules of one term each: the figures that a bare scan is compared with."""
    folding = _seconds(lambda view: terms(view.text.title), views, options.repeat)
    print(f"{'one term a rule':<22}{'stories/s':>11}{'x folding':>11}{'matches':>9}")
    print(f"{'fold + tokenise':<22}{len(views) / folding:>11,.0f}{1:>11.2f}")
    for wanted in (1_000, options.rules):
        ruleset, _ = _loaded(word_rules(here, wanted), Roster())
        found = sum(len(ruleset.match(view)) for view in views)
        taken = _seconds(ruleset.match, views, options.repeat)
        print(
            f"{f'{wanted:,} rules':<22}{len(views) / taken:>11,.0f}{taken / folding:>11.2f}{found / len(views):>9.2f}"
        )


def _mixed(here: Town, sets: dict[str, list[View]], options: argparse.Namespace) -> Ruleset:
    specs = mixed_rules(here, options.rules)
    gc.collect()
    before = resident_mb()
    ruleset, loading = _loaded(specs, here.roster)
    gc.collect()
    grown = resident_mb() - before
    print(f"\n{len(specs):,} rules of all kinds: loaded in {loading:.2f} s, {grown:.0f} MB")
    print(f"{'':<22}{'stories/s':>11}{'ms each':>9}{'matches':>9}{'evaluated':>11}{'share':>8}")
    for name, views in sets.items():
        some = views[:MOST_STORIES]
        taken = _seconds(ruleset.match, some, options.repeat) / len(some)
        found = sum(len(ruleset.match(view)) for view in some) / len(some)
        judged = sum(len(ruleset.candidates(Reading(view, ruleset.stems))) for view in some) / len(some)
        share = judged / len(specs)
        print(f"{name:<22}{1 / taken:>11,.0f}{taken * 1000:>9.2f}{found:>9.1f}{judged:>11.1f}{share:>8.2%}")
    return ruleset


def _beside_brute_force(ruleset: Ruleset, sets: dict[str, list[View]], wanted: int) -> int:
    """Try every rule on some stories, and count those whose matches or evidence differ."""
    print(f"\n{'brute force':<22}{'ms each':>9}{'compiled':>10}{'ratio':>8}{'differences':>13}")
    differences = 0
    for name, views in sets.items():
        some = views[:: max(1, len(views) // wanted)][:wanted]
        brute, fast, differing = [], [], 0
        for view in some:
            begun = time.process_time()
            expected = _tried(ruleset, view)
            tried = time.process_time()
            found = ruleset.match(view)
            fast.append(time.process_time() - tried)
            brute.append(tried - begun)
            differing += found != expected
        slow, quick = median(brute) * 1000, median(fast) * 1000
        print(f"{name:<22}{slow:>9.1f}{quick:>10.2f}{slow / quick:>8.0f}{differing:>13}")
        differences += differing
    return differences


def _tried(ruleset: Ruleset, view: View) -> tuple[Match, ...]:
    """Every rule on one reading: as brute as can be with the same leaves."""
    reading = Reading(view, ruleset.stems)
    found = ((rule, match(rule.sought, reading)) for rule in ruleset.rules)
    return tuple(Match(rule=rule.spec.name, evidence=evidence) for rule, evidence in found if evidence is not None)


def _growth(here: Town, sets: dict[str, list[View]], options: argparse.Namespace) -> None:
    print(f"\n{'ms a story, by rules':<22}" + "".join(f"{number:>10,}" for number in GROWTH))
    costs: dict[str, list[float]] = {name: [] for name in sets}
    loads: list[float] = []
    for number in GROWTH:
        ruleset, loading = _loaded(mixed_rules(here, number), here.roster)
        loads.append(loading)
        for name, views in sets.items():
            some = views[: MOST_STORIES // 6]
            costs[name].append(_seconds(ruleset.match, some, options.repeat) / len(some) * 1000)
    for name, row in costs.items():
        print(f"{name:<22}" + "".join(f"{cost:>10.3f}" for cost in row))
    print(f"{'load, s':<22}" + "".join(f"{loading:>10.2f}" for loading in loads))


def _loaded(specs: tuple[RuleSpec, ...], roster: Roster) -> tuple[Ruleset, float]:
    begun = time.process_time()
    ruleset = compile_ruleset(specs, roster)
    taken = time.process_time() - begun
    if isinstance(ruleset, Ruleset):
        return ruleset, taken
    raise SystemExit(f"the rules made from the stories have mistakes: {ruleset[0].what}")


def resident_mb() -> float:
    """Return what the system holds in memory for this process; 0 where it does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def _seconds(work: Callable[[View], object], views: Sequence[View], repeat: int) -> float:
    """Return the median of the CPU times of going through all views."""
    taken: list[float] = []
    for _ in range(repeat):
        begun = time.process_time()
        for view in views:
            work(view)
        taken.append(time.process_time() - begun)
    return median(taken)


if __name__ == "__main__":
    raise SystemExit(main())
