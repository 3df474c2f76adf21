"""An address of the web among a channel's options."""

import re
from urllib.parse import urlsplit

from monitor.channels.options import OptionReader

_IN_URL = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff]+")


def web_address(reader: OptionReader, name: str, default: str = "") -> str:
    """The address of that option, http or https with a host; without a default it is required. Empty where refused."""
    url = reader.text(name, is_required=not default) or default
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number, a bracket that is not closed
        is_good = False
    if is_good and _IN_URL.fullmatch(url):
        return url
    reader.refuse(name, "must be an address that begins with http:// or https:// and names a host")
    return ""
