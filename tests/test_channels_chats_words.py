"""What Telegram, Slack, Discord and ntfy really get of hostile and of endless words, looked at where it arrives."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.render import render
from monitor.channels import discord, slack, telegram
from monitor.channels.chat_words import Manner, laid_out, shortened, text_of, utf8_bytes, utf16_units
from monitor.channels.ntfy import LONGEST_BODY
from monitor.channels.ntfy import written as for_ntfy
from monitor.model.alerts import Form, Hold, Marked, Message, MessageId, PublicId, Rendered
from tests.chat_sinks import CHATS, TEXT_OF, seen_by
from tests.plain_values import NOW
from tests.test_channels_hostile import HOSTILE
from tests.test_channels_mail import rendered

MANNERS = {"telegram": telegram.MANNER, "slack": slack.MANNER, "discord": discord.MANNER}
LINK = "https://harbour.example/a/very/long/way?to=the&end=of_it"
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CALLS = ("@everyone", "@here", "<!channel", "<@U123", "<b>", "<script", "](")


def of_words(*words: str, link: str = LINK, matched: bool = False) -> Rendered:
    """A message whose text is these words, the link and the id, as a template of somebody's might make it."""
    message = rendered(link=link)
    pieces = tuple(Marked(words=one, is_match=matched and place % 2 == 1) for place, one in enumerate(words))
    last = Marked(words=f"\n{link}\nid: {message.public_id}")
    return replace(message, text=text_of((*pieces, last)), pieces=(*pieces, last))


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize("form", Form)
async def test_a_hostile_headline_arrives_as_words(kind: str, title: str, form: Form) -> None:
    """In one message that is taken, without a control character; where names ring, none does."""
    body = await seen_by(kind, rendered(title, form=form))
    words = f"{body.get('title', '')}\n{body[TEXT_OF[kind]]}"
    assert "trike" in words
    assert not _CONTROLS.search(words)
    if kind == "ntfy":  # it knows no names, tags or formats: what came stays as it came
        assert title in words.replace("*", "") or not title.isprintable() or len(title) > 100
    else:
        assert not any(call in words for call in _CALLS)


async def test_a_call_that_a_match_cuts_in_two_calls_nobody() -> None:
    """`@` before a match of the rule `everyone`: put together again it would ring."""
    message = of_words("Strike @", "everyone", " and <", "!channel> [x]", "(https://bad.example)", matched=True)
    for kind in ("telegram", "slack", "discord"):
        words = (await seen_by(kind, message))[TEXT_OF[kind]].replace("*", "")
        assert not any(call in words for call in _CALLS)


@pytest.mark.parametrize("kind", CHATS)
@pytest.mark.parametrize(
    "words",
    [
        "Strike " + "word " * 5000,
        "Streik" * 3000,
        "забастовка " * 2000,
        "🚢" * 9000,
        "<&>*_" * 3000,
        '"\\' * 4000,
        "\n" * 9000,
    ],
    ids=["words", "one word", "Cyrillic", "ships", "signs", "quotes", "line ends"],
)
async def test_endless_words_are_sent_within_what_the_service_takes(kind: str, words: str) -> None:
    """Counted as the service counts; the link and the id are there, and whole."""
    message = of_words("Strike ends\n\n", words)
    body = await seen_by(kind, message)
    text = body[TEXT_OF[kind]]
    counted, most = {
        "telegram": (utf16_units(text), 4096),
        "slack": (len(text), 4000),
        "discord": (len(text), 2000),
        "ntfy": (len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()), 4096),
    }[kind]
    assert most // 3 < counted <= most or words.isspace()
    lines = text.splitlines()
    assert lines[-1] == f"id: {message.public_id}"
    assert lines[-2] == (LINK.replace("&", "&amp;") if kind == "slack" else LINK)


def test_a_headline_longer_than_a_message_is_cut_after_a_word() -> None:
    """The link and the id stay behind it; with no word to cut after, it is cut within."""
    cut = text_of(laid_out(of_words("Strike " + "word " * 5000), discord.MANNER))
    title, link, name = cut.splitlines()
    assert title.startswith("Strike word word")
    assert title.endswith(" word…")
    assert (link, name[:4]) == (LINK, "id: ")
    assert len(text_of(laid_out(of_words("x" * 5000), discord.MANNER))) == 2000


def test_a_link_longer_than_half_a_message_is_left_out_whole() -> None:
    """Half a link is none."""
    link = "https://harbour.example/" + "x" * 1500
    cut = text_of(laid_out(of_words("Strike " + "word " * 5000, link=link), discord.MANNER))
    assert "https://" not in cut
    assert cut.splitlines()[-1].startswith("id: ")


