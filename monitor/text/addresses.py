"""When two addresses are one feed's, however they are written."""

from urllib.parse import urlsplit


def same_address(url: str) -> str:
    """What the addresses of one feed have in common.

    http and https, capitals of the host, a port that goes without saying and a slash at the end make no difference.
    Raises nothing: what is no address is only like itself.
    """
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port not in (80, 443) else None
    except ValueError:
        return url
    return f"{parts.hostname}:{port or ''}{parts.path.rstrip('/') or '/'}?{parts.query}"
