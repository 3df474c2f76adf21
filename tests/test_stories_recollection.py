"""What was said in the last days: held, found again, let go, and the same after a restart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor.model.entries import Entry, Text
from monitor.model.polls import FeedId
from monitor.model.stories import Home, Level, Lexicon, Move, Remembered
from monitor.stories import placing, window
from monitor.stories.identity import Keyed, keyed
from monitor.stories.recollection import Recollection
from monitor.stories.sift import WINDOW, Placement
from monitor.stories.vocabulary import Vocabulary
from tests.plain_values import NOW, parsed

STRIKE = "Dockers of Velmora walk out over the night shifts of the container cranes"
STRIKE_TOO = "Night shifts of container cranes: the dockers of Velmora walk out"
FERRY = "Ferry Albatross runs aground off Tasketh in thick fog, forty passengers taken ashore"
COAST, WIRE = FeedId(1), FeedId(2)


@dataclass(slots=True, kw_only=True)
class Kept:
    """A recollection, beside what a store keeps of what it is told."""

    recollection: Recollection = field(default_factory=lambda: Recollection(most_unwritten=5))
    now: datetime = NOW
    entries: dict[tuple[FeedId, str], Remembered] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    moves: list[Move] = field(default_factory=list)

    def tell(
        self, feed: FeedId, *documents: tuple[str, str], summary: str = "", is_lost: bool = False
    ) -> tuple[Placement | None, ...]:
        """Place the entries (number, title) of one document; None for a revision. `is_lost`: the commit fails."""
        placed_by = self.recollection.begin(feed, ("The Coast",), self.now, self.moves)
        found: list[Placement | None] = []
        written: list[Remembered] = []
        places = count(len(self.entries) + 1)
        for number, title in documents:
            one = said(number, title, summary)
            known = self.entries.get((feed, one.primary))
            placed = None if known else placed_by.find(one)
            key = f"{one.primary} of {feed}"
            home = known.home if known else (placed and placed.home) or Home(story_key=key)
            home = replace(home, text_key=home.text_key or key)
            sketch = placed_by.hold(one, one.primary, home, is_new=known is None)
            place = known.place if known else next(places)
            written.append(
                Remembered(place=place, feed=feed, entry_key=one.primary, home=home, seen_at=self.now, sketch=sketch)
            )
            found.append(placed)
        vocabulary = placed_by.vocabulary()
        if is_lost:
            placed_by.withdraw()
            return tuple(found)
        self.entries |= {(one.feed, one.entry_key): one for one in written}
        if vocabulary:
            self.lexicon = Lexicon(vocabulary=vocabulary, place=len(self.entries))
        return tuple(found)

    def move(self, feed: FeedId, number: str, story_key: str) -> None:
        """Somebody gives an entry another story."""
        key = said(number, "whatever it says").primary
        one = self.entries[feed, key]
        self.entries[feed, key] = replace(one, home=Home(story_key=story_key, text_key=one.home.text_key))
        self.moves.append(Move(serial=len(self.moves) + 1, feed=feed, entry_key=key, story_key=story_key))

    def restarted(self, portion: int = 3) -> "Kept":
        """The same, with a recollection rebuilt from what is kept."""
        vocabulary = Vocabulary.thaw(self.lexicon.vocabulary) if self.lexicon.vocabulary else None
        again = Recollection(vocabulary, last_move=len(self.moves), most_unwritten=5)
        for some in portions([one for one in self.in_order() if one.place > self.lexicon.place], portion):
            again.recount(some)
        for some in portions([one for one in self.in_order() if one.seen_at >= self.now - WINDOW], portion):
            again.restore(some)
        return replace(self, recollection=again, entries=dict(self.entries), moves=list(self.moves))

    def vocabulary(self) -> bytes:
        """How common words are by now; looked up inside, since it is said only when it is due."""
        return self.recollection._lessons.vocabulary.freeze()

    def counted(self) -> int:
        """How many entries the vocabulary in the store counts."""
        return Vocabulary.thaw(self.lexicon.vocabulary).documents - Vocabulary.starting().documents

    def in_order(self) -> list[Remembered]:
        return sorted(self.entries.values(), key=lambda one: one.place)


def portions(entries: Sequence[Remembered], size: int) -> Iterator[Sequence[Remembered]]:
    return (entries[start : start + size] for start in range(0, len(entries), size))


def said(number: str, title: str, summary: str = "") -> Keyed:
    """An entry that is known by its id alone."""
    (one,) = keyed(parsed(Entry(id=number, link="", text=Text(title=title, summary=summary), language="en")))
    return one


def home_of(placed: Placement | None) -> str:
    assert placed is not None
    return placed.home.story_key if placed.home else "new"


def test_other_words_about_the_same_news_belong_to_its_story() -> None:
    """Whichever feed brings them."""
    kept = Kept()
    (first,) = kept.tell(COAST, ("1", STRIKE))
    same, other = kept.tell(WIRE, ("1", STRIKE_TOO), ("2", FERRY))
    assert first == Placement(home=None, level=Level.NEW, reason="nothing known has its id, link or text")
    assert same is not None
    assert (same.level, home_of(same)) == (Level.SAME_STORY, "id:1 of 1")
    assert same.score is not None
    assert "alike" in same.reason
    assert home_of(other) == "new"


def test_entries_of_one_document_see_those_before_them() -> None:
    kept = Kept()
    told = kept.tell(COAST, ("1", STRIKE), ("2", f"{STRIKE} again"))
    assert list(map(home_of, told)) == ["new", "id:1 of 1"]


def test_a_publisher_s_own_entries_are_joined_less_readily_than_others() -> None:
    """Who tells one piece of news twice? Feeds of one publisher are one voice, also after a restart."""

    def score(feed: FeedId, publisher: str) -> float:
        by = kept.restarted().recollection.begin(feed, (), NOW, publisher=publisher)
        return by.find(said("2", STRIKE_TOO)).score or 0.0

    kept = Kept()
    by = kept.recollection.begin(COAST, (), NOW, publisher="coast.example")
    one = said("1", STRIKE)
    sketch = by.hold(one, one.primary, Home(story_key="a", text_key="a"), is_new=True)
    held = Remembered(
        place=1, feed=COAST, entry_key=one.primary, home=Home(story_key="a", text_key="a"), seen_at=NOW, sketch=sketch
    )
    kept.entries[COAST, one.primary] = held
    assert score(WIRE, "coast.example") == score(COAST, "coast.example") < score(WIRE, "wire.example")


def test_the_same_headline_is_the_same_text_apart_from_labels_and_the_outlet_s_name() -> None:
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    (placed,) = kept.tell(WIRE, ("1", f"Exclusive: {STRIKE} - The Coast"))
    assert placed is not None
    assert (placed.level, placed.home) == (Level.SAME_TEXT, Home(story_key="id:1 of 1", text_key="id:1 of 1"))


def test_a_column_that_has_one_headline_every_day_is_not_one_text() -> None:
    """In one feed, over texts that have nothing in common; in another feed it may be cut, but says the same."""
    title = "What the northern harbour talks about today, and why"
    kept = Kept()
    kept.tell(
        COAST, ("1", title), summary="Dockers of Velmora walk out over night shifts; cranes stand still since noon"
    )
    (placed,) = kept.tell(
        COAST, ("2", title), summary="Fog keeps ferry Albatross off Tasketh while bakers bake a record loaf"
    )
    assert placed is not None
    assert placed.level is not Level.SAME_TEXT
    (placed,) = kept.tell(
        WIRE, ("1", title), summary="Cranes have stood still since noon: dockers of Velmora walk out over night shifts"
    )
    assert placed is not None
    assert placed.level is Level.SAME_TEXT


def test_what_came_more_than_72_hours_ago_is_forgotten_to_the_microsecond() -> None:
    """As the store selects what is remembered."""
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    kept.now = NOW + WINDOW
    assert len(kept.restarted().recollection) == 1
    assert list(map(home_of, kept.tell(WIRE, ("1", STRIKE_TOO), is_lost=True))) == ["id:1 of 1"]
    kept.now += timedelta(microseconds=1)
    assert list(map(home_of, kept.tell(WIRE, ("1", STRIKE_TOO), is_lost=True))) == ["new"]
    assert len(kept.restarted().recollection) == 0


def test_a_revision_takes_the_place_of_the_words_before_and_counts_from_its_own_moment() -> None:
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    kept.now += timedelta(hours=70)
    assert kept.tell(COAST, ("1", FERRY)) == (None,)
    kept.now += timedelta(hours=70)
    assert len(kept.recollection) == 1
    same, other = kept.tell(WIRE, ("1", f"{FERRY} at last"), ("2", STRIKE_TOO))
    assert (home_of(same), home_of(other)) == ("id:1 of 1", "new")


def test_what_did_not_come_into_the_store_is_taken_back() -> None:
    """Also a revision, whose words before count again."""
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE), is_lost=True)
    assert list(map(home_of, kept.tell(WIRE, ("1", STRIKE_TOO)))) == ["new"]
    kept.tell(WIRE, ("1", FERRY), is_lost=True)
    assert list(map(home_of, kept.tell(COAST, ("2", FERRY), ("1", STRIKE)))) == ["new", "id:1 of 2"]


def test_what_was_overtaken_is_not_taken_back() -> None:
    """Another poll of the feed has said more by the time that the failure is known."""
    kept = Kept()
    lost = kept.recollection.begin(COAST, (), NOW)
    lost.hold(said("1", FERRY), "id:1", Home(story_key="a", text_key="a"), is_new=True)
    kept.tell(COAST, ("1", STRIKE))
    lost.withdraw()
    assert list(map(home_of, kept.tell(WIRE, ("1", STRIKE_TOO)))) == ["id:1 of 1"]


def test_an_entry_that_somebody_moved_takes_those_like_it_along() -> None:
    """Once: a move that is told again changes nothing."""
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    kept.move(COAST, "1", "another story")
    again = kept.restarted()
    for one in (kept, again):
        (placed,) = one.tell(WIRE, ("1", STRIKE_TOO))
        assert home_of(placed) == "another story"
    assert kept.recollection.last_move == again.recollection.last_move == 1


def test_a_move_of_an_entry_that_is_not_held_is_nothing() -> None:
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    kept.moves.append(Move(serial=7, feed=COAST, entry_key="id:9", story_key="another story"))
    kept.tell(WIRE, ("1", FERRY))
    assert (len(kept.recollection), kept.recollection.last_move) == (2, 7)


def test_of_more_entries_than_are_held_the_oldest_go() -> None:
    kept = Kept(recollection=Recollection(most_held=2))
    kept.tell(COAST, ("1", STRIKE))
    for number, title in (("1", FERRY), ("2", "Bakers of Brunol bake the longest loaf ever seen")):
        kept.now += timedelta(minutes=1)
        kept.tell(WIRE, (number, title))
    assert len(kept.recollection) == 2
    assert list(map(home_of, kept.tell(COAST, ("2", STRIKE_TOO)))) == ["new"]


def test_of_very_many_entries_at_once_only_the_first_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are known by their headlines alone, which costs next to nothing."""
    monkeypatch.setattr(placing, "_MOST_COMPARED", 1)
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE))
    told = kept.tell(WIRE, ("1", STRIKE_TOO), ("2", STRIKE_TOO + " again"), ("3", STRIKE))
    assert list(map(home_of, told)) == ["id:1 of 1", "new", "id:1 of 1"]


