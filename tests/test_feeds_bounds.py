"""What feedparser chokes on, or stops at: it costs little now, and no more than the element itself."""

import time

import pytest

from monitor.feeds.mend import declares_entities, mended, names_netscape
from monitor.feeds.parse import parse_document
from monitor.model.entries import Entry, ParsedFeed
from tests.fuzz.killers import NOW, URL, allowed_seconds, body_of

DEAR = [
    "author of 100 kB",
    "author of 100 kB in CDATA",
    "author of 100 kB of references",
    "author of 100 kB in pieces",
    "author of 100 kB, loose",
    "dc:creator of 100 kB",
    "creator under a strange prefix",
    "itunes:author of 100 kB",
    "managingEditor of 100 kB",
    "webMaster of 100 kB",
    "8,000 attributes",
    "20,000 categories",
    "namespaces, a new one for each element",
    "combining marks in turns, 100 kB",
    "100,000 lines before the root",
    "many DOCTYPEs with a subset",
    "dates of the Hungarian kind",
]
"""each took the square of its length, or seconds for 100 kB, before it was bounded or as a guard against that"""


def read(items: str, *, root: str = "", channel: str = "") -> ParsedFeed:
    document = f"<rss version='2.0'{root}><channel><title>The Heron</title>{channel}{items}</channel></rss>"
    parsed = parse_document(document.encode(), content_type="", url=URL, now=NOW)
    assert isinstance(parsed, ParsedFeed)
    return parsed


def entry(inside: str) -> Entry:
    return read(f"<item>{inside}</item>").entries[0]


@pytest.mark.parametrize("name", DEAR)
def test_a_killer_costs_no_more_than_a_second_for_100_kb(name: str) -> None:
    body = body_of(name)
    began = time.process_time()
    parsed = parse_document(body, content_type="", url=URL, now=NOW)
    assert time.process_time() - began <= allowed_seconds(body)
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) == 1


def test_a_bound_leaves_the_rest_of_the_entry_as_it_is() -> None:
    """And the first of what there is too much of."""
    found = entry(
        "<title>Otters</title><author>ann@heron.example (Ann)</author><link>/1</link>"
        + "".join(f"<category>c{number}</category>" for number in range(2_000))
    )
    assert (found.text.title, found.authors, found.categories[:2]) == ("Otters", ("Ann",), ("c0", "c1"))


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("ann@heron.example (Ann Otter)", "Ann Otter"),
        ("ann@heron.media (Ann (Rivers) Otter)", "Ann (Rivers) Otter"),
        ("Ann Otter &lt;ann@heron.agency&gt;", "Ann Otter"),
        ("Ann Otter (mailto:ann@heron.example)", "Ann Otter"),
        ("ann@heron.example", "ann@heron.example"),
        ("Ann Otter (Rivers)", "Ann Otter (Rivers)"),
        ("@ann", "@ann"),
    ],
)
def test_an_author_is_told_by_name(stated: str, name: str) -> None:
    """Whatever the top-level domain of the address beside it; the address only where there is no name."""
    assert entry(f"<title>t</title><author>{stated}</author>").authors == (name,)


@pytest.mark.parametrize(
    "spoilt",
    [
        "<image><url>i.png</url><width/></image>",
        "<image><height>tall</height></image>",
        "<image><textInput><title>t</title></textInput></image>",
        "<image><textInput><link>/find</link></textInput></image>",
        "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'><psc:chapter title='c'/></psc:chapters>",
    ],
)
def test_a_spoilt_element_costs_itself_and_nothing_else(spoilt: str) -> None:
    """feedparser raises for each of these, and gives no entry at all."""
    items = "<item><title>Otters</title><link>/1</link></item><item><title>Eels</title><link>/2</link></item>"
    parsed = read(items, channel=spoilt)
    assert [one.text.title for one in parsed.entries] == ["Otters", "Eels"]
    assert parsed.is_whole
    inside = read(f"<item><title>Otters</title>{spoilt}<link>/1</link></item>")
    assert [(one.text.title, one.link) for one in inside.entries] == [("Otters", "https://heron.example/1")]


