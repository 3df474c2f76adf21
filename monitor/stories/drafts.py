"""What can be worked out of an entry's words before anybody knows how rare they are: for a flood, ahead of its turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.model.entries import Entry
from monitor.stories.headlines import headline_number
from monitor.stories.numbering import WordNumbers
from monitor.stories.outline import Parts
from monitor.stories.sketch import parts_of

_MOST_AUTHORS = 4
"""of an entry, whose names may stand in its headline"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Of one entry."""

    parts: Parts
    """of its sketch"""
    headline: int
    """see `headlines.headline_number`"""


Drafts = Mapping[Entry, Draft]


def draft(entry: Entry, names: Sequence[str], numbers: WordNumbers) -> Draft:
    """The draft of an entry of a feed in which `names` say nothing. May run in any thread."""
    own = (*names, *entry.authors[:_MOST_AUTHORS])
    return Draft(
        parts=parts_of(entry.text, language=entry.language, names=own, numbers=numbers),
        headline=headline_number(entry.text.title, own),
    )


def drafts(entries: Iterable[Entry], names: Sequence[str], numbers: WordNumbers) -> Drafts:
    """The drafts of all of them."""
    return {entry: draft(entry, names, numbers) for entry in entries}
