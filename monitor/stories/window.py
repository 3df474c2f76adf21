"""The entries that are held, their stories, and the ways to find them: by words, by headline, by feed, by age."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import islice

from monitor.model.polls import FeedId
from monitor.stories.candidates import Candidates
from monitor.stories.held import Held, Place, Story
from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch

_MOST_PROFILES = 500
"""stories whose tables are kept: they are ten times as large as what they are made from"""
_MOST_NEAR = 5
_MOST_LOOKED_AT = 20
_LEAST_NEAR = 0.07
"""mean cosine with the entries of a story below which nothing ever told it, nor came near enough to be shown"""


class Window:
    """What is held. What it finds follows from the entries in it, not from the order in which they came."""

    def __init__(self, most: int) -> None:
        """Hold up to so many entries; with more, the oldest go."""
        self._most = most
        self._held: dict[int, Held] = {}
        self._ageing: list[Place] = []
        self._stories: dict[int, Story] = {}
        self._numbers: dict[str, int] = {}
        self._free: list[int] = []
        """numbers of stories that are gone, for others: so they stay small"""
        # Lies in one place: a look reads the lengths of some hundred stories, strewn over all that are held.
        self._lengths = array("H")
        self._candidates = Candidates()
        self._headlines: dict[int, list[Place]] = {}
        self._feeds: dict[int, list[Place]] = {}
        self._profiled: dict[int, None] = {}
        """stories that have a profile; the one asked for last stands at the end"""

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._held)

    def get(self, key: int) -> Held | None:
        """The entry of this key."""
        return self._held.get(key)

    def put(self, one: Held, sketch: Sketch) -> Held | None:
        """Hold an entry, in place of what was held of it before, which is returned. `sketch` is that of its trace."""
        before = self._held.get(one.key)
        if before is not None:
            self.drop(before)
        number = self._numbers.get(one.home.story_key)
        if number is None:
            if self._free:
                number = self._free.pop()
            else:
                number = len(self._lengths)
                self._lengths.append(0)
            self._numbers[one.home.story_key] = number
            self._stories[number] = Story(one.home.story_key)
        story = self._stories[number]
        self._candidates.add(number, story.add(one, sketch))
        self._lengths[number] = story.length
        self._held[one.key] = one
        place = one.place
        heappush(self._ageing, place)
        if one.headline:
            insort(self._headlines.setdefault(one.headline, []), place)
        insort(self._feeds.setdefault(one.feed, []), place)
        if len(self._held) > self._most:
            self._drop_oldest()
        return before

    def drop(self, one: Held) -> None:
        """Hold an entry no longer."""
        del self._held[one.key]
        number = self._numbers[one.home.story_key]
        story = self._stories[number]
        self._candidates.remove(number, story.remove(one))
        if story.entries:
            self._lengths[number] = story.length
        else:
            del self._stories[number], self._numbers[story.key]
            self._free.append(number)
            self._profiled.pop(number, None)
        if one.headline:
            _take(self._headlines, one.headline, one.place)
        _take(self._feeds, one.feed, one.place)

    def expire(self, since: datetime) -> None:
        """Hold only what came at `since` or later."""
        while self._ageing and self._ageing[0][0] < since:
            self._drop_oldest()

    def near(self, sketch: Sketch) -> list[Story]:
        """The stories that have the most in common with these words, the nearest first."""
        lead, length = sketch.lead, sketch.length
        found = self._candidates.near(lead, length, self._lengths)
        stories = self._stories
        best = sorted([(-cosine, stories[number].key, number) for cosine, number in found])[:_MOST_LOOKED_AT]
        near = (stories[number] for _, _, number in best)
        # A story that many tell has many words, of which any entry has some.
        return list(islice((story for story in near if story.nearness(lead, length) >= _LEAST_NEAR), _MOST_NEAR))

    def profile(self, story: Story) -> Profile:
        """What the entries of a story have in common."""
        number = self._numbers[story.key]
        self._profiled.pop(number, None)
        self._profiled[number] = None
        if len(self._profiled) > _MOST_PROFILES:
            longest_unasked = next(iter(self._profiled))
            del self._profiled[longest_unasked]
            self._stories[longest_unasked].rest()
        return story.profiled()

    def story(self, key: str) -> Story:
        """The story of this key, of which an entry is held."""
        return self._stories[self._numbers[key]]

    def under(self, headline: int, most: int) -> Iterator[Held]:
        """The last entries under a headline, the oldest of them first."""
        return (self._held[key] for _, key in self._headlines.get(headline, ())[-most:])

    def last_of(self, feed: FeedId, most: int) -> Iterator[Held]:
        """The last entries of a feed, the oldest of them first."""
        return (self._held[key] for _, key in self._feeds.get(feed, ())[-most:])

    def _drop_oldest(self) -> None:
        place = heappop(self._ageing)
        one = self._held.get(place[1])
        if one is not None and one.place == place:  # else it was revised since, or dropped
            self.drop(one)


def _take(rows: dict[int, list[Place]], row: int, place: Place) -> None:
    places = rows[row]
    del places[bisect_left(places, place)]
    if not places:
        del rows[row]
