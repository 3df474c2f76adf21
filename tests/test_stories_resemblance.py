"""Whether two texts could be one piece of news before and after an edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.entries import Text
from monitor.stories.resemblance import is_alike


def title(words: str) -> Text:
    return Text(title=words)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Harbour council puts ferry question off", "Ferry question: council waits until spring"),
        ("Паром сел на мель у северного мола", "Экипаж парома, севшего на мель у мола, спасён"),
        ("渡轮在北方港口搁浅", "渡轮搁浅北方港口，船员获救"),
        ("Quake of 6.4 off the coast", "6.4"),
    ],
)
def test_an_edited_headline_is_alike(before: str, after: str) -> None:
    """Some of the telling words stay."""
    assert is_alike(title(before), title(after))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour council puts ferry question off", "Storm tears the roof from a fish market off the coast"),
        ("Паром сел на мель у северного мола", "На юге у моря сел новый самолёт"),
        ("渡轮在北方港口搁浅", "市长在南方城市辞职"),
        ("It is on", "It is on"),
        ("", ""),
    ],
)
def test_grammar_and_single_signs_make_nothing_alike(one: str, other: str) -> None:
    """What any two texts share says nothing; nor do texts without a telling word."""
    assert not is_alike(title(one), title(other))


def test_the_lead_counts_and_the_long_rest_does_not() -> None:
    """A new headline over the old story is alike; the same advertisement below two stories is not enough."""
    lead = "Alma sailed at nine with forty passengers and lost her rudder before the mole."
    assert is_alike(Text(title="Rudder lost", summary=lead), Text(title="Passengers saved at night", summary=lead))
    advertisement = " Subscribe today, the harbour paper wherever you are."
    one = Text(title="Mayor resigns", body="Mayor, bridge, inquiry. " * 100 + advertisement)
    assert not is_alike(one, Text(title="Storm", body="Roof, market, night. " * 100 + advertisement))


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    """Whichever came first."""
    assert is_alike(title(one), title(other)) == is_alike(title(other), title(one))
