"""Outlets written into a configuration file: every byte that stood there stays, or nothing is written at all."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import section
from monitor.config.adding import add_outlets, flaw, with_outlets
from monitor.config.document import LARGEST
from monitor.config.load import load
from monitor.config.starter import STARTER
from monitor.config.writing import outlets_document
from monitor.errors import ConfigurationError, OutputUnwritable
from monitor.model.settings import FeedSpec, OutletSpec


def outlet(name: str, *urls: str, tags: tuple[str, ...] = (), language: str = "") -> OutletSpec:
    return OutletSpec(name=name, tags=tags, language=language, feeds=tuple(FeedSpec(url=url) for url in urls))


NEW = (
    outlet("The Harbour Gazette", "https://gazette.example/rss", tags=("coast", "north-sea"), language="en"),
    outlet("Wire: all of it", "https://wire.example/a", "https://wire.example/b?x=${Y}"),
)
ONE = "  - {name: Meduza, feeds: [{url: 'https://meduza.example/rss'}]}"
RULES = "rules: [{name: r, query: truce}]"

SHAPES = {
    "the starter": STARTER,
    "a list in the middle": f"# mine\noutlets:\n{ONE}  # c\n\n# rules\n{RULES}\n",
    "a list at the end": f"{RULES}\noutlets:\n{ONE}\n",
    "a last line without its end": f"{RULES}\noutlets:\n{ONE}",
    "a last comment without its end": f"{RULES}\noutlets:\n{ONE}\n# the end",
    "dashes under the key": f"outlets:\n- name: Meduza\n  feeds: [{{url: 'https://meduza.example/rss'}}]\n{RULES}",
    "a dash by itself": f"outlets:\n  -\n    name: Meduza\n    feeds: [{{url: 'https://m.example/'}}]\n{RULES}\n",
    "wide dashes": f"outlets:\n    -   name: Meduza\n        feeds: [{{url: 'https://m.example/'}}]\n{RULES}\n",
    "brackets": f"outlets: [{{name: Meduza, feeds: [{{url: 'https://m.example/'}}]}}]\n{RULES}\n",
    "empty brackets": f"outlets: []\n{RULES}\n",
    "brackets over lines": f"outlets: [\n  {{name: M, feeds: [{{url: 'https://m.example/'}}]}}  # c\n]\n{RULES}\n",
    "a last comma": f"outlets: [\n  {{name: M, feeds: [{{url: 'https://m.example/'}}]}},  # c\n]\n{RULES}\n",
    "everything in braces": f"{{outlets: [], {RULES}}}\n",
    "no outlets": f"{RULES}\n\n\n",
    "no outlets, no line end": RULES,
    "nothing": "",
    "nothing but comments": "# mine\n",
    "a key without value": f"outlets:  # to come\n  # - name: Meduza\n{RULES}\n",
    "lines of another system": f"# mine\r\noutlets:\r\n{ONE}\r\n{RULES}\r\n",
    "brackets of another system": "outlets: [\r\n  {name: M, feeds: [{url: 'https://m.example/'}]}\r\n]\r\n",
    "a last line of another system": f"{RULES}\r\noutlets:\r\n{ONE}",
    "a byte order mark": f"\ufeffoutlets:\n{ONE}\n{RULES}\n",
    "a document mark": f"---\noutlets:\n{ONE}\n",
    "an alias": f"outlets:\n  - &m {{name: M, feeds: [{{url: 'https://m.example/'}}]}}\n  - *m\n{RULES}\n",
    "a comment deeper than the dash": f"outlets:\n{ONE}\n      # every: 5m\n\n{RULES}\n",
    "a literal with a hash": f"{RULES}\noutlets:\n  - name: M\n    publisher: |\n      a\n\n      # b\n\n# end\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_outlets_join_a_file_of_any_shape_and_nothing_else_changes(shape: str) -> None:
    """Whoever compares the two sees added lines only, or one line that grew."""
    before = SHAPES[shape]
    after, _ = with_outlets(before, "tocsin.yaml", NEW)
    rest = after
    for line in before.rstrip().split("\n"):
        for part in (line.rstrip("\r").removesuffix("]").removesuffix("], " + RULES + "}"),):
            assert part in rest
            rest = rest[rest.index(part) + len(part) :]
    assert after.count("The Harbour Gazette") == 1
    assert ("\r\n" in after) == ("\r\n" in before)
    assert after.replace("\r\n", "").count("\r") == 0
    assert not ("\r\n" in after and "\n" in after.replace("\r\n", ""))


@pytest.mark.parametrize("shape", SHAPES)
def test_big_files_are_written_as_small_ones_are(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file of any shape the quick reader finds the same place as the slow one, and the slow one is not asked."""
    slowly, _ = with_outlets(SHAPES[shape], "tocsin.yaml", NEW)
    monkeypatch.setattr(section, "BIG", 0)
    if shape not in ("nothing", "nothing but comments", "no outlets", "no outlets, no line end"):
        monkeypatch.setattr(section, "_slowly", lambda *_: pytest.fail("asked"))
    assert with_outlets(SHAPES[shape], "tocsin.yaml", NEW)[0] == slowly


