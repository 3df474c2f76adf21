"""Who gives a command."""

import os
import pwd


def who() -> str:
    """The name of the user; behind sudo that of the person, not root."""
    if behind := os.environ.get("SUDO_USER"):
        return behind
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
