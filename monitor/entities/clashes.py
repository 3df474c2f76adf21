"""Forms that are another entity's name as well: which give way, and what is told of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monitor.entities.naming import Form
from monitor.entities.paradigms import Case
from monitor.text.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something about the declarations that is no mistake and that their author may want to know."""

    entity: str
    what: str


def without_clashes(
    forms: Iterable[Form], lent: frozenset[str], twins: Mapping[str, str], notes: list[Note]
) -> Iterator[Form]:
    """Drop generated forms that are another entity's declared name, and surnames that several would be given.

    What entities of packs (`lent`) have in common with one that the user declares is the user's. What is declared
    twice (`twins`) takes nothing from itself.
    """
    listed = list(forms)
    declared = _owners(form for form in listed if not form.how)
    cases = _owners(form for form in listed if _is_case(form))
    surnames = _owners(form for form in listed if form.how and form.how[0] == "surname")
    dropped: set[tuple[str, str, str]] = set()
    for form in listed:
        # A case of a declared name stays beside whatever else it may be; other forms give way.
        is_open = bool(form.how) and not _is_case(form)
        others = declared.get(form.phrase, set()) - {form.name.entity} if is_open else set()
        if form.how and form.how[0] == "surname":
            others |= surnames[form.phrase] - {form.name.entity}
        elif is_open:
            others |= cases.get(form.phrase, set()) - {form.name.entity}
        others -= {twins.get(form.name.entity, "")}
        if form.name.entity in lent:
            others |= declared.get(form.phrase, set()) - lent
        else:
            others -= lent
        if not others:
            yield form
            continue
        key = (form.name.entity, form.name.text, ", ".join(sorted(others)))
        if key not in dropped:
            dropped.add(key)
            shown, steps = " ".join(form.phrase), "; ".join(form.how)
            what = f"{shown!r} ({steps} of {form.name.text!r}) left out: it names {key[2]} too"
            notes.append(Note(entity=form.name.entity, what=what))


def _owners(forms: Iterable[Form]) -> dict[Phrase, set[str]]:
    found: dict[Phrase, set[str]] = {}
    for form in forms:
        found.setdefault(form.phrase, set()).add(form.name.entity)
    return found


_CASES = frozenset(Case)


def _is_case(form: Form) -> bool:
    """Whether it is a declared name in another case, and nothing else was done to it."""
    return len(form.how) == 1 and form.how[0].split(",")[0] in _CASES


def shared_names(index: Mapping[Phrase, list[Form]], twins: Mapping[str, str]) -> Iterator[Note]:
    """Yield the names of several entities, but for those that are declared twice."""
    for phrase, forms in index.items():
        entities = list(dict.fromkeys(form.name.entity for form in forms))
        if entities[1:] == [twins.get(entities[0])]:
            continue
        if len(entities) > 1 and any(not form.how for form in forms):
            what = f"{' '.join(phrase)!r} names {', '.join(entities[1:])} too: only possible until the story decides"
            yield Note(entity=entities[0], what=what)
