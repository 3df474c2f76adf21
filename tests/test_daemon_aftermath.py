"""What the next start, or the next configuration, tells those who heard that something was wrong."""

from pathlib import Path

import pytest

from monitor.alerts.alarms import reload_refused
from monitor.daemon.aftermath import CRIED_OUT, accepted, cried_out, sound
from monitor.model.alerts import AlertKind
from tests.plain_values import NOW
from tests.test_engine import Town


async def told(town: Town) -> list[str]:
    rows = await town.store.views.alerts(10)
    assert all(row.alert.kind is AlertKind.ALARM for row in rows)
    return [row.alert.content.title for row in reversed(rows)]


async def test_a_start_with_a_good_configuration_ends_the_refusals_of_the_process_before() -> None:
    """Once; and says nothing where none was refused."""
    town = Town(())
    await accepted(town.house())
    assert await told(town) == []
    alarm = reload_refused(["no query"], channels=("screen",), now=NOW)
    await town.store.outbox.settle((), (), "", (alarm,))
    for _ in range(2):
        await accepted(town.house())
    assert (await told(town))[1:] == [
        "over: the configuration is in force that was refused since 2026-03-02 12:00 UTC",
    ]


async def test_a_start_with_a_sound_database_ends_its_damage(tmp_path: Path) -> None:
    """Told by a file beside it, for nothing may be written into a damaged one."""
    town = Town(())
    await sound(town.house(), tmp_path)
    assert await told(town) == []
    cried_out(tmp_path, NOW)
    for _ in range(2):
        await sound(town.house(), tmp_path)
    (note,) = await told(town)
    assert note.startswith("over: the database can be used again after it was found damaged at 2026-03-02 12:00 UTC")
    assert not (tmp_path / CRIED_OUT).exists()


@pytest.mark.parametrize("words", ["", "[]", '{"since": 7}', '{"since": "yesterday"}'])
async def test_a_file_that_says_nothing_is_let_go(tmp_path: Path, words: str) -> None:
    """A crash may have cut it short."""
    town = Town(())
    (tmp_path / CRIED_OUT).write_text(words, encoding="utf-8")
    await sound(town.house(), tmp_path)
    assert await told(town) == []
    assert not (tmp_path / CRIED_OUT).exists()
