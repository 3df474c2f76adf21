"""Which keys of an entry may be trusted in its document."""

from monitor.model.entries import Text
from monitor.stories.identity import fingerprint, keyed, link_key
from tests.plain_values import entry, parsed


def test_an_honest_entry_is_known_by_id_and_link() -> None:
    """The id leads; the link counts as well."""
    (one,) = keyed(parsed(entry(1)))
    assert one.primary == "id:tag:harbour.example,2026:1"
    assert one.keys == (one.id_key, "link:harbour.example/news/1")


def test_an_entry_without_an_id_is_known_by_its_link() -> None:
    """As in feeds that state no guid at all."""
    (one,) = keyed(parsed(entry(1, id="")))
    assert one.keys == ("link:harbour.example/news/1",)


def test_ids_that_are_all_alike_identify_nothing() -> None:
    """Each entry falls back to its link, and all of them stay apart."""
    document = keyed(parsed(*(entry(number, id="same") for number in (1, 2, 3))))
    assert [one.primary for one in document] == [f"link:harbour.example/news/{number}" for number in (1, 2, 3)]


def test_links_that_are_all_alike_identify_nothing() -> None:
    """The ids remain."""
    document = keyed(parsed(*(entry(number, link="https://harbour.example/live") for number in (1, 2, 3))))
    assert all(one.link_key == "" and one.id_key for one in document)


def test_where_ids_and_links_lie_the_words_remain() -> None:
    """The last resort within a feed."""
    document = keyed(parsed(*(entry(number, id="x", link="https://harbour.example/") for number in (1, 2))))
    assert all(one.primary.startswith("text:") for one in document)
    assert len({one.primary for one in document}) == 2


def test_an_entry_repeated_in_a_document_counts_once() -> None:
    """The same item twice is one; ids are not distrusted for it."""
    document = keyed(parsed(entry(1), entry(2), entry(1)))
    assert [one.id_key for one in document] == [
        "id:tag:harbour.example,2026:1",
        "id:tag:harbour.example,2026:2",
    ]


def test_a_link_to_the_outlets_own_page_identifies_nothing() -> None:
    """Also when there is but one such entry."""
    (one,) = keyed(parsed(entry(1, link="https://harbour.example/")))
    assert one.link_key == ""


def test_a_very_long_id_is_remembered_by_its_hash() -> None:
    """Fifty kilobytes of id cost no fifty kilobytes of key, and different ones stay different."""
    one, other = keyed(parsed(entry(1, id="x" * 50_000 + "1"), entry(2, id="x" * 50_000 + "2")))
    assert len(one.id_key) < 100
    assert one.id_key != other.id_key


def test_a_fingerprint_sees_words_only() -> None:
    """Case, diacritics, quotes and white space are no revision; a number is."""
    first = fingerprint(Text(title="Café “Nord” reopens", summary="After 3 years"))
    assert first == fingerprint(Text(title='CAFE "Nord"  reopens', summary="after 3 years!"))
    assert first != fingerprint(Text(title="Café “Nord” reopens", summary="After 30 years"))
    assert first != fingerprint(Text(title="Café “Nord” reopens After", summary="3 years"))


def test_a_headline_alone_tells_enough_only_from_five_words_on() -> None:
    """«Morning briefing» stands over different news every day."""
    (short,) = keyed(parsed(entry(1, title="Morning briefing")))
    (long,) = keyed(parsed(entry(1, title="Bridge over the Narva closes tonight")))
    assert not short.is_telling
    assert long.is_telling


def test_the_key_of_a_link_is_the_same_for_a_person_who_asks() -> None:
    """`why URL` finds what the poll stored."""
    (one,) = keyed(parsed(entry(1)))
    assert link_key("http://HARBOUR.example/news/1/?utm_source=x") == one.link_key
    assert link_key("nonsense") == ""
