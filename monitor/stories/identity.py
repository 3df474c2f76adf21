"""By what an entry is known again: the feed's id, the canonical link, the words.

Feeds lie about the first two: an id or a link that stands at several different entries of one document, or a link to
the outlet's own front page, identifies nothing and is not used. What remains is tried in the order id, link, words.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.stories.links import canonical_link, is_front_page
from monitor.text.tokens import terms

_LONGEST_KEY = 300  # longer ids and links are remembered by their hash
_TELLING_WORDS = 5  # fewer words ("Morning briefing") may stand over different news


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """An entry with the keys that may be trusted in its document."""

    entry: Entry
    id_key: str
    """`id:…`, empty where the id is lacking or repeated; counts within its feed"""
    link_key: str
    """`link:…`, empty likewise; counts everywhere"""
    text_key: str
    """`text:…`, the last resort within its feed"""
    fingerprint: str
    is_telling: bool
    """whether the words are enough to find the same text elsewhere"""

    @property
    def primary(self) -> str:
        """The strongest key there is."""
        return self.id_key or self.link_key or self.text_key

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys to remember, strongest first; words only where nothing better is known."""
        return tuple(key for key in (self.id_key, self.link_key) if key) or (self.text_key,)


def link_key(link: str) -> str:
    """The identity key of an address, the same in every feed; empty where it is no http(s) address."""
    canonical = canonical_link(link)
    return _key("link", canonical) if canonical else ""


def fingerprint(text: Text) -> str:
    """A hash of the words of an entry: case, diacritics, punctuation and white space do not count."""
    digest, _ = _words(text)
    return digest


def keyed(feed: ParsedFeed) -> tuple[Keyed, ...]:
    """The entries of a document, each once, in document order, with the keys that hold in it."""
    drafts = list(dict.fromkeys(_draft(entry, feed.site) for entry in feed.entries))
    ids = _repeated(draft.id_key for draft in drafts)
    links = _repeated(draft.link_key for draft in drafts)
    trusted = (_without(draft, ids, links) for draft in drafts)
    return tuple({one.primary: one for one in reversed(tuple(trusted))}.values())[::-1]


def _draft(entry: Entry, site: str) -> Keyed:
    digest, words = _words(entry.text)
    link = canonical_link(entry.link)
    usable = bool(link) and not is_front_page(link, site)
    return Keyed(
        entry=entry,
        id_key=_key("id", entry.id) if entry.id else "",
        link_key=_key("link", link) if usable else "",
        text_key=f"text:{digest}",
        fingerprint=digest,
        is_telling=words >= _TELLING_WORDS,
    )


def _without(draft: Keyed, ids: frozenset[str], links: frozenset[str]) -> Keyed:
    return Keyed(
        entry=draft.entry,
        id_key="" if draft.id_key in ids else draft.id_key,
        link_key="" if draft.link_key in links else draft.link_key,
        text_key=draft.text_key,
        fingerprint=draft.fingerprint,
        is_telling=draft.is_telling,
    )


def _repeated(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key, times in Counter(keys).items() if times > 1)


def _words(text: Text) -> tuple[str, int]:
    digest = sha256(usedforsecurity=False)
    words = 0
    for part in (text.title, text.summary, text.body):
        found = terms(part)
        words += len(found)
        digest.update(" ".join(found).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:32], words


def _key(kind: str, value: str) -> str:
    if len(value) <= _LONGEST_KEY:
        return f"{kind}:{value}"
    return f"{kind}:sha256:{sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
