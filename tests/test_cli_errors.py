"""How commands fail and help: one line on standard error, an exit code of sysexits, never a traceback."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from monitor.cli.application import run_command
from monitor.cli.pages import GROUPS, PAGES
from tests.cli_town import Town, town

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("TOCSIN_", "XDG_"))}
HEAVY = {"pydantic", "ruamel", "aiohttp", "feedparser", "sqlite3", "apscheduler", "asyncio", "structlog", "nh3"}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place without configuration and state."""
    for name in ("TOCSIN_CONFIG", "TOCSIN_STATE", "STATE_DIRECTORY", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as one:
        yield one


def tocsin(*arguments: str, stdout: int | None = subprocess.PIPE, cwd: Path | None = None) -> "subprocess.Popen[str]":
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=cwd,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("statsu", 64, "unknown command statsu: did you mean status? (see tocsin --help)"),
        ("frobnicate", 64, "unknown command frobnicate: there are add, alerts, channels, check, completion, config,"),
        ("alerts lst", 64, "did you mean list? (see tocsin alerts --help)"),
        ("--config x check", 64, "unknown option --config: options stand behind the command"),
        ("status --jsno", 64, "Did you mean --json? (see tocsin status --help)"),
        ("alerts list --limit many", 64, "invalid value for --limit"),
        ("alerts list --limit 0", 64, "Must be >= 1"),
        ("check this that", 64, "too many arguments: this that"),
        ("try", 64, "SOURCE requires an argument (see tocsin try --help)"),
        ("try rules", 64, "--on requires an argument"),
        ("why", 64, "give one of these: the link of a story"),
        ("why nonsense", 64, "not a web address: nonsense; give the link of a story"),
        ("why http://[bad", 64, "not a web address: http://[bad"),
        ("outbox retry", 64, "name the public ids"),
        ("try no-such-file", 66, "there is no file no-such-file; a web address begins with https://"),
        ("try .", 66, "cannot read .: Is a directory"),
        ("try ftp://a.example/feed", 64, "ftp:// is not read"),
        ("try no-such-file --match (", 64, "--match: column 1: "),
        ("try no-such-file --to ntfy://topic", 64, "--to takes the address of a webhook"),
        ("status", 69, "there is no database yet: `tocsin run` or `tocsin once` makes it"),
        ("alerts list", 69, "there is no database yet"),
        ("outbox retry --dead", 69, "there is no database yet"),
        ("why https://a.example/b", 69, "there is no database yet"),
        ("check", 78, "tocsin: no configuration: looked for config/tocsin.yaml"),
        ("run", 78, "write one with tocsin init, or name it with --config"),
        ("once --dry-run", 78, "no configuration"),
        ("check --config nowhere", 78, "nowhere:1:1: cannot be read: No such file or directory"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    arguments: str, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing on standard output, one line on standard error that says what to do."""
    assert run_command(arguments.split()) == code
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.count("\n") == 1
    assert words in heard.err
    assert "Traceback" not in heard.err


def test_the_mistakes_of_a_configuration_are_all_told_each_at_its_place(
    nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """file:line:column first, for editors; from the shape of the file to queries and options of channels."""
    (nowhere / "config").mkdir()
    (nowhere / "config" / "tocsin.yaml").write_text(
        "outlets:\n  - {name: Gazette, feeds: [{url: 'https://a.example/f', evry: 5m}]}\n"
        "channels:\n  - {name: screen, kind: console, colour: red}\n"
        "rules:\n  - {name: peace, query: '(truce'}\n"
        "  - {name: calm, query: calm, examples: {match: [Storm]}}\n",
        encoding="utf-8",
    )
    for command in ("check", "run", "once"):
        assert run_command([command]) == 78
        lines = capsys.readouterr().err.splitlines()
        assert [line.split(": ")[0] for line in lines] == [
            "config/tocsin.yaml:2:58",
            "config/tocsin.yaml:4:35",
            "config/tocsin.yaml:6:27",
            "config/tocsin.yaml:7:50",
        ]
        assert "did you mean every?" in lines[0]


def test_mistakes_as_json(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same lines in a list, and the same exit code."""
    (nowhere / "bad.yaml").write_text("rules: [\n", encoding="utf-8")
    assert run_command(["check", "--config", "bad.yaml", "--json"]) == 78
    assert '"mistakes": [\n    "bad.yaml:' in capsys.readouterr().out


def test_init_writes_what_check_finds_no_mistake_in(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And a second time nothing is overwritten."""
    assert run_command(["init"]) == 0
    assert run_command(["check"]) == 0
    assert "no mistakes in config/tocsin.yaml\noutlets: 1, feeds: 1, rules: 1" in capsys.readouterr().out
    assert run_command(["check", "--json"]) == 0
    assert '"channels": [\n    "screen"\n  ]' in capsys.readouterr().out
    (nowhere / "config" / "tocsin.yaml").write_text("mine", encoding="utf-8")
    assert run_command(["init"]) == 73
    assert "exists and is left as it is" in capsys.readouterr().err
    assert (nowhere / "config" / "tocsin.yaml").read_text(encoding="utf-8") == "mine"


def test_init_in_a_place_that_cannot_be(nowhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 73 and the reason of the system."""
    (nowhere / "file").touch()
    assert run_command(["init", "file/config"]) == 73
    assert "cannot write in file/config: Not a directory; choose another folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", *(page.name for page in PAGES), *GROUPS])
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe plain text, without frames; lists say what their JSON holds."""
    assert run_command([*name.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert "Usage: tocsin" in said
    assert "Example: tocsin" in said or "Start with: tocsin demo" in said
    assert "─" not in said
    assert ("--json: Print JSON" in said) == ("--json: a" in said or "--json: one object" in said)


def test_the_examples_in_the_help_are_calls_that_are_understood() -> None:
    """Each begins with the name of its command and has nothing that the command does not take."""
    import shlex

    from monitor.cli.application import application

    for page in PAGES:
        words = shlex.split(page.example)
        assert " ".join(words[: 1 + page.name.count(" ") + 1]) == f"tocsin {page.name}"
        application().parse_args(words[1:], exit_on_error=False, print_error=False)


def test_help_and_version_load_no_heavy_library() -> None:
    """The first look must be quick: parsers, network and database are loaded by the commands that use them."""
    script = (
        "import sys; before = set(sys.modules); from monitor.cli.application import run_command\n"
        "for line in ('--help', '--version', 'alerts --help', 'nonsense', '--wrong'): run_command(line.split())\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}), file=sys.stderr)"
    )
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert HEAVY & set(process.stderr.splitlines()[-1].split()) == set()


def test_a_command_that_meets_a_bug_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Even then no traceback, no secret and no second line; unless it is asked for."""

    def broken(*_: object) -> None:
        raise ExceptionGroup("bundle", [RuntimeError("no such\nthing at https://me:geheim@a.example/")])

    monkeypatch.setattr("monitor.cli.beginning.examined", broken)
    monkeypatch.setenv("TOCSIN_CONFIG", "x")
    assert run_command(["check"]) == 70
    said = capsys.readouterr().err
    assert said.startswith("tocsin: unexpected RuntimeError: no such thing at https://***@a.example/ (a bug:")
    assert said.count("\n") == 1
    monkeypatch.setenv("TOCSIN_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        run_command(["check"])


def test_an_interrupt_is_no_error_to_tell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C: exit 130 and not a word."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("monitor.cli.beginning.examined", interrupted)
    monkeypatch.setenv("TOCSIN_CONFIG", "x")
    assert run_command(["check"]) == 130
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_while_a_publisher_is_awaited_ends_at_once(here: Town) -> None:
    """Without a traceback."""
    here.is_slow.set()
    process = tocsin("try", f"{here.address}/gazette")
    assert here.was_asked.wait(20)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)
    here.is_slow.clear()
    assert (process.returncode, *said) == (130, "", "")


def test_ctrl_c_while_a_pipe_is_read_ends_at_once(nowhere: Path) -> None:
    """A feed may come from another program, which may say nothing for long."""
    os.mkfifo(nowhere / "pipe")
    process = tocsin("try", "pipe", cwd=nowhere)
    writing = _opened_for_writing(nowhere / "pipe")
    os.write(writing, b"<rss>")
    _wait_until(lambda: _is_drained(writing) and _sleeps(process.pid))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)
    os.close(writing)
    assert (process.returncode, *said) == (130, "", "")


