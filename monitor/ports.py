"""What the flows need from the world. Adapters stand behind these; fakes pass the same contract tests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.model.alerts import Alert, Message, PublicId, Rendered, SendFailed, Sent, Settled
from monitor.model.entries import ParsedFeed, ParseFailed
from monitor.model.holding import Circuit, Fared, Mute, MuteKind, Sorting, Standing, Together, Waiting
from monitor.model.moves import Corrected, Hand, Refused
from monitor.model.past import Extent, PastRevision
from monitor.model.polls import (
    FeedState,
    Fetched,
    FetchFailed,
    FetchRequest,
    NotModified,
    Pause,
    PauseKind,
    Refresh,
)
from monitor.model.queue import NONE_APART, Apart, Overdue, PutOff
from monitor.model.rules import RuleName
from monitor.model.silence import Heard, Span
from monitor.model.silence import Portion as FeedPortion
from monitor.model.slices import LastRead
from monitor.model.stories import Inquiry, Known, Lexicon, PollPlan, Question, Remembered
from monitor.model.troubles import FeedHealth, Room, Trouble
from monitor.model.upkeep import Portion, Swept
from monitor.model.views import (
    AlertRow,
    Chosen,
    DeliveryHistory,
    DeliveryRow,
    FeedRow,
    History,
    Named,
    Status,
    StoryHistory,
    StoryRow,
    Wanted,
)


class Fetcher(Protocol):
    """Asks a publisher for one address. Never raises for what a peer does."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified | FetchFailed:
        """One exchange, redirects included, within the time limit."""
        ...


class Parser(Protocol):
    """Reads a feed document. Never raises for what a document says."""

    async def parse(self, document: Fetched, known: LastRead | None = None, /) -> ParsedFeed | ParseFailed:
        """The normalised feed, or why there is none; it may leave out entries that are `known`, and then says so."""
        ...


class Timetable(Protocol):
    """When feeds are to be polled."""

    async def due(self, now: datetime, limit: int, apart: Apart = NONE_APART) -> tuple[FeedState, ...]:
        """Registered feeds to be polled now, longest overdue first.

        None that is gone or paused, or whose origin is held, and none that is set apart.
        """
        ...

    async def overdue(self, now: datetime) -> tuple[Overdue, ...]:
        """All that `due` would give without a limit, and no more of each than its name and time."""
        ...

    async def put_off(self, feeds: Sequence[PutOff], reason: str) -> None:
        """Let overdue feeds be due later, `reason` saying why; one that was polled meanwhile is left alone."""
        ...

    async def retime(self, now: datetime, by: timedelta) -> None:
        """The clock was set by so much, and says `now`: due times, last polls and holds are moved with it.

        A feed that would still have been polled in the future counts as polled now; where `by` is zero that is all.
        """
        ...


class PollStore(Timetable, Protocol):
    """The memory of polling."""

    async def register(
        self,
        urls: Sequence[tuple[str, datetime]],
        outlets: Mapping[str, Collection[str]] | None = None,
        *,
        is_read: bool = True,
    ) -> tuple[FeedState, ...]:
        """Make these (url, first poll at) the feeds that are polled; known ones keep their state and due time.

        Feeds that are not named stay in the store but are not due. `outlets` says which outlets name a URL: a feed
        rests where all of them are paused. One that has moved, and is named by its new address alone, is the same feed.
        Returns the states, in the order of `urls`; none where `is_read` is false, which spares reading a hundred
        thousand.
        """
        ...

    async def commit(
        self,
        question: Question,
        decide: Callable[[Known], PollPlan | Inquiry],
        *,
        is_dry: bool = False,
    ) -> PollPlan:
        """Open the write transaction, read what is known, let `decide` decide, write its plan, commit.

        `decide` may answer with an `Inquiry` once: it is then called again with what was told of those stories.
        `decide` must be pure and quick: it runs while the single writer is held, which is what makes two polls
        that bring the same story decide one after the other. With `is_dry` nothing is written.
        Alerts whose dedupe key exists are not written again, nor are their deliveries; the returned plan holds
        those that were written. Raises StoreError; then nothing was written.
        """
        ...


