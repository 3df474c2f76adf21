"""Kinds of channel from other packages: the documented example through the real commands, and broken packages."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.app.examine import Plan, examine
from monitor.channels.kinds import OptionMistake, build
from monitor.cli.application import run_command
from monitor.model.alerts import Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel
from tests.benchmarks.daemon import environment, tocsin
from tests.cli_logs import restored_logs
from tests.cli_town import Town, town
from tests.test_channels_mail import rendered

EXAMPLE = Path(__file__).parent / "plugin_example"
CANARY = "c4nary-4711"
WHOLE = """\
outlets: [{name: Quay, feeds: [{url: 'http://quay.example/rss'}]}]
rules: [{name: strikes, query: strike}]
"""
CONFIGURATION = """\
polling: {every: 15m, allow_private: [127.0.0.0/8]}
outlets:
  - {name: The Harbour Gazette, feeds: [{url: "ADDRESS/gazette"}]}
channels:
  - {name: lamp, kind: command, run: [/bin/sh, -c, "cat >> FOLDER/told; echo :$TOCSIN_ID >> FOLDER/told"]}
rules:
  - {name: truce, query: truce}
"""

Install = Callable[..., None]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that only this test sees, here and in the commands that it starts."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.fixture
def install(site: Path) -> Iterator[Install]:
    """Put a package there as pip would leave it: a module, and what it says of itself."""
    modules: list[str] = []

    def put(package: str, module: str, code: str, **kinds: str) -> None:
        modules.append(module)
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        about = site / f"{package.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
        points = "\n".join(f"{kind} = {value}" for kind, value in kinds.items())
        (about / "entry_points.txt").write_text(f"[tocsin.channels]\n{points}\n", encoding="utf-8")

    yield put
    for module in modules:
        sys.modules.pop(module, None)


@pytest.fixture
def example(install: Install) -> None:
    """The package that docs/channels.md teaches by, installed as its pyproject.toml says."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    code = (EXAMPLE / "tocsin_command.py").read_text("utf-8")
    install(project["name"], "tocsin_command", code, **project["entry-points"]["tocsin.channels"])


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Town]:
    with restored_logs(), town(tmp_path) as one:
        one.configure(CONFIGURATION.replace("FOLDER", str(tmp_path)))
        yield one


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    return subprocess.run(tocsin(*words), capture_output=True, text=True, env=environment(), check=False, timeout=60)


def spec(kind: str, secrets: tuple[str, ...] = (), **options: object) -> ChannelSpec:
    return ChannelSpec(name="desk", kind=kind, options=options, secrets=secrets)


def said_of(kind: str, **options: object) -> str:
    built = build(spec(kind, (CANARY,), **options))
    assert isinstance(built, tuple), built
    (mistake,) = built
    return f"{mistake.option}: {mistake.what}"


def usable(kind: str, **options: object) -> Channel:
    built = build(spec(kind, (CANARY,), **options))
    assert not isinstance(built, tuple), built
    return built


