"""What pydantic found, in plain English. No message repeats a value: it may be a secret."""

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from monitor.config.faults import Fault, shown
from monitor.config.nearest import nearest
from monitor.config.shape.fields import OURS
from monitor.config.shape.whole import Whole
from monitor.config.tree import Listing, Node, Path, Scalar, Table, follow

_KINDS = {
    "bool_parsing": "expected true or false",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "tuple_type": "expected a list",
    "model_type": "expected keys and values, such as name: …",
    "missing": "missing",
    "too_short": "expected one at least",
}


def faults(error: ValidationError, root: Table) -> tuple[Fault, ...]:
    """One fault for each thing that the models refuse in `root`."""
    details = error.errors(include_url=False, include_input=False)
    return tuple(
        _fault(str(one["type"]), _as_written(tuple(one["loc"]), root), one.get("ctx", {}), root)
        for one in details
        if one["type"] != "too_short" or not _has_items(root, tuple(one["loc"]))
    )


def _as_written(path: Path, root: Table) -> Path:
    """Where a text stands for a mapping that has no more than a name, or for a list of one, the mistake is in it."""
    is_part = path[-1:] == ("name",) or any(isinstance(step, int) for step in path[-1:])
    return path[:-1] if is_part and isinstance(follow(root, path[:-1]).node, Scalar) else path


def _has_items(root: Table, path: Path) -> bool:
    """Pydantic counts the items it accepts; people count those they wrote."""
    node = follow(root, path).node
    return isinstance(node, Listing) and bool(node.items)


def _fault(kind: str, path: Path, context: Mapping[str, Any], root: Table) -> Fault:
    if kind == "extra_forbidden":
        return Fault(path=path, what=_unknown_key(path), is_key=True)
    if kind in ("literal_error", "enum"):
        return Fault(path=path, what=_unknown_value(path, str(context["expected"]), root))
    if kind == OURS:
        return Fault(path=path, what=str(context["what"]), at=int(context["at"]))
    if kind == "string_type":
        return Fault(path=path, what=_no_text(follow(root, path).node))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "at least" if kind == "greater_than_equal" else "at most"
        return Fault(path=path, what=f"expected {bound} {context.get('ge', context.get('le'))}")
    return Fault(path=path, what=_KINDS.get(kind, "not understood"))


def _no_text(node: Node) -> str:
    if not isinstance(node, Scalar):
        return "expected a text: one with ': ' in it needs quotes"
    return "must not be empty" if node.value is None else "expected a text: put it in quotes"


def _unknown_key(path: Path) -> str:
    *above, key = path
    meant = nearest(str(key), known_keys(tuple(above)))
    return f"unknown key, did you mean {meant}?" if meant else "unknown key"


def known_keys(path: Path) -> tuple[str, ...]:
    """The keys that the mapping at `path` may have."""
    model: type[BaseModel] = Whole
    for step in path:
        if isinstance(step, str):
            model = _model_in(model.model_fields[step].annotation) or model
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _unknown_value(path: Path, expected: str, root: Table) -> str:
    words = re.findall(r"'([^']*)'", expected)
    choice = f"expected {', '.join(words[:-1])} or {words[-1]}"
    scalar = follow(root, path).node
    is_open = isinstance(scalar, Scalar) and isinstance(scalar.value, str) and not scalar.secrets
    if not is_open or not isinstance(scalar, Scalar):
        return choice
    meant = nearest(str(scalar.value), words)
    return f"unknown value {shown(scalar)}, did you mean '{meant}'?" if meant else f"{choice}, not {shown(scalar)}"