class OutboxStore(Protocol):
    """Deliveries that are not done."""

    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels whose first unfinished message may be sent now."""
        ...

    async def claim(self, channel: str, now: datetime, lease: timedelta, limit: int) -> tuple[Message, ...]:
        """Lease the channel's first `limit` messages in order; none where the first is not due or leased."""
        ...

    async def settle(
        self,
        settled: Sequence[Settled],
        release: Collection[PublicId],
        channel: str,
        alarms: Sequence[Alert] = (),
        circuit: Circuit | None = None,
    ) -> None:
        """Write how sends ended, give back leased messages of `channel` that were not tried, and raise alarms.

        All of it or nothing. An alarm whose dedupe key exists is not written again, nor are its deliveries. `circuit`
        says how the channel stands from now on, where that has changed.
        """
        ...

    async def recover(self) -> int:
        """Give back every lease: only for a process that knows it is the only one. Returns how many there were."""
        ...

    async def retry(self, public_ids: Collection[PublicId] | None, now: datetime, channel: str = "") -> int:
        """Make dead or waiting deliveries due now (None: all dead ones that nobody dropped); returns how many.

        Those of alerts that are named go also where they are held or muted. `channel`: only deliveries to it.
        """
        ...


class SortingStore(Protocol):
    """Deliveries on the way to their messages."""

    async def unsorted(self, now: datetime) -> tuple[str, ...]:
        """Names of the channels that have new deliveries, or such whose hold is over."""
        ...

    async def sort(
        self,
        channel: str,
        now: datetime,
        since: datetime | None,
        decide: Callable[[Sequence[Waiting], Sequence[Mute], Standing], Sorting],
        *,
        is_anew: bool = False,
    ) -> bool:
        """Let `decide` say what becomes of a channel's deliveries that are to be sorted, and write that.

        All in one transaction, and no more of them than the store can bear at once: returns whether there may be more.
        With `is_anew` also those whose hold is not over. `decide` gets the mutes in force
        and the channel's standing (what was sent at `since` or later; None: nobody asks), and must be pure and quick.
        A message of several deliveries is made once for its key, over crashes and restored backups: what else is to go
        under a key that was used goes under one of its own. What `decide` leaves out goes alone, at once.
        """
        ...

    async def gather(self, channel: str, now: datetime, decide: Callable[[Sequence[Waiting]], Together | None]) -> bool:
        """Let `decide` say which of the alerts that wait for a channel become one message, and write that.

        It sees the news that is on its way, in the order of the queue, but for what was tried before, is being sent, or
        is to be sent again by somebody's wish. The message stands behind what goes by itself; of messages that it takes
        everything from nothing stays. Returns whether there may be more: no more than the store can bear become
        one message, and what was gathered at the same `now` is not seen again.
        """
        ...

    async def standing(self, channel: str) -> Standing:
        """Which digests a channel has had; of what it was sent nothing is said."""
        ...

    async def fared(self, channel: str, since: datetime) -> Fared:
        """How a channel has fared: about when its last sends ended, since a moment, and its refusals in a row."""
        ...


class ViewStore(Protocol):
    """Answers about the past, for people."""

    async def status(self) -> Status:
        """Feeds, counts and the last alerts."""
        ...

    async def alerts(self, limit: int) -> tuple[AlertRow, ...]:
        """Newest first."""
        ...

    async def outbox(self, limit: int, states: Collection[str]) -> tuple[DeliveryRow, ...]:
        """Deliveries in these states, oldest first."""
        ...

    async def history(self, link_key: str, link: str) -> History:
        """Everything known of an entry with this canonical link key, or of an alert with this link."""
        ...


class FeedDesk(Protocol):
    """What people do to polling by hand, while a daemon may be at work."""

    async def hasten(
        self, urls: Collection[str], decide: Callable[[FeedState, datetime | None], Refresh]
    ) -> tuple[Refresh, ...]:
        """Let `decide`, given a registered feed and how long its origin is held, say when it is polled; write that.

        All in one transaction, in the order of `urls`; addresses that are not registered are left out.
        """
        ...

    async def look(self, urls: Collection[str]) -> tuple[FeedRow, ...]:
        """What is known of registered feeds, in the order of `urls`; other addresses are left out."""
        ...

    async def pause(self, pause: Pause) -> None:
        """Let an outlet or a feed rest; a pause of the same takes the place of an earlier one."""
        ...

    async def resume(self, kind: PauseKind, subject: str) -> Pause | None:
        """End a pause; the one that was ended."""
        ...


