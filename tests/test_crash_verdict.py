"""The judge of the crash harness is not blind: each wrong that a daemon could do has its place in the verdict."""

from tests.crash.loopback import Post
from tests.crash.verdict import judged

EXPECTED = {("desk", "Truce signed"), ("desk", "Truce kept")}


def post(
    run: int, title: str = "Truce signed", *, public_id: str = "", key: str = "", is_refused: bool = False
) -> Post:
    """A message of a run; its id follows from its title, and the key beside it from the id."""
    name = public_id or title.replace(" ", "-")
    return Post(
        run=run,
        channel="desk",
        public_id=name,
        key=key or name,
        title=title,
        rule="truce",
        at=0.0,
        is_refused=is_refused,
    )


def test_everything_once_is_good() -> None:
    """The plain case."""
    verdict = judged([post(1), post(1, "Truce kept")], EXPECTED)

    assert verdict.is_good
    assert verdict.repeated == ()


def test_what_never_arrived_is_lost() -> None:
    """A message that was only refused has not arrived either."""
    verdict = judged([post(1), post(1, "Truce kept", is_refused=True)], EXPECTED)

    assert verdict.lost == (("desk", "Truce kept"),)
    assert not verdict.is_good


def test_what_nobody_asked_for_is_unwanted() -> None:
    """Such as an alert about the baseline."""
    verdict = judged([post(1), post(1, "Truce kept"), post(2, "An old truce")], EXPECTED)

    assert verdict.unwanted == (("desk", "An old truce"),)
    assert not verdict.is_good


def test_a_story_under_two_ids_is_doubled() -> None:
    """Whether in two messages or in one whose key contradicts its body."""
    twice = judged([post(1), post(2, public_id="other"), post(2, "Truce kept")], EXPECTED)
    contradiction = judged([post(1, key="other"), post(1, "Truce kept")], EXPECTED)

    assert twice.doubled == contradiction.doubled == (("desk", "Truce signed"),)
    assert {twice.is_good, contradiction.is_good} == {False}


def test_the_last_message_of_a_dead_daemon_may_come_again_first_of_all() -> None:
    """It was in flight; a daemon in between that sent nothing there changes nothing, nor does a refusal."""
    verdict = judged([post(1), post(3, is_refused=True), post(3), post(4), post(4, "Truce kept")], EXPECTED)

    assert verdict.is_good
    assert verdict.repeated == (("desk", "Truce-signed"),) * 2


def test_a_repeat_of_what_was_not_in_flight_is_stray() -> None:
    """One by the same daemon, or of a message that another one had followed already."""
    same_run = judged([post(1), post(1), post(1, "Truce kept")], EXPECTED)
    too_late = judged([post(1), post(1, "Truce kept"), post(2)], EXPECTED)

    assert same_run.stray == too_late.stray == (("desk", "Truce-signed"),)
    assert {same_run.is_good, too_late.is_good} == {False}
