"""Which stories of the last days an entry may belong to, by the words that they have in common.

For each word the stories that have it are listed. The lists of common words are long, and grow with all that is held;
but what an entry shares with its story is more than common words. So an entry's most common words are left out, as
many as make up less than a third of its length: a story that has nothing but those of it is not near, whatever else it
says. The other lists are looked through, the shortest first, up to a bound on what one look may cost. A story stands
once in a list, however many entries tell it.

What is found depends on which stories have which words, and on nothing else: not on the order in which they came.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

_COMMON = 0.08
"""share of the square of an entry's length: its root, 0.28, bounds the cosine with a story that has only these words"""
_FEW_LISTS = 4
"""lists that are looked through although they are long: an entry of common words alone is found by several of them"""
_MOST_MET = 2_000
"""stories met in these before the longer ones are left out; the shortest is always looked through"""
_ENOUGH_MET = 300
"""stories met in more lists than these. Of 3,797 headlines that join one of 23,000 others none is lost by it, where all
are held at once; with 150 five are, and with a bound of 500 whatever the number of lists four"""
_LEAST = 0.12
"""rough cosine from which on a story is near"""
_ROUNDING = 1.0001
_BESIDE = 0.4
"""share of the nearest one's rough cosine: stories that have less are not what the entry belongs to"""


class Candidates:
    """Words and the stories that have them. Stories are numbers here."""

    def __init__(self) -> None:
        """Know no story."""
        # A word of one story alone, as most are, is spared a list of its own. Arrays lie in one place: a list of number
        # objects, strewn over the memory, takes twice as long to go through where a hundred thousand entries are held.
        self._having: dict[int, int | array[int]] = {}

    def add(self, story: int, words: Iterable[int]) -> None:
        """Enter a story under words that it did not have before."""
        having = self._having
        for word in words:
            present = having.get(word)
            if present is None:
                having[word] = story
            elif isinstance(present, int):
                having[word] = array("I", (present, story))
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

    def near(
        self, lead: Mapping[int, int], length: int, lengths: Mapping[int, int] | Sequence[int]
    ) -> list[tuple[float, int]]:
        """The stories that have much in common with an entry, as (rough cosine, story), in no certain order.

        `lead` and `length` are those of the entry's sketch, `lengths` the usual ones of the stories' entries.
        """
        told = self._met(lead, length)
        if not told:
            return []
        # Nine of ten have a single word in common. To count them is done in C and takes a third of weighing them: so
        # only those with two words are weighed, and then those whose only word weighs enough by itself.
        times = Counter(chain.from_iterable([stories for _, stories in told]))
        several = {story for story, number in times.items() if number > 1}
        shared = dict.fromkeys(several, 0)
        most = 0
        for weight, stories in told:
            most = max(most, weight)
            for story in several.intersection(stories):
                shared[story] += weight
        most = max(most, max(shared.values(), default=0))
        # Lengths differ by less than this leaves room for.
        worth_a_look = _BESIDE / 2 * most
        for weight, stories in told:
            if weight < worth_a_look:
                continue
            # Most have too many other words for one in common to say enough. What this bound lets through by the
            # rounding of fractions is left out below.
            longest = weight / (length * _LEAST) * _ROUNDING
            shared.update({one: weight for one in stories if lengths[one] <= longest and one not in several})
        near = [
            (weight / (length * lengths[story]), story) for story, weight in shared.items() if weight >= worth_a_look
        ]
        least = max(_LEAST, _BESIDE * max(near, default=(0.0, 0))[0])
        return [found for found in near if found[0] >= least]

    def _met(self, lead: Mapping[int, int], length: int) -> "list[tuple[int, tuple[int] | array[int]]]":
        """The square of the weight, and the list, of each word of an entry whose list is looked through."""
        told: list[tuple[int, tuple[int] | array[int]]] = []
        met = 0
        for count, word, stories in self._telling(lead, length):
            most = _MOST_MET if len(told) < _FEW_LISTS else _ENOUGH_MET
            if met and met + count > most:
                break
            met += count
            told.append((lead[word] ** 2, stories))
        return told

    def _telling(self, lead: Mapping[int, int], length: int) -> "list[tuple[int, int, tuple[int] | array[int]]]":
        """Length, word and list of the words of an entry without the most common ones, the shortest list first."""
        lists: list[tuple[int, int, tuple[int] | array[int]]] = []
        having = self._having
        for word in lead:
            present = having.get(word)
            if present is None:
                continue
            if isinstance(present, int):
                lists.append((1, word, (present,)))
            else:
                lists.append((len(present), word, present))
        lists.sort()
        spared = _COMMON * length * length
        while len(lists) > 1:
            spared -= lead[lists[-1][1]] ** 2
            if spared < 0:
                break
            lists.pop()
        return lists
