"""Headers about asking again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.polls import Validators
from monitor.net.headers import freshness_seconds, max_age_seconds, retry_after_seconds, validators

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), 0),
        (((b"Cache-Control", b"max-age=600"),), 600),
        (((b"cache-control", b'public, MAX-AGE="60"'),), 60),
        (((b"Cache-Control", b"s-maxage=9, max-age=5, max-age=7"),), 5),
        (((b"Cache-Control", b"max-age=600, no-cache"),), 0),
        (((b"Cache-Control", b"no-store"), (b"Expires", b"Fri, 20 Nov 2026 13:00:00 GMT")), 0),
        (((b"Cache-Control", b"max-age=99999999999999999999999"),), 86_400),
        (((b"Cache-Control", b"max-age=-1"),), 0),
        (((b"Cache-Control", b"max-age=soon"), (b"Expires", b"Fri, 20 Nov 2026 12:01:00 GMT")), 60),
        (((b"Expires", b"Fri, 20 Nov 2026 13:00:00 GMT"),), 3_600),
        (((b"Expires", b"Fri, 20 Nov 2026 13:00:00 GMT"), (b"Date", b"Fri, 20 Nov 2026 12:59:00 GMT")), 60),
        (((b"Expires", b"Fri, 20 Nov 2026 13:00:00 -0000"),), 3_600),
        (((b"Expires", b"0"),), 0),
        (((b"Expires", b"Thu, 01 Jan 1970 00:00:00 GMT"),), 0),
        (((b"Expires", b"Fri, 31 Dec 9999 23:59:59 GMT"),), 86_400),
        (((b"Expires", b"x" * 1_000),), 0),
        (((b"Cache-Control", b"max-age=3600"), (b"Age", b"3500")), 100),
        (((b"Cache-Control", b"max-age=999999999"), (b"Age", b"999999000")), 999),
        (((b"Expires", b"Fri, 20 Nov 2026 13:00:00 GMT"), (b"Age", b"3000")), 600),
        (((b"Cache-Control", b"max-age=60"), (b"Age", b"9" * 500)), 0),
        (((b"Cache-Control", b"max-age=60"), (b"Age", b"-9")), 60),
    ],
)
def test_the_publishers_floor(headers: tuple[tuple[bytes, bytes], ...], seconds: int) -> None:
    """Cache-Control before Expires, a day at most, less what a cache has had it for; nonsense is none."""
    assert max_age_seconds(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        (((b"Cache-Control", b"private"), (b"Age", b"5")), None),
        (((b"Cache-Control", b"max-age=soon"),), None),
        (((b"Cache-Control", b"max-age=0"),), 0),
        (((b"Cache-Control", b"no-cache"),), 0),
        (((b"Expires", b"0"),), 0),
        (((b"Cache-Control", b"max-age=5"),), 5),
    ],
)
def test_to_say_nothing_of_freshness_is_not_to_deny_it(
    headers: tuple[tuple[bytes, bytes], ...], seconds: int | None
) -> None:
    """A 304 that says nothing leaves what was said; one that says "not fresh" ends it."""
    assert freshness_seconds(headers, NOW) == seconds


def test_of_several_validators_none_is_kept() -> None:
    """Which of two ETags names the document cannot be known; of two headers each has its own say."""
    pairs = ((b"ETag", b'"a"'), (b"etag", b'"b"'), (b"Last-Modified", b"then"))
    assert validators(pairs) == Validators(last_modified=b"then")


@given(st.binary(max_size=1_100))
def test_no_validator_can_break_a_request(value: bytes) -> None:
    """What is kept has no control characters and is no giant; else it is kept as it is."""
    kept = validators(((b"ETag", value),)).etag
    assert kept in {value, b""}
    assert len(kept) <= 1_000
    assert not any(byte < 0x20 or byte == 0x7F for byte in kept)


@given(st.binary(max_size=60))
def test_waiting_times_are_never_negative_and_never_crash(value: bytes) -> None:
    """Whatever a server sends."""
    wait = retry_after_seconds(((b"Retry-After", value),), NOW)
    assert wait is None or wait >= 0
    assert 0 <= max_age_seconds(((b"Cache-Control", b"max-age=" + value), (b"Expires", value)), NOW) <= 86_400
