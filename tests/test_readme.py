"""The README tells the truth: each of its commands is run here, with its placeholders filled in."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.demo_feed import Outlet, press

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
SECONDS = 60


def commands() -> list[str]:
    """Every line of every shell block, without its comment."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], str]]:
    """A folder with a configuration on loopback, the environment of a user, and the address of a feed."""
    folder = tmp_path_factory.mktemp("desk")
    outlet = Outlet(title="The Harbour Gazette")
    outlet.publish(1, "Ceasefire agreed on the northern border", "After nine days.")
    with press({"/rss": outlet, "/wire": Outlet(title="The Wire")}) as running:
        address = f"{running.address}/rss"
        (folder / "config").mkdir()
        (folder / "config" / "tocsin.yaml").write_text(
            "polling: {every: 1s, min_interval: 1s, allow_private: [127.0.0.0/8]}\n"
            f"outlets: [{{name: The Gazette, feeds: [{{url: '{address}'}}]}}]\n"
            "rules: [{name: peace, query: ceasefire}]\n",
            encoding="utf-8",
        )
        (folder / "feeds.opml").write_text(
            "<opml version='2.0'><body><outline text='Wire' xmlUrl='https://wire.example/rss'/></body></opml>\n",
            encoding="utf-8",
        )
        shutil.copytree(ROOT / "docs" / "three-languages", folder / "docs" / "three-languages")
        (folder / "stories.jsonl").write_text('{"id": "1", "title": "Ceasefire agreed"}\n', encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "XDG_"))}
        environment |= {"HOME": str(folder), "PATH": f"{BIN}:{os.environ['PATH']}"}
        environment["ALERT_ID"] = alerted(outlet, (folder, environment, address))
        yield folder, environment, address


def alerted(outlet: Outlet, desk: tuple[Path, dict[str, str], str]) -> str:
    """Let one alert be raised, after a baseline; its id."""
    assert run("tocsin once", desk).returncode == 0
    outlet.publish(2, "Ceasefire holds", "So far.")
    for _ in range(20):  # the next poll is due in a second
        assert run("tocsin once", desk).returncode == 0
        if rows := run("tocsin alerts list", desk).stdout:
            return rows.split("\t")[1]
    raise AssertionError("no alert was raised")