class OutboxDesk(Protocol):
    """What people do to deliveries by hand, while a daemon may be at work."""

    async def choose(self, wanted: Wanted) -> tuple[Chosen, ...]:
        """The deliveries that are meant, in the order of the queue; those to be added last, oldest alert first."""
        ...

    async def drop(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Make unfinished and dead deliveries dead for good, with the reason; returns how many.

        One that is being sent at this moment is left alone: it may arrive, and the outbox must not say otherwise.
        """
        ...

    async def replay(self, chosen: Sequence[Chosen], now: datetime) -> int:
        """Send what was sent or is dead again, under the same public ids, behind what waits in its channel.

        Where there is no delivery to the channel yet, it is made. Returns how many are on their way now.
        """
        ...


class MuteDesk(Protocol):
    """What people do not want to hear of, while a daemon may be at work: it is silent from its next sorting on."""

    async def mute(self, mute: Mute) -> None:
        """Hear no more of something; a mute of the same takes the place of an earlier one."""
        ...

    async def unmute(self, kind: MuteKind, subject: str) -> Mute | None:
        """End a mute; the one that was ended."""
        ...

    async def mutes(self, now: datetime) -> tuple[Mute, ...]:
        """Those in force, by kind and subject."""
        ...


class StoryDesk(Protocol):
    """What people do to stories by hand, while a daemon may be at work: it hears of it at its next poll.

    Alerts stay with the story that they were raised for. What somebody decided holds for good: no poll moves an entry
    back, and a key that led to a merged story leads to the other one from then on.
    """

    async def split(
        self, story: str, entries: Collection[str], hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Give some entries of a story a story of their own, all by their public ids; with `is_dry` only say so.

        The rules that have fired for the story count as fired for the new one.
        """
        ...

    async def merge(
        self, stories: Collection[str], into: str, hand: Hand, *, is_dry: bool = False
    ) -> Corrected | Refused:
        """Make stories a part of another, by their public ids; all of them or none. With `is_dry` only say so.

        A rule has fired from then on if it has for one of them.
        """
        ...


class UpkeepStore(Protocol):
    """What keeps the memory sound over the years."""

    async def sweep(self, portion: Portion, *, is_dry: bool = False) -> Swept:
        """Let go of what is spent in a portion, in one transaction; with `is_dry` only count it. Raises StoreError."""
        ...

    async def tidy(self) -> None:
        """Give back what the log of writes holds, as far as nobody reads it just now. Raises StoreError."""
        ...

    async def check(self) -> None:
        """Read every page, while polls go on; StoreDamaged if one is bad."""
        ...

    async def is_in_place(self) -> bool:
        """Whether the file that is written to is still the one that the next start will find."""
        ...

    async def back_up(self, at: datetime, keep: int, every: timedelta | None = None) -> Path | None:
        """A whole copy, tried and on the disk, beside the last `keep` of them; None: the last is younger than `every`.

        Polls go on meanwhile. Raises StoreError; then there is no new copy.
        """
        ...


class TroubleStore(Protocol):
    """What is wrong with ourselves. Alarms and notes write to it with themselves."""

    async def known(self) -> tuple[Trouble, ...]:
        """What was told and is not over, oldest first."""
        ...

    async def feeds(self) -> FeedHealth:
        """How the feeds of the configuration fare."""
        ...

    async def refusing(self) -> tuple[str, ...]:
        """Names of the channels that refused what they were sent last."""
        ...

    async def alerts_since(self, since: datetime) -> int:
        """How many alerts on news were raised since then."""
        ...

    async def room(self) -> Room:
        """What is left where the database lies."""
        ...


class SilenceStore(Protocol):
    """What used to be heard, and who listened when."""

    async def listen(self, now: datetime) -> tuple[Span, ...]:
        """Note that somebody listens at this moment; when somebody did, oldest first. Raises StoreError.

        What lies less than three hours apart is one span.
        """
        ...

    async def feeds(self, after: int, quiet_since: datetime, missed_since: datetime, limit: int) -> FeedPortion:
        """Of the next `limit` feeds by id those of which there may be something to tell.

        They brought nothing new since a moment, entries of theirs may have been missed since another, or they have
        moved.
        """
        ...

    async def heard(
        self, rules: Sequence[tuple[RuleName, str]], quiet_since: datetime, back: timedelta
    ) -> tuple[Heard, ...]:
        """When and where these rules, each with its hash, matched up to their last match, and so far back from it.

        Of rules that matched after `quiet_since` only the last match is told. Rules that never matched are left out,
        and so are matches in what stood in a feed before us.
        """
        ...

    async def hush(self, outlets: Collection[str], now: datetime) -> Mapping[str, datetime]:
        """Note that nothing is to be heard from these outlets; until when that was so, for all that are known."""
        ...

    async def muted(self, now: datetime) -> frozenset[str]:
        """Names of the rules that somebody does not want to hear of."""
        ...


class Archive(Protocol):
    """Single things told whole, for people."""

    async def names(self, what: Named, prefix: str, limit: int) -> tuple[str, ...]:
        """Public ids of that kind which begin with `prefix`, in order."""
        ...

    async def alert(self, public_id: str) -> AlertRow | None:
        """The alert of that public id."""
        ...

    async def deliveries(self, public_id: str) -> tuple[DeliveryHistory, ...]:
        """The deliveries of the alert, or of the message, of that public id, oldest first."""
        ...

    async def stories(self, limit: int, since: datetime | None, outlet: str) -> tuple[StoryRow, ...]:
        """Newest first: those founded at `since` or later, and those that an outlet carries, where that is said."""
        ...

    async def story(self, public_id: str) -> StoryHistory | None:
        """The story of that public id."""
        ...


class Annals(Protocol):
    """What entries said, in the order in which it was stored: read in portions, while a daemon may be at work."""

    async def extent(self) -> Extent:
        """Where it begins and ends at this moment."""
        ...

    async def revisions(
        self, places: tuple[int, int], since: datetime, until: datetime | None
    ) -> tuple[PastRevision, ...]:
        """Those between two places, the second left out, that were seen at `since` or later and before `until`."""
        ...


class Recall(Protocol):
    """What likeness is rebuilt from when a process starts."""

    async def lexicon(self) -> Lexicon:
        """The counts of words that were written last."""
        ...

    async def entries(self, after: int, since: datetime, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place whose newest words came at `since` or later, in the order of places."""
        ...

    async def uncounted(self, after: int, limit: int) -> tuple[Remembered, ...]:
        """Entries behind a place, whenever they came, as far as their sketches are kept, in the order of places."""
        ...

    async def last_move(self) -> int:
        """Serial of the last move by hand; 0: there was none."""
        ...


class Store(Protocol):
    """The memories of a tocsin, opened and closed together."""

    @property
    def polls(self) -> PollStore:
        """The memory of polling."""
        ...

    @property
    def outbox(self) -> OutboxStore:
        """What is not delivered yet."""
        ...

    @property
    def sorting(self) -> SortingStore:
        """What is not on its way yet."""
        ...

    @property
    def views(self) -> ViewStore:
        """Answers about the past."""
        ...

    @property
    def recall(self) -> Recall:
        """What likeness is rebuilt from."""
        ...

    @property
    def troubles(self) -> TroubleStore:
        """What is wrong with ourselves."""
        ...

    @property
    def silence(self) -> SilenceStore:
        """What used to be heard."""
        ...

    @property
    def upkeep(self) -> UpkeepStore:
        """What keeps it sound."""
        ...

    async def close(self) -> None:
        """Finish what was asked for, then let go."""
        ...


class Channel(Protocol):
    """A destination. Never raises for what a peer does."""

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once, truthfully."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Clock(Protocol):
    """Time and chance, passed in."""

    def steady(self) -> float:
        """Seconds since some moment, which nobody sets; those in which the machine slept count."""
        ...

    def now(self) -> datetime:
        """The moment, aware, UTC."""
        ...

    def chance(self) -> float:
        """A number in [0, 1)."""
        ...
