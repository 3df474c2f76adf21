"""Several files are one configuration."""

from pathlib import Path

from monitor.config.load import Loaded, load

_OUTLET = "outlets: [{name: %s, feeds: [{url: 'https://a.example/rss'}]}]\n"
_RULES = "rules:\n  - {name: %s, query: storm}\n"


def _load(folder: Path, **files: str) -> Loaded:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return load(folder, {})


def _said(folder: Path, loaded: Loaded) -> list[str]:
    return [str(one).replace(f"{folder}/", "") for one in loaded.mistakes]


def test_lists_are_joined_in_the_order_of_the_files(tmp_path: Path) -> None:
    """The main file comes first."""
    loaded = _load(
        tmp_path,
        tocsin="include: [a.yaml, b.yaml]\ngrace: 5s\n" + _OUTLET % "One" + _RULES % "first",
        a=_OUTLET % "Two" + _RULES % "second",
        b="polling: {every: 20m}\nrules:\noutlets: []\n",
    )
    assert loaded.mistakes == ()
    assert loaded.settings is not None
    assert [outlet.name for outlet in loaded.settings.outlets] == ["One", "Two"]
    assert [rule.name for rule in loaded.settings.rules] == ["first", "second"]
    assert loaded.settings.polling.every.total_seconds() == 1200
    assert [path.name for path in loaded.files] == ["tocsin.yaml", "a.yaml", "b.yaml"]


def test_a_place_is_given_in_the_file_that_people_see(tmp_path: Path) -> None:
    """The first rule of an included file is rules.1 there, whatever comes before it in the whole."""
    loaded = _load(
        tmp_path,
        tocsin="include: [a.yaml]\n" + _OUTLET % "One" + _RULES % "first",
        a="rules:\n  - {name: second, query: storm, priorty: low}\n",
    )
    assert _said(tmp_path, loaded) == ["a.yaml:2:34: rules.1.priorty: unknown key, did you mean priority?"]
    mark = loaded.locate(("rules", 1, "query"), 2)
    assert (Path(mark.file).name, mark.line, mark.column) == ("a.yaml", 2, 28)


def test_what_is_no_list_may_be_said_once(tmp_path: Path) -> None:
    """Which of two values should count would be a guess."""
    loaded = _load(
        tmp_path,
        tocsin="include: [a.yaml]\ngrace: 5s\npolling: {every: 10m}\n" + _OUTLET % "One" + _RULES % "first",
        a="grace: 6s\npolling: {timeout: 5s}\n",
    )
    assert _said(tmp_path, loaded) == [
        "a.yaml:1:1: grace: said twice, first at tocsin.yaml:2:1",
        "a.yaml:2:1: polling: said twice, first at tocsin.yaml:3:1",
    ]


def test_names_are_unique_across_files(tmp_path: Path) -> None:
    """The mistake stands at the second and names the first."""
    loaded = _load(
        tmp_path,
        tocsin="include: [a.yaml]\n" + _OUTLET % "One" + _RULES % "storms",
        a=_RULES % "Storms",
    )
    assert _said(tmp_path, loaded) == [
        "a.yaml:2:12: rules.1.name: the name 'Storms' is used twice, first at tocsin.yaml:4:12"
    ]


def test_what_cannot_be_included_is_said_and_nothing_is_concluded_from_it(tmp_path: Path) -> None:
    """A missing file does not make every channel that it may hold unknown."""
    loaded = _load(
        tmp_path,
        tocsin="include: [none.yaml, tocsin.yaml, 5, broken.yaml, '${NONE}', '${file:broken.yaml}']\n"
        "rules: [{name: r, query: x, channels: [y], prority: low}]",
        broken="a: [",
    )
    assert loaded.settings is None
    assert _said(tmp_path, loaded) == [
        "broken.yaml:1:5: not YAML: expected the node content, but found '<stream end>'",
        "tocsin.yaml:1:11: include: there is no such file beside this one",
        "tocsin.yaml:1:22: include: this file is already read",
        "tocsin.yaml:1:35: include.3: expected the name of a file, as it is",
        "tocsin.yaml:1:52: include.5: the environment variable NONE is not set, nor is there a credential of that name",
        "tocsin.yaml:1:62: include.6: expected the name of a file, as it is",
        "tocsin.yaml:2:44: rules.1.prority: unknown key, did you mean priority?",
    ]
    assert _said(tmp_path, _load(tmp_path, tocsin="include: a.yaml")) == [
        "tocsin.yaml:1:10: include: expected a list of files"
    ]


def test_only_the_main_file_includes(tmp_path: Path) -> None:
    """No chains, no circles."""
    loaded = _load(
        tmp_path,
        tocsin="include: [a.yaml]\n" + _OUTLET % "One" + _RULES % "storms",
        a="include: [tocsin.yaml]\n",
    )
    assert _said(tmp_path, loaded) == ["a.yaml:1:1: include: only the main file, tocsin.yaml, includes others"]


def test_an_include_of_nothing_is_nothing(tmp_path: Path) -> None:
    """All of it may be commented out."""
    assert _load(tmp_path, tocsin="include:\n" + _OUTLET % "One" + _RULES % "storms").mistakes == ()
