"""Short stories a second: folding and tokenising alone, and matching with evidence against word rules.

    python -m tests.benchmarks.matching STORIES.jsonl [--rules 1000] [--repeat 3]

STORIES.jsonl has one JSON object a line with `title` and, where there are any, `summary` and `body`. The rules are
single words taken from the stories, spread over the whole range from common to rare.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from monitor.entities.roster import Roster
from monitor.model.entries import Text
from monitor.model.rules import RuleName, RuleSpec, View
from monitor.rules.reading import Reading
from monitor.rules.ruleset import Ruleset, compile_ruleset
from monitor.text.tokens import terms


def main() -> int:
    """Print the figures; 2 where the stories are absent."""
    options = _options()
    if not options.stories.is_file():
        print(f"skipped: {options.stories} is not there; give a JSON Lines file of stories with a title")
        return 2
    views = _views(options.stories)
    specs = _word_rules(views, options.rules)
    loaded = time.process_time()
    ruleset = compile_ruleset(specs, Roster())
    if not isinstance(ruleset, Ruleset):
        print(f"the rules made from the stories have mistakes: {ruleset[0].what}")
        return 1
    loading = time.process_time() - loaded
    found = sum(len(ruleset.match(view)) for view in views)
    judged = sum(len(ruleset.candidates(Reading(view))) for view in views)
    cutting = min(_seconds(_cut, views) for _ in range(options.repeat))
    matching = min(_seconds(ruleset.match, views) for _ in range(options.repeat))
    print(f"stories {len(views)}   rules {len(specs)}   compiled in {loading:.2f} s")
    print(f"matches {found}   rules evaluated per story {judged / len(views):.2f} of {len(specs)}")
    print(f"fold + tokenise               {len(views) / cutting:>9,.0f} stories/s")
    print(
        f"fold + tokenise + match       {len(views) / matching:>9,.0f} stories/s   {matching / cutting:.2f} x the time"
    )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stories", type=Path)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args()


def _views(path: Path) -> list[View]:
    with path.open(encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines if line.strip()]
    return [
        View(text=Text(title=each["title"], summary=each.get("summary", ""), body=each.get("body", "")))
        for each in stories
    ]


def _word_rules(views: list[View], wanted: int) -> tuple[RuleSpec, ...]:
    """Return single-word rules, leaving out the commonest half per cent, for which nobody writes a rule."""
    counts = Counter(term for view in views for term in terms(view.text.title) if term.isalpha() and len(term) > 3)
    ranked = [term for term, _ in counts.most_common()]
    ranked = ranked[len(ranked) // 200 :]
    step = max(1, len(ranked) // wanted)
    return tuple(RuleSpec(name=RuleName(term), query=f'"{term}"') for term in ranked[::step][:wanted])


def _cut(view: View) -> None:
    for text in (view.text.title, view.text.summary, view.text.body):
        if text:
            terms(text)


def _seconds(work: Callable[[View], object], views: list[View]) -> float:
    begun = time.process_time()
    for view in views:
        work(view)
    return time.process_time() - begun


if __name__ == "__main__":
    raise SystemExit(main())
