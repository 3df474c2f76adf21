"""The fields that templates may speak of: texts, numbers and lists of them, made of a message and nothing else of ours.

Every text of a feed is one clean line in them. `FIELDS` is the promise; docs/messages.md tells it to people.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from monitor.alerts.lines import minute, one_line, starred, tidy
from monitor.alerts.telling import lead_of, link_word, moment_of, outlets_of, title_of
from monitor.model.alerts import AlertKind, Group, Hold, Item, Marked, Message, Rendered
from monitor.text.naming import short_name

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value]"
Show = Callable[[Sequence[Marked]], str]
"""pieces as a text with its matches marked"""

FIELDS: Mapping[str, Mapping[str, str]] = {
    "message": {
        "id": "public id of the message, the same at every repeat",
        "kind": "`first`, `update`, `spread`, `burst`, `alarm`, `test`, `digest` or `roll-up`",
        "channel": "name of the channel",
        "subject": "the subject as it would be without a template",
        "text": "the whole text as it would be without a template",
        "title": "title of the digest, roll-up or one alert",
        "count": "how many alerts there are; 0 in a digest that has nothing to tell",
        "alerts": "the alerts, the best first",
        "groups": "the same by rule and story: each has `number`, `rule` and `alerts`",
        "is_repeat": "whether somebody wants it sent once more",
        "now": "the moment of sending",
    },
    "group": {
        "number": "counts from 1 through the message",
        "rule": "name of the rule",
        "alerts": "what it told of one story, oldest first",
    },
    "alert": {
        "id": "public id of the alert",
        "kind": "`first`, `update`, `spread`, `burst`, `alarm` or `test`",
        "lead": "what stands before the title by default, such as `update: killed: 3, now 30 — `",
        "title": "its title",
        "marked_title": "the title with its matches marked",
        "outlet": "the outlet it was found in",
        "also_in": "the other outlets that carry it",
        "time": "when it was published, or `seen …`, in UTC",
        "seen": "when tocsin found it, in UTC",
        "is_late": "whether it is dated long before it was seen",
        "link": "its address; empty where there is none that begins with http",
        "rule": "name of the rule",
        "priority": "`urgent`, `normal` or `low`",
        "found": "the words that the rule found",
        "passages": "the matches in their context, marked",
        "follows": "public id of the first alert that this one goes on from",
        "follows_title": "… and its title",
        "changes": "what is new in an update, such as `killed: 3, now 30`",
        "spread": "how many publishers carry the story; 0 where that is not said",
        "story": "id of the story",
        "mute": "the command that mutes the story",
    },
}


def fields(message: Message, plainly: Rendered, *, now: str, show: Show = starred) -> Mapping[str, Value]:
    """The fields of a message, `plainly` as it would be without a template."""
    alerts = {id(item): _alert(item, show) for item in plainly.items if item.alert.kind is not AlertKind.DIGEST}
    groups = plainly.groups or tuple(
        Group(number=number, rule=one_line(item.alert.content.rule), items=(item,))
        for number, item in enumerate((item for item in plainly.items if id(item) in alerts), start=1)
    )
    return {
        "id": plainly.public_id,
        "kind": "roll-up" if message.hold is Hold.THROTTLE else plainly.kind.value,
        "channel": plainly.channel,
        "subject": plainly.subject,
        "text": plainly.text,
        "title": plainly.title or title_of(plainly.items[0].alert),
        "count": len(alerts),
        "alerts": list(alerts.values()),
        "groups": [
            {"number": one.number, "rule": one.rule, "alerts": [alerts[id(item)] for item in one.items]}
            for one in groups
        ],
        "is_repeat": message.is_repeat,
        "now": now,
    }


def _alert(item: Item, show: Show) -> Mapping[str, Value]:
    alert, content = item.alert, item.alert.content
    outlets = outlets_of(content)
    return {
        "id": alert.public_id,
        "kind": alert.kind.value,
        "lead": lead_of(alert),
        "title": title_of(alert),
        "marked_title": show(tidy(item.title)) or title_of(alert),
        "outlet": outlets[0] if outlets else "",
        "also_in": outlets[1:],
        "time": moment_of(alert),
        "seen": minute(alert.at),
        "is_late": content.is_late,
        "link": _link(content.link),
        "rule": one_line(content.rule),
        "priority": alert.priority.value,
        "found": [one_line(word) for word in item.matched],
        "passages": [show(tidy(passage.pieces)) for passage in item.passages],
        "follows": content.follows,
        "follows_title": one_line(content.follows_title),
        "changes": [one_line(change) for change in content.changes],
        "spread": content.spread,
        "story": short_name(alert.story_key) if alert.story_key else "",
        "mute": item.mute,
    }


def _link(link: str) -> str:
    """Only what a reader may press: a feed may write `javascript:` there."""
    is_safe = link.lower().startswith(("http://", "https://"))
    return link_word(link) if is_safe else ""
