"""What `tocsin try threading` says for people: how many stories of what size, and the largest with their headlines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from monitor.cli.output import cell
from monitor.cli.story_file import Story
from monitor.flow.retelling import Kind, Retold
from monitor.text.naming import short_name

_MOST_SHOWN = 12  # entries kept of a story: enough to see what it is about
_LONGEST = 200  # characters kept of a headline
_SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, 0))
_NAMES = {
    Kind.NEW: "new",
    Kind.SAME_ENTRY: "same entry",
    Kind.SAME_TEXT: "same text",
    Kind.SAME_STORY: "same story",
    Kind.UPDATE: "updated",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """An entry as it is shown."""

    kind: Kind
    score: float | None
    outlet: str
    title: str
    reason: str


@dataclass(slots=True, kw_only=True)
class _Cluster:
    story_key: str
    size: int = 0
    lines: list[_Line] = field(default_factory=list)
    outlets: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Clusters:
    """The stories of a file, each with its first entries."""

    entries: int = 0
    _kinds: Counter[Kind] = field(default_factory=Counter)
    _clusters: dict[str, _Cluster] = field(default_factory=dict)
    _first_at: datetime | None = None
    _last_at: datetime | None = None

    @property
    def stories(self) -> int:
        """How many there are."""
        return len(self._clusters)

    def add(self, story: Story, told: Retold, at: datetime) -> None:
        """One more entry."""
        self.entries += 1
        self._kinds[told.kind] += 1
        self._first_at, self._last_at = self._first_at or at, at
        cluster = self._clusters.setdefault(told.story_key, _Cluster(story_key=told.story_key))
        cluster.size += 1
        outlet = next(iter(story.view.outlets), "")
        cluster.outlets.add(outlet)
        if len(cluster.lines) < _MOST_SHOWN:
            title = story.view.text.title or story.view.text.summary or story.view.text.body
            line = _Line(kind=told.kind, score=told.score, outlet=outlet, title=title[:_LONGEST], reason=told.reason)
            cluster.lines.append(line)

    def told(self, largest: int, *, with_reasons: bool) -> Iterator[str]:
        """The summary, a line at a time."""
        yield ", ".join(f"{self._kinds[kind]} {name}" for kind, name in _NAMES.items())
        if self._first_at and self._last_at and self._first_at < self._last_at:
            days = max((self._last_at - self._first_at).total_seconds() / 86_400, 1 / 24)
            yield f"over {days:.1f} days: {self.entries / days:.0f} entries and {self.stories / days:.0f} stories a day"
        sizes = Counter(cluster.size for cluster in self._clusters.values())
        for first, last in _SIZES:
            number = sum(count for size, count in sizes.items() if first <= size and (size <= last or not last))
            if number:
                yield f"{_spelt(first, last)}: {_counted(number, 'story', 'stories')}"
        shown = sorted(self._clusters.values(), key=lambda cluster: -cluster.size)[:largest]
        for cluster in (one for one in shown if one.size > 1):
            yield ""
            yield from _shown(cluster, with_reasons=with_reasons)


def _shown(cluster: _Cluster, *, with_reasons: bool) -> Iterator[str]:
    outlets = _counted(len(cluster.outlets), "outlet", "outlets")
    yield f"story {short_name(cluster.story_key)}: {cluster.size} entries, {outlets}"
    for line in cluster.lines:
        score = f" {line.score:.0%}" if line.score is not None and line.kind is not Kind.NEW else ""
        yield f"  {line.kind.replace('_', ' ')}{score}: {cell(line.title)} ({cell(line.outlet)})"
        if with_reasons:
            yield f"    {cell(line.reason)}"
    if cluster.size > len(cluster.lines):
        yield f"  and {cluster.size - len(cluster.lines)} more"


def _spelt(first: int, last: int) -> str:
    if first == last:
        return _counted(first, "entry", "entries")
    return f"{first} to {last} entries" if last else f"{first} entries and more"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
