"""Which known entry an entry is, where its keys disagree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from monitor.model.entries import Entry, Text
from monitor.model.polls import Habits, KeyHabit
from monitor.model.stories import Known, KnownEntry
from monitor.stories.identity import believed, fingerprint, keyed, link_key
from monitor.stories.recognition import Recognised, recognise
from tests.plain_values import NOW, entry, feed_state, parsed

TRIED = Habits(ids=KeyHabit(shown=50), links=KeyHabit(shown=50))


def remembered(one: Entry, name: str) -> KnownEntry:
    return KnownEntry(
        entry_key=name,
        story_key=f"story of {name}",
        fingerprint=fingerprint(one.text),
        revision=1,
        text=one.text,
        was_baseline=False,
        link=one.link,
        published_at=one.published_at,
    )


def known(old: Mapping[str, Entry], habits: Habits = TRIED) -> Known:
    """A feed that brought these entries, each under a name for its record."""
    entries: dict[str, KnownEntry] = {}
    words: dict[str, tuple[KnownEntry, ...]] = {}
    for name, one in old.items():
        record = remembered(one, f"id:{name}")
        keys = (f"id:{one.id}" if one.id else "", link_key(one.link), f"text:{record.fingerprint}")
        entries |= {key: record for key in keys if key}
        words[record.fingerprint] = (*words.get(record.fingerprint, ()), replace(record, text=None, link=""))
    return Known(feed=replace(feed_state(), habits=habits), entries=entries, words=words)


def recognised(before: Known, *now: Entry) -> tuple[list[str], Recognised]:
    """The names of the known entries, `new` where there is none."""
    found = recognise(believed(keyed(parsed(*now)), before.feed.habits), before)
    names = [
        found.found[place].entry_key.removeprefix("id:") if place in found.found else "new" for place in range(len(now))
    ]
    return names, found


MAYOR = replace(entry(1, title="Mayor resigns after the long inquiry"), published_at=NOW)
STORM = replace(entry(2, title="Storm tears the roof off the fish market"), published_at=NOW + timedelta(hours=1))
FERRY = replace(entry(3, title="Ferry Alma runs aground beside the mole"), published_at=NOW + timedelta(hours=2))


def test_ids_that_are_places_in_the_list_give_way_to_words() -> None:
    """Every id leads to the neighbour; the newest entry is new, and no id is believed in this document."""
    old = known({"mayor": replace(MAYOR, id="1", link=""), "storm": replace(STORM, id="2", link="")})
    now = (replace(FERRY, id="1", link=""), replace(MAYOR, id="2", link=""), replace(STORM, id="3", link=""))
    names, found = recognised(old, *now)
    assert names == ["new", "mayor", "storm"]
    assert found.refuted == {"id:1"}


def test_a_list_that_turned_over_under_its_ids_is_new() -> None:
    """Where no id of a document proves right, unlike words under a known id are other news."""
    old = known({"mayor": replace(MAYOR, id="1", link=""), "storm": replace(STORM, id="2", link="")})
    other = replace(entry(4, title="Winter timetable begins on Sunday"), id="1", link="")
    names, found = recognised(old, other, replace(FERRY, id="2", link=""))
    assert names == ["new", "new"]
    assert found.refuted == {"id:1", "id:2"}


def test_a_page_written_anew_keeps_its_id_among_others_that_prove_right() -> None:
    """An evergreen page without a link: words and date are new, the id is believed."""
    old = known({"mayor": MAYOR, "storm": STORM, "page": replace(FERRY, link="")})
    page = replace(
        FERRY, link="", text=Text(title="What may be carried on board"), published_at=NOW + timedelta(days=30)
    )
    assert recognised(old, MAYOR, STORM, page)[0] == ["mayor", "storm", "page"]
    liars = replace(TRIED, ids=KeyHabit(shown=50, lies=1))
    distrusted = replace(old, feed=replace(old.feed, habits=liars))
    assert recognised(distrusted, MAYOR, STORM, page)[0] == ["mayor", "storm", "new"]


def test_a_link_believed_before_outweighs_a_number_for_an_id() -> None:
    """Headlines by one template, ids that went on by one: the address says which is which."""
    titles = [f"Count of district {number} is finished, turnout rises" for number in (1, 2, 3)]
    pages = [entry(number, id=str(number), title=title) for number, title in enumerate(titles, 1)]
    old = known({"one": pages[0], "two": pages[1]})
    edited = replace(pages[0], id="2", text=Text(title=f"{titles[0]} again"))
    assert recognised(old, replace(pages[2], id="1"), edited)[0][1] == "one"


def test_a_lonely_page_is_other_news_whenever_words_and_date_change() -> None:
    """One id, one link, one entry at a time; the same date or some of the words are an edit."""
    lonely = Habits(ids=KeyHabit(shown=1), links=KeyHabit(shown=1))
    old = known({"mayor": MAYOR}, lonely)
    assert recognised(old, replace(STORM, id=MAYOR.id, link=MAYOR.link))[0] == ["new"]
    assert recognised(old, replace(MAYOR, text=Text(title="Bridge inquiry ends with a bang")))[0] == ["mayor"]
    later = replace(MAYOR, text=Text(title="Mayor resigns"), published_at=NOW + timedelta(days=1))
    assert recognised(old, later)[0] == ["mayor"]


def test_a_lonely_entry_under_another_link_needs_the_date() -> None:
    """Before a second id was seen, likeness alone is a template's."""
    lonely = Habits(ids=KeyHabit(shown=1), links=KeyHabit(shown=5))
    old = known({"mayor": MAYOR}, lonely)
    moved = replace(MAYOR, link="https://harbour.example/news/mayor", text=Text(title="Mayor resigns"))
    assert recognised(old, moved)[0] == ["mayor"]
    assert recognised(old, replace(moved, published_at=None))[0] == ["new"]


