"""What a feed's documents teach about its ids and links."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.polls import Habits, KeyHabit, Nature
from monitor.model.stories import KeySigns, Signs
from monitor.store.habits import pack_habits, unpack_habits
from monitor.stories.habits import Lesson, LessonKind, learn
from tests.plain_values import NOW

GOOD = KeySigns(told=9, kept=9)
CHANGED = KeySigns(told=9, kept=1, changed=8)
LIED = KeySigns(told=9, kept=1, lied=8)


def taught(*documents: KeySigns, entries: int = 9) -> tuple[Habits, list[Lesson]]:
    """Feed the signs of ids, document by document, beside links without fault."""
    habits, lessons = Habits(), list[Lesson]()
    for ids in documents:
        habits, new = learn(habits, Signs(entries=entries, ids=ids, links=GOOD), NOW)
        lessons += new
    return habits, lessons


def kinds(lessons: list[Lesson]) -> list[LessonKind]:
    return [lesson.kind for lesson in lessons]


def test_a_faultless_feed_teaches_only_that_it_is_one() -> None:
    """No lesson, and keys that have shown what they can."""
    habits, lessons = taught(GOOD, GOOD)
    assert (habits.ids, lessons) == (KeyHabit(nature=Nature.OWN, shown=9), [])


def test_one_change_of_all_ids_is_told_and_forgotten() -> None:
    """A new CMS: afterwards they are as good as before."""
    habits, lessons = taught(GOOD, CHANGED, GOOD)
    assert kinds(lessons) == [LessonKind.CHANGED]
    assert (habits.ids.changes, habits.ids.doubted_since) == (0, None)


def test_three_changes_running_are_a_habit() -> None:
    """The doubt is told once and stays."""
    habits, lessons = taught(GOOD, CHANGED, CHANGED, CHANGED, CHANGED, GOOD)
    assert kinds(lessons) == [LessonKind.CHANGED, LessonKind.RESTLESS]
    assert habits.ids.doubted_since == NOW


def test_three_lies_are_a_habit_also_with_quiet_documents_between() -> None:
    """A lonely entry under the one id is kept until the next one comes."""
    quiet, lie = KeySigns(told=1, kept=1), KeySigns(told=1, lied=1)
    habits, lessons = taught(quiet, lie, quiet, lie, quiet, lie, entries=1)
    assert kinds(lessons) == [LessonKind.LYING]
    assert habits.ids.doubted_since == NOW


def test_a_document_without_fault_wipes_lies_out() -> None:
    """One slip a year does not add up."""
    habits, lessons = taught(LIED, GOOD, LIED, GOOD, LIED, GOOD)
    assert (habits.ids.lies, lessons) == (0, [])


def test_one_changed_entry_is_an_editors_doing() -> None:
    """No alarm for it."""
    _, lessons = taught(KeySigns(told=1, changed=1), entries=1)
    assert lessons == []


def test_a_nature_is_told_when_it_changes() -> None:
    """Missing, shared and huge ids; not the way back, and not what a lonely entry cannot show."""
    missing, shared, huge = KeySigns(missing=9), KeySigns(shared=9), KeySigns(told=9, huge=9)
    _, lessons = taught(GOOD, missing, missing, GOOD, shared, shared, huge)
    assert kinds(lessons) == [LessonKind.MISSING, LessonKind.SHARED, LessonKind.HUGE]
    habits, _ = taught(shared)
    lonely, lessons_of_one = learn(habits, Signs(entries=1, ids=KeySigns(told=1), links=KeySigns(told=1)), NOW)
    assert (lonely.ids.nature, lessons_of_one) == (Nature.SHARED, ())


def test_an_empty_document_teaches_nothing() -> None:
    """A feed between two seasons."""
    habits, _ = taught(GOOD)
    assert learn(habits, Signs(), NOW) == (habits, ())


def test_links_are_learned_likewise() -> None:
    """Missing ones count only where there were some."""
    signs = Signs(entries=9, ids=GOOD, links=KeySigns(missing=9))
    habits, lessons = learn(Habits(), signs, NOW)
    assert lessons == ()
    habits, _ = learn(habits, replace(signs, links=GOOD), NOW)
    _, (lesson,) = learn(habits, signs, NOW)
    assert (lesson.key, lesson.kind) == ("links", LessonKind.MISSING)


habit = st.builds(
    KeyHabit,
    nature=st.sampled_from(Nature),
    shown=st.integers(0, 5000),
    changes=st.integers(0, 5),
    lies=st.integers(0, 5),
    doubted_since=st.sampled_from([None, NOW]),
)


@given(st.builds(Habits, ids=habit, links=habit))
def test_habits_outlive_the_process(habits: Habits) -> None:
    """What is packed comes back whole."""
    assert unpack_habits(pack_habits(habits)) == habits


counts = st.integers(0, 20)
signs = st.builds(
    KeySigns, told=counts, novel=counts, missing=counts, shared=counts, kept=counts, changed=counts, lied=counts
)


@given(st.lists(signs, max_size=12))
def test_doubt_comes_once_and_never_without_three_bad_documents(documents: list[KeySigns]) -> None:
    """And it never goes."""
    habits, doubts = Habits(), 0
    bad = 0
    for ids in documents:
        was = habits.ids.doubted_since
        habits, lessons = learn(habits, Signs(entries=20, ids=ids, links=GOOD), NOW)
        bad += ids.changed > ids.kept or ids.lied > ids.kept
        doubts += sum(lesson.kind in {LessonKind.RESTLESS, LessonKind.LYING} for lesson in lessons)
        assert was is None or habits.ids.doubted_since == was
        assert habits.ids.doubted_since is None or bad >= 3
    assert doubts == (habits.ids.doubted_since is not None)
