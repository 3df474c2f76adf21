"""`alarms:` and `heartbeat:`, what tocsin tells of itself."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.config.shape.fields import Address, Duration, Line, Section, wrong
from monitor.config.shape.holding import DigestText
from monitor.model.holding import DailyDigest, PeriodicDigest
from monitor.model.settings import HeartbeatSettings

_BEATS = HeartbeatSettings()
_SHORTEST, _LONGEST = timedelta(seconds=10), timedelta(days=1)


def _beat(value: timedelta) -> timedelta:
    if not _SHORTEST <= value <= _LONGEST:
        raise wrong("expected a duration from 10s to 1d")
    return value


def _daily(value: DailyDigest | PeriodicDigest) -> DailyDigest:
    if not isinstance(value, DailyDigest):
        raise wrong("expected a time and its zone, such as 08:00 Europe/Berlin mon-fri")
    return value


class Alarms(Section):
    """Who hears what is wrong with tocsin itself: dead channels, failing feeds, a full disk."""

    channels: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    """Names of channels. What is wrong with a channel is told by the others, its fallback first. Default: every
    channel."""


class Heartbeat(Section):
    """How others see that tocsin is alive: silence of a bell that was stolen looks like no news."""

    ping: Address | None = None
    """An address that is asked (GET) as long as polling, sending and the database work; a service such as
    healthchecks.io raises the alarm when it is not. Default: none."""
    every: Annotated[Duration, AfterValidator(_beat)] = _BEATS.every
    """How often it is asked. Default: 5m."""
    daily: Annotated[DigestText, AfterValidator(_daily)] | None = None
    """When one line a day says how things are, such as 08:00 Europe/Berlin mon-fri. Default: never."""
    channels: Annotated[tuple[Line, ...], Field(min_length=1)] | None = None
    """Names of channels that get this line. Default: those of alarms."""

    def settings(self) -> HeartbeatSettings:
        """The plain data."""
        daily = self.daily if isinstance(self.daily, DailyDigest) else None
        return HeartbeatSettings(
            ping=self.ping or "",
            every=self.every,
            daily=daily,
            channels=tuple(dict.fromkeys(self.channels or ())),
        )