def test_tables_that_are_let_go_are_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few stories have theirs at a time; no verdict depends on which."""

    def told() -> list[Placement | None]:
        kept = Kept()
        found: list[Placement | None] = []
        for number in range(3):
            for title in (STRIKE, FERRY, STRIKE_TOO, f"{FERRY} at last"):
                found += kept.tell(FeedId(number), (f"{number} {title}", f"{title} {number}"))
        return found

    expected = told()
    assert sum(home_of(one) != "new" for one in expected) > 5
    monkeypatch.setattr(window, "_MOST_PROFILES", 1)
    assert told() == expected


def test_a_sketch_of_another_make_is_left_out() -> None:
    """After a change of its form: the entry is held again once its words change."""
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE), ("2", FERRY))
    whole = kept.in_order()
    again = Recollection()
    again.restore([replace(whole[0], sketch=b""), replace(whole[1], sketch=b"x" * 40)])
    again.recount([replace(whole[0], sketch=b"\0" * 9)])
    assert len(again) == 0


AGENCY = (
    "Dockers of Velmora walked out on Tuesday over the night shifts of the container cranes, which the harbour board "
    "had lengthened by two hours without asking the union of crane drivers. The pickets reached the northern gate "
    "before dawn and turned back some forty lorries, a spokeswoman for the carters said. The board called it unlawful."
)


def test_a_text_that_is_cut_down_under_another_headline_is_the_same_text() -> None:
    """Of the same entry's, whichever in the story that is."""
    kept = Kept()
    kept.tell(COAST, ("1", STRIKE), summary=AGENCY)
    kept.tell(
        FeedId(3), ("1", STRIKE_TOO), summary="Container cranes stand still at night since the dockers walked out."
    )
    (placed,) = kept.tell(WIRE, ("1", "Forty lorries turned back at the gate"), summary=AGENCY[:220])
    assert placed is not None
    assert (placed.level, placed.home) == (Level.SAME_TEXT, Home(story_key="id:1 of 1", text_key="id:1 of 1"))
    assert "same text" in placed.reason


