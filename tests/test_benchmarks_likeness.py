"""The arithmetic behind the figures of likeness, on invented articles."""

import json
import random
from math import exp
from pathlib import Path
from types import ModuleType

import pytest

from monitor.stories.profile import Profile
from monitor.stories.sketch import Sketch
from tests.benchmarks import likeness, likeness_learning, starting_words
from tests.benchmarks.gold import FORMS, Stream, articles, faults, is_in, marks, sketched
from tests.benchmarks.likeness_learning import Example, learned

STORIES = {
    "1a": "Ferry Alma adrift off Norvik with 214 on board as storm breaks her rudder",
    "1b": "Ferry Selma aground off Brannock with 87 on board as fog hides the southern light",
    "2a": "Mayor Lindgren of Norvik resigns over the price of the northern bridge",
}


def gold(folder: Path) -> Path:
    """Three stories, three articles each."""
    path = folder / "gold.jsonl"
    rows = [
        {"title": told, "summary": f"{told}, says outlet {'ABC'[at]}.", "body": "", "outlet": "unknown", "lang": "en"}
        | {"story": story, "topic": story[0]}
        for at in range(3)
        for story, told in STORIES.items()
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_marks_are_those_of_the_definition() -> None:
    """Two stories of two; one article of the second was put to the first."""
    seen = marks({0: "a", 1: "a", 2: "b", 3: "b"}, {0: 7, 1: 7, 2: 7, 3: 8})
    assert seen.pairs == pytest.approx((1 / 3, 1 / 2, 2 / 5))
    assert seen.articles[:2] == pytest.approx(((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, (1 + 1 + 1 / 2 + 1 / 2) / 4))
    alone = marks({0: "a", 1: "a"}, {0: 1, 1: 2})
    assert alone.pairs == (1.0, 0.0, 0.0)


def test_an_article_joins_the_best_story_that_is_good_enough(tmp_path: Path) -> None:
    """Or founds its own."""
    told = articles(gold(tmp_path))
    stream = Stream(sketched(told, "title and summary"), 0.08)
    found = stream.threads(range(len(told)), likeness.ours, 0.5)
    assert marks(dict(enumerate(article.story for article in told)), found).articles == (1.0, 1.0, 1.0)
    assert list(faults(told, found)) == []
    apart = stream.threads(range(len(told)), likeness.nearest, 2.0)
    assert sorted(apart.values()) == list(range(len(told)))
    assert {kind for kind, _, _ in faults(told, dict.fromkeys(range(len(told)), 0))} == {"merged"}


def test_the_halves_are_the_odd_and_the_even_topics(tmp_path: Path) -> None:
    told = articles(gold(tmp_path))
    assert {article.story for article in told if is_in("odd", article.topic)} == {"1a", "1b"}
    assert sum(is_in("all", article.topic) for article in told) == len(told)
    assert FORMS["title and sentence"](told[0].text).summary == f"{STORIES['1a']}, says outlet A."


def test_what_is_learned_is_what_decided_and_keeps_its_sign() -> None:
    """One figure speaks for, one against, one may only speak against although it speaks for."""
    chance = random.Random(5)
    examples = []
    for _ in range(3_000):
        words, strange, missing = (chance.random() for _ in range(3))
        same = chance.random() < 1 / (1 + exp(-(6 * words - 4 * strange + 3 * missing - 2)))
        examples.append(Example(figures=(words, strange, missing), same=same, weight=1.0))
    bias, (for_it, against, kept) = learned(("words", "strange", "missing"), examples)
    assert for_it > 4
    assert against < -2
    assert kept == 0
    assert bias < 1


@pytest.mark.parametrize("module", [likeness, likeness_learning, starting_words])
def test_a_command_without_its_data_says_so(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And ends with 2."""
    monkeypatch.setattr("sys.argv", ["benchmark", str(tmp_path / "absent.jsonl")])
    assert module.main() == 2
    printed = capsys.readouterr()
    assert f"there is no {tmp_path / 'absent.jsonl'}" in printed.out + printed.err


def test_the_table_has_a_row_for_each_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["likeness", str(gold(tmp_path)), "--half", "all"])
    assert likeness.main() == 0
    printed = capsys.readouterr().out
    assert "ours, title and summary                      all   1.000 / 1.000 / 1.000   1.000 / 1.000 / 1.000" in printed


def test_the_starting_words_are_printed_as_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "headlines.jsonl"
    row = json.dumps({"title": "Ferry adrift off Norvik", "summary": "", "lang": "en"})
    path.write_text("\n".join([row] * 30), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["starting_words", str(path), str(path)])
    assert starting_words.main() == 0
    printed = capsys.readouterr().out
    assert "DOCUMENTS = 30" in printed
    assert "Norvik" not in printed


def test_constants_are_learned_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From articles, entries of one document, headlines of one outlet and pairs judged by eye."""
    path = gold(tmp_path)
    (tmp_path / "feeds").mkdir()
    items = "".join(
        f"<item><title>{title}</title><link>http://quay.example/{at}</link><description>{title}.</description></item>"
        for at, title in enumerate(STORIES.values())
    )
    (tmp_path / "feeds" / "quay.xml").write_text(
        f"<rss version='2.0'><channel>{items}</channel></rss>", encoding="utf-8"
    )
    headlines = tmp_path / "headlines.jsonl"
    rows = [
        {"title": told, "lang": "en", "outlet": "Quay", "published": str(at)}
        for at, told in enumerate(STORIES.values())
    ]
    headlines.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    judged = tmp_path / "judged.jsonl"
    judged.write_text(json.dumps({"one": STORIES["1a"], "other": STORIES["1a"], "same": True}), encoding="utf-8")
    options = ["--apart", str(tmp_path / "feeds"), "--headlines", str(headlines), "--judged", str(judged)]
    monkeypatch.setattr("sys.argv", ["likeness_learning", str(path), *options, "--half", "all"])
    assert likeness_learning.main() == 0
    printed = capsys.readouterr().out
    assert "_BIAS = " in printed
    assert "_HEADLINE_WEIGHTS = words=" in printed


def test_entries_of_one_document_are_learned_apart(tmp_path: Path) -> None:
    """All but those that are so near that they may well be one piece of news."""
    (tmp_path / "quay.xml").write_text(
        "<rss version='2.0'><channel>"
        + "".join(
            f"<item><title>{told}</title><link>http://quay.example/{at}</link><description>{told}. More of it tomorrow "
            f"in the harbour office, where number {at} waits for the tide.</description></item>"
            for at, told in enumerate([*STORIES.values(), STORIES["1a"]])
        )
        + "</channel></rss>",
        encoding="utf-8",
    )

    def compare(one: object, story: Profile) -> tuple[float]:
        assert isinstance(story.members[0], Sketch)
        return (float(one is not None),)

    examples = list(likeness_learning.from_documents(tmp_path, compare))
    assert all(not example.same for example in examples)
