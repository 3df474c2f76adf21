"""The sift: new, revised, seen; and whose story."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.entries import Entry, Text
from monitor.model.stories import Home, Known, KnownEntry, Level, Sift
from monitor.stories.identity import Keyed, keyed
from monitor.stories.sift import Placement, question, sift
from tests.plain_values import NOW, entry, feed_state, parsed


def remembered(known: Known, document: tuple[Keyed, ...], done: Sift) -> Known:
    """What a store would know after writing this sift."""
    fingerprints = {one.primary: one for one in document}
    entries = dict(known.entries)
    links, texts = dict(known.stories_by_link), dict(known.stories_by_text)
    for one in done.fresh:
        text = one.entry.text
        home = Home(story_key=one.story_key, text_key=one.text_key)
        record = KnownEntry(
            entry_key=one.entry_key,
            story_key=one.story_key,
            text_key=one.text_key,
            fingerprint=one.fingerprint,
            revision=one.revision,
            text=text,
            was_baseline=one.is_baseline,
        )
        for key, old in list(entries.items()):
            if old.entry_key == one.entry_key:
                entries[key] = record
        for key in one.keys:
            entries[key] = record
            if key.startswith("link:"):
                links.setdefault(key, home)
        texts.setdefault(one.fingerprint, home)
    by_entry = {record.entry_key: record for record in entries.values()}
    for key, entry_key in done.learned:
        entries[key] = by_entry[entry_key]
    assert fingerprints or not done.fresh
    return replace(known, entries=entries, stories_by_link=links, stories_by_text=texts)


def nothing_known(*, has_baseline: bool = True) -> Known:
    return Known(feed=feed_state(has_baseline=has_baseline))


def both(known: Known, *entries: Entry) -> tuple[Sift, Known]:
    """Sift a document and remember it."""
    document = keyed(parsed(*entries))
    done = sift(document, known)
    return done, remembered(known, document, done)


def test_a_new_entry_founds_a_story_named_after_its_link() -> None:
    """A name that every feed agrees on, and no row id."""
    done, _ = both(nothing_known(), entry(1))
    (one,) = done.fresh
    assert (one.level, one.story_key, one.revision) == (Level.NEW, "link:harbour.example/news/1", 1)
    assert not one.is_baseline


def test_the_first_poll_is_a_baseline() -> None:
    """Entries that were there before us found stories but are marked."""
    done, _ = both(nothing_known(has_baseline=False), entry(1), entry(2))
    assert all(one.is_baseline for one in done.fresh)


def test_what_is_known_and_unchanged_is_only_seen() -> None:
    """Nothing is fresh about it."""
    _, known = both(nothing_known(), entry(1), entry(2))
    done, _ = both(known, entry(2), entry(1))
    assert not done.fresh
    assert done.seen == ("id:tag:harbour.example,2026:2", "id:tag:harbour.example,2026:1")


def test_changed_words_are_a_revision_that_keeps_the_story() -> None:
    """With the words from before, so that rules can tell what is new."""
    _, known = both(nothing_known(), entry(1, title="Fire kills 3 in the old harbour"))
    done, _ = both(known, entry(1, title="Fire kills 30 in the old harbour"))
    (one,) = done.fresh
    assert (one.revision, one.story_key) == (2, "link:harbour.example/news/1")
    assert one.previous == Text(title="Fire kills 3 in the old harbour")


def test_a_changed_id_is_learned_and_repeats_nothing() -> None:
    """The link knows it again; afterwards the new id does as well."""
    _, known = both(nothing_known(), entry(1))
    done, known = both(known, entry(1, id="new-scheme-1"))
    assert not done.fresh
    assert done.learned == (("id:new-scheme-1", "id:tag:harbour.example,2026:1"),)
    done, _ = both(known, entry(1, id="new-scheme-1", link="https://harbour.example/moved/1"))
    assert not done.fresh


def test_another_feed_with_the_same_link_brings_the_same_story() -> None:
    """Level *same entry*, across feeds."""
    known = replace(nothing_known(), stories_by_link={"link:harbour.example/news/1": Home(story_key="the story")})
    done, _ = both(known, entry(1))
    assert [(one.level, one.story_key) for one in done.fresh] == [(Level.SAME_ENTRY, "the story")]


def test_another_feed_with_the_same_words_brings_the_same_story() -> None:
    """Level *same text*, where the words tell enough."""
    document = keyed(parsed(entry(1), entry(2, title="Daily briefing")))
    known = replace(nothing_known(), stories_by_text={one.fingerprint: Home(story_key="the story") for one in document})
    done = sift(document, known)
    assert [(one.level, one.story_key) for one in done.fresh] == [
        (Level.SAME_TEXT, "the story"),
        (Level.NEW, "link:harbour.example/news/2"),
    ]


def test_the_same_words_twice_in_one_document_are_one_story() -> None:
    """Whatever ids and links they have."""
    title = "Bridge over the Narva closes tonight"
    done, _ = both(nothing_known(), entry(1, title=title), entry(2, title=title))
    assert len({one.story_key for one in done.fresh}) == 1


def test_two_entries_cannot_both_be_the_same_known_one() -> None:
    """An id and a link that point at one entry from two: the id wins; the link is the other's from now on."""
    _, known = both(nothing_known(), entry(1))
    done, _ = both(known, entry(9, link="https://harbour.example/news/1"), entry(1, link=""))
    (new,) = done.fresh
    assert done.seen == ("id:tag:harbour.example,2026:1",)
    assert new.entry_key == "id:tag:harbour.example,2026:9"
    assert new.keys == ("id:tag:harbour.example,2026:9", "link:harbour.example/news/1")


