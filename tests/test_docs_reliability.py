"""What the page on reliability names exists: a promise is worth no more than the test that shows it."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = [
    line
    for line in (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| what goes wrong |")
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_promise_names_tests_that_exist(row: str) -> None:
    """At least one file of tests that has tests in it; commands are modules that can be found."""
    files = re.findall(r"`(tests/test_\w+\.py)`", row)
    assert files
    for file in files:
        assert re.search(r"^(?:async )?def test_", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    for module in re.findall(r"`python -m ([\w.]+)", row):
        assert importlib.util.find_spec(module) is not None
