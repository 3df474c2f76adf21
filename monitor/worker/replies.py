"""What comes back from a worker: a reply, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The target's answer: a JSON object. It comes from a process that may be compromised: check what is in it."""

    value: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFailed:
    """The worker gave no answer. `reason` continues "the work …", without secrets."""

    reason: str


@dataclass(frozen=True, slots=True)
class Idle:
    """The worker had left for want of work just before: it saw nothing of the request, which another may do."""
