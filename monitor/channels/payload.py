"""The JSON that a webhook receives; this shape is a promise, and grows only by new keys.

    {"id": public id of the message, the same at every retry,
     "kind": first | update | spread | burst | alarm | test | digest, "form": full | short,
     "channel": its name, "subject": one line, "text": the whole message as plain text,
     "sent_at": moment, "title": of a digest, a roll-up or any message of several alerts, else "",
     "hold": what its alerts have waited for, digest | throttle | quiet hours | channel away, or "",
     "alerts": [{"id", "kind", "rule", "priority": urgent | normal | low, "title", "outlets": [name],
                 "also_in": [other outlets that carry it],
                 "link", "published_at": moment or null, "at": moment, "is_late": bool,
                 "follows": public id of the first alert that this one goes on from, or "",
                 "changes": [what is new in an update, in words], "spread": number of publishers, 0 = not said,
                 "matched": [words], "evidence": [{"field", "start", "end", "part"}],
                 "passages": [{"field", "pieces": [{"words", "is_match"}]}]}]}

Moments are UTC, such as `2026-11-22T23:05:00Z`. Evidence counts code points of the stored text of a field.
The short form, sent when the full one was refused, has a shortened title and neither evidence nor passages.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.model.alerts import Form, Item, Rendered
from monitor.model.rules import Evidence

Json = Mapping[str, object]


def encode(message: Rendered, sent_at: datetime) -> bytes:
    """The body, UTF-8. Text of feeds stands in it literally, but for lone surrogates: they have no UTF-8."""
    document = {
        "id": message.public_id,
        "kind": message.kind,
        "form": message.form,
        "channel": message.channel,
        "subject": message.subject,
        "text": message.text,
        "sent_at": _moment(sent_at),
        "title": message.title,
        "hold": message.hold or "",
        "alerts": [_alert(item, message.form) for item in message.items],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def _alert(item: Item, form: Form) -> Json:
    alert, content = item.alert, item.alert.content
    return {
        "id": alert.public_id,
        "kind": alert.kind,
        "rule": content.rule,
        "priority": alert.priority,
        "title": "".join(piece.words for piece in item.title),
        "outlets": content.outlets,
        "also_in": content.also_in,
        "link": content.link,
        "published_at": _moment(content.published_at) if content.published_at else None,
        "at": _moment(alert.at),
        "is_late": content.is_late,
        "follows": content.follows,
        "changes": content.changes,
        "spread": content.spread,
        "matched": item.matched,
        "evidence": [_evidence(one) for one in content.evidence] if form is Form.FULL else [],
        "passages": [
            {
                "field": passage.field,
                "pieces": [{"words": piece.words, "is_match": piece.is_match} for piece in passage.pieces],
            }
            for passage in item.passages
        ],
    }


def _evidence(one: Evidence) -> Json:
    return {"field": one.field, "start": one.start, "end": one.end, "part": one.part}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
