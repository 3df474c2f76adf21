"""Which part of a host name somebody registered, by the public suffix list that comes with a library: no network."""

from functools import cache, lru_cache
from ipaddress import ip_address

_WITHOUT_LIST = 2  # labels of a name that is registered as it is, or a suffix itself


@lru_cache(maxsize=256)  # the same host is asked for again and again, one outlet at a time
def registrable_domain(host: str) -> str:
    """The domain that somebody registered: `bbc.co.uk` of `www.bbc.co.uk`, `ann.blogspot.com` of that very host.

    Suffixes under which companies let others register count as suffixes. Empty for an address of a machine and for a
    name without a dot. Names of other scripts are given as people write them. Never raises.
    """
    name = _as_written(host.strip().rstrip(".").lower()).removeprefix("www.")
    labels = name.split(".")
    if not all(labels) or len(labels) < _WITHOUT_LIST or _is_address(name, labels[-1]):
        return ""
    # The list takes tens of milliseconds to read, and most names do not need it.
    return name if len(labels) == _WITHOUT_LIST else _suffixes().privatesuffix(name) or name


def _as_written(name: str) -> str:
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _is_address(name: str, last_label: str) -> bool:
    if not (last_label.isdigit() or ":" in name):
        return False  # said at once of most: to be refused as an address takes longer than all the rest
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class _Suffixes:
    """The one thing asked of the library, which publishes no types."""

    def __init__(self) -> None:
        from publicsuffixlist import PublicSuffixList

        self._list = PublicSuffixList()

    def privatesuffix(self, name: str) -> str:
        """The registrable domain; empty where the name is a suffix itself."""
        return str(self._list.privatesuffix(name) or "")


@cache
def _suffixes() -> _Suffixes:
    return _Suffixes()
