"""One file becomes a tree, or one clear mistake, whatever stands in it."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.document import LARGEST, parse, read
from monitor.config.tree import Plain, plain


def _mistakes(text: str) -> list[str]:
    return [str(mistake) for mistake in parse(text, "a.yaml").mistakes]


def _plain(text: str) -> Plain:
    document = parse(text, "a.yaml")
    assert document.root is not None, document.mistakes
    assert document.mistakes == ()
    return plain(document.root)


def test_values_are_those_of_yaml_1_2() -> None:
    """`no` is a word, and a date is a text."""
    text = "a: no\nb: true\nc: 12\nd: 0x1F\ne: 1.5\nf: .inf\ng: ~\nh:\ni: 2026-01-01\nj: 0o17\nk: !!int '5'"
    assert _plain(text) == {
        "a": "no", "b": True, "c": 12, "d": 31, "e": 1.5, "f": float("inf"), "g": None, "h": None, "i": "2026-01-01",
        "j": 15, "k": 5,
    }  # fmt: skip


def test_the_version_may_be_said() -> None:
    """As long as it is 1.2."""
    assert _plain("%YAML 1.2\n---\na: no") == {"a": "no"}


def test_nothing_but_comments_is_an_empty_configuration() -> None:
    """An included file may be commented out as a whole."""
    assert _plain("# nothing\n") == {}


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    """Files come from every editor."""
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: *x\r\n")
    assert [(mistake.mark.line, mistake.mark.column) for mistake in read(path).mistakes] == [(2, 4)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n b: 2", "a.yaml:2:3: not YAML: mapping values are not allowed here"),
        ("a: *x", "a.yaml:1:4: not YAML: found undefined alias 'x'"),
        ("a: 'x", "a.yaml:1:6: not YAML: found unexpected end of stream"),
        ("a: 1\nb: \x01", "a.yaml:2:4: not YAML: a control character is not allowed"),
        ("a: 1\n---\nb: 2", "a.yaml:2:1: not YAML: more than one document in a file"),
        ("a: " + "[" * 100 + "]" * 100, "a.yaml:1:33: nested too deeply"),
        ("# old\n%YAML 1.1\n---\na: no", "a.yaml:2:1: only YAML 1.2 is read"),
        ("- a", "a.yaml:1:1: expected keys such as outlets: and rules:"),
        ("a: 1\nb: 2\na: 3", "a.yaml:3:1: the same key again, first at line 1"),
        ("a: !!python/object:os.system x", "a.yaml:1:4: tags are not allowed"),
        ("a: !secret x", "a.yaml:1:4: tags are not allowed"),
        ("a: !!binary aGk=", "a.yaml:1:4: tags are not allowed"),
        ("a: !!int x", "a.yaml:1:4: not a value of the kind its tag says"),
        ("a: &x [*x]", "a.yaml:1:4: an alias inside of what it stands for"),
        ("? [a]\n: b", "a.yaml:1:3: a key must be a word"),
        ("a: &x {b: 1}\nc:\n  <<: *x", "a.yaml:3:3: << is no part of YAML 1.2: write the keys out"),
    ],
)
def test_what_cannot_be_read_is_one_mistake_at_its_place(text: str, said: str) -> None:
    """File, line, column and the reason."""
    assert _mistakes(text) == [said]


def test_an_alias_stands_for_its_value() -> None:
    """Anchors spare repetition, and may be set again."""
    assert _plain("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x") == {"a": [1, 2], "b": [1, 2], "c": 3, "d": 3}


def test_aliases_of_aliases_do_not_explode() -> None:
    """Thirty lines that stand for two to the thirty values are refused at once."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 26))]
    started = time.monotonic()
    found = _mistakes("\n".join(lines))
    assert time.monotonic() - started < 5
    assert [one.partition(": ")[2] for one in found] == ["aliases stand for more than 10,000 values"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: \xc3\xa9\nb: \xff", "2:4: not UTF-8"),
        (b"a" * (LARGEST + 1), "1:1: larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_text_is_one_mistake(tmp_path: Path, content: bytes, said: str) -> None:
    """The place of the first bad byte, or the start."""
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    assert [str(mistake) for mistake in read(path).mistakes] == [f"{path}:{said}"]


def test_a_file_that_is_not_there_is_one_mistake(tmp_path: Path) -> None:
    """No exception, no traceback."""
    path = tmp_path / "none.yaml"
    assert [str(one) for one in read(path).mistakes] == [f"{path}:1:1: cannot be read: No such file or directory"]


@given(st.text(st.sampled_from("ab:-?&*!|>'\"%@`{}[],# \n\t<~.0\\éЖ\u2028\x85"), max_size=40))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    """Property: a tree or mistakes, never an exception."""
    document = parse(text, "a.yaml")
    assert document.root is not None or document.mistakes