def test_entries_without_id_and_link_are_known_by_their_words() -> None:
    """Also from one poll to the next, under a story that no other feed shares by name."""
    bare = entry(1, id="", link="", title="Short")
    done, known = both(nothing_known(), bare)
    assert done.fresh[0].story_key.endswith(" of https://harbour.example/rss")
    again, _ = both(known, bare)
    assert again.seen == (done.fresh[0].entry_key,)


def test_words_that_moved_to_another_entry_are_still_found_as_the_text_before() -> None:
    """The store leaves known words out where the document itself has them."""
    _, known = both(
        nothing_known(),
        entry(1, title="Alpha wins the regatta today"),
        entry(2, title="Beta wins the regatta today"),
    )
    bare = {key: replace(one, text=None) for key, one in known.entries.items()}
    done, _ = both(
        replace(known, entries=bare),
        entry(1, title="Beta wins the regatta today"),
        entry(2, title="Alpha wins the regatta today"),
    )
    assert [one.previous and one.previous.title for one in done.fresh] == [
        "Alpha wins the regatta today",
        "Beta wins the regatta today",
    ]


def test_the_question_asks_for_every_key_and_every_fingerprint() -> None:
    """Words as a key too, for entries that lost a trustworthy id since."""
    document = keyed(parsed(entry(1), entry(2, id="")))
    asked = question(feed_state(), document, NOW)
    assert {"id:tag:harbour.example,2026:1", "link:harbour.example/news/2"} <= asked.keys
    assert asked.fingerprints == {one.fingerprint for one in document}
    assert (NOW - asked.since).total_seconds() == 72 * 3600


_entries = st.lists(
    st.builds(
        entry,
        st.integers(1, 4),
        title=st.sampled_from(
            ["Mayor resigns after the long inquiry", "Mayor stays after the long inquiry", "Briefing"]
        ),
        link=st.sampled_from(
            ["https://harbour.example/a", "https://harbour.example/b", "https://harbour.example/", ""]
        ),
        id=st.sampled_from(["a", "b", "c", ""]),
    ),
    max_size=6,
)


@given(st.lists(_entries, max_size=5))
def test_whatever_a_feed_says_the_same_document_twice_brings_nothing_fresh(
    documents: list[list[Entry]],
) -> None:
    """No repeat, whichever ids and links lie."""
    known = nothing_known()
    for entries in documents:
        _, known = both(known, *entries)
        again, known = both(known, *entries)
        assert not again.fresh


@given(_entries)
def test_every_entry_of_a_document_is_fresh_or_seen_exactly_once(entries: list[Entry]) -> None:
    """None is lost and none is counted twice."""
    document = keyed(parsed(*entries))
    done = sift(document, nothing_known())
    assert len(done.fresh) + len(done.seen) == len(document)
    assert len({one.entry_key for one in done.fresh}) == len(done.fresh)


def test_a_link_that_was_given_away_names_no_second_entry() -> None:
    """An entry first known by its link, then by an id, moves on; another one comes to the old link."""
    link, moved = "https://harbour.example/a", "https://harbour.example/b"
    _, known = both(nothing_known(), entry(1, id="", link=link, title="Mayor resigns after the long inquiry"))
    _, known = both(known, entry(1, id="mayor", link=link, title="Mayor resigns after the long inquiry"))
    done, known = both(
        known,
        entry(1, id="mayor", link=moved, title="Mayor resigns after the long inquiry"),
        entry(2, id="", link=link, title="Deputy takes the mayor's chair"),
    )
    (new,) = done.fresh
    assert new.entry_key not in done.seen
    again, _ = both(known, entry(2, id="", link=link, title="Deputy takes the mayor's chair"))
    assert again.seen == (new.entry_key,)


class Everywhere:
    """A placer to which everything is the same news."""

    def find(self, one: Keyed) -> Placement:
        return Placement(
            home=Home(story_key="the news"), level=Level.SAME_STORY, reason=one.entry.text.title, score=1.0
        )

    def hold(self, one: Keyed, entry_key: str, home: Home, *, is_new: bool) -> bytes:
        return f"{one.primary} {entry_key} {home.story_key} {is_new}".encode()


def test_words_that_are_too_few_are_not_compared() -> None:
    """*Morning recap* stands over other news each day; it is held all the same, for longer texts that come later."""
    few, enough = (
        replace(entry(1), text=Text(title=title)) for title in ("Morning recap", "Ferries stop as storm comes")
    )
    (short,) = sift(keyed(parsed(few)), nothing_known(), Everywhere()).fresh
    assert (short.level, short.score, short.story_key) == (Level.NEW, None, "link:harbour.example/news/1")
    assert "too few" in short.reason
    assert short.sketch
    (told,) = sift(keyed(parsed(enough)), nothing_known(), Everywhere()).fresh
    assert (told.level, told.story_key) == (Level.SAME_STORY, "the news")
