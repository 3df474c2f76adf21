"""How well declared entities are found in stories with marked mentions, and how fast.

Prints precision, recall and F1 of sure mentions per type, by document × entity, and what was most often wrong.
"""

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from monitor.entities.mentions import Mentions, find_mentions
from monitor.entities.roster import Roster, build_roster
from monitor.model.rules import EntitySpec
from monitor.text.words import Words

TYPES = {"PER": "person", "LOC": "place", "ORG": "organisation", "PRO": "product", "EVT": "event"}


def entity_specs(listed: list[dict[str, Any]]) -> list[EntitySpec]:
    """Turn a JSON list of id, type, name and aliases into declarations."""
    return [
        EntitySpec(
            id=one["id"], type=TYPES.get(one["type"], one["type"]), name=one["name"], aliases=tuple(one["aliases"])
        )
        for one in listed
    ]


def stories(path: Path, fold: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the stories of a file; with a fold only that half of them, by the hash of the id."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            story = json.loads(line)
            if fold is None or hashlib.sha1(story["id"].encode(), usedforsecurity=False).digest()[0] % 2 == fold:
                yield story


def mentions_in(roster: Roster, story: Mapping[str, Any]) -> Mentions:
    """Return what the roster finds in one story."""
    texts = {field: Words(story[field]) for field in ("title", "summary", "body") if story.get(field)}
    return find_mentions(roster, texts, language=story.get("lang", ""))


def score(
    roster: Roster, listed: list[dict[str, Any]], told: list[dict[str, Any]]
) -> tuple[Counter[Any], Counter[Any]]:
    """Return counts of (type, right | false | missed), and of (what is wrong, entity)."""
    types = {one["id"]: one["type"] for one in listed}
    counts: Counter[Any] = Counter()
    wrong: Counter[Any] = Counter()
    for story in told:
        gold = {mention["id"] for mention in story["mentions"]} & types.keys()
        sure = set(mentions_in(roster, story).sure)
        for name, ids in (("right", gold & sure), ("false", sure - gold), ("missed", gold - sure)):
            for entity in ids:
                counts[types[entity], name] += 1
                counts["all", name] += 1
                if name != "right":
                    wrong[name, entity] += 1
    return counts, wrong


def cost(path: Path, forms: int) -> int:
    """Print what so many forms of names that nobody has cost a story, against none at all."""
    syllables = ["zor", "vel", "mir", "tag", "lun", "pez", "kor", "dal", "fim", "gur"]
    numbers = (f"{number:06d}" for number in range(10**6))
    names = ("".join(syllables[int(digit)] for digit in number) for number in numbers)
    began = time.process_time()
    specs = (EntitySpec(id=f"e{at}", type="other", name=f"{next(names).title()}") for at in range(forms))
    roster = build_roster(specs)
    print(f"{len(roster.forms):,} forms, built in {time.process_time() - began:.1f} s")
    cut = [{"title": Words(story["title"])} for story in stories(path)]
    for name, one in (("no form", build_roster(())), ("all forms", roster)):
        started = time.process_time()
        found = sum(bool(find_mentions(one, texts).found) for texts in cut)
        each = (time.process_time() - started) / max(1, len(cut))
        print(f"{name}: {each * 1e6:.2f} µs a title, beside cutting it; {found} of {len(cut)} mention one")
    return 0


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--forms", type=int, default=0, help="measure the cost of so many invented forms instead")
    parser.add_argument("--entities", type=Path, help="a JSON list of id, type, name, aliases")
    parser.add_argument("--fold", type=int, choices=(0, 1))
    parser.add_argument("--worst", type=int, default=20)
    chosen = parser.parse_args()
    if not chosen.file.exists():
        print(f"skipped: there is no {chosen.file}")
        return 2
    if chosen.forms:
        return cost(chosen.file, chosen.forms)
    if chosen.entities is None:
        parser.error("--entities or --forms")
    listed = json.loads(chosen.entities.read_text(encoding="utf-8"))
    began = time.process_time()
    roster = build_roster(entity_specs(listed))
    built = time.process_time()
    told = list(stories(chosen.file, chosen.fold))
    started = time.process_time()
    counts, wrong = score(roster, listed, told)
    ended = time.process_time()
    print(f"{len(listed)} entities, {len(roster.forms):,} forms, built in {built - began:.2f} s")
    print(f"{len(told)} stories, {(ended - started) / max(1, len(told)) * 1e3:.2f} ms each")
    for type_ in sorted({type_ for type_, _ in counts}, key=lambda name: (name == "all", name)):
        right, false, missed = (counts[type_, name] for name in ("right", "false", "missed"))
        precision, recall = right / max(1, right + false), right / max(1, right + missed)
        mean = 2 * precision * recall / max(1e-9, precision + recall)
        numbers = f"right {right}, false {false}, missed {missed}"
        print(f"{type_:4} P {precision:.3f}  R {recall:.3f}  F1 {mean:.3f}   ({numbers})")
    names = {one["id"]: one["name"] for one in listed}
    for (what, entity), number in wrong.most_common(chosen.worst):
        print(f"{what} {number} times: {entity} ({names[entity]})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
