"""Short names: stable, readable, one for one key."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.text.naming import short_name


def test_a_name_stays_what_it_was() -> None:
    """Messages that were sent carry it: it must be the same in every version."""
    assert short_name("first|truce|link:https://a.example/1") == "th4129z166es"


@given(st.text())
def test_a_name_is_twelve_signs_that_cannot_be_misread(key: str) -> None:
    """Whatever the key holds; no i, l, o or u."""
    name = short_name(key)
    assert len(name) == 12
    assert set(name) <= set("0123456789abcdefghjkmnpqrstvwxyz")
    assert short_name(key) == name