@pytest.mark.parametrize(
    ("text", "longest", "cut"),
    [
        ("short enough", 12, "short enough"),
        ("cut after a word, not in it", 14, "cut after a…"),
        ("see https://harbour.example/1 now", 25, "see…"),
        ("https://harbour.example/1", 10, "…"),
        ("https://harbour.example/1- and more", 28, "https://harbour.example/1- …"),
        ("abcdefghij", 5, "abcd…"),
        ("cafe\u0301s", 5, "caf…"),
        ("ab👩\u200d🚢cd", 5, "ab…"),
        ("anything", 0, ""),
    ],
)
def test_where_a_text_is_cut(text: str, longest: int, cut: str) -> None:
    """After a word; never within a link, a letter and its accent, or a sign that is joined of several."""
    assert shortened(text, longest) == cut


_TEXT = st.text(st.sampled_from("ab @<>*_&\n👩\u200d\u0301я](`#-"), max_size=120)
_PIECE = st.builds(
    Marked, words=st.one_of(_TEXT, st.just(" https://harbour.example/x_y?a=1&b=2 ")), is_match=st.booleans()
)


@settings(deadline=None)  # on a busy machine a text may wait longer than Hypothesis likes
@given(st.lists(_PIECE, max_size=12), st.sampled_from(sorted(MANNERS)), st.integers(60, 400))
def test_whatever_the_words_are_they_fit_and_no_link_is_broken(pieces: list[Marked], kind: str, longest: int) -> None:
    """For every service's way of writing; the last line stays."""
    message = replace(rendered(), pieces=(*pieces, Marked(words="\nid: abc")), text="")
    manner = replace(MANNERS[kind], longest=longest)
    text = text_of(laid_out(message, manner))
    assert manner.length(text) <= longest
    assert text.endswith("id: abc")
    for link in re.findall(r"https://[^\s\u200b*]*", text):
        assert link in ("https://harbour.example/x_y?a=1&b=2", "https://harbour.example/x_y?a=1&amp;b=2")


@settings(deadline=None)  # on a busy machine a text may wait longer than Hypothesis likes
@given(st.lists(_PIECE, max_size=12))
def test_what_ntfy_gets_is_never_longer_than_it_takes(pieces: list[Marked]) -> None:
    """The whole request counts, with its title and its escapes."""
    long = tuple(Marked(words=piece.words * 30, is_match=piece.is_match) for piece in pieces)
    message = replace(rendered(), pieces=(*long, Marked(words="\nid: abc")), text=text_of(long) + "\nid: abc")
    written = json.dumps(for_ntfy(message, "desk"), ensure_ascii=False, separators=(",", ":"))
    assert utf8_bytes(written) <= LONGEST_BODY


def test_a_cut_between_words_is_no_longer_than_the_cut_within_one() -> None:
    """Where it ends with what could open a tag, that is kept apart from what follows, which takes room itself."""
    for longest in range(40, 120):
        pieces = (Marked(words="a" * 20 + "< b" * 40), Marked(words="\nid: abc"))
        message = replace(rendered(), pieces=pieces, text=text_of(pieces))
        manner = Manner(longest=longest, length=utf8_bytes)
        assert utf8_bytes(text_of(laid_out(message, manner))) <= longest


def test_text_without_pieces_is_laid_out_as_it_is() -> None:
    """Such as a template's."""
    message = replace(rendered(), pieces=(), text="Strike ends\nid: abc")
    assert text_of(laid_out(message, Manner(longest=100))) == "Strike ends\nid: abc"


@pytest.mark.parametrize("kind", CHATS)
async def test_a_long_digest_tells_whole_entries_and_how_many_are_left_out(kind: str) -> None:
    """Cut by entries, not by signs, as far as that goes."""
    message = digest(150)
    text = (await seen_by(kind, message))[TEXT_OF[kind]].replace("\u200b", "")
    lines = text.splitlines()
    assert lines[-1] == f"id: {message.public_id}"
    links = [line for line in lines if line.startswith("https://")]
    assert 2 < len(links) < 150
    assert all(re.fullmatch(r"https://harbour\.example/\d+", link) for link in links)
    assert re.search(r"\band \d+ more", text)


def digest(alerts: int) -> Rendered:
    """A digest as it is rendered, of so many stories."""
    each = tuple(
        rendered(f"Strike {number} ends after long talks", link=f"https://harbour.example/{number}").items[0].alert
        for number in range(alerts)
    )
    message = Message(
        id=MessageId(1),
        public_id=PublicId("d" * 12),
        channel="desk",
        alerts=each,
        created_at=NOW,
        title=f"Digest of 29 March, 07:00: {alerts} alerts",
        hold=Hold.DIGEST,
    )
    return render(message, now=NOW)
