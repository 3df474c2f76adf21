"""By what an entry is known again: the feed's id, the canonical link, the words.

Feeds lie about the first two: an id or a link that stands at several different entries of one document, or a link to
the outlet's own front page, identifies nothing and is not used; nor is what the feed's habits have brought into doubt
(`believed`). What remains is tried in the order id, link, words, title. Dates are no keys: they are missing, from 1970
or from the future.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from monitor.model.entries import Entry, ParsedFeed, Text
from monitor.model.polls import Habits
from monitor.stories.links import canonical_link, is_front_page
from monitor.text.tokens import terms

_LONGEST_KEY = 300  # longer ids and links are remembered by their hash
_MOST_TWINS = 3  # more entries with one id and one link are a feed that tells nothing apart
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
    title_key: str
    """`title:…`, for an entry without id and link whose words are changed; empty where the title tells too little"""
    fingerprint: str
    is_telling: bool
    """whether the words are enough to find the same text elsewhere"""
    is_wordless: bool = False
    is_unread: bool = False
    """whether `entry` is without its words, because the document that it stands in was read only as far as it is new"""

    @property
    def primary(self) -> str:
        """The strongest key there is."""
        return self.id_key or self.link_key or self.text_key

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys to remember, strongest first; words and title only where nothing better is known."""
        own = tuple(key for key in (self.id_key, self.link_key) if key)
        return own or tuple(key for key in (self.text_key, self.title_key) if key)


def link_key(link: str) -> str:
    """The identity key of an address, the same in every feed; empty where it is no http(s) address."""
    canonical = canonical_link(link)
    return _key("link", canonical) if canonical else ""


def fingerprint(text: Text) -> str:
    """A hash of the words of an entry: case, diacritics, punctuation and white space do not count."""
    return _words(text)[0]


def keyed(feed: ParsedFeed) -> tuple[Keyed, ...]:
    """The entries of a document, each once, in document order, with the keys that hold in it."""
    return told_apart([draft(entry, feed.site) for entry in feed.entries])


def told_apart(document: Iterable[Keyed]) -> tuple[Keyed, ...]:
    """The entries of a document, given as `draft` left them, each once, with the keys that hold in it."""
    drafts = _without_twins(list(dict.fromkeys(document)))
    doubtful = _repeated(key for draft in drafts for key in (draft.id_key, draft.link_key, draft.title_key))
    trusted = (
        replace(
            draft,
            id_key="" if draft.id_key in doubtful else draft.id_key,
            link_key="" if draft.link_key in doubtful else draft.link_key,
            title_key="" if draft.title_key in doubtful else draft.title_key,
        )
        for draft in drafts
    )
    return _each_once(trusted)


def draft(entry: Entry, site: str) -> Keyed:
    """One entry of a feed with the outlet's page at `site`, with all its keys, whatever else the document has."""
    digest, words, title = _words(entry.text)
    link = canonical_link(entry.link)
    usable = bool(link) and not is_front_page(link, site)
    return Keyed(
        entry=entry,
        id_key=_key("id", entry.id) if entry.id else "",
        link_key=_key("link", link) if usable else "",
        text_key=f"text:{digest}",
        title_key=_key("title", " ".join(title)) if _TELLING_WORDS <= len(title) < words else "",
        fingerprint=digest,
        is_telling=words >= _TELLING_WORDS,
        is_wordless=words == 0,
    )


def believed(document: Sequence[Keyed], habits: Habits) -> tuple[Keyed, ...]:
    """The document without the keys that its feed has brought into doubt."""
    has_ids, has_links = habits.ids.doubted_since is None, habits.links.doubted_since is None
    if has_ids and has_links:
        return tuple(document)
    return _each_once(
        replace(one, id_key=one.id_key if has_ids else "", link_key=one.link_key if has_links else "")
        for one in document
    )


def _each_once(document: Iterable[Keyed]) -> tuple[Keyed, ...]:
    """The first of those that nothing tells apart."""
    return tuple({one.primary: one for one in reversed(tuple(document))}.values())[::-1]


def _without_twins(drafts: list[Keyed]) -> list[Keyed]:
    """Drop the older of two items with the same id and the same link, in a document that tells most others apart.

    Two caches merged, or an edited entry added instead of replaced: one entry, listed twice. Where such pairs are
    the rule rather than the exception, ids and links mean nothing, and every item stands for itself.
    """
    groups: dict[tuple[str, str], list[Keyed]] = {}
    for draft in drafts:
        if draft.id_key and draft.link_key:
            groups.setdefault((draft.id_key, draft.link_key), []).append(draft)
    twins = [group for group in groups.values() if 1 < len(group) <= _MOST_TWINS]
    if not twins or 2 * sum(len(group) for group in twins) >= len(drafts):
        return drafts
    dropped = {id(one) for group in twins for one in group if one is not max(group, key=_moment)}
    return [draft for draft in drafts if id(draft) not in dropped]


def _moment(draft: Keyed) -> float:
    """When it was last touched, as far as it says; of equal ones the first in the document counts."""
    moment = draft.entry.updated_at or draft.entry.published_at
    return moment.timestamp() if moment else 0.0


def _repeated(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key, times in Counter(keys).items() if times > 1)


def _words(text: Text) -> tuple[str, int, list[str]]:
    """The fingerprint, the number of words, and those of the title."""
    digest = sha256(usedforsecurity=False)
    parts = [terms(part) for part in (text.title, text.summary, text.body)]
    for part in parts:
        digest.update(" ".join(part).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:32], sum(len(part) for part in parts), parts[0]


def _key(kind: str, value: str) -> str:
    if len(value) <= _LONGEST_KEY:
        return f"{kind}:{value}"
    return f"{kind}:sha256:{sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
