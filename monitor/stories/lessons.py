"""What the vocabulary has learned, and what of it the store does not know yet.

The store keeps the vocabulary as it was some time ago, and the sketches of all entries since. A process that starts
learns those anew: each entry once, with the words that it has by then. So that this comes to the same counts, the words
of an entry that is not written yet give way to those of its revision, and those that are written stay as they are.
"""

from collections.abc import Collection

from monitor.stories.vocabulary import Vocabulary

MOST_UNWRITTEN = 2_000
"""entries after which the vocabulary is to be written: it is some hundred kilobytes, and learning anew takes time"""

Words = Collection[int]


class Lessons:
    """A vocabulary that learns from entries, and can forget those that came to nothing."""

    def __init__(self, vocabulary: Vocabulary, most_unwritten: int = MOST_UNWRITTEN) -> None:
        """Go on from what is written."""
        self.vocabulary = vocabulary
        self._most_unwritten = most_unwritten
        self._unwritten: dict[int, Words] = {}
        self._written: dict[int, Words] = {}
        """by the last writing, should that come to nothing"""
        self._writing = 0

    @property
    def is_due(self) -> bool:
        """Whether the vocabulary ought to be written."""
        return len(self._unwritten) >= self._most_unwritten

    def learn(self, key: int, words: Words) -> None:
        """Learn from a new entry."""
        self.vocabulary.learn(words)
        self._unwritten[key] = words

    def revise(self, key: int, words: Words) -> Words | None:
        """An entry has other words: those that gave way to them, None where there was nothing to learn."""
        before = self._unwritten.get(key)
        if before is not None:
            self.vocabulary.unlearn(before)
            self.vocabulary.learn(words)
            self._unwritten[key] = words
        return before

    def forget(self, key: int, words: Words, before: Words | None) -> None:
        """Undo `learn`, or a `revise` that made words give way, unless it was written or overtaken."""
        if self._unwritten.get(key) is not words:
            return
        self.vocabulary.unlearn(words)
        if before is None:
            del self._unwritten[key]
        else:
            self.vocabulary.learn(before)
            self._unwritten[key] = before

    def write(self) -> tuple[bytes, int]:
        """The vocabulary for the store, and the number of this writing; all that was learned counts as written."""
        self._written, self._unwritten = self._unwritten, {}
        self._writing += 1
        return self.vocabulary.freeze(), self._writing

    def unwrite(self, writing: int) -> None:
        """The writing of this number came to nothing."""
        if writing == self._writing:
            self._unwritten = {**self._written, **self._unwritten}
            self._written = {}
