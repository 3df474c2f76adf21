"""Plain text: markup goes, words stay, nothing invisible gets through."""

import html
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.text.plain import _untagged_by_tree, clean, plain_line, plain_text, shorten
from monitor.text.simple_markup import without_simple_tags


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("AT&T <3 you", "AT&T <3 you"),
        ("AT&amp;T <3 you", "AT&T <3 you"),
        ("AT&amp;amp;T buys rival", "AT&T buys rival"),
        ("if a < b then", "if a < b then"),
        ("x<y and y>z", "x<y and y>z"),
        ("Port a <b", "Port a <b"),
        ("<b>Storm</b> nears\n <i class='x'>coast</i><br/>today", "Storm nears coast today"),
        ("Why &lt;em&gt;this&lt;/em&gt; matters", "Why this matters"),
        ("&amp;lt;b&amp;gt;Storm&amp;lt;/b&amp;gt; nears", "Storm nears"),
        ("How the &amp;lt;b&amp;gt; tag died", "How the <b> tag died"),
        ("Vote<script>steal()</script> counted<!-- desk -->", "Vote counted"),
        ("Use <marquee> again", "Use <marquee> again"),
        ("<a href='https://example.org/?a=1&b=2'>Link</a>", "Link"),
        ("  two \t lines\r\nhere ", "two lines here"),
    ],
)
def test_a_title_becomes_one_line_and_loses_no_word(title: str, line: str) -> None:
    """Only what is certainly a tag is taken for one."""
    assert plain_line(title) == line


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>Talks\n resume<p>Envoys <b>meet</b><br>again", "Talks resume\nEnvoys meet\nagain"),
        ("<ul><li>One<li>Two</ul><script>x<p></script><style>p{}</style>", "One\nTwo"),
        ("<table><tr><td>Votes</td><td>12</td></tr></table>", "Votes 12"),
        ("Votes<td>12</td>", "Votes 12"),
        ("a&nbsp;b &amp; c &lt; d", "a b & c < d"),
        ("no tags\n\nbut two lines", "no tags\nbut two lines"),
        ("&lt;p&gt;Escaped &amp;amp; twice&lt;/p&gt;&lt;p&gt;by the feed&lt;/p&gt;", "Escaped & twice\nby the feed"),
        ("price &lt; 5", "price < 5"),
        ("no tags: 3 < 5\nbut two lines", "no tags: 3 < 5\nbut two lines"),
        ("one<x-mark> element</x-mark> of their own", "one element of their own"),
        ("<div><p>open and never closed <em>", "open and never closed"),
        ("cut off in <a href='https://exam", "cut off in"),
        ("&#8238;turned&#0;", "turned\ufffd"),
        ("<table>&#8238;turned<td>&#65279;back &#9;again", "turned\nback again"),
        ("&lt;p&gt;one&amp;#9;&amp;#8232;two&lt;/p&gt;", "one\ntwo"),
        ("<p>one  two</p>\n three\u00a0 four", "one two\nthree four"),
        ("", ""),
    ],
)
def test_a_fragment_becomes_a_line_for_each_block(fragment: str, text: str) -> None:
    """Scripts and styles go with their content, references are resolved, white space is single."""
    assert plain_text(fragment) == text


@pytest.mark.parametrize(
    "fragment",
    ["<div>" * 100_000, "<" * 100_000, "<!--" * 30_000, "<script>" * 20_000, "<b a='" * 20_000, "&lt;b&gt;" * 20_000],
)
def test_hostile_markup_takes_no_more_than_a_moment(fragment: str) -> None:
    """Depth that would keep a tree parser busy for half a minute is handled in one pass."""
    begun = time.process_time()
    plain_text(fragment + "end")
    plain_line(fragment + "end")
    assert time.process_time() - begun < 5


def test_a_document_too_deep_for_a_tree_is_still_read() -> None:
    """The rough way keeps the words, the blocks and the lone signs, and drops scripts and comments."""
    deep = "<i>" * 10_001
    fragment = f"{deep}1 < 2<p>Talks <b>resume</b></P><SCRIPT>x</script ><!-- y -->soon<br/>now <!--"
    assert plain_text(fragment) == "1 < 2\nTalks resume\nsoon\nnow"


def test_cleaning_removes_what_nobody_sees() -> None:
    """NUL, controls, lone surrogates, direction overrides and byte order marks vanish; text is NFC."""
    assert clean("\ufeffa\x00b\x9fc\ud800d\u202ee\u2066f\u2060g") == "abcdefg"
    assert clean("one\ttwo\r\nthree\u2028four\x0bfive\rsix") == "one two\nthree\nfour five\nsix"
    assert clean("cafe\u0301") == "café"


