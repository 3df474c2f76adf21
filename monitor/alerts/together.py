"""A message of several alerts: a digest, a roll-up, or what has waited for a channel to come back.

Its alerts stand by rule and story, the best first; what was told of one story stands together, and a story that another
rule has told of already is named, not told again. Of a roll-up the first few are shown: two hundred titles at once tell
nobody anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.alerts.lines import Line, joined, listed, one_line, plain
from monitor.alerts.telling import (
    before_lines,
    found_words,
    item,
    lead_of,
    link_lines,
    moment_of,
    place_line,
    rule_of,
    short_entry,
    title_line,
    title_of,
)
from monitor.model.alerts import Alert, AlertKind, Group, Hold, Item, Marked, Message
from monitor.model.rules import Priority

SHOWN_OF_ROLL_UP = 5
_RANKS = {priority: rank for rank, priority in enumerate((Priority.URGENT, Priority.NORMAL, Priority.LOW))}
_STEPS = (200, 150, 110, 80, 60, 45, 34, 26, *range(20, 0, -1))
"""how many stories the shorter forms show"""
_LONGEST_BRIEF_TITLE = 120
_LONGEST_BRIEF_ENTRY = 600  # with its link
_MOST_RULES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """The alerts of a message in the order in which they are read."""

    title: str
    groups: tuple[Group, ...]
    """all of them"""
    shown: tuple[Group, ...]
    items: tuple[Item, ...]
    """of all groups"""

    @property
    def more(self) -> int:
        """How many alerts are not shown."""
        return _count(self.groups) - _count(self.shown)


def laid(message: Message) -> Laid:
    """The alerts of a message by rule and story."""
    groups = tuple(_groups(message.alerts))
    shown = groups[:SHOWN_OF_ROLL_UP] if message.hold is Hold.THROTTLE else groups
    title = one_line(message.title) or f"{len(message.alerts)} alerts"
    return Laid(title=title, groups=groups, shown=shown, items=tuple(one for group in groups for one in group.items))


def full_lines(laid: Laid, opening: Sequence[Line], last: Line) -> list[Line]:
    """Every group that is shown, with its outlets, times, words and links."""
    lines = [plain(laid.title), *opening, *_rules_lines(laid)]
    rule: str | None = None
    told: dict[str, int] = {}
    for group in laid.shown:
        lines.append(plain(""))
        if group.rule != rule and _has_rules(laid.groups):
            rule = group.rule
            lines += [plain(f"rule {rule}" if rule else "about tocsin itself"), plain("")]
        lines += _entry_lines(group, told)
    if laid.more:
        lines += [plain(""), _more_line(laid.more)]
    return [*lines, plain(""), last]


def shorter(laid: Laid, opening: Sequence[Line], last: Line) -> tuple[tuple[Marked, ...], ...]:
    """The same with title and link alone, of ever fewer stories; each says how many alerts it leaves out."""
    most = len(laid.shown)
    return tuple(
        joined(_brief_lines(laid, count, opening, last))
        for count in dict.fromkeys((min(most, _STEPS[0]), *(step for step in _STEPS if step < most)))
        if count
    )


def _brief_lines(laid: Laid, count: int, opening: Sequence[Line], last: Line) -> list[Line]:
    lines = [plain(laid.title), *opening, plain("")]
    for group in laid.shown[:count]:
        entry = short_entry(
            group.items[0].alert, f"{group.number}. ", _LONGEST_BRIEF_ENTRY, longest=_LONGEST_BRIEF_TITLE
        )
        lines += [plain(words) for words in entry]
    left_out = _count(laid.groups) - _count(laid.shown[:count])
    return [*lines, *([_more_line(left_out)] if left_out else []), plain(""), last]


def _entry_lines(group: Group, told: dict[str, int]) -> Iterator[Line]:
    first, *later = group.items
    story = first.alert.story_key
    if story and story in told:
        yield title_line(first, f"{group.number}. {lead_of(first.alert)}")
        yield plain(f"told above: {told[story]}")
        return
    if story:
        told[story] = group.number
    yield title_line(first, f"{group.number}. {lead_of(first.alert)}")
    yield place_line(first)
    yield from before_lines(first.alert)
    if found := found_words(first):
        yield plain(f"found: {found}")
    if first.alert.kind is AlertKind.BURST:
        yield from (list(passage.pieces) for passage in first.passages)
    links = link_lines(first.alert)
    yield from (plain(link) for link in links)
    for one in later:
        yield _later_line(one, first)
        if (also := link_lines(one.alert)) != links:
            yield from (plain(link) for link in also)


def _later_line(one: Item, first: Item) -> Line:
    """What followed on the same story, in one line; a title that has just been read is not read again."""
    lead = lead_of(one.alert)
    at = f" ({moment_of(one.alert)})"
    if lead and title_of(one.alert) == title_of(first.alert):
        return plain(lead.rstrip(" —:") + at)
    return [*title_line(one, lead), Marked(words=at)]


def _rules_lines(laid: Laid) -> list[Line]:
    """How many there are of each rule, where not all are shown."""
    counts: dict[str, int] = {}
    for group in laid.groups:
        counts[group.rule] = counts.get(group.rule, 0) + len(group.items)
    if not laid.more or len(counts) == 1:
        return []
    return [plain(listed([f"{rule or 'about tocsin itself'}: {count}" for rule, count in counts.items()], _MOST_RULES))]


def _more_line(count: int) -> Line:
    return plain(f"and {count:,} more: tocsin alerts list")


def _has_rules(groups: Sequence[Group]) -> bool:
    return any(group.rule for group in groups)


def _count(groups: Sequence[Group]) -> int:
    return sum(len(group.items) for group in groups)


def _groups(alerts: Sequence[Alert]) -> Iterator[Group]:
    """By rule and story; first the rule with the best story, and within it the best one."""
    found: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts:
        found.setdefault((alert.content.rule, alert.story_key or alert.public_id), []).append(alert)
    ranks = {key: _rank(group) for key, group in found.items()}
    best: dict[str, _Rank] = {}
    for (rule, _), rank in ranks.items():
        best[rule] = min(best.get(rule, rank), rank)
    order = sorted(found, key=lambda key: (best[key[0]], key[0], ranks[key], key[1]))
    for number, key in enumerate(order, start=1):
        told = sorted(found[key], key=lambda alert: (alert.at, alert.kind is not AlertKind.FIRST))
        yield Group(number=number, rule=rule_of(told[0]), items=tuple(item(alert) for alert in told))


@dataclass(frozen=True, slots=True, order=True)
class _Rank:
    """The less, the better: as deliveries are ordered when they are put together."""

    priority: int
    outlets: int
    at: float


def _rank(alerts: Sequence[Alert]) -> _Rank:
    outlets = {name for alert in alerts for name in (*alert.content.outlets, *alert.content.also_in)}
    return _Rank(
        priority=min(_RANKS[alert.priority] for alert in alerts),
        outlets=-len(outlets),
        at=-max(alert.at for alert in alerts).timestamp(),
    )
