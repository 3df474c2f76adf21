"""Short names for long keys, that people can read out and type."""

from hashlib import sha256

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u to misread


def entry_name(feed_url: str, entry_key: str) -> str:
    """The short name of an entry: of all feeds, that one's entry with this key."""
    return short_name(f"{entry_key} of {feed_url}")


def short_name(key: str) -> str:
    """Twelve characters that stay the same for the same key: 60 bits of its hash, in base 32."""
    number = int.from_bytes(sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 4
    return "".join(_DIGITS[(number >> shift) & 31] for shift in range(55, -1, -5))
