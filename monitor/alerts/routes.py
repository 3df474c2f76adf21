"""Which channels hear of an alert whose rule names none."""

from collections.abc import Sequence

from monitor.model.holding import Route
from monitor.model.rules import RuleSpec, View
from monitor.text.tongues import base_language


def routed(rule: RuleSpec, view: View, routes: Sequence[Route], channels: Sequence[str]) -> tuple[str, ...]:
    """Those that the rule names, else those of all routes that fit, else those that take what is left; never none.

    `channels` are all that exist, in their order. What no route takes goes to the channels that no route names, and
    to every one where each is named: a story is not lost because somebody forgot a route for it.
    """
    if rule.channels:
        return rule.channels
    heard = {channel for route in routes if _fits(route, rule, view) for channel in route.channels}
    return tuple(channel for channel in channels if channel in heard) or unrouted(routes, channels)


def unrouted(routes: Sequence[Route], channels: Sequence[str]) -> tuple[str, ...]:
    """The channels that hear of what no route takes."""
    named = {channel for route in routes for channel in route.channels}
    return tuple(channel for channel in channels if channel not in named) or tuple(channels)


def always_fits(route: Route, rule: RuleSpec, outlet: str, tags: Sequence[str]) -> bool:
    """Whether a route takes whatever a rule finds in an outlet, in any language that the rule looks at."""
    speaks = not route.languages or (bool(rule.languages) and set(rule.languages) <= set(route.languages))
    return speaks and _takes(route, rule, (outlet,), tags)


def may_fit(route: Route, rule: RuleSpec, outlet: str, tags: Sequence[str]) -> bool:
    """Whether a route takes what a rule finds in an outlet, in some language that the rule looks at."""
    speaks = not route.languages or not rule.languages or not set(rule.languages).isdisjoint(route.languages)
    return speaks and _takes(route, rule, (outlet,), tags)


def _fits(route: Route, rule: RuleSpec, view: View) -> bool:
    speaks = not route.languages or base_language(view.language) in route.languages
    return speaks and _takes(route, rule, view.outlets, view.tags)


def _takes(route: Route, rule: RuleSpec, outlets: Sequence[str], tags: Sequence[str]) -> bool:
    return (
        (not route.rules or rule.name in route.rules)
        and (not route.priorities or rule.priority in route.priorities)
        and (not route.outlets or not set(route.outlets).isdisjoint(outlets))
        and (not route.tags or not set(route.tags).isdisjoint(tags))
    )
