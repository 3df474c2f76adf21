"""What entries said in the past, as rules are tried on it again."""

from dataclasses import dataclass
from datetime import datetime

from monitor.model.entries import Text
from monitor.model.rules import View


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRevision:
    """One state of an entry's words, with what a poll knew when it came."""

    entry: int
    """tells entries apart during one reading, and means nothing afterwards"""
    story: int
    """tells stories apart, likewise"""
    story_key: str
    text_key: str = ""
    """as `stories.Sifted` has it"""
    feed_url: str
    number: int
    """1: the entry was new"""
    seen_at: datetime
    """that of the poll: the revisions of one poll follow one another"""
    is_baseline: bool
    """it stood in its feed before the feed was watched: it alerted nobody"""
    view: View
    """with the outlets that carry the entry by now; tags are the configuration's, and not stored"""
    previous: Text | None = None
    """the words before, as far as they are kept; None for a new entry"""
    is_worded: bool = True
    """False: of its words the title alone is kept"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Where the past begins and ends: places that grow in the order in which revisions were stored."""

    first: int
    last: int
    """smaller than `first` where nothing is stored"""
