"""A channel whose deliveries are sorted on a virtual clock, and what its reader hears of when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.alerts.holding import has_digest_due, sort_out
from monitor.model.alerts import AlertKind, PublicId
from monitor.model.holding import Handling, Handlings, Held, Mute, Sorting, Standing, Together, Waiting
from monitor.model.rules import Priority
from tests.plain_values import NOW

CHANNEL = "desk"


def waiting(delivery: int, at: datetime = NOW, **changes: Any) -> Waiting:
    """A delivery of an alert of rule storm; everything follows from its number unless said otherwise."""
    one = Waiting(
        delivery=delivery,
        channel=CHANNEL,
        public_id=PublicId(f"alert-{delivery}"),
        kind=AlertKind.FIRST,
        rule="storm",
        story=f"story-{delivery}",
        outlets=("Gazette",),
        entities=(),
        priority=Priority.NORMAL,
        is_late=False,
        raised_at=at,
    )
    return replace(one, **changes)


def handlings(channel: Handling | None = None, **rules: Handling) -> Handlings:
    """What the channel says, and what rules say."""
    return Handlings(channels={CHANNEL: channel} if channel else {}, rules=rules)


def sort(
    deliveries: Sequence[Waiting],
    rules: Handlings,
    now: datetime,
    *,
    mutes: Sequence[Mute] = (),
    standing: Standing | None = None,
) -> Sorting:
    """Sort what waits for the channel."""
    return sort_out(deliveries, rules, mutes, standing or Standing(channel=CHANNEL), now)


@dataclass(slots=True, kw_only=True)
class Desk:
    """What a store would keep between sortings."""

    rules: Handlings
    mutes: tuple[Mute, ...] = ()
    sent: list[tuple[datetime, tuple[int, ...], Together | None]] = field(default_factory=list)
    """when, which deliveries, and the message where they went together"""
    muted: dict[int, str] = field(default_factory=dict)
    digested: dict[str, datetime] = field(default_factory=dict)
    _unsorted: dict[int, Waiting] = field(default_factory=dict)
    _held: dict[int, tuple[Waiting, datetime]] = field(default_factory=dict)
    _known: dict[int, Waiting] = field(default_factory=dict)

    def bring(self, *deliveries: Waiting) -> None:
        """These were raised."""
        for one in deliveries:
            self._unsorted[one.delivery] = self._known[one.delivery] = one

    def sort(self, now: datetime) -> Sorting | None:
        """One sorting, as a tick does it: None where there is nothing to sort."""
        due = [one for one, until in self._held.values() if until <= now]
        deliveries = (*self._unsorted.values(), *due)
        standing = self.standing(now)
        if not deliveries and not has_digest_due(self.rules, standing, now):
            return None
        sorting = sort_out(deliveries, self.rules, self.mutes, standing, now)
        for one in deliveries:
            self._unsorted.pop(one.delivery, None)
            self._held.pop(one.delivery, None)
        self.sent += ((now, (delivery,), None) for delivery in sorting.alone)
        self.sent += ((now, message.deliveries, message) for message in sorting.together)
        self.muted.update(sorting.muted)
        self.digested.update(sorting.digested)
        for held in sorting.held:
            self._hold(held)
        return sorting

    def live(self, since: datetime, until: datetime, step: timedelta) -> None:
        """Sort again and again."""
        at = since
        while at <= until:
            self.sort(at)
            at += step

    def standing(self, now: datetime) -> Standing:
        """What was sent within a day, and the digests."""
        recent = [one for one in self.sent if one[0] > now - timedelta(days=1)]
        of_rules: dict[str, list[datetime]] = {}
        for at, deliveries, _ in recent:
            rules = {self._known[delivery].rule for delivery in deliveries}
            if len(rules) == 1:
                of_rules.setdefault(rules.pop(), []).append(at)
        return Standing(
            channel=CHANNEL,
            sent=tuple(at for at, _, _ in recent),
            sent_of={rule: tuple(moments) for rule, moments in of_rules.items()},
            digested=self.digested,
        )

    def told(self) -> list[int]:
        """The deliveries that were sent, in order."""
        return [delivery for _, deliveries, _ in self.sent for delivery in deliveries]

    @property
    def together(self) -> list[Together]:
        """Digests and roll-ups."""
        return [message for _, _, message in self.sent if message]

    def kept(self) -> list[Waiting]:
        """What is held, as the next sorting would see it."""
        return [one for one, _ in self._held.values()]

    def _hold(self, held: Held) -> None:
        for delivery in held.deliveries:
            one = replace(self._known[delivery], hold=held.hold, held_until=held.until)
            self._held[delivery] = one, held.until
