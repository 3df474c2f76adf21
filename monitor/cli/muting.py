"""`tocsin mute`, `unmute` and `mutes`: what a person does not want to hear of."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from monitor.cli.naming import beginning_of, public_id, unknown
from monitor.cli.options import ANYWHERE, Json, Length, Places, Until, browse, change, settings_as_read
from monitor.cli.output import moment, say, show_json, show_rows
from monitor.cli.person import who
from monitor.cli.resting import mute_end, mute_facts, mute_name
from monitor.cli.story_names import the_story
from monitor.cli.when import ending
from monitor.errors import UsageError
from monitor.model.holding import Mute, MuteKind
from monitor.model.settings import Settings
from monitor.model.views import Named
from monitor.system.redaction import redactor
from monitor.text.naming import short_name

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

Kind = Annotated[Literal["rule", "entity", "outlet", "story"], Parameter(name="KIND", help="What is muted.")]
Name = Annotated[
    str,
    Parameter(name="NAME", help="A rule, an outlet or the id of an entity; or the id of a story or alert, or a link."),
]


def mute(
    kind: Kind,
    name: Name,
    /,
    *,
    until: Until = "",
    length: Length = "",
    places: Places = ANYWHERE,
) -> None:
    """Hear no more of something until then, or for good. Raises UsageError, ConfigurationError, StoreError."""
    now = datetime.now(UTC)
    end = ending(until, length, now)
    chosen = MuteKind(kind)
    settings = None if chosen is MuteKind.STORY else settings_as_read(places)

    async def silence(store: "SqliteStore") -> Mute:
        subject = await _story(store, name) if settings is None else _named(chosen, name, settings)
        made = Mute(kind=chosen, subject=subject, at=now, until=end, by=who())
        await store.mute_desk.mute(made)
        return made

    made = change(places, silence)
    say(f"{mute_name(made)}: muted {mute_end(made)}; what it would have told is kept: see tocsin alerts list")


def unmute(kind: Kind, name: Name, /, *, places: Places = ANYWHERE) -> None:
    """Hear of something again. Raises UsageError, StoreError."""
    chosen, now = MuteKind(kind), datetime.now(UTC)

    async def end(store: "SqliteStore") -> Mute | None:
        standing = {one.subject: one for one in await store.mute_desk.mutes(now) if one.kind is chosen}
        subject = await _muted(store, chosen, name, standing)
        return await store.mute_desk.unmute(chosen, subject)

    ended = change(places, end)
    if ended is None:
        say(f"{chosen} {name} is not muted: see tocsin mutes")
        return
    by = f" by {ended.by}" if ended.by else ""
    say(f"{mute_name(ended)} is heard of again; it was muted on {moment(ended.at)}{by}")


def mutes(*, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """What is muted at this moment. Raises StoreError."""
    now = datetime.now(UTC)
    found = browse(places, lambda store: store.mute_desk.mutes(now))
    if as_json:
        show_json([mute_facts(one) for one in found])
        return
    columns = ("kind", "name", "since", "until", "by")
    rows = ((one.kind.value, one.subject, one.at, one.until, one.by) for one in found)
    show_rows(columns, rows, empty="nothing is muted")


def _named(kind: MuteKind, name: str, settings: Settings) -> str:
    """As the configuration writes it, whatever the case. Raises UsageError with the nearest name."""
    all_known: dict[MuteKind, list[str]] = {
        MuteKind.RULE: [one.name for one in settings.rules],
        MuteKind.OUTLET: [one.name for one in settings.outlets],
        MuteKind.ENTITY: [one.id for one in settings.entities],
    }
    known = all_known[kind]
    if name in known:
        return name
    alike = {one.casefold(): one for one in known}
    if name.casefold() not in alike:
        raise UsageError(unknown(kind.value, redactor(settings.secrets)(name), known))
    return alike[name.casefold()]


async def _story(store: "SqliteStore", given: str) -> str:
    """The public id of the story that stands for the one that is meant; by the id of an alert, too."""
    if "/" not in given and ":" not in given:
        beginning = beginning_of(given)
        if not await store.archive.names(Named.STORY, beginning, 1) and await store.archive.names(
            Named.ALERT, beginning, 1
        ):
            row = await store.archive.alert(await public_id(store.archive, Named.ALERT, beginning))
            if row is None or not row.alert.story_key:
                message = f"alert {given} is about no story"
                raise UsageError(message)
            given = short_name(row.alert.story_key)
    story = await the_story(store, given)
    return story.merged.into if story.merged else story.story.public_id


async def _muted(store: "SqliteStore", kind: MuteKind, name: str, standing: Collection[str]) -> str:
    """What is to be heard of again; it may have left the configuration or the database since."""
    alike = {one.casefold(): one for one in standing}
    if found := alike.get(name.strip().casefold()):
        return found
    if kind is not MuteKind.STORY:
        return name
    if "/" not in name and ":" not in name:
        begun = [one for one in standing if one.startswith(beginning_of(name))]
        if len(begun) == 1:
            return begun[0]
    return await _story(store, name)
