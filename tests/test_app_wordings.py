"""Templates in the configuration: each mistake at its place, and none of Jinja2 where there is no template."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.alerts.wording import Part
from monitor.app.examine import Plan, examine

RULES = """\
outlets:
  - {name: Post, feeds: [{url: "https://post.example/rss"}]}
rules:
  - {name: ferries, query: ferry}
channels:
"""


def examined(folder: Path, channels: str) -> Plan | list[str]:
    """The plan, or the mistakes without the folder's name."""
    (folder / "tocsin.yaml").write_text(RULES + channels, encoding="utf-8")
    plan = examine(folder, {})
    return plan if isinstance(plan, Plan) else [str(one).replace(f"{folder}/", "") for one in plan]


def test_templates_stand_in_the_configuration_or_in_files_beside_it(tmp_path: Path) -> None:
    """Each channel has its own."""
    (tmp_path / "page.j2").write_text("<h1>{{ title }}</h1>\n", encoding="utf-8")
    plan = examined(
        tmp_path,
        "  - name: desk\n"
        "    kind: email\n"
        "    url: smtp://127.0.0.1\n"
        "    to: desk@h.example\n"
        "    from: tocsin@h.example\n"
        "    subject_template: '[{{ channel }}] {{ subject }}'\n"
        "    html_template: ${file:page.j2}\n"
        "  - {name: screen, kind: console}\n",
    )
    assert isinstance(plan, Plan)
    assert {name: set(wording) for name, wording in plan.wordings.items()} == {"desk": {Part.SUBJECT, Part.HTML}}


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("'{{ titel }}'", "tocsin.yaml:8:19: channels.1.template: unknown field titel, did you mean title?"),
        (
            "|\n      Hello\n        {{ title }}: {{ alerts[0].outlett }}\n",
            "tocsin.yaml:10:35: channels.1.template: unknown field outlett, did you mean outlet?",
        ),
        (
            "|\n      {% for a in alerts %}\n      {{ a.title }}\n",
            (
                "tocsin.yaml:10:7: channels.1.template: Unexpected end of template. Jinja was looking for the "
                "following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'."
            ),
        ),
        (
            "|\n      x\n      {{ alerts[0].title }}\n",
            (
                "tocsin.yaml:10:7: channels.1.template: fails over a digest without news: "
                "there is no item 0, the list is shorter"
            ),
        ),
        (
            (
                "'{% for a in alerts %}{% for b in alerts %}{% for c in alerts %}{{ range(9) }}{% endfor %}"
                "{% endfor %}{% endfor %}'"
            ),
            "tocsin.yaml:8:16: channels.1.template: nothing can be called in a template",
        ),
        ("'{{ 10 ** 10 }}'", "tocsin.yaml:8:16: channels.1.template: only + and - count in a template"),
        ("''", "tocsin.yaml:8:15: channels.1.template: must not be empty"),
        ("5", "tocsin.yaml:8:15: channels.1.template: expected a text: put it in quotes"),
    ],
)
def test_mistakes_stand_at_their_place(tmp_path: Path, template: str, mistake: str) -> None:
    """Line and column of the file, whatever the style of the text there."""
    assert examined(tmp_path, f"  - name: screen\n    kind: console\n    template: {template}\n") == [mistake]


def test_a_mistake_in_a_file_names_its_line_there(tmp_path: Path) -> None:
    """The configuration only says where it came from."""
    (tmp_path / "desk.j2").write_text("{{ title }}\n\n  {{ titel }}\n", encoding="utf-8")
    assert examined(tmp_path, "  - {name: screen, kind: console, template: '${file:desk.j2}'}\n") == [
        (
            "tocsin.yaml:6:45: channels.1.template: line 3, column 6 of what it stands for: "
            "unknown field titel, did you mean title?"
        )
    ]


def test_html_is_for_mail(tmp_path: Path) -> None:
    """A chat would show the tags."""
    assert examined(tmp_path, "  - {name: screen, kind: console, html_template: '<b>'}\n") == [
        "tocsin.yaml:6:35: channels.1.html_template: console sends no HTML"
    ]


@pytest.mark.parametrize(("template", "is_loaded"), [("", False), (", template: '{{ title }}'", True)])
def test_jinja_is_loaded_where_a_channel_has_a_template(tmp_path: Path, template: str, *, is_loaded: bool) -> None:
    """A daemon without templates carries none of it."""
    (tmp_path / "tocsin.yaml").write_text(RULES + f"  - {{name: screen, kind: console{template}}}\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path\n"
        "import monitor.engine.embedded; from monitor.app.examine import Plan, examine\n"
        f"plan = examine(Path({str(tmp_path)!r}), {{}}); assert isinstance(plan, Plan), plan\n"
        "print('jinja2' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == str(is_loaded)
