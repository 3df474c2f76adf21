"""What systemd wants to hear: ready, reloading, stopping, alive. Silent where nobody listens.

The protocol of sd_notify(3): a datagram to the socket named by $NOTIFY_SOCKET.
"""

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceManager:
    """Whoever started us as a service; `address` is empty where nobody did."""

    address: str = ""
    watchdog: timedelta | None = None
    """how long we may be silent before we are taken for dead; None: nobody counts"""

    def ready(self, status: str) -> None:
        """Started, or reloaded."""
        self._say(f"READY=1\nSTATUS={_one_line(status)}")

    def reloading(self) -> None:
        """A new configuration is being read."""
        micros = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._say(f"RELOADING=1\nMONOTONIC_USEC={micros}")

    def stopping(self) -> None:
        """Finishing what is under way."""
        self._say("STOPPING=1\nSTATUS=finishing what is under way")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._say("WATCHDOG=1")

    def _say(self, text: str) -> None:
        if not self.address:
            return
        # A leading @ stands for the zero byte of an abstract socket.
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sending:
                sending.setblocking(False)  # a service manager that has stopped reading must not hold the watch up
                sending.connect(address)
                sending.send(text.encode())
        except OSError:
            return  # nobody listens any more; the work matters more than the report of it


def service_manager(environment: Mapping[str, str]) -> ServiceManager:
    """The service manager of this process, as its environment names it."""
    micros, process = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    is_ours = not process or process == str(os.getpid())
    watched = is_ours and micros.isdigit() and int(micros) > 0
    return ServiceManager(
        address=environment.get("NOTIFY_SOCKET", ""),
        watchdog=timedelta(microseconds=int(micros)) if watched else None,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
