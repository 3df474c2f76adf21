"""Places the entries of one document among those of the last days."""

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from monitor.model.polls import FeedId
from monitor.model.stories import Home, Level
from monitor.stories.drafts import Drafts, draft
from monitor.stories.evidence import Headlines
from monitor.stories.held import Held, Story, held_key, traced
from monitor.stories.identity import Keyed
from monitor.stories.lessons import Lessons, Words
from monitor.stories.likeness import RELATED, SAME_STORY, Likeness, compare
from monitor.stories.numbering import WordNumbers
from monitor.stories.outline import assemble
from monitor.stories.profile import Profile
from monitor.stories.sift import UNKNOWN, Placement
from monitor.stories.sketch import Sketch
from monitor.stories.window import Window

_MOST_RELATED = 3
_MOST_COMPARED = 1_000
"""entries of one document that are held against others by their words, the first ones: beyond, the store would be held
up for seconds, and one piece of news may be two stories"""
_MOST_UNDER_A_HEADLINE = 8
_MOST_COPIES = 32
"""entries of a story among which the first with the same text is looked for"""
_LAST_OF_A_FEED = 32
_IN_OTHERS = 3
"""entries among the last of a feed that have a phrase: then it says nothing of a text, but stands under all of them"""
_ALIKE_ANYWAY = 0.5
"""wording from which on a phrase in common with another publisher's text is no accident of the page"""
_MOSTLY = 0.5
"""share of an entry's phrases that stand under all texts of its feed, from which on its words are not its own"""
_FEW_WORDS = 5
"""of a text under its headline: fewer do not tell it from another"""
_SAME_FEED, _OTHER_FEED = 0.4, 0.1
"""share of these words that two texts under one headline have in common at least, where they are one: a feed may have
a column, but another outlet's text under the very same headline is that of the same agency"""

