"""Lists of feeds as other programs write them, and as somebody would who means harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.opml import LARGEST, MOST, NoList, Subscription, read, write

LIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Mine</title></head>
  <body>
    <outline text="Coast">
      <outline text="The Harbour Gazette" type="rss" xmlUrl="https://gazette.example/rss" language="en-GB"
               category="/news/sea,ferries" htmlUrl="https://gazette.example/"/>
      <outline text="Islands">
        <outline title="Northern Wire" xmlUrl=" https://wire.example/atom "/>
      </outline>
    </outline>
  </body>
</opml>
"""


def listed(*outlines: str) -> bytes:
    """A list of these outlines, the first on line 2."""
    return "\n".join(["<opml version='2.0'><body>", *outlines, "</body></opml>"]).encode()


def only(body: bytes) -> Subscription:
    found = read(body)
    assert isinstance(found, tuple)
    (one,) = found
    return one


def test_a_list_is_read_with_folders_categories_and_lines() -> None:
    """Its own categories first, then the folders from the outside in."""
    assert read(LIST.encode()) == (
        Subscription(
            title="The Harbour Gazette",
            url="https://gazette.example/rss",
            categories=("news", "sea", "ferries", "Coast"),
            language="en-GB",
            line=6,
        ),
        Subscription(title="Northern Wire", url="https://wire.example/atom", categories=("Coast", "Islands"), line=9),
    )


def test_attributes_are_read_however_they_are_spelt() -> None:
    """`xmlurl`, `XMLURL` and, for what calls itself a feed, `url`."""
    for name in ("xmlurl", "XMLURL", "xmlUrl"):
        assert only(listed(f'<outline text="A" {name}="https://a.example/"/>')).url == "https://a.example/"
    assert only(listed('<outline text="A" type="RSS" url="https://a.example/"/>')).url == "https://a.example/"


def test_a_feed_without_an_address_and_a_further_list_are_told_apart() -> None:
    """People must hear of both; a folder is neither."""
    found = read(
        listed(
            '<outline text="Lost"/>',
            '<outline text="Feed" type="rss"/>',
            '<outline text="More" type="include" url="https://a.example/more.opml"/>',
            '<outline text="Folder"><outline text="A" xmlUrl="https://a.example/"/></outline>',
        )
    )
    assert isinstance(found, tuple)
    assert [(one.title, one.url, one.is_list, one.line) for one in found] == [
        ("Lost", "", False, 2),
        ("Feed", "", False, 3),
        ("More", "", True, 4),
        ("A", "https://a.example/", False, 5),
    ]


def test_bare_ampersands_and_entities_of_html_are_mended() -> None:
    """Many programs write them; the address must survive."""
    one = only(listed('<outline text="Ports & Piers&nbsp;&eacute;" xmlUrl="https://a.example/?x=1&y=2&amp;z=3"/>'))
    assert one.url == "https://a.example/?x=1&y=2&z=3"
    assert one.title == "Ports & Piers é"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1251", "koi8-r"])
def test_lists_come_in_many_charsets(charset: str) -> None:
    """As declared, or as the byte order mark says."""
    name = "Gazette é" if charset == "iso-8859-1" else "Вестник"
    text = f'<?xml version="1.0" encoding="{charset}"?>\n<opml><body><outline text="{name}" xmlUrl="u"/></body></opml>'
    assert only(text.encode(charset)).title == name


def test_a_title_is_one_clean_line() -> None:
    """Markup and control characters go."""
    assert (
        only(listed('<outline text="&lt;b&gt;The&lt;/b&gt;&#10;Gazette\x1b[31m" xmlUrl="u"/>')).title
        == "The Gazette[31m"
    )


@pytest.mark.parametrize(
    ("body", "words", "line"),
    [
        (b"", "empty", 0),
        (b" \n ", "empty", 0),
        (b"<html><body>Not found</body></html>", "not OPML", 1),
        (b"{}", "not well-formed", 1),
        (b"<opml><body>\n<outline text='A' xmlUrl='u'/>\n<outl", "not well-formed XML: unclosed token", 3),
        (b"<opml><body>\n</outline></body></opml>", "not well-formed XML: mismatched tag", 2),
        (b"<opml><body></body></opml><opml/>", "not well-formed XML: junk", 1),
        (b"\0" * 100, "not well-formed", 1),
        (b'<?xml version="1.0" encoding="utf-7"?><opml/>', "charset utf-7 is not accepted", 0),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "declares entities", 0),
        (b"<!DOCTYPE opml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><opml>&a;</opml>", "declares entities", 0),
        (b"<opml>" + b" " * LARGEST + b"</opml>", "larger than 5 MB", 0),
    ],
)
def test_what_is_no_list_is_told_with_its_line(body: bytes, words: str, line: int) -> None:
    """And nothing of it is used: half a list would look like a whole one."""
    found = read(body)
    assert isinstance(found, NoList)
    assert words in found.reason
    assert found.line == line


