"""What the vocabulary has learned, and what of it the store does not know yet.

The store keeps the vocabulary as it was some time ago, and sketches of all entries since. A process that starts learns
those anew: each entry once, with the words that it has by then. So that this comes to the same counts, the words of an
entry that is not written yet give way to those of its revision, and those that are written stay as they are.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.stories.vocabulary import Vocabulary

MOST_UNWRITTEN = 2_000
"""entries after which the vocabulary is to be written: it is some hundred kilobytes, and learning anew takes time"""
_LONGEST_UNWRITTEN = timedelta(hours=24)
"""likewise: sketches are not kept for ever"""

Words = Collection[int]


class Lessons:
    """A vocabulary that learns from entries, and can forget those that came to nothing."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Go on from what is written."""
        self.vocabulary = vocabulary
        self._unwritten: dict[int, Words] = {}
        self._since: datetime | None = None
        self._written: dict[int, Words] = {}
        """of the last writing, should that come to nothing"""
        self._writing = 0

    def learn(self, key: int, words: Words, now: datetime) -> None:
        """Learn from a new entry."""
        self.vocabulary.learn(words)
        self._unwritten[key] = words
        self._since = self._since or now

    def revise(self, key: int, words: Words) -> Words | None:
        """An entry has other words; those that they took the place of, None where nothing was to be done."""
        before = self._unwritten.get(key)
        if before is not None:
            self.vocabulary.unlearn(before)
            self.vocabulary.learn(words)
            self._unwritten[key] = words
        return before

    def forget(self, key: int, words: Words, before: Words | None) -> None:
        """Undo `learn` or `revise`, unless that is written, or was overtaken."""
        if self._unwritten.get(key) is not words:
            return
        self.vocabulary.unlearn(words)
        if before is None:
            del self._unwritten[key]
        else:
            self.vocabulary.learn(before)
            self._unwritten[key] = before

    def is_due(self, now: datetime) -> bool:
        """Whether the vocabulary ought to be written."""
        is_old = self._since is not None and now - self._since >= _LONGEST_UNWRITTEN
        return len(self._unwritten) >= MOST_UNWRITTEN or is_old

    def write(self) -> tuple[bytes, int]:
        """The vocabulary for the store, and the number of this writing; all that was learned counts as written."""
        self._written, self._unwritten, self._since = self._unwritten, {}, None
        self._writing += 1
        return self.vocabulary.freeze(), self._writing

    def unwrite(self, writing: int, now: datetime) -> None:
        """The writing of this number came to nothing."""
        if writing == self._writing:
            self._unwritten = {**self._written, **self._unwritten}
            self._since = now
