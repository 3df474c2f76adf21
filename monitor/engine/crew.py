"""Pieces of work under way, each under a name of its own, none of which can hurt the others.

This is the one place where a surprise of a feed or a channel is caught: it is logged, its name is left alone for a
minute, and everything else goes on.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine

import structlog

from monitor.engine.reports import Trouble
from monitor.errors import StoreDamaged, StoreError

REST_SECONDS = 60.0
"""how long a name is left alone after its work broke or the store failed it"""


class Crew:
    """Runs work in a task group, one piece a name at a time."""

    def __init__(
        self,
        work: str,
        ended: Callable[[], None],
        *,
        on_damage: Callable[[StoreDamaged], None],
        trouble: Trouble | None = None,
    ) -> None:
        """`work` names the kind of work in logs; `ended` is called whenever a piece is done.

        `on_damage` hears that the database is damaged; `trouble` is told what else the store failed at.
        """
        self._work = work
        self._ended = ended
        self._on_damage = on_damage
        self._trouble = trouble or Trouble()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, float] = {}

    @property
    def under_way(self) -> tuple[asyncio.Task[None], ...]:
        """The tasks that are running."""
        return tuple(self._tasks.values())

    def is_free(self, name: str) -> bool:
        """Whether work of this name may start: it neither runs nor rests."""
        if self._resting.get(name, 0.0) > time.monotonic():
            return False
        self._resting.pop(name, None)
        return name not in self._tasks

    def names_apart(self) -> tuple[str, ...]:
        """The names that are not free."""
        now = time.monotonic()
        self._resting = {name: until for name, until in self._resting.items() if until > now}
        return (*self._tasks, *self._resting)

    def start(self, group: asyncio.TaskGroup, name: str, piece: Coroutine[None, None, None]) -> None:
        """Start a piece of work under a free name."""
        self._tasks[name] = group.create_task(self._guarded(name, piece), name=f"{self._work} {name}")

    async def _guarded(self, name: str, piece: Coroutine[None, None, None]) -> None:
        log = structlog.get_logger()
        try:
            await piece
        except StoreDamaged as error:
            self._on_damage(error)
        except StoreError as error:
            self._resting[name] = time.monotonic() + REST_SECONDS
            self._trouble.meet(f"{self._work} {name}", error)
        except Exception as error:
            self._resting[name] = time.monotonic() + REST_SECONDS
            log.error("work broke", work=self._work, name=name, exc_info=error)
        finally:
            self._tasks.pop(name, None)
            self._ended()
