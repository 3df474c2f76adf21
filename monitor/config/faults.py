"""What is wrong with a tree, before it is given its place in a file."""

from dataclasses import dataclass

from monitor.config.tree import Node, Path, Scalar, follow, spelled
from monitor.model.settings import Mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong at `path`; `is_key`: it is the key that is wrong, not the value."""

    path: Path
    what: str
    is_key: bool = False
    at: int = 0
    """the character of a text that is wrong, from 0"""


def placed(fault: Fault, root: Node) -> Mistake | None:
    """The mistake at its place; None where it only follows from one that is known already."""
    spot = follow(root, fault.path)
    if isinstance(spot.node, Scalar) and spot.node.is_broken:
        return None
    mark = spot.key if fault.is_key else spot.node.mark
    if fault.at and isinstance(spot.node, Scalar):
        mark = spot.node.mark_at(fault.at)
    return Mistake(mark=mark, path=spelled(root, fault.path), what=fault.what)


def shown(scalar: Scalar) -> str:
    """A value as messages may repeat it: one line, short, and nothing that came from outside the files."""
    if scalar.secrets:
        return "that was substituted"
    text = " ".join(str(scalar.value).split())
    return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"  # noqa: PLR2004 - what fits in a line
