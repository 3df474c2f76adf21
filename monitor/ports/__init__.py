"""What the flows need from the world. Adapters stand behind these; fakes pass the same contract tests."""

from monitor.ports.outbox import MuteDesk, OutboxDesk, OutboxStore, SortingStore
from monitor.ports.past import Annals, Archive, StoryDesk, ViewStore
from monitor.ports.polling import FeedDesk, PollStore, Recall, RefusalStore, Timetable
from monitor.ports.store import Store
from monitor.ports.upkeep import SilenceStore, TroubleStore, UpkeepStore
from monitor.ports.world import Channel, Clock, Fetcher, Parser

__all__ = [
    "Annals",
    "Archive",
    "Channel",
    "Clock",
    "FeedDesk",
    "Fetcher",
    "MuteDesk",
    "OutboxDesk",
    "OutboxStore",
    "Parser",
    "PollStore",
    "Recall",
    "RefusalStore",
    "SilenceStore",
    "SortingStore",
    "Store",
    "StoryDesk",
    "Timetable",
    "TroubleStore",
    "UpkeepStore",
    "ViewStore",
]
