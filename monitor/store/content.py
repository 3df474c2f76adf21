"""How lists and contents are kept in one column: JSON, written and read here only."""

import json
from collections.abc import Iterable

from monitor.model.alerts import AlertContent
from monitor.model.entries import Text
from monitor.model.rules import Evidence
from monitor.store.moments import to_micros, to_moment


def pack(values: Iterable[str] | Iterable[int]) -> str:
    """A JSON array, for a column or for json_each."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def pack_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """A JSON array of pairs, for json_each."""
    return json.dumps(list(pairs), ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> tuple[str, ...]:
    """The texts of an array that `pack` wrote."""
    return tuple(json.loads(packed))


def pack_evidence(evidence: Iterable[Evidence]) -> str:
    """A JSON array of [field, start, end, part]."""
    return json.dumps(_evidence_rows(evidence), ensure_ascii=False, separators=(",", ":"))


def unpack_evidence(packed: str) -> tuple[Evidence, ...]:
    """What `pack_evidence` wrote."""
    return _evidence(json.loads(packed))


def pack_content(content: AlertContent) -> str:
    """All of an alert's content but title, link and rule, which have columns of their own."""
    text = content.text
    packed = {
        "outlets": content.outlets,
        "published_at": to_micros(content.published_at),
        "is_late": content.is_late,
        "text": [text.title, text.summary, text.body],
        "evidence": _evidence_rows(content.evidence),
    }
    further = {
        "follows": content.follows,
        "changes": content.changes,
        "spread": content.spread,
        "also_in": content.also_in,
        "follows_title": content.follows_title,
    }
    said = {name: value for name, value in further.items() if value}
    return json.dumps(packed | said, ensure_ascii=False, separators=(",", ":"))


def unpack_content(packed: str, *, title: str, link: str, rule: str) -> AlertContent:
    """What `pack_content` wrote, with the columns beside it."""
    stored = json.loads(packed)
    title_words, summary, body = stored["text"]
    return AlertContent(
        title=title,
        link=link,
        rule=rule,
        outlets=tuple(stored["outlets"]),
        published_at=to_moment(stored["published_at"]),
        is_late=stored["is_late"],
        text=Text(title=title_words, summary=summary, body=body),
        evidence=_evidence(stored["evidence"]),
        follows=stored.get("follows", ""),
        changes=tuple(stored.get("changes", ())),
        spread=stored.get("spread", 0),
        also_in=tuple(stored.get("also_in", ())),
        follows_title=stored.get("follows_title", ""),
    )


def _evidence_rows(evidence: Iterable[Evidence]) -> list[tuple[str, int, int, str]]:
    return [(found.field, found.start, found.end, found.part) for found in evidence]


def _evidence(rows: Iterable[tuple[str, int, int, str]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(field=field, start=start, end=end, part=part) for field, start, end, part in rows)
