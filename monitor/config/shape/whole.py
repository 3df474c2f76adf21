"""The whole file."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from monitor.config.shape.alarms import Alarms, Heartbeat
from monitor.config.shape.channels import Channel
from monitor.config.shape.entities import Entity
from monitor.config.shape.fields import Duration, Line, Section
from monitor.config.shape.outlets import Outlet
from monitor.config.shape.polling import Polling
from monitor.config.shape.routes import RouteSection
from monitor.config.shape.rules import Rule
from monitor.config.shape.upkeep import Backup, RetentionSection

GRACE = timedelta(seconds=8)


class Whole(Section):
    """The configuration of tocsin, or a part of it that the main file includes."""

    include: tuple[Line, ...] = ()
    """Further files beside this one; their lists are added to those here. Only in the main file."""
    polling: Annotated[Polling, Field(default_factory=Polling)]
    """How often and how wide to poll."""
    outlets: tuple[Outlet, ...] = ()
    """The publishers we watch."""
    channels: tuple[Channel, ...] = ()
    """Where alerts go. Default: one channel named console, which prints them."""
    routes: tuple[RouteSection, ...] = ()
    """Who hears of what. Default: every channel of everything."""
    packs: tuple[Literal["news", "countries"], ...] = ()
    """Entities that come with tocsin: news, well-known people, places and organisations; countries, all of them."""
    entities: tuple[Entity, ...] = ()
    """People, organisations and places that rules speak of."""
    rules: tuple[Rule, ...] = ()
    """What to watch for."""
    alarms: Annotated[Alarms, Field(default_factory=Alarms)]
    """Who hears what is wrong with tocsin itself."""
    heartbeat: Annotated[Heartbeat, Field(default_factory=Heartbeat)]
    """How others see that tocsin is alive."""
    retention: Annotated[RetentionSection, Field(default_factory=RetentionSection)]
    """How long the past is kept."""
    backup: Annotated[Backup, Field(default_factory=Backup)]
    """Copies of the database."""
    grace: Duration = GRACE
    """The time given to finish at shutdown. Default: 8s, so that with closing it stays under ten."""