@pytest.mark.usefixtures("example")
def test_the_documented_example_works_through_every_command(
    here: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checked, listed, tested and used, without a word of it in tocsin."""
    assert run_command(["check", "--config", str(here.config)]) == 0
    capsys.readouterr()
    assert run_command(["channels", "list", *here.places]) == 0
    assert capsys.readouterr().out.startswith("lamp\tcommand\ttruce\t0\t0\t")
    tried = ran("channels", "test", "lamp", *here.places)
    assert (tried.returncode, tried.stdout) == (0, "lamp: sent: the program took it\n"), tried.stderr
    assert "test alert: The channel lamp works" in (tmp_path / "told").read_text("utf-8")
    assert here.once() == 0
    here.outlets["/gazette"].publish(1, "Truce holds", "It does.")
    assert here.once(hours_later=1) == 0
    told = (tmp_path / "told").read_text("utf-8")
    assert "*Truce* holds" in told
    name = re.findall(r"^id: (\w+)", told, re.MULTILINE)[-1]
    assert told.endswith(f":{name}\n")


@pytest.mark.usefixtures("example")
def test_its_options_are_checked_by_the_package_at_their_place(here: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """As file:line:column, beside the mistakes of everything else."""
    text = (here.config / "tocsin.yaml").read_text("utf-8")
    text = text.replace("run: [/bin/sh,", "timeout: soon, runn: [/bin/sh,").replace("truce}", "truce AND}")
    (here.config / "tocsin.yaml").write_text(text, encoding="utf-8")
    assert run_command(["check", "--config", str(here.config)]) == 78
    captured = capsys.readouterr()
    complaints = [line.partition("tocsin.yaml:")[2] for line in (captured.err + captured.out).splitlines()]
    assert complaints[:4] == [
        "5:5: channels.1.run: must be a list: the program, and what it is called with",
        "5:42: channels.1.timeout: must be a duration such as 15s or 1m",
        "5:48: channels.1.runn: unknown option, did you mean run?",
        "7:32: rules.1.query: AND has nothing after it",
    ]


@pytest.mark.usefixtures("example")
async def test_the_example_tells_truthfully_how_its_program_ended() -> None:
    """Each way of failing concerns what it concerns."""
    ways = {
        "exit 65": SendFailed(scope=Scope.MESSAGE, reason="the program ended with 65"),
        "exit 3": SendFailed(scope=Scope.CHANNEL, reason="the program ended with 3"),
        "exec sleep 30": SendFailed(scope=Scope.CHANNEL, reason="the program did not end within 1 s"),
        "cat > /dev/null": Sent(note="the program took it"),
    }
    for script, outcome in ways.items():
        channel = usable("command", run=["/bin/sh", "-c", script], timeout="1s")
        assert await channel.send(rendered()) == outcome
        await channel.close()
    assert said_of("command", run=["/nowhere/lamp"]) == "run: names no program that can be run"


def test_a_package_is_not_imported_unless_a_channel_needs_it(install: Install, tmp_path: Path) -> None:
    """What is installed by chance costs nothing and can break nothing."""
    mark = tmp_path / "imported"
    install("pigeons", "pigeons", f"open({str(mark)!r}, 'w').close()\nraise RuntimeError", pigeon="pigeons:build")
    config = tmp_path / "tocsin.yaml"
    config.write_text(WHOLE + "channels: [{name: screen, kind: console}]\n", encoding="utf-8")
    assert isinstance(examine(config, {}), Plan)
    assert not mark.exists()
    assert said_of("pigeom") == "kind: unknown kind of channel, did you mean pigeon?"
    assert not mark.exists()
    assert said_of("pigeon") == "kind: the package pigeons, which brings it, cannot be loaded: RuntimeError"
    assert mark.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import nowhere_at_all", "pigeons, which brings it, cannot be loaded: there is no module nowhere_at_all"),
        ("def build(:", "pigeons, which brings it, cannot be loaded: SyntaxError"),
        ("import sys; sys.exit('bye')", "pigeons, which brings it, cannot be loaded: SystemExit"),
        ("other = 1", "pigeons, which brings it, cannot be loaded: AttributeError"),
        ("build = 7", "pigeons brings no factory for it, but int"),
        (f"def build(spec): raise KeyError('{CANARY}')", "pigeons broke on these options: KeyError"),
        ("def build(spec): return None", "pigeons made no channel, but NoneType"),
        ("def build(spec): return ()", "pigeons made no channel, but tuple"),
        ("def build(spec): return ('bad',)", "pigeons made no channel, but tuple"),
        ("class build:\n  def __init__(self, spec): pass\n  send = 1", "pigeons made no channel, but build"),
    ],
)
def test_a_broken_package_is_one_mistake_at_the_channels_place(
    install: Install, tmp_path: Path, code: str, said: str
) -> None:
    """Whatever it does while it is loaded or asked; the other mistakes are told beside it."""
    install("pigeons", "pigeons", code, pigeon="pigeons:build")
    assert said_of("pigeon", token=CANARY) == f"kind: the package {said}"
    config = tmp_path / "tocsin.yaml"
    config.write_text(
        WHOLE + "channels:\n  - {name: loft, kind: pigeon}\n  - {name: b, kind: webhook}\n", encoding="utf-8"
    )
    mistakes = examine(config, {})
    assert isinstance(mistakes, tuple)
    assert [str(one).partition("tocsin.yaml:")[2] for one in mistakes] == [
        f"4:24: channels.1.kind: the package {said}",
        "5:5: channels.2.url: is missing",
    ]
    assert CANARY not in str(mistakes)


def test_a_kind_that_two_packages_bring_is_a_mistake(install: Install) -> None:
    """Which of them would be taken must not depend on the order of folders."""
    install("pigeons", "pigeons", "", pigeon="pigeons:build")
    install("doves", "doves", "", pigeon="doves:build")
    assert said_of("pigeon") == "kind: is brought by several packages, of which one must go: doves, pigeons"


def test_tocsins_own_kind_wins_and_a_note_says_so(install: Install, tmp_path: Path) -> None:
    """A package that is installed cannot take over what a channel has been until then."""
    install("pigeons", "pigeons", "raise RuntimeError", console="pigeons:build")
    config = tmp_path / "tocsin.yaml"
    config.write_text(WHOLE + "channels: [{name: screen, kind: console}]\n", encoding="utf-8")
    plan = examine(config, {})
    assert isinstance(plan, Plan)
    (note,) = plan.notes
    assert str(note).endswith(
        "tocsin.yaml:3:33: channels.1.kind: tocsin's own kind is used, not that of the package pigeons"
    )


BREAKING = f"""
from monitor.channels.plugin import OptionMistake, Scope, SendFailed, Sent
class Loft:
    def __init__(self, way): self.way = way
    async def send(self, message):
        if self.way == "raise": raise ValueError("{CANARY}")
        if self.way == "nothing": return None
        if self.way == "no scope": return SendFailed(scope="channel", reason="x")
        if self.way == "talks":
            reason = "no\\r\\nroom \\x1b[31m for {CANARY}" + "x" * 999
            return SendFailed(scope=Scope.CHANNEL, reason=reason, retry_after_seconds=-5, is_lasting="yes")
        if self.way == "waits": return SendFailed(scope=Scope.CHANNEL, reason="", retry_after_seconds=2.5)
        return Sent(note="landed with {CANARY}")
    async def probe(self): return await self.send(None)
    async def close(self): raise ValueError
class Deaf:
    def send(self, message): return Sent()
    def close(self): pass
def build(spec):
    if spec.options["way"] == "deaf": return Deaf()
    if spec.options["way"] == "wrong": return (OptionMistake(option="way", what="not\\n{CANARY}"),)
    return Loft(spec.options["way"])
"""


async def test_what_a_package_does_later_costs_one_message_and_never_the_daemon(install: Install) -> None:
    """Exceptions and nonsense become failures; reasons become one line without secrets; a stop is not held up."""
    install("pigeons", "pigeons", BREAKING, pigeon="pigeons:build")
    broke = "the package pigeons broke on it: "
    outcomes = {
        "raise": SendFailed(scope=Scope.MESSAGE, reason=f"{broke}ValueError"),
        "nothing": SendFailed(scope=Scope.MESSAGE, reason="the package pigeons gave no answer, but NoneType"),
        "no scope": SendFailed(scope=Scope.MESSAGE, reason="the package pigeons gave no answer, but SendFailed"),
        "waits": SendFailed(scope=Scope.CHANNEL, reason="the package pigeons gave no reason", retry_after_seconds=2),
        "works": Sent(note="landed with ***"),
        "deaf": SendFailed(scope=Scope.MESSAGE, reason=f"{broke}TypeError"),
    }
    for way, outcome in outcomes.items():
        channel = usable("pigeon", way=way)
        assert await channel.send(rendered()) == outcome
        await channel.close()
    talks = await usable("pigeon", way="talks").send(rendered())
    assert isinstance(talks, SendFailed)
    assert (talks.reason[:22], len(talks.reason)) == ("no room [31m for ***xx", 300)
    assert (talks.retry_after_seconds, talks.is_lasting) == (0, False)
    assert build(spec("pigeon", (CANARY,), way="wrong")) == (OptionMistake(option="way", what="not ***"),)


async def test_a_package_may_tell_without_sending_whether_it_would_work(install: Install) -> None:
    """`check --channels` asks it, and one without that ability is not asked."""
    install("pigeons", "pigeons", BREAKING, pigeon="pigeons:build")
    from monitor.app.reach import reach

    channels = {way: usable("pigeon", way=way) for way in ("works", "raise", "deaf")}
    assert await reach(channels) == {
        "works": Sent(note="landed with ***"),
        "raise": SendFailed(scope=Scope.MESSAGE, reason="the package pigeons broke on it: ValueError"),
        "deaf": None,
    }


def test_the_public_names_stay() -> None:
    """Packages are written against them: a name may be added, none may go."""
    from monitor.channels import plugin

    assert {
        "Channel", "ChannelSpec", "OptionMistake", "OptionReader", "Rendered", "Scope", "SendFailed", "Sent",
        "Alert", "AlertContent", "AlertKind", "Form", "Item", "Marked", "Passage", "Priority",
        "clean", "harmless", "shortened",
    } <= set(plugin.__all__)  # fmt: skip
    assert all(hasattr(plugin, name) for name in plugin.__all__)