def test_a_namespace_with_blanks_in_it_is_no_reason_to_stop() -> None:
    """Python's XML reader splits names at blanks."""
    parsed = read("<item><title>Otters</title><x:y x:z='1'/></item>", root=" xmlns:x='not one name'")
    assert [one.text.title for one in parsed.entries] == ["Otters"]


def test_a_reference_to_no_character_is_left_out_of_a_broken_document() -> None:
    document = b"<rss version='2.0'><channel><item><b></i><title>Ot&#99999999;ters</title><link>/1</link></item>"
    cdata = document.replace(b"Ot&#99999999;ters", b"<![CDATA[Ot&#99999999999999;ters]]>")
    for body in (document + b"</channel></rss>", cdata + b"</channel></rss>"):
        assert isinstance(parse_document(body, content_type="", url=URL, now=NOW), ParsedFeed)


def test_a_link_without_its_beginning_is_no_reason_to_stop_either() -> None:
    """In a broken document, where an end may come without a start."""
    body = b"<rss version='2.0'><channel><item><title>O</title><svg></i></link><link/>x</link></item></channel></rss>"
    parsed = parse_document(body, content_type="", url=URL, now=NOW)
    assert isinstance(parsed, ParsedFeed)
    assert [one.text.title for one in parsed.entries] == ["O"]


def test_a_prolog_is_left_out_but_its_lines_are_counted() -> None:
    prolog = "<?xml version='1.0'?>\n<!-- <rss> -->\n<!DOCTYPE rss [\n<!ELEMENT rss (x)>\n]>\n<?style x?>\n"
    text = mended(prolog + "<rss>")
    assert text.endswith("?>" + "\n" * 6 + "<rss>")
    assert mended(text) == text


def test_words_before_the_root_are_left_out() -> None:
    """Such as a warning of the program that made the document."""
    body = (
        b"Warning: deprecated in line 3 <!-- x -->\n<rss version='2.0'><channel><item><title>O</title></item></channel>"
    )
    parsed = parse_document(body + b"</rss>", content_type="", url=URL, now=NOW)
    assert isinstance(parsed, ParsedFeed)
    assert (len(parsed.entries), parsed.is_whole) == (1, True)


def test_the_doctype_of_netscape_names_the_version() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/rss-0.91.dtd">'
    body = f"{doctype}<rss version='0.91'><channel><item><title>O</title></item></channel></rss>".encode()
    parsed = parse_document(body, content_type="", url=URL, now=NOW)
    assert isinstance(parsed, ParsedFeed)
    assert parsed.kind == "rss091n"
    assert not names_netscape("<!-- netscape --><rss>")


def test_an_entity_is_found_in_any_declaration_and_in_no_comment() -> None:
    """Also after a subset without one, and in a second DOCTYPE."""
    assert declares_entities("<!DOCTYPE a [<!ELEMENT b>]><!DOCTYPE c [<!entity d 'e'>]><rss>")
    assert declares_entities("<!DOCTYPE a [ <!-- ]> --> <!ENTITY b 'c'>]><rss>")
    assert not declares_entities("<!-- <!ENTITY b 'c'> --><!DOCTYPE a [<!ELEMENT b>]><rss>")


def test_a_scheme_is_written_in_small_letters() -> None:
    assert entry("<link>HTTPS://Heron.example/A</link>").link == "https://Heron.example/A"


def test_the_title_of_a_feed_is_bounded_like_that_of_an_entry() -> None:
    parsed = read("", channel=f"<title>{'otter ' * 500}</title>")
    assert len(parsed.title) <= 500
    body = f'{{"version": "https://jsonfeed.org/version/1", "title": "{"otter " * 500}"}}'.encode()
    json = parse_document(body, content_type="", url=URL, now=NOW)
    assert isinstance(json, ParsedFeed)
    assert len(json.title) <= 500
