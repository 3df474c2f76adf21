"""`tocsin run` from its first line on."""

import subprocess
import sys
from pathlib import Path

_LOOK = """
import sys
from monitor.cli import main
try:
    main(["run", "--config", sys.argv[1]])
except SystemExit as end:
    print(end.code)
import structlog.dev
print(structlog.dev.rich)
import rich.console
"""


def test_the_daemon_does_without_what_logs_could_be_painted_with(tmp_path: Path) -> None:
    """Whoever asks for it afterwards still gets it."""
    command = [sys.executable, "-c", _LOOK, str(tmp_path / "nowhere")]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["78", "None"]
