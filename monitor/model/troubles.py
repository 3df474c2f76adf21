"""What is wrong with ourselves: what an alarm tells of, and what its recovery note says is over."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.polls import FeedState, Pause


class Cause(StrEnum):
    """What tocsin can be alarmed by."""

    GONE = "gone"
    """a feed answered 410 and is not asked any more"""
    FAILING = "failing"
    """a feed has failed for a day"""
    CERTIFICATE = "certificate"
    """the certificate of a feed's server is not accepted"""
    EMPTY = "empty"
    """a feed that used to have entries has none"""
    SILENT = "silent"
    """an outlet brings nothing new for much longer than is usual for it"""
    UNMATCHED = "unmatched"
    """a rule that used to match daily matches no more"""
    MOVED = "moved"
    """a feed is read at another address than the configuration names"""
    MISSED = "missed"
    """entries of a feed may have come and gone between two polls"""
    NETWORK = "network"
    """more than half of all feeds fail: it is at our side"""
    IDENTITY = "identity"
    """a feed's ids or links changed their nature, or identify nothing"""
    FLOOD = "flood"
    """a known feed brought hundreds of new entries at once"""
    STORE = "store"
    """the database"""
    DISK = "disk"
    """there is little room where the database is"""
    PARSER = "parser"
    """documents kill what reads them, or most of them cannot be read"""
    CHANNEL = "channel"
    """a channel does not take messages"""
    DIED = "died"
    """a channel's message will not be tried again"""
    RELOAD = "reload"
    """a changed configuration was refused"""
    HEARTBEAT = "heartbeat"
    """who watches over us cannot be told that we are alive"""
    TEMPLATE = "template"
    """a channel's template failed over a message"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong, was told, and is not over as far as anybody knows."""

    cause: Cause
    subject: str
    """a feed's address, a channel's name; one alarm for a cause, subject and UTC day"""
    about: str
    """the same in words, as a note begins: `channel desk`, `The Harbour`"""
    since: datetime
    channels: tuple[str, ...] = ()
    """who heard the alarm, and hears that it is over"""
    told_at: datetime | None = None
    """when it was told last; None: an alarm is to tell it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What is left of a file system, in bytes."""

    free: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How the feeds of the configuration fare."""

    feeds: int
    """all of them, but those that are gone"""
    failing: tuple[FeedState, ...] = ()
    """their last poll failed, or they are gone"""
    empty: tuple[FeedState, ...] = ()
    """their document has no entries, although it had some before"""
    strange: tuple[FeedState, ...] = ()
    """it was told that their ids or links changed their nature, and that is not over"""
    pauses: tuple[Pause, ...] = ()
    """what somebody lets rest; those that are over may still stand here"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How documents were read within the last hour."""

    documents: int = 0
    killed: int = 0
    """of them, those that broke what read them: it ran out of time or memory"""
    refused: int = 0
    """of them, those of which nothing could be read, for whatever reason"""
    is_whole_hour: bool = False
    """we have been at work for so long; before, nothing follows from silence"""
