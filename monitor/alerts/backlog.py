"""What has waited for a channel that took nothing: told one by one up to a number of alerts, beyond it in one message.

Nothing is held for it beforehand. While the channel is away each alert stands in its queue as ever, and the first of
them is tried; only once a message was taken is it known what has waited. An alert that was tried keeps its own message:
perhaps the channel has it, and must not have it again under another name.
"""

from collections.abc import Sequence

from monitor.alerts.holding import OURSELVES
from monitor.alerts.precedence import best_first, name_of, number_of
from monitor.model.alerts import Alert
from monitor.model.holding import Hold, Together, Waiting
from monitor.model.rules import Priority


def gathered(
    waiting: Sequence[Waiting], channel: str, most: int, taken: Sequence[Alert] = (), *, is_rest: bool = False
) -> Together | None:
    """The one message for more than `most` alerts, now that the channel took one; None: all stay as they are.

    `waiting` is what was never tried, in the order of the queue; what was `taken` has waited too, and counts. Urgent
    alerts go before it, each by itself, as they pass digests: in a long list they would be overlooked, or cut off where
    the service has little room. Where they alone are more than `most`, one by one they would be no better. `is_rest`:
    the older part of it has become a message already, and what is left follows in another, however little it is.
    """
    if not is_rest and len(waiting) + sum(alert.kind not in OURSELVES for alert in taken) <= most:
        return None
    urgent = sum(_is_to_be_seen(one) for one in waiting)
    members = waiting if urgent > most else [one for one in waiting if not _is_to_be_seen(one)]
    if len({one.carried_by or one.public_id for one in members}) < (1 if is_rest else _FEWEST):
        return None
    return Together(
        channel=channel,
        key=f"backlog|{channel}|{name_of(members)}",
        deliveries=best_first(members),
        hold=Hold.AWAY,
        title=f"{number_of(members)} that came while this channel took none",
    )


_FEWEST = 2  # messages that can become one


def _is_to_be_seen(one: Waiting) -> bool:
    """An urgent alert that stands by itself; what is in a message of many already stays in one."""
    return one.priority is Priority.URGENT and not one.carried_by