def _opened_for_writing(pipe: Path) -> int:
    """Wait until somebody reads from the pipe."""
    opened: list[int] = []

    def is_open() -> bool:
        with suppress(OSError):
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    _wait_until(is_open)
    return opened[0]


def _is_drained(pipe: int) -> bool:
    return fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)) == bytes(4)


def _sleeps(process: int) -> bool:
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "S"


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.mark.parametrize("arguments", [("--help",), ("check",)])
def test_a_reader_that_has_gone_is_no_error_to_tell(nowhere: Path, arguments: tuple[str, ...]) -> None:
    """`| true`: as other tools, it ends as by SIGPIPE, and Python says nothing at exit."""
    assert run_command(["init"]) == 0
    reading, writing = os.pipe()
    os.close(reading)
    process = tocsin(*arguments, stdout=writing, cwd=nowhere)
    os.close(writing)
    _, said = process.communicate(timeout=20)
    assert said == ""
    assert process.returncode == 128 + signal.SIGPIPE


def test_a_full_disk_under_the_output_is_told() -> None:
    """Exit 74, in one line."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = tocsin("--version", stdout=full.fileno())
    _, said = process.communicate(timeout=20)
    assert said == "tocsin: cannot write the output: No space left on device\n"
    assert process.returncode == 74


def test_a_closed_output_swallows_what_is_said(nowhere: Path) -> None:
    """A service may be started without descriptors: the next file opened must not become its output."""
    command = f"exec {sys.executable} -m monitor init >&- 2>&-"
    assert subprocess.run(["/bin/sh", "-c", command], cwd=nowhere, env=ENVIRONMENT, check=False).returncode == 0
    assert (nowhere / "config" / "schema.json").read_text(encoding="utf-8").startswith("{")


def test_help_on_a_terminal_has_frames() -> None:
    """A person sees what the library draws."""
    ours, theirs = pty.openpty()
    process = tocsin("--version", stdout=theirs)
    framed = tocsin("alerts", "--help", stdout=theirs)
    assert (process.wait(20), framed.wait(20)) == (0, 0)
    os.close(theirs)
    assert "╭" in os.read(ours, 10_000).decode("utf-8", "replace")
    os.close(ours)
    for one in (process, framed):
        assert one.stderr is not None
        one.stderr.close()
