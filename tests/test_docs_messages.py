"""docs/messages.md tells the truth: all fields and filters, a good example, and messages as they come out."""

import re
from dataclasses import replace
from pathlib import Path

from monitor.alerts.fields import FIELDS
from monitor.alerts.plan import public_id
from monitor.alerts.render import render
from monitor.alerts.samples import NOW, samples
from monitor.alerts.template_filters import FILTERS, LONGEST
from monitor.alerts.templates import MOST_STEPS
from monitor.alerts.together import SHOWN_OF_ROLL_UP
from monitor.alerts.wording import worded
from monitor.app.examine import Plan, examine
from monitor.model.alerts import AlertContent, AlertKind
from monitor.model.entries import Text
from tests.test_alerts_render import alert, found, message

PAGE = (Path(__file__).parent.parent / "docs" / "messages.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """The table below a heading."""
    section = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))


def test_every_field_stands_there_in_the_words_of_the_code() -> None:
    """None more, none less, none with another meaning."""
    assert {
        name: rows(f"Of {article} {name}") for name, article in (("message", "a"), ("group", "a"), ("alert", "an"))
    } == {name: dict(fields) for name, fields in FIELDS.items()}


def test_every_filter_stands_there() -> None:
    """And the bounds are those in force."""
    section = PAGE.split("### Filters\n")[1]
    assert set(re.findall(r"`(\w+)[`(]", section)) == set(FILTERS)
    assert f"{MOST_STEPS:,} turns" in PAGE
    assert f"{LONGEST:,} characters" in PAGE
    assert SHOWN_OF_ROLL_UP == 5


def test_the_example_is_sound_and_says_what_a_message_says(tmp_path: Path) -> None:
    """As a configuration, over every kind of message."""
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    rest = (
        'outlets: [{name: Post, feeds: [{url: "https://post.example/rss"}]}]\nrules: [{name: ferries, query: ferry}]\n'
    )
    (tmp_path / "tocsin.yaml").write_text(rest + example, encoding="utf-8")
    plan = examine(tmp_path, {})
    assert isinstance(plan, Plan), plan
    first = dict(samples("desk"))["a first alert"]
    shown, fault = worded(first, plan.wordings["desk"], now=NOW)
    assert fault is None
    assert shown.subject == "[desk] Ferry strike ends as harbour talks succeed"
    assert shown.text == (
        "Ferry strike ends as harbour talks succeed\n"
        "Harbour Post, 29 Mar 06:50\n"
        "  The *strike* that closed the northern harbour for nine days is over.\n"
        "https://harbour.example/news/0\n"
        "\n"
        f"id: {first.public_id}"
    )


def test_the_message_is_as_it_comes_out() -> None:
    """Line by line, but for its ids."""
    (example,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    text = Text(
        title="Ferry fire: 30 dead, coast guard says",
        summary="The coast guard found 27 bodies in the cabins of the lower deck on Sunday.",
    )
    said = AlertContent(
        title=text.title,
        outlets=("Coast Wire",),
        also_in=("Harbour Post", "Island Radio"),
        link="https://harbour.example/news/2026/03/29/37",
        rule="ferries",
        published_at=NOW.replace(hour=3, minute=56),
        text=text,
        evidence=(
            found(text, "title", "fire"),
            found(text, "title", "coast guard"),
            found(text, "summary", "coast guard"),
        ),
        follows=public_id("first"),
        follows_title="Ferry fire off the northern coast kills 3",
        changes=("killed: 3, now 30",),
    )
    one = replace(alert(said, kind=AlertKind.UPDATE), at=NOW, story_key="fire")
    ids = re.compile(r"\b[0-9a-z]{12}\b")
    assert ids.sub("ID", render(replace(message(one), public_id=public_id("update")), now=NOW).text) == ids.sub(
        "ID", example
    )
