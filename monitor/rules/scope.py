"""What a rule is limited to beside its query: outlets, tags, languages, and the moment until which it is wanted."""

from datetime import datetime

from monitor.model.rules import RuleSpec, View
from monitor.rules.reading import base_language


def is_limited(spec: RuleSpec) -> bool:
    """Whether there is anything to look at."""
    return bool(spec.outlets or spec.tags or spec.languages or spec.expires)


def out_of_scope(spec: RuleSpec, view: View, now: datetime | None) -> str:
    """Return why a rule does not look at a view, in words; empty where it does. Without `now` no rule has expired."""
    if spec.expires and now and now >= spec.expires:
        return f"expired on {spec.expires:%Y-%m-%d %H:%M} UTC"
    if spec.outlets and not {*spec.outlets} & {*view.outlets}:
        return f"looks at outlet {' or '.join(spec.outlets)} only"
    if spec.tags and not {*spec.tags} & {*view.tags}:
        return f"looks at tag {' or '.join(spec.tags)} only"
    if spec.languages and base_language(view.language) not in spec.languages:
        return f"looks at language {' or '.join(spec.languages)} only, not {view.language or 'an unknown one'}"
    return ""
