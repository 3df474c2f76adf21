"""What a person means by a story, or by an entry of one: an id, the beginning of it, or a link."""

from typing import TYPE_CHECKING

from monitor.cli.naming import beginning_of, public_id
from monitor.errors import UsageError
from monitor.model.views import Named, Sighting, StoryHistory
from monitor.stories.identity import link_key
from monitor.text.naming import short_name

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore


async def stories_of(store: "SqliteStore", given: str) -> tuple[StoryHistory, ...]:
    """The story of that id, or every story that has an entry with that link. Raises UsageError where there is none."""
    if _is_link(given):
        key = link_key(given)
        history = await store.views.history(key, given) if key else None
        names = dict.fromkeys(short_name(one.story_key) for one in history.sightings) if history else {}
        if not names:
            message = f"no entry has the link {given or 'nothing'}: see tocsin why LINK"
            raise UsageError(message)
    else:
        names = {await public_id(store.archive, Named.STORY, given): None}
    found = [await store.archive.story(name) for name in names]
    kept = tuple(one for one in found if one is not None)
    if not kept:  # the daemon has tidied up in this very moment
        message = f"story {given} is not kept any more"
        raise UsageError(message)
    return kept


async def the_story(store: "SqliteStore", given: str) -> StoryHistory:
    """The one story of that id, or with an entry that has that link. Raises UsageError."""
    stories = await stories_of(store, given)
    if len(stories) > 1:
        shown = ", ".join(one.story.public_id for one in stories)
        message = f"several stories have an entry with the link {given}: {shown}; name one of them"
        raise UsageError(message)
    return stories[0]


def entries_of(story: StoryHistory, given: str) -> list[Sighting]:
    """The entry of that id, or every entry of the story that has that link. Raises UsageError where there is none."""
    if _is_link(given):
        key = link_key(given)
        found = [one for one in story.sightings if key and key in {link_key(view.link) for _, _, view in one.revisions}]
    else:
        beginning = beginning_of(given)
        found = [one for one in story.sightings if one.public_id.startswith(beginning)]
        if len(found) > 1:
            shown = ", ".join(one.public_id for one in found)
            message = f"{given} is the beginning of several ids: {shown}; give more of it"
            raise UsageError(message)
    if not found:
        name = story.story.public_id
        message = f"story {name} has no entry {given}: see tocsin stories show {name}"
        raise UsageError(message)
    return found


def _is_link(given: str) -> bool:
    return "/" in given or ":" in given
