"""Rebuild from the store what a process that starts must know of the last days."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from monitor.ports import Clock, Recall
from monitor.stories.lessons import MOST_UNWRITTEN
from monitor.stories.recollection import Recollection
from monitor.stories.sift import WINDOW
from monitor.stories.vocabulary import Vocabulary, VocabularyDamaged

_PORTION = 2_000
"""entries read at once: some megabyte"""


class Remembering:
    """A recollection that is rebuilt when the first document has come: where nothing comes, nobody waits for it."""

    def __init__(
        self,
        recall: Recall,
        clock: Clock,
        settling: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Read nothing yet. It is rebuilt within what `settling` gives: what is made there stays for days."""
        self._recall = recall
        self._clock = clock
        self._settling = settling
        self._rebuilding = asyncio.Lock()
        self._rebuilt: Recollection | None = None

    async def ready(self) -> Recollection:
        """The recollection, the same one for everybody. Raises StoreError; then the next one tries again."""
        async with self._rebuilding:
            if self._rebuilt is None:
                with self._settling():
                    self._rebuilt = await recollect(self._recall, self._clock.now())
        return self._rebuilt


async def recollect(recall: Recall, now: datetime, *, most_unwritten: int = MOST_UNWRITTEN) -> Recollection:
    """The recollection that a process has which never stopped. Raises StoreError.

    The vocabulary is written after so many new entries. To be awaited before the first document is decided about: what
    that brings must be held as well.
    """
    lexicon = await recall.lexicon()
    # Read first: a move that is made meanwhile is told again by the first poll, and may be made twice.
    last_move = await recall.last_move()
    try:
        vocabulary = await asyncio.to_thread(_vocabulary, lexicon.vocabulary)
        place = lexicon.place
    except VocabularyDamaged:
        # Its words weigh a little differently from then on. Nothing is missed for it.
        vocabulary, place = await asyncio.to_thread(Vocabulary.starting), 0
    recollection = Recollection(vocabulary, last_move=last_move, most_unwritten=most_unwritten)
    while portion := await recall.uncounted(place, _PORTION):
        await asyncio.to_thread(recollection.recount, portion)
        place = portion[-1].place
    place = 0
    while portion := await recall.entries(place, now - WINDOW, _PORTION):
        await asyncio.to_thread(recollection.restore, portion)
        place = portion[-1].place
    return recollection


def _vocabulary(frozen: bytes) -> Vocabulary:
    return Vocabulary.thaw(frozen) if frozen else Vocabulary.starting()
