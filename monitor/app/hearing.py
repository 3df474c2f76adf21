"""Who may hear of what, before anything has happened: what fits no route, and what none can change."""

from collections.abc import Iterator, Sequence

from monitor.alerts.routes import always_fits, may_fit, unrouted
from monitor.config.load import Loaded
from monitor.model.rules import RuleSpec
from monitor.model.settings import Mistake, OutletSpec, Settings

_NAMED = 3  # outlets that a note names


def hearers(rule: RuleSpec, settings: Settings) -> tuple[str, ...]:
    """The channels that may hear of the alerts of a rule, in their order."""
    channels = tuple(channel.name for channel in settings.channels)
    if rule.channels:
        return tuple(channel for channel in channels if channel in rule.channels)
    heard = {
        channel
        for route in settings.routes
        for outlet in _outlets(rule, settings.outlets)
        if may_fit(route, rule, outlet.name, outlet.tags)
        for channel in route.channels
    }
    if not heard or _unrouted_outlets(rule, settings):
        heard.update(unrouted(settings.routes, channels))
    return tuple(channel for channel in channels if channel in heard)


def route_notes(settings: Settings, loaded: Loaded) -> Iterator[Mistake]:
    """Notes on alerts that no route takes, by rule, and on routes for rules that name their channels themselves."""
    channels = tuple(channel.name for channel in settings.channels)
    named = {rule.name for rule in settings.rules if rule.channels}
    for place, rule in enumerate(settings.rules if settings.routes else ()):
        left = [] if rule.channels else _unrouted_outlets(rule, settings)
        if left:
            heard = ", ".join(unrouted(settings.routes, channels))
            where = "" if len(left) == len(_outlets(rule, settings.outlets)) else f" from {_some(left)}"
            what = f"no route is sure to take its alerts{where}: those that none takes go to {heard}"
            yield loaded.mistake(("rules", place, "name"), what)
    for place, route in enumerate(settings.routes):
        for number, name in enumerate(route.rules):
            if name in named:
                what = "this rule names its channels itself: no route changes them"
                yield loaded.mistake(("routes", place, "rules", number), what)


def _unrouted_outlets(rule: RuleSpec, settings: Settings) -> list[str]:
    return [
        outlet.name
        for outlet in _outlets(rule, settings.outlets)
        if not any(always_fits(route, rule, outlet.name, outlet.tags) for route in settings.routes)
    ]


def _outlets(rule: RuleSpec, outlets: Sequence[OutletSpec]) -> list[OutletSpec]:
    """Those that a rule looks at."""
    return [
        outlet
        for outlet in outlets
        if (not rule.outlets or outlet.name in rule.outlets)
        and (not rule.tags or not set(rule.tags).isdisjoint(outlet.tags))
    ]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
