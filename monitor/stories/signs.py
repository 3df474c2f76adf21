"""What one document shows of its feed's ids and links, for the habits to learn from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from monitor.model.stories import KeySigns, Known, KnownEntry, Signs
from monitor.stories.identity import Keyed

_HUGE = 1_000  # characters; longer ones are content, counters gone wild or worse
DIGESTED = "sha256:"
"""what the parser leaves of an id that is longer still"""


def signs_of(
    document: Sequence[Keyed], trusted: Sequence[Keyed], found: Mapping[int, KnownEntry], known: Known
) -> Signs:
    """The signs of a document, of which `trusted` is what the habits let stand, and `found` its known entries."""
    return Signs(
        entries=len(document),
        ids=_signs(document, trusted, found, known, _ID),
        links=_signs(document, trusted, found, known, _LINK),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How to look at one of the two keys that a feed states."""

    key: Callable[[Keyed], str]
    stated: Callable[[Keyed], str]


_ID = _Kind(key=lambda one: one.id_key, stated=lambda one: one.entry.id)
_LINK = _Kind(key=lambda one: one.link_key, stated=lambda one: one.entry.link)


def _signs(
    document: Sequence[Keyed],
    trusted: Sequence[Keyed],
    found: Mapping[int, KnownEntry],
    known: Known,
    kind: _Kind,
) -> KeySigns:
    """What the document shows of its ids, or of its links."""
    kept = changed = lied = novel = 0
    for place, one in enumerate(trusted):
        key = kind.key(one)
        led, entry = known.entries.get(key) if key else None, found.get(place)
        if led is not None:
            is_right = entry is not None and entry.entry_key == led.entry_key
            kept, lied = kept + is_right, lied + (not is_right)
        elif key and entry is None:
            novel += 1
        elif key:
            changed += 1
    stated = [kind.stated(one) for one in document]
    own = sum(bool(kind.key(one)) for one in document)
    missing = sum(not value for value in stated)
    return KeySigns(
        told=own,
        novel=novel,
        missing=missing,
        shared=len(document) - own - missing,
        huge=sum(len(value) > _HUGE or value.startswith(DIGESTED) for value in stated),
        kept=kept,
        changed=changed,
        lied=lied,
    )
