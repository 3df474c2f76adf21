"""`tocsin entities list` and `tocsin entities forms`."""

import os
from typing import Annotated, Literal

from cyclopts import Parameter

from monitor.app.examine import examined
from monitor.cli.options import ANYWHERE, Json, Places
from monitor.cli.output import show_json, show_rows, warn
from monitor.config.nearest import nearest
from monitor.entities.naming import Form
from monitor.entities.roster import Roster
from monitor.errors import UsageError
from monitor.text.tokens import terms

Type = Annotated[
    Literal["person", "organisation", "place", "product", "event", "other"] | None,
    Parameter(name="--type", help="Only entities of this type."),
]


def list_entities(*, type_: Type = None, places: Places = ANYWHERE, as_json: Json = False) -> None:
    """The declared entities and those of packs. Raises ConfigurationError."""
    plan = examined(places.find_config(), os.environ)
    roster = plan.roster
    first = {spec.id: spec for spec in reversed(plan.settings.entities)}
    chosen = [first[entity] for entity in roster.ids if type_ in (None, roster.types[entity])]
    notes = {spec.id: _notes(roster, spec.id) for spec in chosen}
    if as_json:
        show_json(
            [
                {
                    "id": spec.id,
                    "type": spec.type,
                    "name": spec.name,
                    "aliases": [alias if isinstance(alias, str) else alias.name for alias in spec.aliases],
                    "forms": len(roster.phrases[spec.id]),
                    "pack": spec.origin,
                    "notes": notes[spec.id],
                }
                for spec in chosen
            ]
        )
        return
    rows = [(spec.id, spec.type, spec.name, len(roster.phrases[spec.id]), spec.origin) for spec in chosen]
    show_rows(("id", "type", "name", "forms", "pack"), rows, empty="no entities: declare some under entities:")
    for entity, said in notes.items():
        for what in said:
            warn(f"{entity}: {what}")


def forms(
    name: Annotated[str, Parameter(name="NAME", help="The id of an entity, or any form of a name.")],
    /,
    *,
    places: Places = ANYWHERE,
    as_json: Json = False,
) -> None:
    """Every form of an entity with its provenance. Raises ConfigurationError, UsageError for an unknown id."""
    roster = examined(places.find_config(), os.environ).roster
    entity = _meant(roster, name)
    rows = [_row(roster, form) for form in roster.forms_of(entity)]
    columns = ("form", "certainty", "alias", "how", "why")
    if as_json:
        facts = [dict(zip(columns, row, strict=True)) for row in rows]
        show_json({"id": entity, "type": roster.types[entity], "forms": facts, "notes": _notes(roster, entity)})
        return
    show_rows(columns, rows, empty="no form is left")
    if roster.types[entity] == "person":
        warn("also after a given name or an initial of the same person, which then belong to the mention")
    for what in _notes(roster, entity):
        warn(what)


def _meant(roster: Roster, name: str) -> str:
    """The entity with this id, else the only one that goes by this name. Raises UsageError."""
    if name in roster.types:
        return name
    bearers = sorted({form.name.entity for form in roster.forms.get(tuple(terms(name)), ())})
    if len(bearers) == 1:
        return bearers[0]
    if bearers:
        raise UsageError(f"{name!r} names several entities: {', '.join(bearers)}; say which")
    meant = nearest(name, roster.ids)
    hint = f", did you mean {meant}?" if meant else ": tocsin entities list shows them"
    raise UsageError(f"there is no entity {name!r}{hint}")


def _row(roster: Roster, form: Form) -> tuple[str, str, str, str, str]:
    why = _doubt(roster, form)
    how = "; ".join(form.how) or "as declared"
    return " ".join(form.phrase), "possible" if why else "sure", form.name.text, how, why


def _doubt(roster: Roster, form: Form) -> str:
    """Why a form alone makes no sure mention."""
    if form.name.context:
        return "needs one of " + ", ".join(clue.text for clue in form.name.context)
    others = {other.name.entity for other in roster.forms[form.phrase]} - {form.name.entity}
    return f"may also be {', '.join(sorted(others))}" if others else form.doubt


def _notes(roster: Roster, entity: str) -> list[str]:
    return [note.what for note in roster.notes if note.entity == entity]