def run(command: str, desk: tuple[Path, dict[str, str], str]) -> "subprocess.CompletedProcess[str]":
    folder, environment, address = desk
    filled = command.replace("FEED_URL", address).replace("LINK", f"{address}/news/1").replace("RULE", "peace")
    filled = filled.replace(
        "PAGE_URL", f"{address.removesuffix('/rss')}/wire --print"
    )  # watched, it would be in the way
    filled = re.sub(r"\bINTO\b", f"{address}/news/2", filled)
    filled = re.sub(r"\bID\b", "$ALERT_ID", filled.replace("NAME", "'the gazette'"))
    filled = filled.replace("FILE.opml", "feeds.opml --print")  # a feed that nobody answers for would spoil the rest
    return subprocess.run(
        ["/bin/sh", "-c", filled],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def daemon(command: list[str], desk: tuple[Path, dict[str, str], str], cwd: Path) -> tuple[int, str]:
    """Start, wait for the first poll in the log, interrupt; exit code and log."""
    _, environment, _ = desk
    lines = []
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            if "event=poll" in line:
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does at Ctrl-C
        return process.wait(timeout=SECONDS), "".join(lines)


ANSWERS = {
    "tocsin demo": "The daemon has stopped",
    "tocsin try FEED_URL": "*Ceasefire* agreed on the northern border",
    "tocsin add": "name: The Wire",
    "tocsin check": "no mistakes in config",
    "tocsin once": "polled 1",
    "tocsin once --dry-run": "dry run",
    "tocsin status": "feeds: 1",
    "tocsin why LINK": "baseline",
    "tocsin why --rule": "only of a rule that matches daily silence says anything",
    "tocsin alerts show": "*Ceasefire* holds",
    "tocsin stories list": "Ceasefire holds",
    "tocsin stories show": "no alert: see tocsin why LINK",
    "tocsin stories merge": "Ceasefire holds”): 1 entry",
    "tocsin outbox show": "attempt 1 at",
    "tocsin outbox drop": "what was sent cannot be called back",
    "tocsin outbox replay": "console\tsent\tCeasefire holds",
    "tocsin outlets show": "why then: every ",
    "tocsin outlets refresh": "/rss\t",
    "tocsin outlets pause": "The Gazette: paused since",
    "tocsin outlets resume": "The Gazette is polled again",
    "tocsin rules list": "ceasefire",
    "tocsin rules test": "matches: negoti* in title",
    "tocsin rules explain": "filed: under ceasefire",
    "tocsin rules backtest": "*Ceasefire* holds",
    "tocsin channels list": "console",
    "tocsin channels test all": "console: sent",
    "tocsin outlets list": "The Gazette",
    "tocsin outlets import": "1 outlets with 1 feeds",
    "tocsin db check": "no damage in",
    "tocsin db backup": "read back whole",
    "tocsin db prune --dry-run": "would go",
    "tocsin config schema": "tocsin configuration",
    "tocsin completion bash": "complete -F",
    "tocsin try rules --config config": '"rule": "peace"',
    "tocsin try threading": "1 entries, 1 stories",
    "tocsin try rules --config docs": "4 stories, 3 matches",
}


def test_every_command_of_the_readme_is_known_here() -> None:
    """A new command needs its test."""
    kinds = {line.split()[0] for line in commands()}
    assert kinds == {"make", "tocsin"}
    assert [line for line in commands() if line.startswith("make")] == ["make run", "make test"]
    assert len(commands()) >= 15


@pytest.mark.parametrize(
    "command", [line for line in commands() if line.startswith("tocsin") and line not in ("tocsin run", "tocsin init")]
)
def test_a_command_of_the_readme_works(command: str, desk: tuple[Path, dict[str, str], str]) -> None:
    """It exits with 0 and says what it should."""
    done = run(command, desk)
    assert done.returncode == 0, done.stderr
    expected = max((key for key in ANSWERS if command.startswith(key)), key=len, default="")
    assert ANSWERS.get(expected, "") in done.stdout + done.stderr


def test_init_writes_a_configuration_that_checks(desk: tuple[Path, dict[str, str], str], tmp_path: Path) -> None:
    """In a folder that has none."""
    _, environment, address = desk
    assert run("tocsin init", (tmp_path, environment, address)).returncode == 0
    assert run("tocsin check", (tmp_path, environment, address)).returncode == 0


def test_run_polls_until_it_is_interrupted(desk: tuple[Path, dict[str, str], str]) -> None:
    """And leaves cleanly."""
    code, log = daemon(["tocsin", "run"], desk, desk[0])
    assert code == 0
    assert "event=stopped" in log
    assert "Traceback" not in log


def test_make_run_runs_the_daemon_on_a_configuration(desk: tuple[Path, dict[str, str], str]) -> None:
    """With the environment that `make test` has set up."""
    folder = desk[0]
    make = ["make", "run", f"VENV={sys.prefix}", f"CONFIG={folder / 'config'}"]
    code, log = daemon(make, desk, ROOT)
    # The interrupt ends make as well, once the daemon has stopped cleanly.
    assert code in (0, -signal.SIGINT), log
    assert "event=stopped" in log


def test_make_test_is_what_continuous_integration_calls() -> None:
    """And it runs the one script with every check."""
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().endswith("exec make test")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "sh tests/check.sh" in makefile


def test_the_configuration_in_the_readme_has_no_mistakes(
    desk: tuple[Path, dict[str, str], str], tmp_path: Path
) -> None:
    """Whoever pastes it can run it."""
    block = "".join(re.findall(r"```yaml\n(.*?)```", README, re.DOTALL))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "tocsin.yaml").write_text(block, encoding="utf-8")
    _, environment, address = desk
    done = run("tocsin check", (tmp_path, environment | {"HOOK_SECRET": "s3cret-value"}, address))
    assert done.returncode == 0, done.stderr


def test_the_map_names_every_room() -> None:
    """A room that is not on the map is not found."""
    rooms = {path.name.removesuffix(".py") for path in (ROOT / "monitor").iterdir() if not path.name.startswith("_")}
    named = set(re.findall(r"`(\w+)`", README[README.index("## Where things are") :]))
    assert rooms <= named | {"py.typed"}
