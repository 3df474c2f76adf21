"""The quick reader of big files says what the slow one says, or nothing."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.config import document
from monitor.config.document import BIG, parse, read
from monitor.config.quick import quickly
from monitor.config.scalars import Page
from monitor.config.tree import Table, plain

EXAMPLES = tuple((Path(__file__).parents[1] / "config").glob("*.yaml"))
PIECES = (
    "a", "b: ", "c:", ": ", "- ", "-", "? ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "'", '"', "''", "# x",
    " #", "|", ">", "|-", ">+", "\n\n", "true", "No", "~", "null", "12", "0x1F", "0o17", "1.5", ".inf", "1_000", "+1",
    "2026-01-01", "12:30:45", "&x ", "*x", "!!int ", "! ", "<<: ", "---", "...", "\\", "\\n", "\\x41", "é",
    "\U0001f514", "\u2028", "\x85", "\t", "%YAML", "=", "@", "`", "${A}", "http://a.example/b?c=d#e",
    "Tom & Jerry", "\x01",
)  # fmt: skip


def _slow(text: str) -> Table | None:
    """What the slow reader says, if nothing is wrong."""
    assert len(text) < BIG
    found = parse(text, "a.yaml")
    return None if found.mistakes else found.root


def _quick(text: str) -> Table | None:
    return quickly(Page(file="a.yaml", text=text), document._value)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("a: 'it''s'\nb: \"x \\u00e9\n  y\"\nc: |\n  one\n  two\n\nd: >-\n  folded\n  text\n")
@example("a: plain text\n  over lines\nb: [1, {c: d}, 'e']\nf:\ng: {h: , i: }\n")
@example("\U0001f514: é  # a remark\nb:   ü   \n")
def test_where_the_quick_reader_answers_both_say_the_same(text: str) -> None:
    """Values, places, and where each text stands in the file."""
    quick = _quick(text)
    assert quick is None or quick == _slow(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_our_own_files_are_read_alike(path: Path) -> None:
    """Comments and all."""
    text = path.read_text(encoding="utf-8")
    assert _quick(text) == _slow(text)


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x", "a: !!int 5", "%YAML 1.2\n---\na: 1", "a: 1\na: 2", "a: 1\n---\nb: 2", "a: [", "- a", ""]
)
def test_what_is_not_plain_is_left_to_the_slow_reader(text: str) -> None:
    """Anchors, tags, directives, everything that is wrong."""
    assert _quick(text) is None


def test_values_are_those_of_yaml_1_2_here_too() -> None:
    """`no` is a word to both."""
    root = _quick("a: no\nb: on\nc: 0o17\nd: ~\ne: 12:30\nf: .inf\ng: 'true'\nh: true")
    assert root is not None
    assert plain(root) == {
        "a": "no", "b": "on", "c": 15, "d": None, "e": "12:30", "f": float("inf"), "g": "true", "h": True,
    }  # fmt: skip


def test_a_mistake_in_a_big_file_has_its_place(tmp_path: Path) -> None:
    """The slow reader is asked as soon as something is wrong."""
    lines = [f"- name: Quay {number}\n  tags: [quay]" for number in range(3_000)]
    path = tmp_path / "big.yaml"
    path.write_text("outlets:\n" + "\n".join(lines), encoding="utf-8")
    assert path.stat().st_size > BIG
    good = read(path)
    assert good.mistakes == ()
    assert good.root is not None
    assert good.root == quickly(Page(file=str(path), text=path.read_text(encoding="utf-8")), document._value)
    path.write_text("outlets:\n" + "\n".join(lines) + "\n  tags: again\n", encoding="utf-8")
    assert [str(one) for one in read(path).mistakes] == [f"{path}:6002:3: the same key again, first at line 6001"]
