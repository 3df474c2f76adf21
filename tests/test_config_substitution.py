"""Secrets stay out of the files, and out of everything that is said about them."""

from pathlib import Path

import pytest

from monitor.config.load import Loaded, load

CANARY = "canary-7f3a"

_TEXT = """\
outlets:
  - {name: A, feeds: [{url: "https://a.example/rss"}]}
channels:
  - {name: desk, kind: webhook, url: "https://b.example/%s", options: {deep: ["x", "%s"]}}
  - {name: other, kind: console}
rules:
  - {name: r, query: storm}
"""


def _loaded(folder: Path, inside: str, environment: dict[str, str] | None = None, deep: str = "y") -> Loaded:
    path = folder / "tocsin.yaml"
    path.write_text(_TEXT % (inside, deep))
    return load(path, environment or {})


def _address(loaded: Loaded) -> object:
    assert loaded.mistakes == ()
    assert loaded.settings is not None
    return loaded.settings.channels[0].options["url"]


def _said(loaded: Loaded) -> list[str]:
    return [f"{one.mark.line}:{one.mark.column}: {one.path}: {one.what}" for one in loaded.mistakes]


def test_a_variable_is_replaced_and_remembered_as_a_secret(tmp_path: Path) -> None:
    """The channel that uses it knows its secrets, and the settings know all of them."""
    loaded = _loaded(tmp_path, "${HOOK}/x", {"HOOK": CANARY}, deep="${DEEP}")
    assert [one.what for one in loaded.mistakes] == [
        "the environment variable DEEP is not set, nor is there a credential of that name"
    ]
    loaded = _loaded(tmp_path, "${HOOK}/x", {"HOOK": CANARY, "DEEP": "well"}, deep="${DEEP}")
    assert _address(loaded) == f"https://b.example/{CANARY}/x"
    assert loaded.settings is not None
    assert [channel.secrets for channel in loaded.settings.channels] == [(CANARY, "well"), ()]
    assert loaded.settings.secrets == (CANARY, "well")
    assert CANARY not in repr(loaded)
    assert loaded.settings.channels[0].options["options"] == {"deep": ["x", "well"]}


def test_a_place_may_be_written_with_escapes(tmp_path: Path) -> None:
    """As any text in double quotes may."""
    for inside in ("\\x24{HOOK}", "$\\u007bHOOK}", "$\\\n  {HOOK}"):
        assert _address(_loaded(tmp_path, inside, {"HOOK": CANARY})) == f"https://b.example/{CANARY}"


def test_a_file_is_read_without_its_last_line_end(tmp_path: Path) -> None:
    """Relative paths start beside the configuration."""
    (tmp_path / "token").write_text(f"{CANARY}\r\n")
    assert _address(_loaded(tmp_path, "${file:token}")) == f"https://b.example/{CANARY}"
    assert _address(_loaded(tmp_path, f"${{file:{tmp_path}/token}}")) == f"https://b.example/{CANARY}"


def test_a_credential_of_systemd_is_read_by_either_form(tmp_path: Path) -> None:
    """`${credential:NAME}`, and `${NAME}` where the environment has no such variable."""
    (tmp_path / "HOOK").write_text(f"{CANARY}\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert _address(_loaded(tmp_path, "${credential:HOOK}", environment)) == f"https://b.example/{CANARY}"
    assert _address(_loaded(tmp_path, "${HOOK}", environment)) == f"https://b.example/{CANARY}"
    assert _address(_loaded(tmp_path, "${HOOK}", {**environment, "HOOK": "nearer"})) == "https://b.example/nearer"


def test_a_doubled_dollar_stands_for_itself(tmp_path: Path) -> None:
    """And a dollar without a brace is a dollar."""
    loaded = _loaded(tmp_path, "$${HOOK}$1")
    assert _address(loaded) == "https://b.example/${HOOK}$1"
    assert loaded.settings is not None
    assert loaded.settings.secrets == ()


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("${NONE}", "the environment variable NONE is not set, nor is there a credential of that name"),
        ("${EMPTY}", "the environment variable EMPTY is empty"),
        ("${file:none}", "${file:none} cannot be read: No such file or directory"),
        ("${file:large}", "${file:large} is larger than 64 kB"),
        ("${file:bytes}", "${file:bytes} is not UTF-8 text"),
        ("${file:void}", "${file:void} is empty"),
        ("${credential:none}", "there is no credential none"),
        ("${credential:../x}", "not understood: write"),
        ("${a b}", "not understood: write"),
        ("${}", "not understood: write"),
        ("${HOOK", "not understood: write"),
    ],
)
def test_what_is_missing_is_named_at_its_place(tmp_path: Path, inside: str, what: str) -> None:
    """The mistake stands at the dollar sign, says what to set, and is the only one."""
    (tmp_path / "large").write_text("x" * 64_001)
    (tmp_path / "bytes").write_bytes(b"\xff")
    (tmp_path / "void").write_text("\n")
    said = _said(_loaded(tmp_path, inside, {"EMPTY": "", "CREDENTIALS_DIRECTORY": str(tmp_path)}))
    assert len(said) == 1
    assert said[0].startswith(f"4:57: channels.1.url: {what}")


