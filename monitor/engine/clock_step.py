"""By how much the wall clock was set, as against the seconds that really passed."""

from datetime import datetime, timedelta

TOLERANCE = timedelta(seconds=5)
"""what a time server mends by and by, and what lies between two readings"""
_NONE = timedelta(0)


class ClockStep:
    """Compares each reading of the wall clock with the one before."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._now: datetime | None = None
        self._steady = 0.0

    def of(self, now: datetime, steady: float) -> timedelta | None:
        """By how much it was set since the last reading; None: it was not. The first reading gives zero.

        `steady` counts seconds that nobody sets, those in which the machine slept included.
        """
        before, passed = self._now, timedelta(seconds=steady - self._steady)
        self._now, self._steady = now, steady
        if before is None:
            return _NONE
        step = now - before - passed
        return step if abs(step) > TOLERANCE else None
