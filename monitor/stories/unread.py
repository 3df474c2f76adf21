"""Entries that are recognised by what was kept of them, without their words: the slice they stand in is unchanged.

They take part in everything as they would with their words, as far as nobody asks for these. Where anybody would, the
document has to be read whole; so what comes of it is the same either way. That is seen beforehand, and cautiously: an
entry without words must be led by each of its keys to one known entry that has said the very same, which nothing else
in its document has to do with. `recognition` settles such an entry by agreement, before it looks at any words, and
`sift` finds nothing new about it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from monitor.model.entries import Entry
from monitor.model.slices import Trace
from monitor.model.stories import Known, KnownEntry
from monitor.stories.identity import Keyed, believed
from monitor.stories.recognition import has_said
from monitor.stories.signs import DIGESTED

_LONGEST = 300
"""characters of an id or a link that is kept; entries with longer ones are read each time"""


def trace_of(one: Keyed, digest: bytes) -> Trace | None:
    """What to keep of an entry as `draft` left it; None where it must be read again each time."""
    is_plain = one.link_key if one.entry.link else one.id_key
    if not (digest and is_plain) or one.is_wordless:
        return None
    if max(len(one.entry.id), len(one.entry.link), len(one.id_key), len(one.link_key)) > _LONGEST:
        return None
    if one.entry.id.startswith(DIGESTED):
        return None
    return Trace(
        digest=digest,
        id_key=one.id_key,
        link_key=one.link_key,
        fingerprint=one.fingerprint,
        published_at=one.entry.published_at,
    )


def unread(trace: Trace) -> Keyed:
    """The entry again, as `draft` left it, but for its words."""
    return Keyed(
        # What counts of an id or a link is whether it is there, and whether it is huge.
        entry=Entry(id=trace.id_key, link=trace.link_key, published_at=trace.published_at),
        id_key=trace.id_key,
        link_key=trace.link_key,
        text_key=f"text:{trace.fingerprint}",
        title_key="",
        fingerprint=trace.fingerprint,
        is_telling=False,
        is_unread=True,
    )


def has_doubles(drafts: Sequence[Keyed]) -> bool:
    """Whether an entry without words may be the same as another of its document, or say the same."""
    keys = Counter((one.id_key, one.link_key) for one in drafts)
    said = {one.fingerprint for one in drafts if not one.is_unread}
    return any(one.is_unread and (keys[one.id_key, one.link_key] > 1 or one.fingerprint in said) for one in drafts)


def lacks_words(document: Sequence[Keyed], known: Known) -> bool:
    """Whether `sift` would ask for words of an entry that was not read."""
    if not any(one.is_unread for one in document):
        return False
    trusted = believed(document, known.feed.habits)
    read = [one for one in trusted if not one.is_unread]
    claimed: set[str] = set()
    for one in trusted:
        if one.is_unread:
            entry = _agreed(one, known)
            if entry is None or entry.entry_key in claimed:
                return True
            claimed.add(entry.entry_key)
    said = {one.fingerprint for one in read}
    for one in read:
        if one.primary == one.text_key:
            return True
        for entry in _led(one.keys, known):
            if entry.entry_key in claimed or (entry.text is None and entry.fingerprint not in said):
                return True
    return False


def _agreed(one: Keyed, known: Known) -> KnownEntry | None:
    """The known entry that all of its keys and its words agree on."""
    if one.primary == one.text_key:
        return None
    led = tuple(_led(one.keys, known))
    is_one = len(led) == len(one.keys) and len({entry.entry_key for entry in led}) == 1
    return led[0] if is_one and has_said(led[0], one, known) else None


def _led(keys: Iterable[str], known: Known) -> Iterable[KnownEntry]:
    return (entry for key in keys if (entry := known.entries.get(key)) is not None)
