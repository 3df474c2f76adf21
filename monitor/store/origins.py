"""Which server an address belongs to, as the key of Retry-After."""

from functools import lru_cache
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


@lru_cache(1_024)  # asked at every poll
def origin_of(url: str) -> str:
    """`scheme://host:port` in lower case, the scheme's own port filled in; what cannot be read is its own origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        host = parts.hostname or ""
    except ValueError:
        return url
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
