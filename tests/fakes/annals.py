"""The past in memory: what `monitor.ports.Annals` promises, said in plain Python."""

from datetime import datetime

from monitor.model.past import Extent, PastRevision
from tests.fakes.store import KeptEntry, Memory, view_of


class FakeAnnals:
    """`monitor.ports.Annals` in memory; a place is a number in the list of all revisions."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def extent(self) -> Extent:
        return Extent(first=0, last=len(self._memory.past) - 1)

    async def revisions(
        self, places: tuple[int, int], since: datetime, until: datetime | None
    ) -> tuple[PastRevision, ...]:
        kept = [self._revision(entry, number) for entry, number in self._memory.past[max(places[0], 0) : places[1]]]
        return tuple(one for one in kept if one.seen_at >= since and (until is None or one.seen_at < until))

    def _revision(self, entry: KeptEntry, number: int) -> PastRevision:
        memory = self._memory
        seen_at, sifted = next(one for one in entry.revisions if one[1].revision == number)
        earlier = [one.entry.text for _, one in entry.revisions if one.revision < number]
        return PastRevision(
            entry=id(entry),
            story=list(memory.stories).index(entry.story),
            story_key=entry.story,
            text_key=entry.home.text_key,
            feed_url=memory.feeds[entry.feed].url,
            number=number,
            seen_at=seen_at,
            is_baseline=sifted.is_baseline,
            view=view_of(sifted, tuple(sorted(entry.outlets))),
            previous=earlier[-1] if earlier else None,
            is_worded=number not in entry.bare,
        )
