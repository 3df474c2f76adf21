"""Secrets are never shown: those that the configuration names, in whatever shape, and those that stand in addresses."""

import json
import re
from collections.abc import Callable, Iterable

Redact = Callable[[str], str]

MASK = "***"

_SHORTEST_SECRET = 4  # shorter values would blot out ordinary words
_USER = re.compile(r"(?<=://)[^\s/?#]*@")
_PARAMETER = re.compile(
    r"([?&](?:[\w.%-]*[_.-])?(?:api|access|auth|private)?(?:key|token|secret|password|passwd|pwd|auth|sig|signature)=)"
    r"[^&#\s]+",
    re.IGNORECASE,
)


def redactor(secrets: Iterable[str]) -> Redact:
    """A function that replaces every secret by `***`, also where it was encoded for a URL, for JSON or by `repr`.

    User names and passwords in addresses, and parameters whose name says that they are secret, go as well.
    """
    longest_first = sorted({one for one in secrets if len(one) >= _SHORTEST_SECRET}, key=len, reverse=True)
    pattern = re.compile("|".join("".join(map(_shapes, secret)) for secret in longest_first))

    def redact(text: str) -> str:
        return without_credentials(pattern.sub(MASK, text) if longest_first else text)

    return redact


def without_credentials(text: str) -> str:
    """The text with the user, the password and telling parameters of every address in it replaced by `***`."""
    if "://" not in text:
        return text
    return _PARAMETER.sub(rf"\1{MASK}", _USER.sub(f"{MASK}@", text))


def _shapes(character: str) -> str:
    """A pattern for one character as it is, percent-encoded (libraries differ in which they encode), or escaped."""
    if character.isascii() and character.isalnum():
        return character
    encoded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    forms = [rf"(?i:{encoded})", r"\\+" if character == "\\" else re.escape(character)]
    # Escapes may be escaped in their turn, as in the repr of a list of reprs: so any number of backslashes.
    escaped = (json.dumps(character)[1:-1], repr(character)[1:-1], f"\\{character}" * (character in "'\""))
    forms += [r"\\+" + re.escape(one.lstrip("\\")) for one in escaped if len(one) > 1 and character != "\\"]
    if character == " ":
        forms.append(r"\+")
    return f"(?:{'|'.join(dict.fromkeys(forms))})"
