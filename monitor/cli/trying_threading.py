"""`tocsin try threading`: stories from a file, told one after another: which are the same news."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from monitor.app.publishers import source_named
from monitor.cli.options import Json
from monitor.cli.output import is_terminal, say, show_json_line, warn
from monitor.cli.story_file import Complaints, Story, stories_in
from monitor.cli.threading_report import Clusters
from monitor.flow.retelling import Retelling, Retold, Source, placing_by
from monitor.model.entries import Entry
from monitor.stories.recollection import Recollection
from monitor.system.languages import detector
from monitor.text.naming import short_name

_DATA = 65
_APART = timedelta(minutes=1)
"""between stories that do not say when they came"""
_START = datetime(2000, 1, 1, tzinfo=UTC)


def try_threading(
    *,
    on: Annotated[Path, Parameter(name="--on", help="The file of stories, or /dev/stdin.")],
    largest: Annotated[
        int, Parameter(name="--largest", validator=Number(gte=0, lte=1000), help="How many stories to show.")
    ] = 10,
    why: Annotated[
        bool, Parameter(name="--why", negative="", show_default=False, help="Add the reason, and what is related.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Thread the stories of a file, in its order. Raises InputUnreadable."""
    retelling = Retelling(begin=placing_by(Recollection()))
    sources: dict[str, Source] = {}
    clusters = Clusters()
    complaints = Complaints(path=on)
    detect, at = detector(), None
    for number, story in stories_in(on, "threading", is_watched=not (as_json and is_terminal())):
        if isinstance(story, str):
            complaints.add(number, story)
            continue
        outlet = next(iter(story.view.outlets), "")
        if outlet not in sources:
            sources[outlet] = source_named(outlet)
        at = _moment(story, at)
        text = story.view.text
        language = story.view.language or (detect(f"{text.title}\n{text.summary}") if detect else "")
        told = retelling.tell(_entry(story, language), sources[outlet], at)
        clusters.add(story, told, at)
        if as_json:
            show_json_line(_facts(story, told, is_full=why))
    if not as_json:
        for line in clusters.told(largest, with_reasons=why):
            say(line)
    warn(f"{clusters.entries} entries, {clusters.stories} stories{complaints}")
    return _DATA if complaints.count else 0


def _moment(story: Story, before: datetime | None) -> datetime:
    """When it came, as far as it says; the clock of a daemon does not go back either."""
    given = story.seen_at or story.view.published_at
    if before is None:
        return given or _START
    return max(given, before) if given else before + _APART


def _entry(story: Story, language: str) -> Entry:
    view = story.view
    return Entry(
        id=story.given_id,
        link=view.link,
        text=view.text,
        authors=view.authors,
        categories=view.categories,
        language=language,
        published_at=view.published_at,
    )


def _facts(story: Story, told: Retold, *, is_full: bool) -> Mapping[str, object]:
    score = None if told.score is None else round(told.score, 4)
    facts = {"id": story.id, "story": short_name(told.story_key), "kind": told.kind, "score": score}
    if not is_full:
        return facts
    related = [{"story": short_name(key), "score": round(near, 4)} for key, near in told.related]
    return {**facts, "reason": told.reason, "related": related}