_Compared = list[tuple[Likeness, Story]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undo:
    """What was held, in place of what, and what it taught."""

    held: Held
    before: Held | None
    words: Words
    words_before: Words | None


@dataclass(slots=True, kw_only=True, eq=False)
class Placing:
    """A `sift.Placer` for one document."""

    feed: FeedId
    names: tuple[str, ...]
    """that say nothing in this feed"""
    publisher: bytes
    now: datetime
    window: Window
    lessons: Lessons
    numbers: WordNumbers
    drafts: Drafts
    withdrawn: "deque[Placing]"
    _undo: list[_Undo] = field(default_factory=list)
    _compared: int = 0
    _has_learned: bool = False
    _writing: int = 0
    _drawn: tuple[Keyed, Sketch, int] | None = None
    _boilerplate: frozenset[int] | None = None

    def find(self, one: Keyed) -> Placement:
        """Where an entry belongs, by its headline and its words."""
        drawn, headline = self._draw(one)
        self._compared += 1
        near = self.window.near(drawn) if self._compared <= _MOST_COMPARED else []
        compared = [(self._compare(drawn, story), story) for story in near]
        compared.sort(key=lambda pair: (-pair[0].score, pair[1].key))
        twin = self._under(headline, drawn)
        if twin is not None:
            return self._placed(twin, compared, "another entry has the same headline")
        for likeness, story in compared:
            if likeness.is_same_text and (twin := self._copied(drawn, headline, story)) is not None:
                return self._placed(twin, compared, f"another entry has the same text: {likeness.reason}")
        if not compared:
            return Placement(home=None, level=Level.NEW, reason=UNKNOWN)
        likeness, story = compared[0]
        if likeness.score < SAME_STORY:
            reason = f"{UNKNOWN}; the nearest story is {_percent(likeness)} alike: {likeness.reason}"
            return Placement(
                home=None, level=Level.NEW, reason=reason, score=likeness.score, related=_related(compared)
            )
        return Placement(
            home=Home(story_key=story.key),
            level=Level.SAME_STORY,
            reason=f"{_percent(likeness)} alike: {likeness.reason}",
            score=likeness.score,
            related=_related(compared, story.key),
        )

    def hold(self, one: Keyed, entry_key: str, home: Home, *, is_new: bool) -> bytes:
        """Remember the words of an entry for those that come after it; returns what the store is to keep of them."""
        drawn, headline = self._draw(one)
        held = Held(
            key=held_key(self.feed, entry_key),
            feed=self.feed,
            home=home,
            seen_at=self.now,
            trace=traced(headline, self.publisher, drawn),
        )
        before = self.window.put(held, drawn)
        words, words_before = drawn.words, None
        if is_new:
            self.lessons.learn(held.key, words)
            self._has_learned = True
        else:
            words_before = self.lessons.revise(held.key, words)
        self._boilerplate = None
        self._undo.append(_Undo(held=held, before=before, words=words, words_before=words_before))
        return held.trace

    def vocabulary(self) -> bytes:
        """The vocabulary, where it is time to write it; else empty."""
        if not self._has_learned or not self.lessons.is_due:
            return b""
        frozen, self._writing = self.lessons.write()
        return frozen

    def withdraw(self) -> None:
        """What was placed has not come into the store: undo it before the next document is placed. From any thread."""
        self.withdrawn.append(self)

    def undo(self) -> None:
        """Undo everything, unless it was overtaken since."""
        if self._writing:
            self.lessons.unwrite(self._writing)
        for one in reversed(self._undo):
            self.lessons.forget(one.held.key, one.words, one.words_before)
            present = self.window.get(one.held.key)
            if present is not None and present.trace is one.held.trace:
                self.window.drop(present)
                if one.before is not None:
                    self.window.put(one.before, one.before.sketch)

    def _draw(self, one: Keyed) -> tuple[Sketch, int]:
        """The sketch of an entry, and the number of its headline."""
        if self._drawn is None or self._drawn[0] is not one:
            drawn = self.drafts.get(one.entry) if self.drafts else None
            drawn = drawn or draft(one.entry, self.names, self.numbers)
            self._drawn = one, assemble(drawn.parts, self.lessons.vocabulary.weights), drawn.headline
        return self._drawn[1:]

    def _under(self, headline: int, drawn: Sketch) -> Held | None:
        """The first entry under the same headline, unless the texts below are plainly others."""
        if not headline:
            return None
        under = self.window.under(headline, _MOST_UNDER_A_HEADLINE)
        return next((held for held in under if not self._is_other(held, drawn)), None)

    def _is_other(self, held: Held, drawn: Sketch) -> bool:
        """Whether two texts under one headline are plainly not the same."""
        one, other = drawn.view, held.sketch.view
        mine, others = one.words - one.title.keys(), other.words - other.title.keys()
        fewer = min(len(mine), len(others))
        least = _SAME_FEED if held.feed == self.feed else _OTHER_FEED
        return fewer >= _FEW_WORDS and len(mine & others) < least * fewer

    def _compare(self, drawn: Sketch, story: Story) -> Likeness:
        profile = self.window.profile(story)
        is_own = story.is_all_of(self.publisher)
        likeness = compare(drawn, profile, is_own=is_own)
        seen = likeness.evidence
        if isinstance(seen, Headlines) or not seen.phrases or (seen.words >= _ALIKE_ANYWAY and not is_own):
            return likeness
        page = self._of_the_feed()
        if not page:
            return likeness
        likeness = compare(drawn, profile, page, is_own=is_own)
        share = len(drawn.view.runs & page) / len(drawn.view.runs)
        if not is_own or share < _MOSTLY:
            return likeness
        # What two entries of a page have in common is the page: only what is left of their words may be news.
        return replace(likeness, score=likeness.score * (1 - share), is_same_text=False)

    def _of_the_feed(self) -> frozenset[int]:
        """Runs of words that the feed has under its texts, whatever these tell."""
        if self._boilerplate is None:
            counts: Counter[int] = Counter()
            for held in self.window.last_of(self.feed, _LAST_OF_A_FEED):
                counts.update(held.sketch.runs)
            self._boilerplate = frozenset(run for run, times in counts.items() if times >= _IN_OTHERS)
        return self._boilerplate

    def _copied(self, drawn: Sketch, headline: int, story: Story) -> Held | None:
        """The first entry of a story whose text is this one: the runs of a headline alone make none."""
        for held in islice(story.in_order(), _MOST_COPIES):
            if headline and held.headline == headline and self._is_other(held, drawn):
                continue
            if compare(drawn, Profile([held.sketch]), self._of_the_feed()).is_same_text:
                return held
        return None

    def _placed(self, twin: Held, compared: _Compared, reason: str) -> Placement:
        key = twin.home.story_key
        score = next((likeness.score for likeness, story in compared if story.key == key), None)
        return Placement(
            home=twin.home, level=Level.SAME_TEXT, reason=reason, score=score, related=_related(compared, key)
        )


def _related(compared: _Compared, own: str = "") -> tuple[tuple[str, float], ...]:
    others = ((story.key, likeness.score) for likeness, story in compared if story.key != own)
    return tuple(pair for pair in others if pair[1] >= RELATED)[:_MOST_RELATED]


def _percent(likeness: Likeness) -> str:
    return f"{100 * likeness.score:.0f} %"
