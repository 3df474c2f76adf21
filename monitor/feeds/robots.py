"""What a site asks of programs in its robots.txt."""

from urllib.robotparser import RobotFileParser

LARGEST = 500_000
"""bytes that are read, as RFC 9309 asks for"""
_AGENT = "tocsin"


def allows(robots: bytes, url: str) -> bool:
    """Whether a robots.txt lets us fetch an address of its site. What cannot be understood forbids nothing."""
    reader = RobotFileParser()
    reader.parse(robots[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
    return reader.can_fetch(_AGENT, url)
