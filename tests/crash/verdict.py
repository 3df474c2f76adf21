"""What the posts that arrived say, against the alerts that had to come."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tests.crash.loopback import Post

ABOUT_ROOM = ("the disk of the database has little room", "over: the disk of the database")
"""how alarms begin that a disk raises which is as small as that of a test: true, and no news"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All in one look; each item names a channel and what happened on it."""

    lost: tuple[tuple[str, str], ...]
    """(channel, title): never arrived"""
    unwanted: tuple[tuple[str, str], ...]
    """(channel, title): nobody should have been told"""
    doubled: tuple[tuple[str, str], ...]
    """(channel, title): arrived under more than one public id, or one whose key beside it differs"""
    repeated: tuple[tuple[str, str], ...]
    """(channel, public id), once for each time that it came again"""
    stray: tuple[tuple[str, str], ...]
    """those of `repeated` that cannot have been in flight when a daemon died"""

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing invented, and repeats only of what was in flight."""
        return not (self.lost or self.unwanted or self.doubled or self.stray)


def judged(posts: Sequence[Post], expected: Collection[tuple[str, str]]) -> Verdict:
    """Judge what was taken; `expected` holds (channel, title) pairs, each title being one story."""
    taken = [post for post in posts if not post.is_refused]
    arrived = {(post.channel, title) for post in taken for title in post.titles}
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for post in taken:
        for title in post.titles:
            names[post.channel, title] |= {post.public_id, post.key}
    repeated: list[tuple[str, str]] = []
    stray: list[tuple[str, str]] = []
    for channel in sorted({post.channel for post in taken}):
        again, wrong = _repeats([post for post in taken if post.channel == channel])
        repeated += again
        stray += wrong
    return Verdict(
        lost=tuple(sorted(set(expected) - arrived)),
        unwanted=tuple(sorted(one for one in arrived - set(expected) if not one[1].startswith(ABOUT_ROOM))),
        doubled=tuple(sorted(which for which, ids in names.items() if len(ids) > 1)),
        repeated=tuple(repeated),
        stray=tuple(stray),
    )


def _repeats(posts: Sequence[Post]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Of one channel: what came again, and what of it was not in flight.

    A channel sends one message after another. So only the last one that a daemon sent can have been in flight when it
    died, and it must be the first that the next one sends there: at most one repeat for a crash and channel.
    """
    repeated, stray = [], []
    seen: set[str] = set()
    for before, post in zip((None, *posts), posts, strict=False):
        if post.public_id in seen:
            repeated.append((post.channel, post.public_id))
            if before is None or before.public_id != post.public_id or before.run == post.run:
                stray.append((post.channel, post.public_id))
        seen.add(post.public_id)
    return repeated, stray
