"""Outlets as YAML: what `outlets import` adds to a file and what `try` shows to paste. Loads no library."""

import json
import re
from collections.abc import Iterable, Iterator

from monitor.config.duration import spell
from monitor.model.settings import OutletSpec

_PLAIN = re.compile(r"[^\W\d_][\w .()/+-]*", re.ASCII)
_NOT_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""words that YAML takes for something else than themselves, version 1.1 of editors included"""


def quoted(text: str) -> str:
    """A text as YAML, in which a JSON string means itself but for what looks like a substitution."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${")


def outlet_lines(outlet: OutletSpec) -> tuple[str, ...]:
    """An outlet as the item of a list, without indentation."""
    lines = [f"- name: {_worded(outlet.name)}"]
    lines += [f"  {fact}" for fact in _facts(outlet)]
    lines.append("  feeds:")
    for feed in outlet.feeds:
        lines.append(f"    - url: {quoted(feed.url)}")
        if feed.every is not None:
            lines.append(f"      every: {spell(feed.every)}")
    return tuple(lines)


def outlet_line(outlet: OutletSpec) -> str:
    """The same in braces, for a list that is written in brackets."""
    paces = (f", every: {spell(feed.every)}" if feed.every is not None else "" for feed in outlet.feeds)
    feeds = ", ".join(f"{{url: {quoted(feed.url)}{pace}}}" for feed, pace in zip(outlet.feeds, paces, strict=True))
    facts = "".join(f", {fact}" for fact in _facts(outlet))
    return f"{{name: {_worded(outlet.name)}{facts}, feeds: [{feeds}]}}"


def outlets_document(outlets: Iterable[OutletSpec]) -> str:
    """A section to paste, or a file to include."""
    return "\n".join(["outlets:", *indented(outlets, 2), ""])


def indented(outlets: Iterable[OutletSpec], width: int) -> Iterator[str]:
    """The lines of all of them, each `width` blanks in."""
    for outlet in outlets:
        for line in outlet_lines(outlet):
            yield " " * width + line


def _facts(outlet: OutletSpec) -> Iterator[str]:
    """What is said of an outlet between its name and its feeds."""
    if outlet.publisher:
        yield f"publisher: {_worded(outlet.publisher)}"
    if outlet.language:
        yield f"language: {_worded(outlet.language)}"
    if outlet.tags:
        yield f"tags: [{', '.join(map(_worded, outlet.tags))}]"


def _worded(text: str) -> str:
    """Plain where no reader could take it for anything else than these words."""
    is_plain = _PLAIN.fullmatch(text) and text == text.rstrip() and text.lower() not in _NOT_TEXT
    return text if is_plain else quoted(text)