def test_what_a_feed_says_under_every_text_makes_no_two_the_same() -> None:
    """Once it has stood under three of them: then it is the feed's, and no text in common."""
    foot = (
        "Subscribe to the morning letter of the desk and read every weekday what moves the quarter, from our writers "
        "and from readers who know more than they do; the letter is free and ends with one click whenever you wish."
    )
    told = (
        ("Dockers walk out", "Cranes stand still in Velmora since noon."),
        ("Fog stops ferry", "Albatross lies at anchor off Tasketh with forty aboard."),
        ("Bakers bake loaf", "Longest loaf ever seen leaves an oven in Brunol."),
        ("Mayor opens bridge", "Carts cross the Mirnol again after nine winters."),
        ("Whale seen off pier", "Boats keep away while it feeds on herring near Kolster."),
    )
    kept = Kept()
    placed = [kept.tell(COAST, (str(n), title), summary=f"{lead} {foot}")[0] for n, (title, lead) in enumerate(told)]
    assert [home_of(one) for one in placed[3:]] == ["new", "new"]
    assert [one is not None and one.level for one in placed[3:]] == [Level.NEW, Level.NEW]


WORDS = (
    "strike",
    "ferry",
    "loaf",
    "bridge",
    "whale",
    "fog",
    "crane",
    "mayor",
    "Velmora",
    "Tasketh",
    "7",
    "12",
    "harbour",
)
TITLES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=8).map(" ".join)
DOCUMENTS = st.tuples(
    st.sampled_from((COAST, WIRE, FeedId(3))),
    st.lists(st.tuples(st.sampled_from("12345678"), TITLES), min_size=1, max_size=4, unique_by=lambda pair: pair[0]),
    st.sampled_from(("kept", "kept", "kept", "lost", "moved")),
    st.integers(0, 40),
)

