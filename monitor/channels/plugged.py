"""Kinds of channel that other packages bring: found by entry point, and kept from doing harm.

A package is imported only where a configured kind is not built in. Whatever is wrong with it becomes one mistake at
the channel's place in the configuration; what it does later than that costs a message at most, never the daemon.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points

from monitor.channels.options import OptionMistake
from monitor.model.alerts import Rendered, Scope, SendFailed, Sent
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel
from monitor.system.redaction import Redact, redactor

GROUP = "tocsin.channels"
_LONGEST_LINE = 300
_LONGEST_WAIT = 10**9  # seconds; how much of it is obeyed is the policy's affair


def brought(kinds: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Kinds that packages bring, with the packages' names; only these `kinds` where some are named. Imports nothing."""
    wanted = frozenset(kinds)
    found: dict[str, list[str]] = {}
    for point in _points():
        if not wanted or point.name in wanted:
            found.setdefault(point.name, []).append(_package(point))
    return {kind: tuple(sorted(set(packages))) for kind, packages in found.items()}


def plugged(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...] | None:
    """The channel of a kind that a package brings, or what is wrong; None where no package does."""
    points = {_package(point): point for point in _points() if point.name == spec.kind}
    if not points:
        return None
    if len(points) > 1:
        return _refused(f"is brought by several packages, of which one must go: {', '.join(sorted(points))}")
    ((package, point),) = points.items()
    try:
        factory = point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a package may do anything while it is imported
        return _refused(f"the package {package}, which brings it, cannot be loaded: {_what(error)}")
    if not callable(factory):
        return _refused(f"the package {package} brings no factory for it, but {type(factory).__name__}")
    return _built(factory, spec, package)


def _built(
    factory: Callable[[ChannelSpec], object], spec: ChannelSpec, package: str
) -> Channel | tuple[OptionMistake, ...]:
    redact = redactor(spec.secrets)
    try:
        made = factory(spec)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the same
        return _refused(f"the package {package} broke on these options: {type(error).__name__}")
    if isinstance(made, tuple) and made and all(isinstance(one, OptionMistake) for one in made):
        return tuple(
            OptionMistake(option=str(one.option), what=_line(one.what, redact), is_key=one.is_key is True)
            for one in made
        )
    if not (callable(getattr(made, "send", None)) and callable(getattr(made, "close", None))):
        return _refused(f"the package {package} made no channel, but {type(made).__name__}")
    kind = _Probing if callable(getattr(made, "probe", None)) else _Guarded
    return kind(made, package, redact)


class _Guarded:
    """A channel of somebody else's: what it answers is checked, and what it raises is an answer."""

    def __init__(self, channel: object, package: str, redact: Redact) -> None:
        self._channel = channel
        self._package = package
        self._redact = redact

    async def send(self, message: Rendered) -> Sent | SendFailed:
        """Send once; a package that breaks breaks on this message, and the queue goes on."""
        return await self._asked("send", message)

    async def close(self) -> None:
        """Have it let go; what it raises then concerns nobody any more."""
        try:
            await self._channel.close()  # type: ignore[attr-defined]  # looked at when it was made
        except Exception:  # noqa: BLE001 - a stop must not hang on it
            return

    async def _asked(self, name: str, *given: object) -> Sent | SendFailed:
        try:
            answer = await getattr(self._channel, name)(*given)
        except Exception as error:  # noqa: BLE001 - the bug of a package must cost this message, not the queue
            return self._broke(f"broke on it: {type(error).__name__}")
        if isinstance(answer, Sent):
            return Sent(note=_line(answer.note, self._redact))
        if not isinstance(answer, SendFailed) or not isinstance(answer.scope, Scope):
            return self._broke(f"gave no answer, but {type(answer).__name__}")
        wait = answer.retry_after_seconds
        return SendFailed(
            scope=answer.scope,
            reason=_line(answer.reason, self._redact) or f"the package {self._package} gave no reason",
            retry_after_seconds=min(max(int(wait), 0), _LONGEST_WAIT) if isinstance(wait, int | float) else None,
            is_lasting=answer.is_lasting is True,
        )

    def _broke(self, what: str) -> SendFailed:
        return SendFailed(scope=Scope.MESSAGE, reason=f"the package {self._package} {what}")


class _Probing(_Guarded):
    """One that can be asked without sending."""

    async def probe(self) -> Sent | SendFailed:
        """Go as far as it can without a message."""
        return await self._asked("probe")


def _points() -> tuple[EntryPoint, ...]:
    try:
        return tuple(entry_points(group=GROUP))
    except Exception:  # noqa: BLE001 - a damaged installation of anything at all: then no package brings anything
        return ()


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.module


def _what(error: BaseException) -> str:
    """The class of what was raised, and the module that is missing, where that is it."""
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return f"there is no module {missing}" if missing else type(error).__name__


def _line(text: object, redact: Redact) -> str:
    words = " ".join(redact(str(text)).split())
    return "".join(sign for sign in words if sign.isprintable())[:_LONGEST_LINE]


def _refused(what: str) -> tuple[OptionMistake, ...]:
    return (OptionMistake(option="kind", what=what),)
