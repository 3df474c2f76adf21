"""Which stories of the last days an entry may belong to, by the words that they have in common.

For each word the stories that have it are listed. An entry looks through the shortest of its words' lists first, until
it has met a fixed number of stories: what few stories share says the most, and the lists of common words, which grow
with all that is held, are the ones left out. So the cost of a look hardly grows, and a story that ten thousand entries
tell stands in each list once.

What is found depends on which stories have which words, and on nothing else: not on the order in which they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

_MOST_MET = 1_500
"""stories met in lists before the rest of the lists is left out; the shortest list is always looked through"""
_LEAST = 0.1
"""rough cosine from which on a story is near"""


class Candidates:
    """Words and the stories that have them. Stories are numbers, below which the caller knows them."""

    def __init__(self) -> None:
        """Know no story."""
        # A word of one story alone, as most are, is spared a list of its own.
        self._having: dict[int, int | list[int]] = {}

    def add(self, story: int, words: Iterable[int]) -> None:
        """Enter a story under words that it did not have before."""
        having = self._having
        for word in words:
            present = having.get(word)
            if present is None:
                having[word] = story
            elif isinstance(present, int):
                having[word] = [present, story]
            else:
                present.append(story)

    def remove(self, story: int, words: Iterable[int]) -> None:
        """Strike a story out under words that it has no longer."""
        having = self._having
        for word in words:
            present = having[word]
            if isinstance(present, int):
                del having[word]
            else:
                present.remove(story)  # the oldest stories go first, and stand in front
                if len(present) == 1:
                    having[word] = present[0]

    def near(self, lead: Mapping[int, int], length: int, lengths: Mapping[int, int]) -> list[tuple[float, int]]:
        """Stories with much weight in common with an entry, as (rough cosine, story), in no certain order.

        `lead` and `length` are those of the entry's sketch, `lengths` those of the stories.
        """
        shared: defaultdict[int, int] = defaultdict(int)
        met = 0
        for count, word, stories in sorted(self._lists(lead)):
            if met and met + count > _MOST_MET:
                break
            met += count
            weight = lead[word] ** 2
            for story in stories:
                shared[story] += weight
        least = _LEAST * length
        return [
            (weight / (length * lengths[story]), story)
            for story, weight in shared.items()
            if weight > least * lengths[story]
        ]

    def _lists(self, words: Iterable[int]) -> Iterator[tuple[int, int, tuple[int] | list[int]]]:
        having = self._having
        for word in words:
            present = having.get(word)
            if isinstance(present, int):
                yield 1, word, (present,)
            elif present is not None:
                yield len(present), word, present