def test_a_lonely_link_under_another_id_needs_likeness_and_the_date() -> None:
    """The one page that everything links to; unless ids change all the time anyway."""
    lonely = Habits(ids=KeyHabit(shown=5), links=KeyHabit(shown=1))
    old = known({"mayor": MAYOR}, lonely)
    other = replace(MAYOR, id="other", text=Text(title="Mayor resigns"))
    assert recognised(old, other)[0] == ["mayor"]
    assert recognised(old, replace(other, published_at=None))[0] == ["new"]
    assert recognised(old, replace(STORM, link=MAYOR.link))[0] == ["new"]
    restless = replace(lonely, ids=KeyHabit(shown=5, changes=1))
    undated = replace(old, feed=replace(old.feed, habits=restless))
    assert recognised(undated, replace(other, published_at=None))[0] == ["mayor"]


def test_links_that_name_others_in_a_document_are_not_followed_in_it() -> None:
    """Two pages changed places under their ids: a third entry's link proves nothing there."""
    old = known({"mayor": MAYOR, "storm": STORM, "ferry": FERRY})
    swapped = (
        replace(MAYOR, link=STORM.link),
        replace(STORM, link=MAYOR.link),
        replace(entry(9, title="Fish market opens again"), link=FERRY.link),
    )
    names, found = recognised(old, *swapped)
    assert names == ["mayor", "storm", "new"]
    assert link_key(FERRY.link) in found.refuted


def test_a_whole_document_that_moved_takes_its_short_titles_along() -> None:
    """Under the same dates; a short title alone under a new id and link is other news."""
    shorts = {
        name: replace(entry(number, title=name), published_at=NOW + timedelta(hours=number))
        for number, name in enumerate(["Weather", "Traffic", "Tides"])
    }
    moved = [replace(one, id=f"new/{name}", link=f"https://new.example/{name}") for name, one in shorts.items()]
    assert recognised(known(shorts), *moved)[0] == ["Weather", "Traffic", "Tides"]
    assert recognised(known(shorts), *moved[:2])[0] == ["new", "new"]
    tomorrow = [replace(one, published_at=NOW + timedelta(days=1, hours=place)) for place, one in enumerate(moved)]
    assert recognised(known(shorts), *tomorrow)[0] == ["new"] * 3


def test_entries_without_words_are_recognised_by_keys_only() -> None:
    """Photographs without a caption are not all one."""
    photo = entry(1)
    wordless = replace(photo, text=Text())
    old = known({"photo": wordless})
    assert recognised(old, wordless, replace(entry(2), text=Text()))[0] == ["photo", "new"]
