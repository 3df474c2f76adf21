"""A poll: one attempt to fetch a feed. It ends as *fetched*, *not modified* or *failed*, each a value."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from monitor.model.rhythm import Moving, Rhythm

FeedId = NewType("FeedId", int)

FAILURES_TO_GO_HOME = 3
"""in a row, after which a feed that has moved is asked at its configured address again"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again with, byte for byte as received; `b""` = none."""

    etag: bytes = b""
    last_modified: bytes = b""
    url: str = ""
    """the address that gave them, where redirects led away from the one asked: they are sent to no other"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """Ask for one address, conditionally where validators are known."""

    url: str
    """as it is configured: credentials in it belong to its origin"""
    validators: Validators = Validators()
    moved_to: str = ""
    """the address to begin at, where the feed has moved for good; empty: at `url`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with a complete, decoded body."""

    body: bytes
    content_type: str = ""
    url: str
    """the address that finally answered, after redirects"""
    validators: Validators = Validators()
    max_age_seconds: int = 0
    """the publisher's floor from Cache-Control or Expires; 0 = not stated"""
    moved_to: str = ""
    """where redirects led that are permanent, each of them; empty: it answered where it was asked, or for this time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304. Validators that it carries replace the old ones; empty ones replace nothing."""

    validators: Validators = Validators()
    max_age_seconds: int | None = None
    """as in `Fetched`; None: it says nothing of that, and what was said before holds"""
    moved_to: str = ""
    """as in `Fetched`"""


class FailureKind(StrEnum):
    """Why a fetch failed; connection troubles weigh less than answers."""

    CONNECTION = "connection"
    """DNS, refused, reset, TLS, time-out: the server said nothing"""
    CERTIFICATE = "certificate"
    """the server's certificate was not accepted: expired, of another host, signed by nobody we know"""
    HTTP = "http"
    """a status that is neither 200 nor 304"""
    GONE = "gone"
    """410: never ask again"""
    CONTENT = "content"
    """an answer that cannot be used: too large, broken compression, not a feed"""
    BROKE = "broke"
    """a document that broke what read it: it took too much time or memory"""
    REFUSED = "refused"
    """we refused: the address guard, a redirect loop, a bad scheme"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """A fetch that gave nothing to read. `reason` is one line without secrets."""

    kind: FailureKind
    reason: str
    status: int = 0
    """HTTP status, 0 where there was none"""
    retry_after_seconds: int | None = None
    """what the server asked for with 429 or 503, uncapped; None = nothing readable"""
    max_age_seconds: int = 0
    """how long such an answer holds by its own Cache-Control or Expires; 0 = not stated"""
    address: str = ""
    """who failed, where redirects led to another server; empty: the one that was asked"""


class Nature(StrEnum):
    """What the ids, or the links, of most entries of a document are."""

    UNKNOWN = ""
    """no document was read yet"""
    OWN = "own"
    """each entry has its own"""
    MISSING = "missing"
    SHARED = "shared"
    """several entries have the same, or a link leads to the outlet's own front page"""
    HUGE = "huge"
    """thousands of characters long"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHabit:
    """What a feed has shown of its ids, or of its links, over all its documents."""

    nature: Nature = Nature.UNKNOWN
    """in the last document"""
    shown: int = 0
    """entries that they told apart, at once or one after another, counted up to nine; below two it proves nothing"""
    changes: int = 0
    """documents in a row in which most known entries came with another one"""
    lies: int = 0
    """documents in which they named another entry more often than the right one"""
    doubted_since: datetime | None = None
    """not used to recognise entries any more, since then"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How far the keys of a feed can be believed: learned poll by poll, kept with the feed."""

    ids: KeyHabit = KeyHabit()
    links: KeyHabit = KeyHabit()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is remembered of a feed between polls; written only in a poll's own transaction."""

    id: FeedId
    url: str
    origin: str
    """scheme://host:port of `address`, the key of connection limits and of Retry-After"""
    validators: Validators = Validators()
    next_poll_at: datetime
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    baseline_at: datetime | None = None
    """when its first poll with a feed was committed; None: the next one is the baseline"""
    body_digest: bytes = b""
    """SHA-256 of the last body that was read: the same body is not parsed again"""
    failures: int = 0
    """failed polls in a row"""
    failing_since: datetime | None = None
    last_outcome: str = ""
    """`fetched`, `not modified` or `failed`; empty before the first poll"""
    last_error: str = ""
    fault: FailureKind | None = None
    """why the last poll failed; None: it did not"""
    empty_since: datetime | None = None
    """since when its document has no entries, although it had some before"""
    is_gone: bool = False
    """answered 410: not polled any more"""
    habits: Habits = Habits()
    rhythm: Rhythm = field(default=Rhythm())
    next_reason: str = ""
    """why the next poll is when it is, in words"""
    moving: Moving = field(default=Moving())
    slices: bytes = b""
    """digests of the entries' bytes in the last document that was read, for whoever reads the next one"""

    @property
    def address(self) -> str:
        """Where it is asked: where it has moved to, or as configured again once it has failed there for a while."""
        return self.moving.adopted if self.moving.adopted and self.failures < FAILURES_TO_GO_HOME else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What a wish to poll a feed now came to."""

    feed: FeedState
    """as it is from now on"""
    at: datetime | None
    """when it will be polled; None: not at all"""
    reason: str = ""
    """why not at once"""


class PauseKind(StrEnum):
    """What was paused."""

    OUTLET = "outlet"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Somebody said that an outlet, or a feed, is not to be polled."""

    kind: PauseKind
    subject: str
    """name of the outlet, or URL of the feed"""
    at: datetime
    until: datetime | None = None
    """None: until somebody resumes it"""
    by: str = ""
    """who said so"""