@pytest.mark.parametrize("before", [f"outlets:\n{ONE}\n{RULES}\n", f"outlets: []\n{RULES}\n"])
def test_a_publisher_and_a_pace_are_written_too(before: str, tmp_path: Path) -> None:
    """In lines and in brackets, and read back as they were."""
    feed = FeedSpec(url="https://wire.example/rss", every=timedelta(minutes=90))
    new = OutletSpec(name="Wire", publisher="wire-service.example", language="en", feeds=(feed,))
    (tmp_path / "tocsin.yaml").write_text(with_outlets(before, "tocsin.yaml", [new])[0], encoding="utf-8")
    loaded = load(tmp_path, {})
    assert loaded.mistakes == ()
    assert loaded.settings is not None
    assert loaded.settings.outlets[-1] == new


@pytest.mark.parametrize(
    "text", ["outlets: ~\n", "{rules: []}\n", f"{RULES}\n...\n", "outlets: 5\n", "outlets: {name: M}\n"]
)
def test_a_file_in_a_shape_not_foreseen_is_refused(text: str) -> None:
    """Better to paste than to have it spoilt."""
    with pytest.raises(ConfigurationError, match=r"^tocsin\.yaml: outlets cannot be added .* use --print"):
        with_outlets(text, "tocsin.yaml", NEW)


@pytest.mark.parametrize("text", [f"outlets:\r  - {{name: A}}\r{RULES}\r", f"{RULES}\n# a\rb\n"])
def test_a_file_with_lone_carriage_returns_is_refused(text: str) -> None:
    """They break lines for some and not for others, and lines are counted."""
    with pytest.raises(ConfigurationError, match=r"^tocsin\.yaml: lines that end .* use --print, and paste$"):
        with_outlets(text, "tocsin.yaml", NEW)


@pytest.mark.parametrize("text", ["outlets: [\n", "- a\n", "outlets: !x []\n"])
def test_a_file_with_mistakes_is_refused_with_their_places(text: str) -> None:
    """They must be mended first."""
    with pytest.raises(ConfigurationError, match=r"^tocsin\.yaml:\d+:\d+: "):
        with_outlets(text, "tocsin.yaml", NEW)


def test_a_file_does_not_grow_beyond_what_can_be_read() -> None:
    """A part of it belongs into another file then."""
    with pytest.raises(ConfigurationError, match="larger than 5 MB: write a file of its own"):
        with_outlets("#" * (LARGEST - 50) + "\n", "tocsin.yaml", NEW)


def test_what_was_written_is_what_is_loaded(tmp_path: Path) -> None:
    """Names, tags, languages and addresses, and those of before."""
    (tmp_path / "tocsin.yaml").write_text(STARTER, encoding="utf-8")
    add_outlets(tmp_path / "tocsin.yaml", NEW)
    loaded = load(tmp_path, {})
    assert loaded.mistakes == ()
    assert loaded.settings is not None
    assert loaded.settings.outlets[1:] == NEW
    assert loaded.settings.outlets[0].name == "The Moscow Times"


