"""What is wrong with how a command was called, in one line that says what would be right."""

from cyclopts import App, CycloptsError, UnknownCommandError, UnusedCliTokensError

from monitor.config.nearest import nearest


def complaint(error: CycloptsError) -> str:
    """One line for a wrong call; names where help is."""
    chain = " ".join(["tocsin", *(error.command_chain or ())])
    return f"{_what(error)} (see {chain} --help)"


def _what(error: CycloptsError) -> str:
    unused = error.unused_tokens or []
    # Both written anew: the library would load every command to name them, and prints lists of Python.
    if isinstance(error, UnknownCommandError) and unused and error.app is not None:
        return _unknown(unused[0], error.app)
    if isinstance(error, UnusedCliTokensError):
        return f"too many arguments: {' '.join(unused)}"
    text = " ".join(str(error).split())
    return (text[:1].lower() + text[1:]).rstrip(".")


def _unknown(word: str, app: App) -> str:
    names = [name for name in app if not name.startswith("-")]
    if word.startswith("-"):
        return f"unknown option {word}: options stand behind the command"
    meant = nearest(word, names)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(sorted(names))}"
    return f"unknown command {word}: {hint}"
