"""What a site asks of programs in its robots.txt, as RFC 9309 has it.

The standard library's parser takes the first rule instead of the longest and `*` for a character, ends a group at an
empty line, and raises for a Crawl-delay of thousands of digits (Python 3.11).
"""

from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

LARGEST = 500_000
"""bytes that are read, as RFC 9309 asks for"""
_AGENT = "tocsin"
_EVERYBODY = "*"
_KEYS = {"allow": True, "disallow": False}
_AS_THEY_ARE = "/?&=:;,@!'()*$+~"
"""characters of a path that are not compared by their codes"""


def allows(robots: bytes, url: str) -> bool:
    """Whether a robots.txt lets us fetch an address of its site. What cannot be understood forbids nothing.

    The longest rule that matches counts, of two that are as long the one that allows.
    """
    text = robots[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    parts = urlsplit(url)
    path = _plain(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/")
    longest = max(((len(rule), allowed) for rule, allowed in _rules(text) if _matches(rule, path)), default=(0, True))
    return longest[1]


def _rules(text: str) -> Iterator[tuple[str, bool]]:
    """Those for us: of the groups that name us, else of everybody's."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    is_naming = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            agents = [*agents, value.partition("/")[0].lower()] if is_naming else [value.partition("/")[0].lower()]
            groups.setdefault(agents[-1], [])
            is_naming = True
        elif key in _KEYS:
            is_naming = False
            for agent in {_AGENT, _EVERYBODY}.intersection(agents):
                if value:
                    groups[agent].append((_plain(value), _KEYS[key]))
    return iter(groups.get(_AGENT, groups.get(_EVERYBODY, [])))


def _matches(rule: str, path: str) -> bool:
    """Whether a path begins as a rule says: `*` stands for anything, `$` at the end for the end."""
    first, *others = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and rule.endswith("$") else None
    for piece in others:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return at == len(path) or not rule.endswith("$")


def _plain(path: str) -> str:
    """A path in one spelling of its characters."""
    return quote(unquote(path), safe=_AS_THEY_ARE, errors="replace")
