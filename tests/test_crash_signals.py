"""Stop, reload and a second start, as people and systemd bring them about."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.loopback import Story
from tests.crash.nursery import Nursery, nursery
from tests.crash.scene import CHANNELS, Scene, scene

_STOP_SECONDS = 10.0
"""what SIGTERM may take at most"""


@pytest.fixture(scope="module")
def nest() -> Iterator[Nursery]:
    """Where the daemons of this module are born."""
    with nursery() as made:
        yield made


@pytest.fixture
def stage(nest: Nursery) -> Iterator[Scene]:
    """A scene of its own for each test; nothing runs yet."""
    with scene(nest) as made:
        yield made


def test_sigterm_in_mid_send_waits_for_the_answer(stage: Scene) -> None:
    """A receiver that answers within the grace is believed: the daemon leaves with 0 and repeats nothing."""
    stage.begin()
    with stage.sink.holding():
        _send_to_both(stage)
        stage.nursery.signal(signal.SIGTERM)
        assert stage.lives_on(0.2)

    assert stage.nursery.wait(_STOP_SECONDS) == 0
    _finish(stage)
    assert not stage.verdict.repeated


def test_sigterm_in_mid_send_does_not_wait_for_ever(stage: Scene) -> None:
    """Without an answer the daemon leaves when the grace is over; nothing is lost, one message a channel repeats."""
    stage.configure(grace="500ms")
    stage.begin()
    with stage.sink.holding():
        _send_to_both(stage)
        stage.publish(stage.wire)
        stage.wait_until(lambda: stage.is_read, "a second story")
        stage.nursery.signal(signal.SIGTERM)
        assert stage.nursery.wait(_STOP_SECONDS) == 0

    _finish(stage)
    assert _per_channel(stage) == dict.fromkeys(CHANNELS, 1)


def test_a_second_signal_ends_the_waiting(stage: Scene) -> None:
    """Who asks twice does not wait for the grace; nothing is lost all the same."""
    stage.configure(grace="1m")
    stage.begin()
    with stage.sink.holding():
        _send_to_both(stage)
        stage.nursery.signal(signal.SIGTERM)
        assert stage.lives_on(0.2)
        stage.nursery.signal(signal.SIGINT)
        stage.nursery.wait(_STOP_SECONDS)

    _finish(stage)
    assert all(count == 1 for count in _per_channel(stage).values())


def test_sigterm_in_mid_fetch_leaves_the_poll_undone(stage: Scene) -> None:
    """A publisher that does not answer holds nobody up; its news is told by the next daemon."""
    stage.configure(grace="300ms")
    stage.begin()
    with stage.gazette.holding():
        stage.publish(stage.gazette)
        stage.wait_until(lambda: stage.gazette.is_asked, "a fetch")
        stage.nursery.signal(signal.SIGTERM)
        assert stage.nursery.wait(_STOP_SECONDS) == 0

    _finish(stage)
    assert not stage.verdict.repeated


def test_a_second_daemon_leaves_at_once_and_the_first_goes_on(stage: Scene) -> None:
    """It exits 75 within a second, names the process that is at work, and disturbs it in nothing.

    A machine that takes longer than that to read a configuration gives it as much time.
    """
    stage.begin()
    begun = time.monotonic()
    command = [sys.executable, "-m", "monitor", "check", "--config", str(stage.home)]
    subprocess.run(command, check=True, env=os.environ | {"RUN": "none"})
    reading = time.monotonic() - begun
    with nursery() as other:
        stage.start(other)
        assert other.wait(_STOP_SECONDS) == 75
        took = time.monotonic() - other.started_at

    assert took < max(1.0, reading)
    stage.wait_for_log(f"process {stage.nursery.process}")
    stage.publish()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    assert {post.run for post in stage.sink.posts} == {1}
    stage.stop()


def test_sighup_with_a_bad_file_keeps_the_old_rules(stage: Scene) -> None:
    """Every mistake is logged at its place, and what was watched before is still watched."""
    stage.begin()
    stage.configure(query="'armistice AND ('")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_for_log("not reloaded")
    stage.wait_for_log("tocsin.yaml:")

    stage.publish()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    stage.stop()


def test_a_refused_reload_is_told_once_and_its_mending_too(stage: Scene) -> None:
    """An example that fails keeps the old rule; every channel hears of it, and of the end of it."""
    stage.begin()
    good = (stage.home / "tocsin.yaml").read_text(encoding="utf-8")
    bad = good.replace("query: truce", "query: armistice, examples: {match: [A truce at sea]}")
    (stage.home / "tocsin.yaml").write_text(bad, encoding="utf-8")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_until(lambda: len(_told(stage, "reload refused")) == len(CHANNELS), "an alarm on every channel")
    assert "examples.match.1: does not match: needs armistice" in _told(stage, "reload refused")[0]
    stage.publish()
    stage.wait_until(lambda: not stage.missing, "news by the old rule")
    stage.nursery.signal(signal.SIGHUP)  # the same mistake on the same day: the log alone says so
    stage.wait_until(lambda: stage.log.read_text(encoding="utf-8").count("not reloaded") == 2, "a second refusal")

    (stage.home / "tocsin.yaml").write_text(good, encoding="utf-8")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_until(
        lambda: len(_told(stage, "over: the configuration is in force")) == len(CHANNELS), "a note on every channel"
    )
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_until(lambda: stage.log.read_text(encoding="utf-8").count("event=reloaded") == 2, "one more reload")
    stage.publish()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    assert (
        len(_told(stage, "reload refused")) == len(_told(stage, "over: the configuration is in force")) == len(CHANNELS)
    )
    stage.stop()


def test_notes_on_rules_are_logged_at_the_start_and_at_a_reload(stage: Scene) -> None:
    """What is allowed and may not be meant is no mistake: the rules are in force."""
    stage.configure(query="truce OR armistice NOT chess")
    stage.begin()
    stage.wait_for_log("excludes from the last alternative only")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_until(
        lambda: stage.log.read_text(encoding="utf-8").count("excludes from the last alternative only") == 2, "a note"
    )
    stage.stop()


def test_sighup_with_many_mistakes_tells_each_at_its_place(stage: Scene) -> None:
    """All in one go, of every section, as at a start (which ends with 78); the daemon watches as before."""
    stage.begin()
    good = (stage.home / "tocsin.yaml").read_text(encoding="utf-8")
    bad = good.replace("every: 1s", "every: soon").replace("kind: webhook", "kind: pigeon", 1)
    bad = bad.replace("language: en", "langauge: en", 1).replace("query: truce", "query: 'truce AND ('")
    bad += "  - {name: truce, query: peace, channels: [desc]}\n"
    (stage.home / "tocsin.yaml").write_text(bad, encoding="utf-8")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_for_log("not reloaded")

    log = stage.log.read_text(encoding="utf-8")
    for place, what in (
        ("1:18", "polling.every: expected a duration"),
        ("4:29", "outlets.1.langauge: unknown key, did you mean language?"),
        ("7:24", "channels.1.kind: unknown kind of channel"),
        ("10:37", "rules.1.query: the ( opened here is never closed"),
        ("11:12", "rules.2.name: the name 'truce' is used twice"),
        ("11:44", "rules.2.channels.1: unknown channel 'desc', did you mean 'desk'?"),
    ):
        assert f"tocsin.yaml:{place}: {what}" in log
    assert "mistakes=6" in log
    with nursery() as other:
        stage.start(other)
        assert other.wait(_STOP_SECONDS) == 78
    (stage.home / "tocsin.yaml").write_text(good, encoding="utf-8")
    stage.publish()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    assert {post.run for post in stage.sink.posts} == {1}
    stage.stop()


def test_sighup_with_a_good_file_uses_the_new_rules(stage: Scene) -> None:
    """News is judged by the new rule from then on, by the old one no more."""
    stage.begin()
    stage.configure(query="armistice")
    stage.nursery.signal(signal.SIGHUP)
    stage.wait_for_log("event=reloaded")

    stage.gazette.publish(Story(number=900, title="A truce is signed, which nobody watches for any more"))
    stage.publish(stage.gazette, words="An armistice is signed")
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    assert stage.verdict.is_good
    stage.stop()


def test_sighup_in_mid_send_repeats_nothing(stage: Scene) -> None:
    """A reload waits for what is under way, and a stop that comes meanwhile is heard."""
    stage.begin()
    with stage.sink.holding():
        _send_to_both(stage)
        stage.nursery.signal(signal.SIGHUP)
        assert stage.lives_on(0.2)
        stage.nursery.signal(signal.SIGTERM)
        assert stage.lives_on(0.2)

    assert stage.nursery.wait(_STOP_SECONDS) == 0
    _finish(stage)
    assert not stage.verdict.repeated


def _send_to_both(stage: Scene) -> None:
    """Publish a story and wait until both channels have it in hand."""
    stage.publish()
    stage.wait_until(lambda: stage.sink.open_channels == set(CHANNELS), "two sends in flight")


def _finish(stage: Scene) -> None:
    """Whatever was left undone is done by the next daemon."""
    assert stage.flaws() == []
    stage.start()
    stage.wait_until(lambda: stage.is_quiet, "quiet")
    stage.stop()
    assert stage.verdict.is_good


def _per_channel(stage: Scene) -> Counter[str]:
    return Counter(channel for channel, _ in stage.verdict.repeated)


def _told(stage: Scene, beginning: str) -> list[str]:
    return [post.title for post in stage.sink.posts if post.title.startswith(beginning)]