def test_a_file_of_its_own_can_be_included(tmp_path: Path) -> None:
    """What `--print` shows is a whole section."""
    (tmp_path / "more.yaml").write_text(outlets_document(NEW), encoding="utf-8")
    (tmp_path / "tocsin.yaml").write_text(f"include: [more.yaml]\n{RULES}\n", encoding="utf-8")
    loaded = load(tmp_path, {})
    assert loaded.mistakes == ()
    assert loaded.settings is not None
    assert loaded.settings.outlets == NEW


def test_rights_and_links_of_the_file_stay(tmp_path: Path) -> None:
    """A link is followed; nothing is left behind beside the file."""
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "tocsin.yaml"
    real.write_text(STARTER, encoding="utf-8")
    real.chmod(0o640)
    link = tmp_path / "tocsin.yaml"
    link.symlink_to(real)
    add_outlets(link, NEW)
    assert link.is_symlink()
    assert "The Harbour Gazette" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in real.parent.iterdir()] == ["tocsin.yaml"]


def test_where_nothing_can_be_written_the_file_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of it: exit 73 and no trace."""
    path = tmp_path / "tocsin.yaml"
    path.write_text(STARTER, encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputUnwritable, match="No space left on device; use --print"):
        add_outlets(path, NEW)
    assert path.read_text(encoding="utf-8") == STARTER
    assert list(tmp_path.iterdir()) == [path]


def test_what_somebody_saves_meanwhile_is_not_lost(tmp_path: Path) -> None:
    """While the whole configuration is looked at, which takes seconds; who never stops saving is told."""
    path = tmp_path / "tocsin.yaml"
    path.write_text(STARTER, encoding="utf-8")
    seen: list[int] = []

    def save(_: object) -> None:
        seen.append(len(seen))
        if len(seen) == 1:
            path.write_text(f"{STARTER}# saved meanwhile\n", encoding="utf-8")

    add_outlets(path, NEW, save)
    text = path.read_text(encoding="utf-8")
    assert ("# saved meanwhile" in text, "The Harbour Gazette" in text, seen) == (True, True, [0, 1])
    assert list(tmp_path.iterdir()) == [path]

    def go_on(_: object) -> None:
        seen.append(len(seen))
        path.write_text(f"{STARTER}# {len(seen)}\n", encoding="utf-8")

    with pytest.raises(OutputUnwritable, match="somebody else changes it again and again"):
        add_outlets(path, NEW, go_on)
    assert path.read_text(encoding="utf-8") == f"{STARTER}# {len(seen)}\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Exit 73."""
    with pytest.raises(OutputUnwritable, match="No such file"):
        add_outlets(tmp_path / "tocsin.yaml", NEW)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (NEW[0], ""),
        (outlet("A", "javascript:alert(1)"), "expected an address such as"),
        (outlet("A", "https://me:geheim@a.example/"), "a user or password in an address is not supported"),
        (outlet("A", "https://a.example/ b"), "expected an address such as"),
        (outlet("", "https://a.example/"), "must not be empty"),
        (outlet("A"), "at least 1"),
        (outlet("A", "https://a.example/", tags=("a b",)), "expected one word"),
    ],
)
def test_what_the_configuration_would_not_take_is_known_before(one: OutletSpec, words: str) -> None:
    """In its own words, and without the value."""
    assert words in flaw(one)
    assert bool(words) == bool(flaw(one))
    assert "geheim" not in flaw(one)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    lambda text: text.isprintable() and text == text.strip()
)


@given(NAMES, st.sampled_from(["outlets: []\n", "outlets:\n", "", f"outlets:\n{ONE}\n"]))
def test_any_name_is_written_so_that_it_reads_as_itself(name: str, text: str) -> None:
    """Words that YAML takes for a truth value, quotes, braces, substitutions."""
    new, _ = with_outlets(text, "tocsin.yaml", [outlet(name, "https://a.example/")])
    assert new.startswith(text[:9])


@pytest.mark.parametrize(
    "name", ["no", "Yes", "null", "1e3", "0x1", "- a", "a: b", "a #b", "${HOME}", "~", "true", "*a"]
)
def test_names_that_look_like_something_else_are_quoted(name: str) -> None:
    """For editors that know YAML 1.1 as well."""
    assert 'name: "' in outlets_document([outlet(name, "https://a.example/")])
