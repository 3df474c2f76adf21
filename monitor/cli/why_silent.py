"""`tocsin why --outlet NAME` and `tocsin why --rule NAME`: what a silence is worth, and who was listening."""

import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from monitor.app.examine import Plan, examined
from monitor.app.publishers import outlets_at
from monitor.app.rulebook import rule_named
from monitor.app.silence import Sources, Stillness, of_outlet, of_rule
from monitor.cli.naming import outlet_or_feed
from monitor.cli.options import Places, browse
from monitor.cli.silence_words import Account
from monitor.flow.silence import SilencePorts
from monitor.system.lock import daemon_at_work
from monitor.system.redaction import redactor

if TYPE_CHECKING:
    from monitor.store.sqlite import SqliteStore

_MOST_OUTLETS = 3  # that are told of where nobody has seen a link: more of one publisher is a list of its own


def account_of(places: Places, *, rule: str, outlet: str) -> Account:
    """What the silence of the rule, or of the outlet, of that name is worth.

    Raises ConfigurationError, UsageError where there is no such name, StoreError.
    """
    plan = examined(places.find_config(), os.environ)
    watch, now = plan.watch, datetime.now(UTC)
    if rule:
        found = watch.ruleset.rules[rule_named(plan, rule)]
        return _account(places, plan, "rule", rule, lambda sources: of_rule(sources, watch, found, now))
    choice = outlet_or_feed(outlet, plan.settings.outlets, redactor(plan.settings.secrets))
    name = choice.subject if choice.subject not in watch.feeds else watch.feeds[choice.subject].outlets[0]
    return _of_outlet(places, plan, name, now)


def accounts_of_site(places: Places, plan: Plan, link: str) -> tuple[Account, ...]:
    """The same of the outlets that a link may be of, the first few. Raises StoreError."""
    now = datetime.now(UTC)
    return tuple(_of_outlet(places, plan, name, now) for name in outlets_at(link, plan.watch)[:_MOST_OUTLETS])


def _of_outlet(places: Places, plan: Plan, name: str, now: datetime) -> Account:
    return _account(places, plan, "outlet", name, lambda sources: of_outlet(sources, plan.watch, name, now))


def _account(
    places: Places,
    plan: Plan,
    kind: str,
    name: str,
    ask: Callable[[Sources], Coroutine[None, None, Stillness]],
) -> Account:
    async def asked(store: "SqliteStore") -> Stillness:
        ports = SilencePorts(silence=store.silence, troubles=store.troubles, outbox=store.outbox)
        return await ask(Sources(ports=ports, feeds=store.feed_desk))

    return Account(
        kind=kind,
        name=name,
        still=browse(places, asked),
        watch=plan.watch,
        is_at_work=daemon_at_work(places.find_state()) is not None,
        now=datetime.now(UTC),
        redact=redactor(plan.settings.secrets),
    )
