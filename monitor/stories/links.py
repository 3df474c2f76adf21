"""Canonical links: one spelling for the addresses of one page.

Our own, because the libraries tried drop too much (a real `id=`) or too little (`at_medium=`): only parameters known
to track the reader are dropped, by a deny-list.
"""

from urllib.parse import urlsplit, urlunsplit

_TRACKING_PREFIXES = (
    "utm_",
    "at_",
    "ns_",
    "mc_",
    "pk_",
    "piwik_",
    "hsa_",
    "__twitter_",
    "_hs",
    "mtm_",
    "matomo_",
)
_TRACKING = frozenset(
    """
    fbclid gclid dclid gbraid wbraid msclkid yclid ysclid twclid igshid igsh mkt_tok cmpid ito xtor ocid smid smtyp
    wt_mc wt_zmc ncid icid ref_src ref_url spm soc_src soc_trk guccounter _ga _gl rss partner_source traffic_source
    maca taid syndication-rss ftcamp
    """.split()  # noqa: SIM905 - a list of words reads as words
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def canonical_link(link: str) -> str:
    """The same text for every spelling of a page's address; empty where it is no http(s) address.

    Drops scheme, default port, fragment, tracking parameters and a closing slash; lower-cases the host. Everything
    else is kept as it stands, the order of parameters too: two pages must never become one. Applying it to its
    result with a scheme before it changes nothing.
    """
    try:
        parts = urlsplit("%20".join(link.split()))
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:  # a bracket without its pair, a port that is no number
        return ""
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host:
        return ""
    place = host if port is None or str(port) == _DEFAULT_PORTS[parts.scheme.lower()] else f"{host}:{port}"
    if ":" in host:
        place = place.replace(host, f"[{host}]", 1)
    kept = "&".join(pair for pair in parts.query.split("&") if pair and not _tracks(pair))
    return urlunsplit(("", "", f"{place}{parts.path.rstrip('/')}", kept, ""))


def is_front_page(link: str, site: str) -> bool:
    """Whether a canonical link names an outlet rather than a piece of news."""
    place, _, rest = link.partition("/")
    return link == canonical_link(site) or not (rest or "?" in place)


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)
