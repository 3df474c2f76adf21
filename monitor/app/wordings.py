"""The templates of a configuration, made ready, or every mistake in them at its place in the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.alerts.samples import NOW, samples
from monitor.alerts.wording import Part, Template, Wording, worded
from monitor.config.load import Loaded
from monitor.model.settings import ChannelSpec, Mistake

_WITHOUT_HTML = frozenset({"apprise", "console", "discord", "feed", "file", "ntfy", "slack", "telegram", "webhook"})
"""kinds of ours that send no HTML of the owner's"""


@dataclass(slots=True)
class Wordings:
    """What was made of the templates."""

    by_channel: dict[str, Wording] = field(default_factory=dict)
    """for channels that have some; good for use where there is no mistake"""
    mistakes: list[Mistake] = field(default_factory=list)


def wordings(channels: tuple[ChannelSpec, ...], loaded: Loaded) -> Wordings:
    """Every channel's templates, each tried on a message of every kind."""
    made = Wordings()
    for place, spec in enumerate(channels):
        ready: dict[Part, Template] = {}
        for part, source in _sources(spec).items():
            path = ("channels", place, part.value)
            if part is Part.HTML and spec.kind in _WITHOUT_HTML:
                made.mistakes.append(loaded.mistake(path, f"{spec.kind} sends no HTML", is_key=True))
                continue
            template, found = _made(spec, part, source)
            made.mistakes += (_placed(loaded, path, source, at, what) for at, what in found)
            if template is not None:
                ready[part] = template
        if ready:
            made.by_channel[spec.name] = ready
    return made


def _made(spec: ChannelSpec, part: Part, source: str) -> tuple[Template | None, list[tuple[int, str]]]:
    """The template, and what is wrong with it by places in its text."""
    from monitor.alerts.templates import compile_template  # brings Jinja2: only where there is a template

    made = compile_template(source, is_html=part is Part.HTML)
    if isinstance(made, tuple):
        return None, [(one.place, one.what) for one in made]
    return made, _tried(spec, part, made)


def _tried(spec: ChannelSpec, part: Part, template: Template) -> list[tuple[int, str]]:
    """What fails over the samples, with the first of them that shows it."""
    found: dict[tuple[int, str], str] = {}
    for name, message in samples(spec.name):
        _, fault = worded(message, {part: template}, now=NOW)
        if fault is not None:
            found.setdefault((fault.failed.place, fault.failed.what), name)
    return [(at, f"fails over {name}: {what}") for (at, what), name in found.items()]


def _placed(loaded: Loaded, path: tuple[str | int, ...], source: str, at: int, what: str) -> Mistake:
    if loaded.is_written(path):
        return loaded.mistake(path, what, column=at + 1)
    line, column = source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at)
    return loaded.mistake(path, f"line {line}, column {column} of what it stands for: {what}")


def _sources(spec: ChannelSpec) -> Mapping[Part, str]:
    texts = spec.templates
    every = {Part.TEXT: texts.text, Part.SUBJECT: texts.subject, Part.HTML: texts.html}
    return {part: source for part, source in every.items() if source}
