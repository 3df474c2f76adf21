"""What becomes of the deliveries of a channel: sent alone or together, held until when, or muted.

The order is that of architecture: mute → (urgent passes what follows) → digest → quiet hours → throttle. Alarms and
tests pass everything. A delivery is looked at anew whenever its hold is over, so that each step only has to know what
holds it back now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.alerts.calendar import Slot, last_slot, next_slot, quiet_until
from monitor.alerts.mutes import muted_by
from monitor.alerts.precedence import best_first, name_of, number_of
from monitor.model.alerts import AlertKind
from monitor.model.holding import (
    DailyDigest,
    Handling,
    Handlings,
    Held,
    Hold,
    Mute,
    QuietHours,
    Rate,
    Sorting,
    Standing,
    Together,
    Waiting,
)
from monitor.model.rules import Priority

OURSELVES = frozenset({AlertKind.ALARM, AlertKind.HEARTBEAT, AlertKind.TEST, AlertKind.DIGEST})
"""not news: what tocsin says of itself"""
_OWN = ""
"""the digest, or the throttle, that is the channel's and not a rule's"""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def sort_out(
    waiting: Sequence[Waiting], handlings: Handlings, mutes: Sequence[Mute], standing: Standing, now: datetime
) -> Sorting:
    """Where each of the deliveries of one channel goes; looked at twice at the same moment, it stays there."""
    sorting = _Sorting(handlings=handlings, standing=standing, now=now)
    for one in sorted(waiting, key=lambda each: each.delivery):
        why = "" if one.kind in OURSELVES else muted_by(one, mutes, now)
        if why:
            sorting.muted.append((one.delivery, why))
        elif one.kind in OURSELVES or one.priority is Priority.URGENT:
            sorting.at_once.append(one.delivery)
        else:
            sorting.hold_back(one)
    return sorting.done()


def has_digest_due(handlings: Handlings, standing: Standing, now: datetime) -> bool:
    """Whether a channel must be sorted although nothing waits, for a digest that says so."""
    digest = handlings.channels.get(standing.channel, Handling()).digest
    if not isinstance(digest, DailyDigest) or not digest.says_nothing:
        return False
    sorting = sort_out((), handlings, (), standing, now)
    return bool(sorting.together or sorting.digested)


def in_force(handlings: Handlings, channel: str, rule: str) -> Handling:
    """What holds back the alerts of a rule on a channel: what the rule says, else what the channel says."""
    general = handlings.channels.get(channel, Handling())
    own = handlings.rules.get(rule)
    if own is None:
        return general
    return Handling(
        digest=None if Hold.DIGEST in own.off else own.digest or general.digest,
        quiet=() if Hold.QUIET in own.off else own.quiet or general.quiet,
        throttle=None if Hold.THROTTLE in own.off else own.throttle or general.throttle,
    )


@dataclass(slots=True, kw_only=True)
class _Sorting:
    """The deliveries that are to be held back, by what does it."""

    handlings: Handlings
    standing: Standing
    now: datetime
    at_once: list[int] = field(default_factory=list)
    muted: list[tuple[int, str]] = field(default_factory=list)
    _digests: dict[str, list[Waiting]] = field(default_factory=dict)
    """rule, or the channel's own → what waits for its digest"""
    _throttles: dict[str, list[Waiting]] = field(default_factory=dict)
    _quiet: dict[datetime, list[int]] = field(default_factory=dict)
    """until when → what is held"""
    _handled: dict[str, tuple[Handling, datetime | None]] = field(default_factory=dict)
    """rule → what holds its alerts back, and when its present quiet hours end"""
    _ends: dict[tuple[QuietHours, ...], datetime | None] = field(default_factory=dict)
    """quiet hours → when they end: a thousand rules share those of their channel"""

    def hold_back(self, one: Waiting) -> None:
        """Find what this delivery waits for, if anything."""
        handling, end = self._handling(one.rule)
        name = self._digest_of(one)
        if name is not None:
            self._digests.setdefault(name, []).append(one)
        elif end is not None:
            self._quiet.setdefault(end, []).append(one.delivery)
        elif handling.throttle is None:
            self.at_once.append(one.delivery)
        else:
            self._throttles.setdefault(self._source(one.rule, Hold.THROTTLE), []).append(one)

    def done(self) -> Sorting:
        """Everything in its place."""
        sorting = Sorting(
            alone=tuple(self.at_once),
            held=tuple(
                Held(deliveries=tuple(held), until=until, hold=Hold.QUIET)
                for until, held in sorted(self._quiet.items())
            ),
            muted=tuple(self.muted),
        )
        if self._general.digest is not None:
            self._digests.setdefault(_OWN, [])
        for name, members in sorted(self._digests.items()):
            sorting = _added(sorting, self._digested(name, members))
        for name, members in sorted(self._throttles.items()):
            sorting = _added(sorting, self._throttled(name, members))
        return replace(sorting, alone=tuple(sorted(sorting.alone)))

    @property
    def _general(self) -> Handling:
        return self.handlings.channels.get(self.standing.channel, Handling())

    def _handling(self, rule: str) -> tuple[Handling, datetime | None]:
        found = self._handled.get(rule)
        if found is None:
            handling = in_force(self.handlings, self.standing.channel, rule)
            found = self._handled[rule] = handling, self._end(handling.quiet)
        return found

    def _end(self, quiet: tuple[QuietHours, ...]) -> datetime | None:
        if quiet not in self._ends:
            self._ends[quiet] = quiet_until(quiet, self.now)
        return self._ends[quiet]

    def _source(self, rule: str, hold: Hold) -> str:
        """Whose digest or throttle holds the alerts of a rule back."""
        own = self.handlings.rules.get(rule, Handling())
        return rule if (own.digest if hold is Hold.DIGEST else own.throttle) else _OWN

    def _digest_of(self, one: Waiting) -> str | None:
        """The digest that a delivery belongs to. News that is late already loses nothing in that of its channel."""
        if self._handling(one.rule)[0].digest is not None:
            return self._source(one.rule, Hold.DIGEST)
        return _OWN if one.is_late and self._general.digest is not None else None

    def _digested(self, name: str, members: Sequence[Waiting]) -> Sorting:
        handling = self._general if name == _OWN else self._handling(name)[0]
        digest = handling.digest
        assert digest is not None  # noqa: S101 - a name stands here only because of its digest
        slot, following = last_slot(digest, self.now), next_slot(digest, self.now)
        quiet = self._end(handling.quiet)
        # That of a rule stays out: on which channels nothing of it was, nobody can say.
        says_nothing = name == _OWN and isinstance(digest, DailyDigest) and digest.says_nothing
        is_due = False
        if not self._is_made(name, slot, following):
            # What came in the quiet hours that a digest waits for is in it.
            closed_at = quiet_until(handling.quiet, slot.at) or slot.at
            says_so = says_nothing and name in self.standing.digested
            # Raised later than now: by a clock that was wrong. It must not wait until that is right.
            is_due = says_so or any(one.raised_at <= closed_at or one.raised_at > self.now for one in members)
        if is_due and quiet is None:
            return self._made(name, slot, members)
        # One that says when there is nothing begins with the slot after the first that is seen. In quiet hours that
        # one is not over: what it will tell may be held until their end.
        is_begun = says_nothing and not is_due and quiet is None and name not in self.standing.digested
        begun = {name: slot.at} if is_begun else {}
        start = quiet if is_due and quiet else following.at
        until = quiet_until(handling.quiet, start) or start
        return replace(_held(members, until, Hold.DIGEST) if members else Sorting(), digested=begun)

    def _is_made(self, name: str, slot: Slot, following: Slot) -> bool:
        made = self.standing.digested.get(name)
        # A slot that lies further ahead than the next was made by a clock that was wrong.
        return made is not None and slot.at <= made <= following.at

    def _made(self, name: str, slot: Slot, members: Sequence[Waiting]) -> Sorting:
        when = f"{slot.day} {slot.clock:%H:%M} {slot.zone}"
        of_rule = f" of rule {name}" if name else ""
        title = (
            f"Digest{of_rule} of {slot.day.day} {_MONTHS[slot.day.month - 1]}, {slot.clock:%H:%M} {slot.zone}: "
            f"{number_of(members)}"
        )
        together = Together(
            channel=self.standing.channel,
            key=f"digest|{self.standing.channel}|{name}|{when}",
            deliveries=best_first(members),
            hold=Hold.DIGEST,
            title=title,
        )
        return Sorting(together=(together,), digested={name: slot.at})

    def _throttled(self, name: str, members: Sequence[Waiting]) -> Sorting:
        """Within the limit each alone; beyond it all that wait at once go together, once a message may go again.

        What has waited for its turn goes in any case: however many urgent messages take the places, nothing waits
        longer than the limit's own time.
        """
        rate = (self._general if name == _OWN else self._handling(name)[0]).throttle
        assert rate is not None  # noqa: S101 - a name stands here only because of its throttle
        recent = self._recent(name, rate)
        free = rate.most - len(recent)
        if len(members) <= free:
            return Sorting(alone=tuple(one.delivery for one in members))
        if free <= 0 and not any(self._has_waited(one) for one in members):
            return _held(members, recent[-rate.most] + rate.per, Hold.THROTTLE)
        if len(members) == 1:
            return Sorting(alone=(members[0].delivery,))
        return Sorting(together=(self._rolled_up(name, members),))

    def _recent(self, name: str, rate: Rate) -> Sequence[datetime]:
        sent = self.standing.sent if name == _OWN else self.standing.sent_of.get(name, ())
        # What was sent later than now was sent by a clock that was wrong.
        return [at for at in sent if self.now - rate.per < at <= self.now]

    def _has_waited(self, one: Waiting) -> bool:
        return one.hold is Hold.THROTTLE and (one.held_until is None or one.held_until <= self.now)

    def _rolled_up(self, name: str, members: Sequence[Waiting]) -> Together:
        rules = {one.rule for one in members}
        of_rule = f" of rule {rules.pop()}" if len(rules) == 1 else ""
        return Together(
            channel=self.standing.channel,
            key=f"roll-up|{self.standing.channel}|{name}|{name_of(members)}",
            deliveries=best_first(members),
            hold=Hold.THROTTLE,
            title=f"{number_of(members)}{of_rule}, told together",
        )


def _held(members: Sequence[Waiting], until: datetime, hold: Hold) -> Sorting:
    return Sorting(held=(Held(deliveries=tuple(one.delivery for one in members), until=until, hold=hold),))


def _added(one: Sorting, more: Sorting) -> Sorting:
    digested: Mapping[str, datetime] = {**one.digested, **more.digested}
    return replace(
        one,
        alone=(*one.alone, *more.alone),
        together=(*one.together, *more.together),
        held=(*one.held, *more.held),
        digested=digested,
    )
