"""Where the SQL is: `queries.sql`, each query by its name."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)


def query(name: str) -> str:
    """The SQL of this name; KeyError where there is none."""
    return all_queries()[name]


@cache
def all_queries() -> Mapping[str, str]:
    """Every named query, read once."""
    return MappingProxyType(read_queries(Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")))


def read_queries(text: str) -> dict[str, str]:
    """Name → SQL without its comment lines; ValueError for a name given twice or a query without a description."""
    _, *pieces = _NAME.split(text)
    queries: dict[str, str] = {}
    for name, piece in zip(pieces[::2], pieces[1::2], strict=True):
        if name in queries:
            raise ValueError(f"queries.sql: {name} is given twice")
        if not piece.startswith("-- "):
            raise ValueError(f"queries.sql: {name} has no description")
        queries[name] = _COMMENT.sub("", piece).strip().removesuffix(";")
    return queries
