"""What was said in the last 72 hours, and in which story: what new entries are held against.

A cache of the store: rebuilt from it at the start (`recount`, `restore`), and changed by each decision that places
entries (`begin`). What it says follows from the entries that it holds, each with the words, the weights and the moment
that the store keeps as well, whatever the order in which they came; so a restart changes no verdict.

It is used by one thread at a time, the one that decides. Only `Placing.withdraw` may be called from another.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from monitor.model.entries import Entry
from monitor.model.polls import FeedId
from monitor.model.stories import Home, Move, Remembered
from monitor.stories.drafts import Drafts, drafts
from monitor.stories.held import Held, held_key, publisher_number, sketch_in
from monitor.stories.lessons import MOST_UNWRITTEN, Lessons
from monitor.stories.numbering import WordNumbers
from monitor.stories.placing import Placing
from monitor.stories.sift import WINDOW
from monitor.stories.sketch import NotASketch
from monitor.stories.vocabulary import Vocabulary
from monitor.stories.window import Window

MOST_HELD = 200_000
"""entries"""
_NONE: Drafts = MappingProxyType({})


class Recollection:
    """The entries of the last days, their stories, and the words that they taught."""

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        *,
        last_move: int = 0,
        most_held: int = MOST_HELD,
        most_unwritten: int = MOST_UNWRITTEN,
    ) -> None:
        """Hold nothing yet. Moves by hand up to `last_move` are in what will be restored."""
        self.last_move = last_move
        self._window = Window(most_held)
        self._lessons = Lessons(vocabulary or Vocabulary.starting(), most_unwritten)
        self._numbers = WordNumbers()
        self._withdrawn: deque[Placing] = deque()

    def __len__(self) -> int:
        """How many entries are held."""
        return len(self._window)

    def recount(self, entries: Iterable[Remembered]) -> None:
        """Learn the words of entries that the vocabulary does not count yet."""
        for one in entries:
            try:
                words = sketch_in(one.sketch).words
            except NotASketch:
                continue
            self._lessons.learn(held_key(one.feed, one.entry_key), words)

    def restore(self, entries: Iterable[Remembered]) -> None:
        """Hold entries that the store has kept, as if they had just come; what is no sketch of ours is left out."""
        for one in entries:
            try:
                sketch = sketch_in(one.sketch)
            except NotASketch:
                continue
            held = Held(
                key=held_key(one.feed, one.entry_key),
                feed=one.feed,
                home=one.home,
                seen_at=one.seen_at,
                trace=one.sketch,
            )
            self._window.put(held, sketch)

    def draft(self, entries: Iterable[Entry], names: Sequence[str]) -> Drafts:
        """What `begin` need not work out any more of so many entries. From any thread."""
        return drafts(entries, names, self._numbers)

    def begin(
        self,
        feed: FeedId,
        names: Sequence[str],
        now: datetime,
        moves: Iterable[Move] = (),
        *,
        publisher: str = "",
        ahead: Drafts = _NONE,
    ) -> Placing:
        """Place the entries of one document of a feed, after what people have moved since. One at a time.

        `names` say nothing in this feed. `publisher`: whose it is; empty: its own.
        """
        while self._withdrawn:
            self._withdrawn.popleft().undo()
        self._apply(moves)
        self._window.expire(now - WINDOW)
        return Placing(
            feed=feed,
            names=tuple(names),
            publisher=publisher_number(publisher or f"feed {feed}"),
            now=now,
            window=self._window,
            lessons=self._lessons,
            numbers=self._numbers,
            drafts=ahead,
            withdrawn=self._withdrawn,
        )

    def _apply(self, moves: Iterable[Move]) -> None:
        for move in moves:
            if move.serial <= self.last_move:
                continue
            self.last_move = move.serial
            one = self._window.get(held_key(move.feed, move.entry_key))
            if one is not None:
                home = Home(story_key=move.story_key, text_key=one.home.text_key)
                self._window.put(replace(one, home=home), one.sketch)
