"""The store in trouble under the real daemon: full, locked, damaged, taken away, killed while it is migrated."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.nursery import Nursery, nursery
from tests.crash.scene import CHANNELS, Scene, scene
from tests.crash.store_faults import (
    FileLimit,
    FullDisk,
    damaged,
    damaged_while_running,
    full_disk,
    locked,
    removed_while_running,
    small_disk,
)
from tests.crash.verdict import ABOUT_ROOM

ROOT = Path(__file__).parent.parent


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


def test_files_that_cannot_grow_for_a_while_cost_no_alert(stage: Scene) -> None:
    """One daemon all along, reads alive, nothing lost or repeated, one line in the log (R4)."""
    assert full_disk(stage, 1.0, FileLimit).flaws == ()


def test_a_full_disk_costs_no_alert(stage: Scene) -> None:
    """The same on a real one of eight megabytes (R4)."""
    with small_disk(stage.state) as is_there:
        if not is_there:
            pytest.skip("only root, where it may mount, can have a small disk")
        assert full_disk(stage, 1.0, FullDisk).flaws == ()
        about_room = [post.channel for post in stage.sink.posts if post.title.startswith(ABOUT_ROOM[0])]
        assert sorted(about_room) == sorted(CHANNELS), "each is told once that a disk of eight megabytes is small"
        stage.nursery.kill()


def test_a_lock_that_outlasts_the_patience_costs_no_alert(stage: Scene) -> None:
    """The watchdog is fed all along, and everything is told once the other writer is done (R5)."""
    assert locked(stage, 6.0).flaws == ()


def test_every_damage_is_found_at_the_start_and_left_as_it_is(stage: Scene) -> None:
    """Exit 65 and one line; the file stays byte for byte, and nothing begins anew (R7)."""
    figures = list(damaged(stage))
    assert len(figures) >= 6
    assert [figure for figure in figures if figure.flaws] == []


def test_a_page_that_goes_bad_under_a_daemon_is_cried_out(stage: Scene) -> None:
    """The check finds it, every channel hears of it once, and the daemon leaves with 65 (R7)."""
    assert damaged_while_running(stage).flaws == ()


def test_a_database_that_is_taken_away_under_a_daemon_is_cried_out(stage: Scene) -> None:
    """What it wrote into a file without a name would be lost without a word."""
    assert removed_while_running(stage).flaws == ()


def test_a_migration_killed_at_any_statement_leaves_the_old_schema_or_the_new() -> None:
    """From every older schema with data in it; nothing of the data is gone (R9)."""
    command = [sys.executable, "-m", "tests.crash.store_faults", "R9"]  # a process of one thread: it forks
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept" in done.stdout


def test_a_backup_put_back_repeats_nothing_that_still_stands_in_the_feeds(stage: Scene) -> None:
    """Copied while the daemon works; what was told since is polled again, known by the record, and not told (R8).

    Each later story has one outlet. One of several is named by the outlet that brought it first, which may be another
    after the restore: that is beyond what ids can prevent, and the README says so.
    """
    stage.begin()
    for _ in range(3):
        stage.publish(stage.gazette)
    stage.wait_until(lambda: stage.is_quiet, "the first news told")
    copy = stage.home / "copy.db"
    assert tocsin("db", "backup", str(copy), "--state", str(stage.state)) == 0
    for _ in range(3):
        stage.publish(stage.gazette)
        stage.publish(stage.wire)
    stage.wait_until(lambda: stage.is_quiet, "the later news told")
    assert tocsin("db", "restore", str(copy), "--state", str(stage.state)) == 75
    stage.stop()
    posts = len(stage.sink.posts)

    assert tocsin("db", "restore", str(copy), "--state", str(stage.state)) == 0
    stage.start()
    stage.publish(stage.gazette)
    stage.publish(stage.wire)
    stage.wait_until(lambda: stage.is_quiet, "the last news told")
    stage.stop()

    assert stage.verdict.is_good
    assert stage.verdict.repeated == ()
    assert len(stage.sink.posts) == posts + 4
    assert stage.flaws() == []


def tocsin(*arguments: str) -> int:
    """The exit code of a command."""
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False).returncode
