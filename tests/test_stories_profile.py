"""What the entries of a story have in common: sums that do not depend on order, and can be taken back."""

import random
import time
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.stories.likeness import compare
from monitor.stories.profile import FIRST, LAST, Profile, Sums
from monitor.stories.sketch import Sketch
from tests.sketching import sketched, sketches


def seen(sums: Sums) -> dict[str, object]:
    """All that comparisons look at, without the order in which it came."""
    found = {slot: deepcopy(getattr(sums, slot)) for slot in Sums.__slots__}
    return found | {"core": sorted(sums.core), "phrases": sorted((rate, sorted(runs)) for rate, runs in sums.phrases)}


def many(count: int) -> list[Sketch]:
    """Entries of one story, each with a word of its own."""
    return [
        sketched(f"Ferry Alma adrift off Norvik, says outlet{at}", f"The tug number {at} is near.")
        for at in range(count)
    ]


@settings(deadline=None)
@given(st.lists(sketches(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_came_makes_no_difference(entries: list[Sketch], chance: random.Random) -> None:
    """Whole numbers have the same sum either way round: a restart that reads them in another order decides alike."""
    shuffled = entries.copy()
    chance.shuffle(shuffled)
    assert seen(Profile(entries).sums) == seen(Profile(shuffled).sums)
    assert compare(entries[0], Profile(entries)) == compare(entries[0], Profile(shuffled))


@settings(deadline=None)
@given(st.lists(sketches(), min_size=1, max_size=5), sketches())
def test_what_was_added_can_be_removed(entries: list[Sketch], one: Sketch) -> None:
    """As if it had never been there."""
    profile = Profile(entries)
    before = seen(profile.sums)
    profile.add(one)
    profile.remove(one)
    assert seen(profile.sums) == before
    assert sorted(member.data for member in profile.members) == sorted(entry.data for entry in entries)


@settings(deadline=None)
@given(st.lists(sketches(), min_size=1, max_size=6))
def test_adding_one_by_one_is_adding_all_at_once(entries: list[Sketch]) -> None:
    profile = Profile()
    for entry in entries:
        profile.add(entry)
        assert profile.sums.count == len(profile)
    assert seen(profile.sums) == seen(Profile(entries).sums)
    assert profile.members == tuple(entries)


def test_an_entry_that_is_not_there_cannot_be_removed() -> None:
    profile = Profile(many(2))
    with pytest.raises(ValueError, match="not in list"):
        profile.remove(sketched("Another"))


@pytest.mark.parametrize("place", [0, FIRST, 30, -1])
def test_of_a_great_story_the_first_and_the_last_are_looked_at_whatever_is_removed(place: int) -> None:
    """Also where the removed one was itself not looked at."""
    entries = many(60)
    profile = Profile(entries)
    assert seen(profile.sums) == seen(Profile(entries[:FIRST] + entries[-LAST:]).sums)
    profile.add(sketched("Ferry Alma adrift, one more"))
    profile.remove(entries[place])
    left = [*entries, sketched("Ferry Alma adrift, one more")]
    left.remove(entries[place])
    assert seen(profile.sums) == seen(Profile(left[:FIRST] + left[-LAST:]).sums)
    assert len(profile) == 60


def test_a_comparison_with_five_thousand_entries_costs_what_one_with_thirty_two_does() -> None:
    """And no more than a few times what one with a single entry does."""

    def cost(profile: Profile, one: Sketch) -> float:
        compare(one, profile)
        best = 1.0
        for _ in range(5):
            began = time.process_time()
            for _ in range(50):
                compare(one, profile)
            best = min(best, time.process_time() - began)
        return best

    entries = many(FIRST + LAST)
    one = sketched("Ferry Alma adrift off Norvik", "The tug is near.")
    assert cost(Profile(entries * 157), one) < 3 * cost(Profile(entries), one)


def test_a_story_at_rest_forgets_only_what_can_be_worked_out_again() -> None:
    entries = many(3)
    profile = Profile(entries)
    before = compare(entries[0], profile)
    profile.rest()
    assert compare(entries[0], profile) == before
