"""`tocsin stories list` and `tocsin stories show`: what is the same news, and why."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Annotated

from cyclopts import Parameter

from monitor.cli.naming import unknown
from monitor.cli.options import ANYWHERE, Json, Limit, Places, browse
from monitor.cli.output import cell, in_reading_order, moment, say, show_json, show_rows
from monitor.cli.placing import judged, moves, neighbours, placing_facts
from monitor.cli.story_names import stories_of
from monitor.cli.when import before
from monitor.config.find import find_configuration
from monitor.errors import UsageError
from monitor.model.rules import View
from monitor.model.settings import Mistake
from monitor.model.views import Merger, Sighting, StoryHistory, StoryRow
from monitor.system.redaction import Redact
from monitor.text.naming import short_name


def list_stories(
    *,
    places: Places = ANYWHERE,
    limit: Limit = 50,
    since: Annotated[
        str, Parameter(name="--since", show_default=False, help="Founded so long ago at most: 2d, 12h; or a time.")
    ] = "",
    outlet: Annotated[str, Parameter(name="--outlet", show_default=False, help="Only what this outlet carries.")] = "",
    as_json: Json = False,
) -> None:
    """The last stories, newest first. Raises UsageError, StoreError."""
    start = before(since, "--since", datetime.now(UTC)) if since else None
    names = tuple(_publishers(places)) if outlet else ()
    name = {one.casefold(): one for one in names}.get(outlet.casefold(), outlet)
    rows = browse(places, lambda store: store.archive.stories(limit, start, name))
    if outlet and not rows and name not in names:
        raise UsageError(unknown("outlet", outlet, names))
    # Reading thousands of outlets takes seconds: only where somebody must know which of several are one publisher.
    publishers = _publishers(places) if any(len(row.outlets) > 1 for row in rows) else {}
    if as_json:
        redact = places.discretion()
        show_json([_row_facts(row, redact) | {"publishers": _voices(row, publishers)} for row in rows])
        return
    columns = ("founded", "id", "entries", "publishers", "alerts", "title")
    show_rows(
        columns,
        ((row.founded_at, row.public_id, row.entries, _voices(row, publishers), row.alerts, row.title) for row in rows),
        empty="no stories",
    )


def show_story(
    given: Annotated[str, Parameter(name="ID|LINK", help="A public id or its beginning, or the link of an entry.")],
    /,
    *,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """All that is known of a story, or of each story that has a link. Raises UsageError, StoreError."""
    stories = browse(places, lambda store: stories_of(store, given))
    redact = places.discretion()
    if as_json:
        show_json([_facts(one, redact) for one in stories])
        return
    for place, one in enumerate(stories):
        if place:
            say()
        for line in _told(one):
            say(redact(line))


def _publishers(places: Places) -> dict[str, str]:
    """Outlet → publisher of those that are configured, as far as that can be read: the past is there without."""
    found = find_configuration(places.config, os.environ)
    if isinstance(found, Mistake):
        return {}
    from monitor.app.publishers import publisher_of
    from monitor.config.load import load

    settings = load(found, os.environ).settings
    return {outlet.name: publisher_of(outlet) for outlet in settings.outlets} if settings else {}


def _voices(row: StoryRow, publishers: Mapping[str, str]) -> int:
    """How many publishers carry a story: several outlets of one are one voice."""
    return len({publishers.get(outlet, outlet) for outlet in row.outlets})


def _told(one: StoryHistory) -> Iterator[str]:
    story = one.story
    if one.merged:
        hand = one.merged.hand
        yield f"story {story.public_id}: made a part of story {one.merged.into} by {hand.by} at {moment(hand.at)}"
    else:
        yield f"story {story.public_id}: {cell(story.title)}"
    yield f"founded {moment(story.founded_at)} by {story.story_key}"
    for sighting in one.sightings:
        yield from _sighted(sighting)
    for row in one.alerts:
        alert = row.alert
        states = ", ".join(f"{channel} {state}" for channel, state in row.states)
        rule = alert.content.rule or alert.kind
        other = "" if alert.story_key == story.story_key else f", raised for story {short_name(alert.story_key)}"
        yield f"alert {alert.public_id} by {rule} at {moment(alert.at)}{other}: {states or 'no delivery'}"
    if not one.alerts and not one.merged:
        yield "no alert: see tocsin why LINK for what each rule says"


def _sighted(one: Sighting) -> Iterator[str]:
    outlets = ", ".join(one.outlets) or "no outlet"
    baseline = ", baseline" if one.is_baseline else ""
    seen = f"first {moment(one.first_seen_at)}, last {moment(one.last_seen_at)}"
    yield f"seen in {outlets} ({one.feed_url}), {seen}{baseline}, entry {one.public_id}"
    yield f"  {judged(one.level, one.score, one.reason)}"
    for line in (*neighbours(one), *moves(one)):
        yield f"  {line}"
    previous: View | None = None
    for number, at, view in one.revisions:
        if previous is None:
            yield f"  as first kept, {moment(at)}: {cell(view.text.title)}"
            if view.link:
                yield f"    {view.link}"
        else:
            yield f"  revision {number}, {moment(at)}: {_changed(previous, view)}"
        for revision, match in one.matches:
            if revision == number:
                parts = ", ".join(dict.fromkeys(piece.part for piece in in_reading_order(match.evidence)))
                yield f"    rule {match.rule} matched: {parts}"
        previous = view


def _changed(old: View, new: View) -> str:
    """What is other than before: the titles as they read, of longer texts only how much of them."""
    changes = []
    if old.text.title != new.text.title:
        changes.append(f"title “{cell(old.text.title)}” became “{cell(new.text.title)}”")
    for name in ("summary", "body"):
        was, now = getattr(old.text, name), getattr(new.text, name)
        if was != now:
            changes.append(f"{name} {_share(was, now)}")
    if old.link != new.link:
        changes.append(f"link became {new.link or 'none'}")
    return "; ".join(changes) or "nothing that is kept"


def _share(old: str, new: str) -> str:
    if not old or not new:
        return "added" if new else "removed"
    # Words, not characters: a hundred kilobytes compared by characters take minutes.
    kept = SequenceMatcher(None, old.split()[:2000], new.split()[:2000], autojunk=False).quick_ratio()
    return f"changed, {100 * kept:.0f} % of its words are the same"


def _row_facts(row: StoryRow, redact: Redact) -> dict[str, object]:
    return {
        "id": row.public_id,
        "key": redact(row.story_key),  # of an entry without a link it has the address of its feed
        "founded_at": row.founded_at,
        "title": row.title,
        "entries": row.entries,
        "outlets": row.outlets,
        "alerts": row.alerts,
    }


def _facts(one: StoryHistory, redact: Redact) -> dict[str, object]:
    return {
        **_row_facts(one.story, redact),
        "merged": _merged_facts(one.merged),
        "sightings": [_sighting_facts(sighting, redact) for sighting in one.sightings],
        "alerts": [
            {
                "id": row.alert.public_id,
                "kind": row.alert.kind,
                "rule": row.alert.content.rule,
                "at": row.alert.at,
                "story": short_name(row.alert.story_key),
                "deliveries": dict(row.states),
            }
            for row in one.alerts
        ],
    }


def _merged_facts(merged: Merger | None) -> dict[str, object] | None:
    return None if merged is None else {"into": merged.into, "at": merged.hand.at, "by": merged.hand.by}


def _sighting_facts(one: Sighting, redact: Redact) -> dict[str, object]:
    return {
        "id": one.public_id,
        "feed": redact(one.feed_url),
        "outlets": one.outlets,
        **placing_facts(one),
        "is_baseline": one.is_baseline,
        "first_seen_at": one.first_seen_at,
        "last_seen_at": one.last_seen_at,
        "revisions": list(_revision_facts(one)),
    }


def _revision_facts(one: Sighting) -> Iterable[dict[str, object]]:
    previous: View | None = None
    for number, at, view in one.revisions:
        yield {
            "number": number,
            "seen_at": at,
            "title": view.text.title,
            "title_before": previous.text.title if previous else None,
            "link": view.link,
            "changed": _changed(previous, view) if previous else "",
            "matches": [
                {"rule": match.rule, "evidence": match.evidence}
                for revision, match in one.matches
                if revision == number
            ],
        }
        previous = view
