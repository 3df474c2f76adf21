"""What a rule is limited to beside its query: outlets, tags, languages, and the moment until which it is wanted."""

from datetime import datetime

from monitor.model.rules import RuleSpec, View
from monitor.text.tongues import base_language


def is_limited(spec: RuleSpec) -> bool:
    """Whether there is anything to look at."""
    return bool(spec.outlets or spec.tags or spec.languages or spec.expires)


def out_of_scope(spec: RuleSpec, view: View, now: datetime | None) -> str:
    """Return why a rule does not look at a view, in words; empty where it does. Without `now` no rule has expired."""
    if spec.expires and now and now >= spec.expires:
        return f"expired on {spec.expires:%Y-%m-%d %H:%M} UTC"
    if spec.outlets and not {*spec.outlets} & {*view.outlets}:
        return f"rule is for outlets: {', '.join(spec.outlets)}; {_carriers(view)}"
    if spec.tags and not {*spec.tags} & {*view.tags}:
        return f"rule is for tags: {', '.join(spec.tags)}; this outlet has {', '.join(view.tags) or 'none'}"
    if spec.languages and base_language(view.language) not in spec.languages:
        language = f"this is in {view.language}" if view.language else "the language of this is unknown"
        return f"rule is for languages: {', '.join(spec.languages)}; {language}"
    return ""


def _carriers(view: View) -> str:
    return f"this stands in {', '.join(view.outlets)}" if view.outlets else "no outlet carries this"
