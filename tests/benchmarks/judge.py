"""Compare what a webhook received with what a series must lead to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.truth import Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One alert of one message that came in."""

    public_id: str
    link: str
    title: str
    capture: int
    """the capture that was being served"""
    life: int = 0
    """which daemon sent it: 0 until the first kill, then 1 …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """One kill."""

    capture: int
    moment: str
    orphans: int = 0


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What came of it."""

    told: int = 0
    repeated: list[str] = field(default_factory=list)
    """told again under another id"""
    in_flight: list[str] = field(default_factory=list)
    """the last message before a kill, sent again after it under its id: the one repeat that is allowed"""
    unexplained: list[str] = field(default_factory=list)
    """sent again under its id for no reason"""
    missed: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    """alerts about entries that were not new"""

    @property
    def is_kept(self) -> bool:
        """Whether nothing was missed and nothing told twice without need."""
        return not (self.repeated or self.unexplained or self.missed or self.strange)

    @property
    def discrepancies(self) -> list[str]:
        """Everything worth a look, one line each."""
        return [*self.repeated, *self.unexplained, *self.missed, *self.strange, *self.in_flight]


def judge(
    expected: Expectation, receipts: Sequence[Receipt], deaths: Sequence[Death], *, is_rule_for_all: bool = True
) -> Verdict:
    """Lay every receipt beside the story it tells. Unless the rule is for all, nothing can be called missed."""
    verdict = Verdict()
    finder = _Finder(expected)
    ids_by_story: dict[int, dict[str, Receipt]] = defaultdict(dict)
    for place, receipt in enumerate(receipts):
        story = finder.story_of(receipt)
        told = ids_by_story[story] if story is not None else {}
        if receipt.public_id in told or any(one.public_id == receipt.public_id for one in receipts[:place]):
            _judge_repeat(verdict, receipts[:place], receipt, deaths)
        elif story is None:
            known = "it stood in the baseline" if finder.is_baseline(receipt) else "no entry of the series is it"
            verdict.strange.append(f"alert about nothing new, {known}: {_named(receipt)}")
        elif told:
            first = next(iter(told.values()))
            verdict.repeated.append(f"told twice: {_named(first)}; again as {_named(receipt)}")
        told[receipt.public_id] = receipt
    told_stories = {story for story in ids_by_story if ids_by_story[story]}
    verdict.told = len(told_stories)
    if is_rule_for_all:
        verdict.missed = [
            f"missed, new in capture {story.capture}: {story.items[0].title!r} {story.items[0].link}"
            for number, story in enumerate(expected.stories)
            if number not in told_stories
        ]
    return verdict


def _judge_repeat(verdict: Verdict, before: Sequence[Receipt], receipt: Receipt, deaths: Sequence[Death]) -> None:
    last = next(one for one in reversed(before) if one.public_id == receipt.public_id)
    was_last_word = last is [one for one in before if one.life == last.life][-1]
    if was_last_word and last.life < receipt.life:
        death = deaths[last.life]
        verdict.in_flight.append(
            f"in flight when killed ({death.moment}, capture {death.capture}), same id again: {_named(receipt)}"
        )
    else:
        verdict.unexplained.append(f"sent again without need: {_named(receipt)}")


class _Finder:
    """Which story an alert is about: by link, unless several have it; else by title."""

    def __init__(self, expected: Expectation) -> None:
        items = [(number, item) for number, story in enumerate(expected.stories) for item in story.items]
        self._by_both = {(item.link, _line(item.title)): number for number, item in items}
        self._by_link = _index((item.link, number) for number, item in items)
        self._by_title = _index((_line(item.title), number) for number, item in items)
        self._baseline = {item.link or _line(item.title) for item in expected.baseline}

    def story_of(self, receipt: Receipt) -> int | None:
        by_both = self._by_both.get((receipt.link, _line(receipt.title)))
        if by_both is not None:
            return by_both
        by_link = self._by_link.get(receipt.link)
        return by_link if receipt.link and by_link is not None else self._by_title.get(_line(receipt.title))

    def is_baseline(self, receipt: Receipt) -> bool:
        return (receipt.link or _line(receipt.title)) in self._baseline


def _line(title: str) -> str:
    return " ".join(title.split())


def _index(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Value → story, of the values that lead to one story only."""
    found: dict[str, set[int]] = defaultdict(set)
    for value, number in pairs:
        if value:
            found[value].add(number)
    return {value: numbers.pop() for value, numbers in found.items() if len(numbers) == 1}


def _named(receipt: Receipt) -> str:
    return f"{receipt.public_id} {receipt.title!r} {receipt.link} (while capture {receipt.capture} was served)"
