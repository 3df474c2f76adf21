"""Which elements a plain document may have: what is read of them, what is passed over, and what is too much for us.

An element has the name that feedparser gives it: its prefix for a namespace that it knows (`dc_creator`), whatever the
document's is, none for those of feeds themselves, all in lower case.
"""

from collections.abc import Mapping
from enum import StrEnum, auto

from feedparser.api import LooseFeedParser

from monitor.feeds.bounded import ELEMENTS


class Unusual(Exception):
    """Not for us: feedparser shall read the document. Never leaves this room."""


class Read(StrEnum):
    """What an element is read as."""

    TITLE = auto()
    MEDIA_TITLE = auto()
    LINK = auto()
    ID = auto()
    DESCRIPTION = auto()
    SUMMARY = auto()
    CONTENT = auto()
    ENCODED = auto()
    AUTHOR = auto()
    CATEGORY = auto()
    MEDIA_CATEGORY = auto()
    MEDIA_KEYWORDS = auto()
    ITUNES_CATEGORY = auto()
    ITUNES_KEYWORDS = auto()
    PUBLISHED = auto()
    UPDATED = auto()
    CREATED = auto()
    LANGUAGE = auto()
    TTL = auto()
    PERIOD = auto()
    FREQUENCY = auto()
    HOUR = auto()
    DAY = auto()
    ORIGIN = auto()


SPACES: Mapping[str, str] = {uri.lower(): prefix for uri, prefix in LooseFeedParser.namespaces.items()}
"""namespaces that feedparser knows, in lower case → its own prefix, empty for those of feeds themselves"""

PREFIXES = frozenset(
    prefix
    for prefix in SPACES.values()
    if prefix in {"xml", "rdf", "feedburner"} or any(prefix and name.startswith(f"{prefix}_") for name in ELEMENTS)
)
"""which in a document must stand for nothing else that feedparser knows"""

SAYING = frozenset({"base", "lang", "href", "lastmod"})
"""attributes by which an element says more than its name"""

_OF_BOTH = {
    "title": Read.TITLE,
    "dc_title": Read.TITLE,
    "link": Read.LINK,
    "guid": Read.ID,
    "id": Read.ID,
    "author": Read.AUTHOR,
    "dc_creator": Read.AUTHOR,
    "dc_author": Read.AUTHOR,
    "itunes_author": Read.AUTHOR,
    "feedburner_origlink": Read.ORIGIN,
}
OF_ENTRIES = {
    **_OF_BOTH,
    "media_title": Read.MEDIA_TITLE,
    "description": Read.DESCRIPTION,
    "dc_description": Read.DESCRIPTION,
    "media_description": Read.DESCRIPTION,
    "summary": Read.SUMMARY,
    "itunes_summary": Read.SUMMARY,
    "content": Read.CONTENT,
    "content_encoded": Read.ENCODED,
    "category": Read.CATEGORY,
    "dc_subject": Read.CATEGORY,
    "media_category": Read.MEDIA_CATEGORY,
    "media_keywords": Read.MEDIA_KEYWORDS,
    "itunes_category": Read.ITUNES_CATEGORY,
    "itunes_keywords": Read.ITUNES_KEYWORDS,
    "published": Read.PUBLISHED,
    "pubdate": Read.PUBLISHED,
    "issued": Read.PUBLISHED,
    "dcterms_issued": Read.PUBLISHED,
    "updated": Read.UPDATED,
    "dc_date": Read.UPDATED,
    "lastbuilddate": Read.UPDATED,
    "modified": Read.UPDATED,
    "dcterms_modified": Read.UPDATED,
    "created": Read.CREATED,
    "dcterms_created": Read.CREATED,
}
OF_FEEDS = {
    **_OF_BOTH,
    "managingeditor": Read.AUTHOR,
    "language": Read.LANGUAGE,
    "dc_language": Read.LANGUAGE,
    "ttl": Read.TTL,
    "sy_updateperiod": Read.PERIOD,
    "sy_updatefrequency": Read.FREQUENCY,
    "hour": Read.HOUR,
    "day": Read.DAY,
}
GROUPS = frozenset({"media_group", "media_content"})
GROUPS_OF_FEEDS = frozenset({"skiphours", "skipdays"})
OF_GROUPS = frozenset(
    {Read.DESCRIPTION, Read.MEDIA_TITLE, Read.MEDIA_CATEGORY, Read.MEDIA_KEYWORDS, Read.HOUR, Read.DAY}
)
"""what may stand deeper, in these"""
PERSON = {"name": "name", "email": "email", "uri": "href", "url": "href"}
"""what an author may have → what feedparser calls it"""

_PASSED_OVER = (
    "enclosure rights copyright dc_rights generator contributor dc_contributor dc_publisher webmaster cloud "
    "media_thumbnail media_credit media_rating media_player media_restriction media_license "
    "itunes_subtitle itunes_image itunes_link itunes_explicit itunes_block expirationdate georss_point"
)
_PASSED_OVER_OF_FEEDS = (
    "description dc_description subtitle tagline category dc_subject keywords published pubdate updated dc_date "
    "modified created issued dcterms_modified dcterms_created dcterms_issued lastbuilddate "
    "itunes_category itunes_keywords itunes_summary info "
    "feedburner_browserfriendly media_keywords media_category media_content"
)
PASSED_OVER = frozenset(_PASSED_OVER.split())
"""of an entry: they change nothing of what is read, as long as there is only text in them"""
PASSED_OVER_OF_FEEDS = PASSED_OVER | frozenset(_PASSED_OVER_OF_FEEDS.split())
PARTS = {
    "image": frozenset({"title", "link", "url", "description", "width", "height"}),
    "textinput": frozenset({"title", "link", "description", "name"}),
    "itunes_owner": frozenset({"itunes_name", "itunes_email", "name", "email"}),
    "itunes_category": frozenset({"itunes_category"}),
}
"""what may stand in these elements of a feed, which are passed over as well"""

LENDING = frozenset({"description", "dc_description", "itunes_summary"})
"""of these in a feed the second may be taken for content, which feedparser forgets at the end of the next entry only"""

_TAKEN = (
    "title title_detail link links id guidislink summary summary_detail content author authors author_detail tags "
    "published published_parsed updated updated_parsed created created_parsed language ttl feedburner_origlink "
    "image textinput source"
)
TELLING = ELEMENTS | frozenset(_TAKEN.split())
"""elements that mean something to feedparser, or would be kept under the name of something that does"""
