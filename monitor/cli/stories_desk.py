"""`tocsin stories split` and `tocsin stories merge`: what a person corrects by hand."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from monitor.cli.options import ANYWHERE, Json, Places, browse, change
from monitor.cli.output import cell, say, show_json
from monitor.cli.person import who
from monitor.cli.story_names import entries_of, the_story
from monitor.errors import UsageError
from monitor.model.moves import Corrected, Hand, Refusal, Refused
from monitor.model.views import Sighting, StoryHistory

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

Story = Annotated[str, Parameter(name="ID|LINK", help="The story: its id or the beginning of it, or an entry's link.")]
Dry = Annotated[
    bool, Parameter(name="--dry-run", negative="", show_default=False, help="Only say what would be moved.")
]

_REFUSALS = {
    Refusal.NO_STORY: "story {subject} is not kept any more",
    Refusal.NO_ENTRY: "the story has no entry {subject} any more: see tocsin stories show",
    Refusal.ALL_ENTRIES: "these are all entries of story {subject}: something must be left of it",
    Refusal.ITSELF: "{subject} cannot be merged into itself: name two stories",
    Refusal.MERGED: "story {subject} is a part of {instead} by now: see tocsin stories show {instead}",
}


def split(
    given: Story,
    /,
    *entries: Annotated[str, Parameter(name="ENTRY", help="An entry's link, or its id as stories show names it.")],
    dry_run: Dry = False,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Give entries of a story a story of their own. Raises UsageError, StoreError."""
    if not entries:
        message = "name the entries to split off: their links, or their ids as tocsin stories show names them"
        raise UsageError(message)

    async def do(store: "SqliteStore") -> tuple[StoryHistory, list[Sighting], Corrected]:
        story = await the_story(store, given)
        if story.merged:
            raise UsageError(
                _refused(Refused(why=Refusal.MERGED, subject=story.story.public_id, instead=story.merged.into))
            )
        chosen = list({one.public_id: one for entry in entries for one in entries_of(story, entry)}.values())
        names = [one.public_id for one in chosen]
        done = await store.story_desk.split(story.story.public_id, names, _hand(), is_dry=dry_run)
        return story, chosen, _done(done)

    story, chosen, done = browse(places, do) if dry_run else change(places, do)
    old = story.story.public_id
    if as_json:
        show_json(_facts("" if dry_run else done.story, old, chosen, is_dry=dry_run))
        return
    redact = places.discretion()
    if dry_run:
        say(f"would be split off from story {old}: {_counted(done)}")
    else:
        say(f"story {done.story} is split off from {old}: {_counted(done)}")
    for line in _named(chosen):
        say(redact(line))
    if not dry_run:
        say(f"to undo it: tocsin stories merge {done.story} {old}")


def merge(
    given: Story,
    into: Annotated[str, Parameter(name="INTO", help="The story that is to have them all, named likewise.")],
    /,
    *,
    dry_run: Dry = False,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Make a story a part of another one. Raises UsageError, StoreError."""

    async def do(store: "SqliteStore") -> tuple[StoryHistory, StoryHistory, Corrected]:
        story, target = await the_story(store, given), await the_story(store, into)
        names = [story.story.public_id]
        done = await store.story_desk.merge(names, target.story.public_id, _hand(), is_dry=dry_run)
        return story, target, _done(done)

    story, target, done = browse(places, do) if dry_run else change(places, do)
    if as_json:
        show_json(_facts(done.story, story.story.public_id, story.sightings, is_dry=dry_run))
        return
    redact = places.discretion()
    verb = "would become" if dry_run else "is now"
    say(redact(f"story {_titled(story)} {verb} a part of {_titled(target)}: {_counted(done)}"))
    for line in _named(story.sightings):
        say(redact(line))
    if not dry_run:
        say(f"to take entries out again: tocsin stories split {done.story} ENTRY…")


def _hand() -> Hand:
    return Hand(at=datetime.now(UTC), by=who())


def _done(answer: Corrected | Refused) -> Corrected:
    if isinstance(answer, Refused):
        raise UsageError(_refused(answer))
    return answer


def _refused(answer: Refused) -> str:
    return _REFUSALS[answer.why].format(subject=answer.subject, instead=answer.instead)


def _titled(story: StoryHistory) -> str:
    title = cell(story.story.title)
    return f"{story.story.public_id} (“{title}”)"


def _counted(done: Corrected) -> str:
    return f"{done.entries} {'entry' if done.entries == 1 else 'entries'}"


def _named(entries: Sequence[Sighting]) -> Iterator[str]:
    for one in entries:
        outlets = ", ".join(one.outlets) or one.feed_url
        yield f"  {one.public_id} in {outlets}: {cell(one.revisions[-1][2].text.title)}"


def _facts(story: str, old: str, entries: Sequence[Sighting], *, is_dry: bool) -> dict[str, object]:
    return {"story": story or None, "from": old, "entries": [one.public_id for one in entries], "is_dry": is_dry}
