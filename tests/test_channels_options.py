"""`channels.kinds` and `channels.options`: a channel, or everything that is wrong with it at once."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.kinds import KINDS, OptionMistake, build
from monitor.channels.options import OptionReader
from monitor.model.alerts import Rendered, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel

THERE_IS = f"unknown kind of channel, there is {', '.join(sorted(KINDS))}"
GOOD_URL = "https://hook.example/in"


def spec(kind: str, **options: object) -> ChannelSpec:
    return ChannelSpec(name="desk", kind=kind, options=options)


def mistakes(kind: str, **options: object) -> dict[str, str]:
    built = build(spec(kind, **options))
    assert isinstance(built, tuple)
    return {one.option: one.what for one in built}


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("webhok", "unknown kind of channel, did you mean webhook?"),
        ("Console", "unknown kind of channel, did you mean console?"),
        (
            "pigeon",
            THERE_IS,
        ),
        (
            "",
            THERE_IS,
        ),
    ],
)
def test_an_unknown_kind_is_a_mistake_that_names_the_nearest(kind: str, what: str) -> None:
    """The reader learns what he meant, or what there is."""
    assert build(spec(kind)) == (OptionMistake(option="kind", what=what),)


def test_a_kind_can_be_added_from_outside() -> None:
    """Third parties bring a name and a factory; nothing here changes."""

    class Pigeon:
        async def send(self, message: Rendered) -> Sent | SendFailed:
            return Sent(note=message.subject)

        async def close(self) -> None:
            pass

    pigeon = Pigeon()

    def fly(_: ChannelSpec) -> Channel:
        return pigeon

    assert build(spec("pigeon"), kinds={**KINDS, "pigeon": fly}) is pigeon


def test_the_console_has_no_options() -> None:
    """What would be ignored is refused."""
    assert mistakes("console", colour="never") == {"colour": "unknown option: there is none"}
    assert not isinstance(build(spec("console")), tuple)


def test_a_webhook_with_every_option_right_is_built() -> None:
    """Only the address is needed."""
    assert not isinstance(build(spec("webhook", url=GOOD_URL)), tuple)
    full = spec("webhook", url=GOOD_URL, secret="s3cret", timeout="1m30s", headers={"X-Desk": "north"})
    assert not isinstance(build(full), tuple)


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody shall mend one only to meet the next."""
    assert mistakes(
        "webhook",
        ulr=GOOD_URL,
        secret="whsec_not base64!",
        timeout="soon",
        headers={"X-Desk": "two\r\nlines", "Content-Type": "text/plain", "X-Number": 7, "bad name": "x"},
    ) == {
        "ulr": "unknown option, did you mean url?",
        "url": "is missing",
        "secret": "must go on in base64 after whsec_",
        "timeout": "must be a duration such as 15s or 1m",
        "headers.X-Desk": "must be one line of ASCII characters",
        "headers.Content-Type": "is set by tocsin itself",
        "headers.X-Number": "must be a text: put it in quotes",
        "headers": "has a name that cannot be the name of a header",
    }


@pytest.mark.parametrize(
    "url",
    [
        "hook.example/in",
        "ftp://hook.example/in",
        "https://",
        "https:///in",
        "https://hook.example:port/",
        "https://hook.example:99999/",
        "https://hook.example/a b",
        "https://hook.example/\r\nHost: x",
        "https://[::1/",
        "https://hook.example/\ud800",
    ],
)
def test_an_address_that_cannot_be_posted_to_is_a_mistake(url: str) -> None:
    """And the mistake does not repeat the address: the path may be the secret."""
    assert mistakes("webhook", url=url) == {
        "url": "must be an address that begins with http:// or https:// and names a host"
    }


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"url": None}, {"url": "is empty"}),
        ({"url": "  "}, {"url": "is empty"}),
        ({"url": 7}, {"url": "must be a text: put it in quotes"}),
        ({"url": GOOD_URL, "secret": None}, {"secret": "is empty"}),
        ({"url": GOOD_URL, "secret": ""}, {"secret": "is empty"}),
        ({"url": GOOD_URL, "secret": "whsec_"}, {"secret": "must go on in base64 after whsec_"}),
        ({"url": GOOD_URL, "secret": "\ud800"}, {"secret": "has characters that cannot be written as UTF-8"}),
        ({"url": GOOD_URL, "timeout": 15}, {"timeout": "must be a duration such as 15s or 1m"}),
        ({"url": GOOD_URL, "timeout": ""}, {"timeout": "must be a duration such as 15s or 1m"}),
        ({"url": GOOD_URL, "timeout": "0s"}, {"timeout": "must be between 1s and 120s"}),
        ({"url": GOOD_URL, "timeout": "3h"}, {"timeout": "must be between 1s and 120s"}),
        ({"url": GOOD_URL, "headers": ["X"]}, {"headers": "must be a mapping of names to texts"}),
        (
            {"url": "https://me:pw@hook.example/", "headers": {"Authorization": "Bearer x"}},
            {"headers.Authorization": "is given twice: the url names a user as well"},
        ),
    ],
)
def test_each_wrong_option_has_its_sentence(options: Mapping[str, object], wrong: dict[str, str]) -> None:
    """An empty secret above all: it would mean that nothing is signed."""
    assert mistakes("webhook", **options) == wrong


@given(
    st.dictionaries(
        st.sampled_from(["url", "secret", "timeout", "headers", "extra"]),
        st.one_of(
            st.none(),
            st.integers(),
            st.text(),
            st.text().map("https://".__add__),
            st.text().map("whsec_".__add__),
            st.dictionaries(st.text(), st.text()),
        ),
    )
)
def test_no_options_make_it_raise_or_talk(options: dict[str, object]) -> None:
    """Whatever the file says becomes a channel or mistakes, and no mistake repeats a value."""
    canary = "canary-4711"
    spoilt = {key: f"{value}{canary}" if isinstance(value, str) else value for key, value in options.items()}
    built = build(ChannelSpec(name="desk", kind="webhook", options=spoilt))
    if isinstance(built, tuple):
        assert built
        assert all(canary not in one.what for one in built)


def test_durations_are_read_in_hours_minutes_and_seconds() -> None:
    """As everywhere in the configuration; without one the default holds."""
    reader = OptionReader({"a": "90s", "b": "1h2m3s", "c": " 2m "}, known=("a", "b", "c"))
    least, most = timedelta(0), timedelta(days=1)
    read = [reader.duration(name, timedelta(7), least=least, most=most) for name in ("a", "b", "c", "d")]
    assert read == [timedelta(seconds=90), timedelta(seconds=3723), timedelta(minutes=2), timedelta(7)]
    assert reader.mistakes == ()


def test_checking_channels_does_not_load_the_http_library() -> None:
    """`check` must answer at once."""
    code = (
        "import sys; from monitor.channels.kinds import build; from monitor.model.settings import ChannelSpec; "
        "build(ChannelSpec(name='a', kind='webhook', options={'url': 'https://hook.example/'})); "
        "build(ChannelSpec(name='b', kind='console')); sys.exit('aiohttp' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