def test_a_place_after_a_substitution_is_that_in_the_file(tmp_path: Path) -> None:
    """Columns count in the value, marks in the file; within the substituted part they stand at the dollar."""
    loaded = _loaded(tmp_path, "${HOOK}/x", {"HOOK": CANARY})
    path = ("channels", 0, "url")
    before, secret = len("https://b.example/"), len(CANARY)
    assert loaded.locate(path, before).column == 56
    assert loaded.locate(path, before + 1).column == loaded.locate(path, before + secret).column == 57
    assert loaded.locate(path, before + secret + 1).column == 57 + len("${HOOK}")
    assert loaded.locate(path, 999).column == 57 + len("${HOOK}/x")


def test_no_message_and_no_repr_shows_a_substituted_value(tmp_path: Path) -> None:
    """Wherever a secret is put by mistake, it is not repeated."""
    path = tmp_path / "tocsin.yaml"
    path.write_text(
        """\
polling: {every: "${X}", allow_private: ["${X}"], contact: "${X}\\n", min_interval: "${X}"}
outlets:
  - {name: "${X}", publisher: "${X} ", language: "${X}", tags: ["${X} "], feeds: [{url: "${X}"}, {url: "${X}"}]}
  - {name: "${X}", feeds: ["${X}"]}
channels: [{name: "${X}", kind: "${X}", token: "${X}"}, {name: desk, kind: console}]
entities: [{id: "${X} ", type: "${X}", name: "${X}\\n", aliases: "${X}"}]
rules:
  - {name: a, query: x, channels: ["${X}1"], priority: "${X}", examples: "${X}"}
grace: "${X}"
"""
    )
    loaded = load(path, {"X": CANARY})
    assert len(loaded.mistakes) > 15
    assert loaded.settings is not None
    shown = [*map(str, loaded.mistakes), repr(loaded.root), repr(loaded.mistakes)]
    assert CANARY not in "".join(shown)
    assert loaded.settings.secrets == (CANARY,)


def test_an_interval_may_come_from_outside(tmp_path: Path) -> None:
    """Any text may; its value is then judged as if it stood there, and not repeated."""
    path = tmp_path / "tocsin.yaml"
    path.write_text("polling: {every: '${E}', min_interval: '${M}'}\n" + _TEXT % ("", ""))
    assert load(path, {"E": "7m", "M": "6m"}).mistakes == ()
    assert [one.what for one in load(path, {"E": "7m", "M": "8m"}).mistakes] == [
        "shorter than polling.min_interval, that was substituted: lengthen it or lower that"
    ]


def test_a_feeds_address_may_hold_no_secret(tmp_path: Path) -> None:
    """It is the feed's name in the database, in logs and in answers to people."""
    (tmp_path / "tocsin.yaml").write_text(
        "outlets: [{name: H, feeds: [{url: 'https://h.example/rss?key=${KEY}'}]}]\nrules: [{name: r, query: x}]\n",
        encoding="utf-8",
    )
    loaded = load(tmp_path, {"KEY": "s3cret"})
    assert [str(mistake).rpartition(": ")[2] for mistake in loaded.mistakes] == [
        "write it out, without ${…}",
    ]
    assert "s3cret" not in str(loaded.mistakes)