@pytest.mark.parametrize("before", range(16))
def test_a_letter_keeps_thirty_marks_wherever_it_stands(before: int) -> None:
    """More are left out: who wants to see them all takes the square of their number."""
    assert clean("в" * before + "е" + "\u0306" * 31 + "т") == "в" * before + "ӗ" + "\u0306" * 29 + "т"


@given(st.text(alphabet=st.characters()))
def test_clean_text_is_storable_and_stays_as_it_is(text: str) -> None:
    """What was cleaned once can be encoded, has no control characters, and is not changed again."""
    once = clean(text)
    assert clean(once) == once
    assert all(sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"} for sign in once)
    once.encode()


@given(st.text(alphabet=st.one_of(st.sampled_from("<>&;/bp! -a#x1"), st.characters())))
def test_any_string_is_read_without_complaint(text: str) -> None:
    """Markup never raises, titles have one line, and text has no empty lines."""
    assert "\n" not in plain_line(text)
    assert plain_text(text) == clean(plain_text(text))
    assert "\n\n" not in plain_text(text)


@given(st.lists(st.text(alphabet="abcé19", min_size=1)).map(" ".join))
def test_words_without_markup_pass_unchanged(text: str) -> None:
    """Plain words are their own plain text."""
    assert plain_line(text) == plain_text(text) == text


def test_shortening_cuts_after_a_word() -> None:
    """An ellipsis shows that something is missing, and the limit holds."""
    assert shorten("Talks resume in the capital", 100) == "Talks resume in the capital"
    assert shorten("Talks resume, in the capital", 15) == "Talks resume…"
    assert shorten("Donaudampfschiff", 6) == "Donau…"
    assert shorten("Talks", 0) == ""


@given(st.text(), st.integers(min_value=0, max_value=50))
def test_shortened_text_never_exceeds_the_limit(text: str, limit: int) -> None:
    """The ellipsis counts too."""
    assert len(shorten(text, limit)) <= limit


_TAGS = (
    "p",
    "P",
    "br",
    "div",
    "li",
    "ul",
    "h2",
    "blockquote",
    "hr",
    "a",
    "em",
    "b",
    "i",
    "img",
    "span",
    "td",
    "form",
    "pre",
)
_ATTRIBUTES = (
    "",
    " ",
    "/",
    " /",
    " href='/a?b=1&c=2'",
    ' class="x y"',
    ' alt="a > b"',
    " hidden",
    " a=b",
    ' a="1" b',
    ' q="<p>"',
    " =",
    " a=b/",
    " a=/b?c",
)
_WORDS = (
    "ferry",
    " ",
    "&amp;",
    "&lt;b&gt;",
    "&#8217;",
    "&nbsp;",
    "&hellip;",
    "&hellip",
    "&Auml;",
    "&NewLine;",
    "&#32;",
    "&#10;",
    "&#60;",
    "&#147;",
    "&#9999;",
    "&nonsense;",
    "&am",
    "p;",
    "&",
    "<",
    ">",
    "'",
    "é",
    "]]>",
    "<!--",
    "-->",
    "<!-- x-y -->",
    "<!---->",
    "<!--->",
    "&#39;",
    "i<",
)
markup = st.lists(
    st.one_of(
        st.sampled_from(_WORDS),
        st.builds("<{}{}{}>".format, st.sampled_from(("", "/")), st.sampled_from(_TAGS), st.sampled_from(_ATTRIBUTES)),
    ),
    max_size=14,
).map(lambda pieces: " ".join("".join(pieces).split()))


def _read(untagged: str) -> list[str]:
    return [" ".join(line.split()) for line in html.unescape(untagged).split("\n") if line.strip()]


@settings(max_examples=500)
@given(markup)
def test_simple_markup_is_read_as_by_a_tree(text: str) -> None:
    """The quick way says nothing, or what the parser of a browser would say."""
    simple = without_simple_tags(text)
    if simple is not None:
        assert _read(simple) == _read(_untagged_by_tree(text))


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ('<p class="a">One <b>two</b></p><br/>three &amp; four', "\nOne two\n\nthree &amp; four"),
        ("<P>One</P >", "\nOne\n"),
        ("no markup", "no markup"),
        ("a < b", None),
        ("<i<p>>one", None),
        ("<table><tr><td>one", None),
        ("<script>x</script>", None),
        ("&am<b>p;</b>", None),
        ("&hearts; <b>one</b>&#8230;", "&hearts; one&#8230;"),
        ("&nobody; <b>one</b>", None),
        ("&#128; <b>one</b>", None),
        ("one<!-- a-b -->two<!----> &am<!-- -->per", None),
        ("one<!-- a-b -->two<!---->", "onetwo"),
        ("one<br clear=all>two", "one\ntwo"),
        ('<a title="a > b">one</a>', None),
    ],
)
def test_what_is_not_simple_is_left_to_the_tree(text: str, simple: str | None) -> None:
    assert without_simple_tags(text) == simple