WITHOUT_EXPLAINING = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


@settings(max_examples=40, deadline=None, phases=WITHOUT_EXPLAINING, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DOCUMENTS, min_size=2, max_size=14), st.integers(0, 12), st.integers(1, 7))
def test_a_restart_at_any_point_changes_no_verdict(
    documents: list[tuple[FeedId, list[tuple[str, str]], str, int]], cut: int, portion: int
) -> None:
    """Whatever came before: revisions, failed commits, moves by hand, entries that were let go."""
    never_stopped, other = Kept(), Kept()
    for number, (feed, document, fate, hours) in enumerate(documents):
        if number == cut:
            other = other.restarted(portion)
        for one in (never_stopped, other):
            one.now += timedelta(hours=hours)
            if fate == "moved" and one.entries:
                moved = one.in_order()[hours % len(one.entries)]
                one.move(moved.feed, moved.entry_key.removeprefix("id:"), f"by hand {hours % 3}")
        told = [one.tell(feed, *document, is_lost=fate == "lost") for one in (never_stopped, other)]
        assert told[0] == told[1]
    assert never_stopped.in_order() == other.in_order()
    assert never_stopped.vocabulary() == other.vocabulary()


def test_the_vocabulary_is_written_after_so_many_entries() -> None:
    kept = Kept()
    kept.tell(COAST, *((str(number), f"{FERRY} {number}") for number in range(4)))
    assert not kept.lexicon.vocabulary
    kept.tell(WIRE, ("1", STRIKE))
    assert kept.counted() == 5


def test_a_vocabulary_that_was_not_written_is_written_the_next_time() -> None:
    kept = Kept()
    numbers = count()
    kept.tell(COAST, *((str(next(numbers)), f"{FERRY} {n}") for n in range(4)))
    kept.tell(WIRE, ("1", STRIKE), is_lost=True)
    assert not kept.lexicon.vocabulary
    kept.tell(WIRE, ("2", STRIKE))
    assert kept.counted() == 5