def test_a_bomb_of_entities_is_refused_before_it_is_expanded() -> None:
    """Wherever the declaration hides."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    for prolog in ("", "<!-- <opml> -->", "<?pi <opml> ?>\n"):
        text = f"{prolog}<!DOCTYPE opml [<!ENTITY l0 'ha'>{laughs}]><opml><body text='&l9;'/></opml>"
        found = read(text.encode())
        assert isinstance(found, NoList)
        assert "entities" in found.reason


def test_an_entity_that_hides_from_the_first_look_is_refused_by_the_parser() -> None:
    """A parameter entity in a declaration that is not at the start of the subset."""
    found = read(b"<!DOCTYPE opml [\n<!-- x --><!ELEMENT opml ANY><!ENTITY % p 'q'>]><opml/>")
    assert isinstance(found, NoList)


def test_thousands_of_feeds_are_a_list_like_any_other() -> None:
    """In order, and quickly."""
    body = listed(*(f'<outline text="Feed {n}" xmlUrl="https://a.example/{n}"/>' for n in range(10_000)))
    began = time.process_time()
    found = read(body)
    assert isinstance(found, tuple)
    assert [one.url for one in found] == [f"https://a.example/{n}" for n in range(10_000)]
    assert time.process_time() - began < 5


def test_more_outlines_than_anybody_reads_are_refused() -> None:
    """With the number that is allowed."""
    found = read(b"<opml><body>" + b"<outline/>" * (MOST + 1) + b"</body></opml>")
    assert found == NoList(reason=f"more than {MOST:,} outlines", line=1)


def test_ten_thousand_folders_in_one_another_cost_no_square() -> None:
    """A feed in each of them; what a folder's name adds is bounded."""
    depth = 10_000
    inner = "".join(f'<outline text="f{n}"><outline text="A" xmlUrl="https://a.example/{n}"/>' for n in range(depth))
    began = time.process_time()
    found = read(f"<opml><body>{inner}{'</outline>' * depth}</body></opml>".encode())
    assert isinstance(found, tuple)
    assert len(found) == depth
    assert max(len(one.categories) for one in found) == 20
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "piece",
    [
        '<outline text="a" category="{}" xmlUrl="u"/>'.format(",".join(map(str, range(100_000)))),
        "<outline {}/>".format(" ".join(f'a{n}="1"' for n in range(100_000))),
        '<outline text="{}" xmlUrl="u"/>'.format("&lt;b&gt;" * 100_000),
        "&" * 500_000,
        "<!--" * 250_000,
        "<![CDATA[" * 100_000,
    ],
    ids=["categories", "attributes", "markup", "ampersands", "comments", "cdata"],
)
def test_no_single_line_keeps_a_reader_busy(piece: str) -> None:
    """A megabyte of one thing is read or refused in a moment."""
    began = time.process_time()
    read(listed(piece))
    assert time.process_time() - began < 5


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_raise_anything(body: bytes, is_wrapped: bool) -> None:
    """Whatever they are, alone or within a list."""
    read(b"<opml><body>" + body + b"</body></opml>" if is_wrapped else body)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), max_size=40)


@given(
    st.lists(
        st.builds(
            lambda title, path, tag: Subscription(title=title, url=f"https://a.example/{path}", categories=tag),
            st.sampled_from(["The Gazette", "Ports & <Piers>", 'The "Wire"', "Вестник ]]>"]),
            TEXT.map(lambda text: "".join(text.split())),
            st.sampled_from([(), ("coast",), ("coast", "north-sea")]),
        ),
        max_size=5,
    )
)
def test_what_was_written_is_read_again(subscriptions: list[Subscription]) -> None:
    """Names, addresses and categories, whatever signs are in them."""
    found = read(write(subscriptions, title="A < B & C").encode())
    assert isinstance(found, tuple)
    assert [(one.title, one.url, one.categories) for one in found] == [
        (one.title, one.url, one.categories) for one in subscriptions
    ]
