"""Records for journald, field by field, so that `journalctl TOCSIN_CHANNEL=desk` finds them.

The native protocol of systemd-journald: a datagram of `NAME=value` lines. Values of ours are single lines already.
"""

import socket
from collections.abc import Mapping

SOCKET = "/run/systemd/journal/socket"

_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_LONGEST = 60_000  # bytes of one record; beyond it a datagram might be refused


class Journal:
    """The way to journald. Raises OSError where there is none."""

    def __init__(self, address: str = SOCKET) -> None:
        """See whether somebody listens; nothing is said yet."""
        self._address = address
        self._send(b"")

    def record(self, facts: Mapping[str, object], line: str) -> None:
        """Write one event: `line` for people, each fact as a field. Raises OSError where journald has gone."""
        fields = {
            "MESSAGE": line,
            "PRIORITY": str(_PRIORITIES.get(str(facts.get("level")), _PRIORITIES["info"])),
            "SYSLOG_IDENTIFIER": "tocsin",
        }
        fields |= {f"TOCSIN_{_name(key)}": str(value) for key, value in facts.items() if key not in ("at", "level")}
        data = "".join(f"{name}={value}\n" for name, value in fields.items()).encode("utf-8", "replace")
        self._send(data if len(data) <= _LONGEST else f"MESSAGE={line[:1000]}\n".encode())

    def _send(self, data: bytes) -> None:
        """A socket for each record costs microseconds, and none is left open when the logs are set up anew."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending:
            sending.setblocking(False)  # a journal that is stuck must not hold the watch up
            sending.connect(self._address)
            if data:
                sending.send(data)


def _name(key: str) -> str:
    """A field's name may have capitals, digits and underscores only."""
    return "".join(character if character.isascii() and character.isalnum() else "_" for character in key).upper()
