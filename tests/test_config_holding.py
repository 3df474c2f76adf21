"""What holds alerts back, as people write it: every text is read, or the mistake is at the word that is wrong."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.hours import MOST, Unreadable, read_digest, read_quiet, read_rate
from monitor.config.load import load
from monitor.model.holding import (
    DEFAULT_BACKLOG,
    DEFAULT_THROTTLE,
    DailyDigest,
    Handling,
    Handlings,
    Hold,
    PeriodicDigest,
    QuietHours,
    Rate,
    Route,
)
from monitor.model.rules import Priority
from monitor.model.settings import Settings

MINUTE = timedelta(minutes=1)
BERLIN = "Europe/Berlin"
WORKDAYS = frozenset(range(5))
CONFIGURATION = """\
outlets:
  - {name: Example, tags: [coast], feeds: [{url: "https://example.org/rss"}]}
channels:
  - name: desk
    kind: apprise
    CHANNEL
  - {name: screen, kind: console}
rules:
  - name: storm
    query: storm
    RULE
ROUTES
"""


def written(folder: Path, *, channel: str = "", rule: str = "", routes: str = "") -> Path:
    text = CONFIGURATION.replace("CHANNEL", channel).replace("RULE", rule).replace("ROUTES", routes)
    path = folder / "tocsin.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def settings(folder: Path, *, channel: str = "", rule: str = "", routes: str = "") -> Settings:
    loaded = load(written(folder, channel=channel, rule=rule, routes=routes), {})
    assert [str(one) for one in loaded.mistakes] == []
    assert loaded.settings is not None
    return loaded.settings


def said(folder: Path, *, channel: str = "", rule: str = "", routes: str = "", **environment: str) -> list[str]:
    loaded = load(written(folder, channel=channel, rule=rule, routes=routes), environment)
    return [str(one).replace(f"{folder}/tocsin.yaml:", "") for one in loaded.mistakes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07:00 Europe/Berlin", DailyDigest(at=time(7), zone=BERLIN)),
        ("7:05  Europe/Berlin  mon-fri", DailyDigest(at=time(7, 5), zone=BERLIN, days=WORKDAYS)),
        (
            "02:30 Australia/Lord_Howe Sat, sunday",
            DailyDigest(at=time(2, 30), zone="Australia/Lord_Howe", days=frozenset({5, 6})),
        ),
        ("23:59 UTC fri-mon,wed", DailyDigest(at=time(23, 59), zone="UTC", days=frozenset({4, 5, 6, 0, 2}))),
        ("every 30m", PeriodicDigest(every=30 * MINUTE)),
        ("every 30 min", PeriodicDigest(every=30 * MINUTE)),
        ("every hour", PeriodicDigest(every=60 * MINUTE)),
        ("every 1h30m", PeriodicDigest(every=90 * MINUTE)),
        ("every 1 day", PeriodicDigest(every=timedelta(days=1))),
    ],
)
def test_a_digest_is_a_time_with_its_zone_or_a_stretch(text: str, expected: object) -> None:
    """Days are single ones and spans, which may go over the end of the week."""
    assert read_digest(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22:00-07:00 Europe/Berlin", QuietHours(begin=time(22), end=time(7), zone=BERLIN)),
        ("22:00 – 7:00 Europe/Berlin mon-fri", QuietHours(begin=time(22), end=time(7), zone=BERLIN, days=WORKDAYS)),
        ("00:00-24:00 UTC sat,sun", QuietHours(begin=time(0), end=time(0), zone="UTC", days=frozenset({5, 6}))),
    ],
)
def test_quiet_hours_are_two_times_with_their_zone(text: str, expected: QuietHours) -> None:
    """24:00 is the midnight at the end of a day."""
    assert read_quiet(text) == expected


@pytest.mark.parametrize(
    ("text", "most", "minutes"),
    [
        ("20 in 10m", 20, 10),
        ("20/m", 20, 1),
        ("20/min", 20, 1),
        ("5 per hour", 5, 60),
        ("1 in 2h", 1, 120),
        ("3/5m", 3, 5),
    ],
)
def test_a_rate_is_so_many_in_so_much_time(text: str, most: int, minutes: int) -> None:
    """In the words that come to mind."""
    assert read_rate(text) == Rate(most=most, per=minutes * MINUTE)


@pytest.mark.parametrize(
    ("key", "text", "word", "what"),
    [
        ("digest", "morning", "morning", "expected a time and its zone, such as 07:00 Europe/Berlin "),
        ("digest", "07:00", "07:00", "a local time needs its zone, as in 07:00 Europe/Berlin"),
        ("digest", "25:00 Europe/Berlin", "25:00", "there is no such time: expected 00:00 to 23:59"),
        ("digest", "07:00 Europe/Berlim", "Europe/Berlim", "unknown zone, did you mean Europe/Berlin?"),
        ("digest", "07:00 europe/berlin", "europe/berlin", "unknown zone, did you mean Europe/Berlin?"),
        ("digest", "07:00 Istanbul mon", "Istanbul", "unknown zone, did you mean Europe/Istanbul?"),
        ("digest", "07:00 Europe", "Europe", "unknown zone, "),
        ("digest", "07:00 ../etc/passwd", "../etc/passwd", "unknown zone, "),
        ("digest", "07:00 MESZ", "MESZ", "unknown zone, "),
        ("digest", "07:00 Europe/Berlin mon-fry", "fry", "unknown day, did you mean fri?"),
        ("digest", "07:00 Europe/Berlin daily", "daily", "unknown day, "),
        ("digest", "07:00 Europe/Berlin ,", ",", "expected days such as mon-fri or sat,sun"),
        ("digest", "every 30", "30", "expected a duration from 1m to 1d, as in every 30m"),
        ("digest", "every 10s", "10s", "expected a duration from 1m to 1d, as in every 30m"),
        ("digest", "every 2 days", "2 days", "expected a duration from 1m to 1d, as in every 30m"),
        ("quiet", "22:00 Europe/Berlin", "22:00", "expected two times and their zone, such as 22:00-07:00 "),
        ("quiet", "22:00-07:60 UTC", "07:60", "there is no such time: expected 00:00 to 23:59"),
        ("quiet", "24:00-07:00 UTC", "24:00", "there is no such time: expected 00:00 to 23:59"),
        ("quiet", "22:00-07:00", "22:00", "a local time needs its zone, as in 22:00-07:00 Europe/Berlin"),
        ("quiet", "22:00-22:00 UTC", "22:00-22:00", "quiet all week: nothing but urgent alerts would ever be sent"),
        ("throttle", "20", "20", "expected so many in so much time, such as 20 in 10m or 1/s"),
        ("throttle", "0 in 10m", "0", "expected from 1 to 10,000 at a time"),
        ("throttle", "5 in 2d", "2d", "expected a time from 1s to 1d"),
        ("throttle", "5 in 0s", "0s", "expected a time from 1s to 1d"),
        ("rate", "fast", "fast", "expected so many in so much time, such as 20 in 10m or 1/s"),
    ],
)  # fmt: skip
def test_a_mistake_is_at_the_word_that_is_wrong(tmp_path: Path, key: str, text: str, word: str, what: str) -> None:
    """File, line and column of it, with the right word where there is one near."""
    [mistake] = said(tmp_path, channel=f'{key}: "{text}"')
    start = text.index(word)
    column = len(f"    {key}: ") + (start + 1 if start else 0) + 1
    assert mistake.startswith(f"6:{column}: channels.1.{key}: {what}")


def test_in_a_list_of_quiet_hours_each_has_its_own_mistakes(tmp_path: Path) -> None:
    """And what concerns several of them is told once."""
    texts = 'quiet: ["22:00-07:00 UTC", "12:00-14:00 UCT1", 5]'
    assert said(tmp_path, rule=texts) == [
        "11:45: rules.1.quiet.2: unknown zone, did you mean UCT?",
        "11:52: rules.1.quiet.3: expected a text such as 22:00-07:00 Europe/Berlin",
    ]
    within = 'quiet: ["22:00-07:00 UTC", "06:00-07:00 UTC mon"]'
    assert said(tmp_path, channel=within) == [
        "6:12: channels.1.quiet: some of these hours lie within the others: leave them out"
    ]
    assert said(tmp_path, channel='quiet: ["22:00-07:00 UTC mon-fri", "00:00-24:00 UTC sat,sun"]') == []
    week = 'quiet: ["00:00-12:00 UTC", "12:00-24:00 UTC"]'
    assert "quiet all week" in said(tmp_path, channel=week)[0]
    elsewhere = 'quiet: ["22:00-07:00 UTC", "06:00-08:00 Europe/Berlin"]'
    assert said(tmp_path, channel=elsewhere) == []


@pytest.mark.parametrize("key", ["digest", "quiet", "throttle"])
def test_a_value_that_is_no_text_is_a_mistake(tmp_path: Path, key: str) -> None:
    """With an example of what is meant."""
    [mistake] = said(tmp_path, channel=f"{key}: 7")
    assert mistake.startswith(f"6:{len(key) + 7}: channels.1.{key}: expected a ")


def test_a_mistake_never_repeats_what_came_from_outside(tmp_path: Path) -> None:
    """It may be a secret that stands there by accident."""
    [mistake] = said(tmp_path, channel='digest: "07:00 ${TOKEN}"', TOKEN="sesame-open")
    assert mistake.startswith("6:20: channels.1.digest: unknown zone")
    assert "sesame" not in mistake


def test_what_is_written_is_what_holds(tmp_path: Path) -> None:
    """Channels, rules and pacing."""
    found = settings(
        tmp_path,
        channel='{rate: 1/s, quiet: "22:00-07:00 UTC", digest: 07:00 UTC, empty_digest: send, throttle: 3/m}'.strip(
            "{}"
        ).replace(", ", "\n    "),
        rule="digest: off\n    quiet: false\n    throttle: 5 in 1h",
    )
    assert found.handlings == Handlings(
        channels={
            "desk": Handling(
                digest=DailyDigest(at=time(7), zone="UTC", says_nothing=True),
                quiet=(QuietHours(begin=time(22), end=time(7), zone="UTC"),),
                throttle=Rate(most=3, per=MINUTE),
            )
        },
        rules={"storm": Handling(throttle=Rate(most=5, per=60 * MINUTE), off=frozenset({Hold.DIGEST, Hold.QUIET}))},
        pacing={"desk": Rate(most=1, per=timedelta(seconds=1))},
        backlogs={"desk": DEFAULT_BACKLOG},
    )


def test_a_channel_that_people_read_is_throttled_unless_it_says_otherwise(tmp_path: Path) -> None:
    """Screens and machines are not."""
    assert settings(tmp_path).handlings.channels == {"desk": Handling(throttle=DEFAULT_THROTTLE)}
    assert settings(tmp_path, channel="throttle: off").handlings.channels == {}


@pytest.mark.parametrize(
    ("key", "backlogs"),
    [("", {"desk": 50}), ("backlog_digest: 7", {"desk": 7}), ("backlog_digest: off", {})],
)
def test_a_channel_that_people_read_gets_a_backlog_in_one_message_unless_it_says_otherwise(
    tmp_path: Path, key: str, backlogs: dict[str, int]
) -> None:
    """More than fifty; screens and machines take everything one by one, unless they are told to."""
    assert settings(tmp_path, channel=key).handlings.backlogs == backlogs
    screen = "{name: screen, kind: console, backlog_digest: 9}"
    text = written(tmp_path).read_text(encoding="utf-8").replace("{name: screen, kind: console}", screen)
    (tmp_path / "tocsin.yaml").write_text(text, encoding="utf-8")
    loaded = load(tmp_path / "tocsin.yaml", {}).settings
    assert loaded is not None
    assert loaded.handlings.backlogs == {"desk": 50, "screen": 9}


@pytest.mark.parametrize("value", ["0", "1001", "1.5", "many", "no", "true", "[50]", '"50"'])
def test_a_backlog_is_a_number_of_alerts(tmp_path: Path, value: str) -> None:
    """What else is written there is a mistake where it stands."""
    [mistake] = said(tmp_path, channel=f"backlog_digest: {value}")
    assert mistake == "6:21: channels.1.backlog_digest: expected a number of alerts from 1 to 1,000, or off"


@pytest.mark.parametrize("digest", ["", "digest: every 30m", "digest: off"])
def test_only_a_daily_digest_can_be_empty(tmp_path: Path, digest: str) -> None:
    """Whoever wants to hear of nothing must say at what time."""
    more = f"{digest}\n    empty_digest: send".lstrip("\n ")
    [mistake] = said(tmp_path, channel=more)
    assert mistake.endswith(
        "channels.1.empty_digest: only a daily digest can be empty, such as digest: 07:00 Europe/Berlin"
    )


def test_routes_name_channels_and_conditions(tmp_path: Path) -> None:
    """Each once, in their order."""
    routes = (
        "routes:\n"
        "  - {channels: [desk, screen, desk], rules: [storm], priorities: [urgent, low]}\n"
        "  - {channels: [screen], tags: [coast], outlets: [Example], languages: [en]}\n"
    )
    assert settings(tmp_path, routes=routes).routes == (
        Route(channels=("desk", "screen"), rules=("storm",), priorities=(Priority.URGENT, Priority.LOW)),
        Route(channels=("screen",), tags=("coast",), outlets=("Example",), languages=("en",)),
    )


def test_a_route_names_only_what_exists(tmp_path: Path) -> None:
    """With the nearest word."""
    routes = (
        "routes:\n"
        "  - {channels: [dest], rules: [strom], tags: [coats], outlets: [Exmaple], priorities: [urgnt], lang: [en]}\n"
        "  - {channels: []}\n"
        "  - {rules: [storm]}\n"
    )
    assert [one.partition(": ")[2] for one in said(tmp_path, routes=routes)] == [
        "routes.1.channels.1: unknown channel 'dest', did you mean 'desk'?",
        "routes.1.rules.1: unknown rule 'strom', did you mean 'storm'?",
        "routes.1.tags.1: unknown tag 'coats', did you mean 'coast'?",
        "routes.1.outlets.1: unknown outlet 'Exmaple', did you mean 'Example'?",
        "routes.1.priorities.1: unknown value 'urgnt', did you mean 'urgent'?",
        "routes.1.lang: unknown key, did you mean languages?",
        "routes.2.channels: expected one at least",
        "routes.3.channels: missing",
    ]


_pieces = st.sampled_from(
    [
        "07:00",
        "7:60",
        "-",
        "–",
        " ",
        "Europe/Berlin",
        "UTC",
        "mon",
        "-fri",
        ",",
        "every",
        "30",
        "m",
        "min",
        "20",
        "/",
        "in",
        "é",
    ]
)


@given(st.lists(_pieces, max_size=8).map("".join) | st.text(max_size=20))
def test_whatever_is_written_is_read_or_refused_at_a_place(text: str) -> None:
    """Property: no other error, and the place lies in the text."""
    for read in (read_digest, read_quiet, read_rate):
        at = -1
        try:
            found = read(text)
        except Unreadable as error:
            at = error.at
            found = None
        assert 0 <= at <= len(text) if found is None else at == -1
        assert not isinstance(found, Rate) or 1 <= found.most <= MOST
