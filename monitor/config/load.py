"""From files to settings, or to every mistake in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from monitor.config import tree
from monitor.config.checks import contradictions
from monitor.config.document import Document
from monitor.config.faults import Fault, placed
from monitor.config.find import MAIN
from monitor.config.gather import Gathered, gather
from monitor.config.packs.reading import packed
from monitor.config.salvage import salvage
from monitor.config.scalars import Page
from monitor.config.shape import channels
from monitor.config.shape.access import sent_of
from monitor.config.shape.whole import Whole
from monitor.config.substitution import Sources
from monitor.config.tree import Node, Scalar, Table
from monitor.config.wording import faults
from monitor.model.holding import Handling, Handlings
from monitor.model.settings import Mark, Mistake, OutletSpec, PollingSettings, Settings
from monitor.system.collector import undisturbed


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What the files say, and all that is wrong with them.

    With mistakes, `settings` is what is left without the wrong parts: good for finding more mistakes in it, never to be
    lived in. It is None where a file could not be read at all.
    """

    settings: Settings | None
    mistakes: tuple[Mistake, ...]
    """in the order of files, lines and columns"""
    files: tuple[Path, ...]
    """all that were read, the main one first"""
    root: Node = field(repr=False)
    """the tree that `settings` was made of: the same items in the same order"""

    def locate(self, path: tuple[str | int, ...], column: int | None = None) -> Mark:
        """Where the value at `path` stands, such as `("rules", 3, "query")`; positions count from 0.

        `column`, from 1, is a character within a text, whatever its style in the file. What does not exist is where
        the nearest thing above it stands.
        """
        spot = tree.follow(self.root, path)
        if column is None or not spot.is_whole or not isinstance(spot.node, Scalar):
            return spot.node.mark
        return spot.node.mark_at(max(column - 1, 0))

    def is_written(self, path: tuple[str | int, ...]) -> bool:
        """Whether the text at `path` stands in the file as it is: no part of it was substituted."""
        node = tree.follow(self.root, path).node
        return not (isinstance(node, Scalar) and node.secrets)

    def mistake(
        self, path: tuple[str | int, ...], what: str, *, column: int | None = None, is_key: bool = False
    ) -> Mistake:
        """A mistake at `path`, named as people count; `is_key`: at the key instead of the value."""
        mark = tree.follow(self.root, path).key if is_key else self.locate(path, column)
        return Mistake(mark=mark, path=tree.spelled(self.root, path), what=what)


def load(path: Path, environment: Mapping[str, str], instead: Mapping[Path, Document] | None = None) -> Loaded:
    """Read the configuration in `path`, a folder with `tocsin.yaml` in it or a file. Raises nothing.

    `instead`, by whole paths, is taken for what files say: to know what a change would come to.
    """
    with undisturbed():
        return _loaded(path, environment, instead)


def secrets_in(path: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Every substituted value in the configuration in `path`, whatever mistakes there are in it. Raises nothing.

    For those who want nothing else of it: less than half of the work of `load`.
    """
    with undisturbed():
        return _gathered(path, environment).secrets


def _gathered(path: Path, environment: Mapping[str, str], instead: Mapping[Path, Document] | None = None) -> Gathered:
    main = path / MAIN if path.is_dir() else path
    return gather(main, Sources(environment=environment, folder=main.parent), instead)


def _loaded(path: Path, environment: Mapping[str, str], instead: Mapping[Path, Document] | None) -> Loaded:
    gathered = _gathered(path, environment, instead)
    if gathered.root is None:
        main = gathered.files[0]
        nowhere = Scalar(page=Page(file=str(main), text=""), start=0, end=0, value=None)
        return Loaded(settings=None, mistakes=_ordered(gathered.mistakes), files=gathered.files, root=nowhere)
    root = _without_unwritten(gathered.root)
    whole, wrong = _checked(root, is_complete=gathered.is_complete)
    found = [mistake for fault in wrong if (mistake := placed(fault, root))]
    saved = _saved(whole, root, wrong) if gathered.is_complete else None
    return Loaded(
        settings=_settings(*saved, secrets=gathered.secrets) if saved else None,
        mistakes=_ordered((*gathered.mistakes, *found)),
        files=gathered.files,
        root=saved[1] if saved else root,
    )


def _checked(root: Table, *, is_complete: bool) -> tuple[Whole | None, tuple[Fault, ...]]:
    """The models, None where they cannot be made, and everything that is wrong."""
    whole: Whole | None = None
    shape: tuple[Fault, ...] = ()
    try:
        whole = Whole.model_validate(tree.plain(root))
    except ValidationError as error:
        shape = faults(error, root)
    return whole, (*shape, *contradictions(root, is_complete=is_complete))


def _saved(whole: Whole | None, root: Table, wrong: tuple[Fault, ...]) -> tuple[Whole, Table] | None:
    unknown = [fault.path for fault in wrong if fault.is_key]
    return salvage(root, unknown) if whole is None or unknown else (whole, root)


def _without_unwritten(root: Table) -> Table:
    """A section with nothing under it, as when all of it is commented out, is as good as none."""
    pairs = {
        key: pair
        for key, pair in root.pairs.items()
        if key not in Whole.model_fields
        or not isinstance(pair.value, Scalar)
        or pair.value.value is not None
        or pair.value.is_broken
    }
    return replace(root, pairs=pairs)


def _settings(whole: Whole, root: Table, *, secrets: tuple[str, ...]) -> Settings:
    specs = tuple(
        channel.spec(tree.secrets(tree.follow(root, ("channels", place)).node))
        for place, channel in enumerate(whole.channels)
    )
    polling, outlets = whole.polling.settings(), tuple(outlet.spec() for outlet in whole.outlets)
    return Settings(
        polling=polling,
        outlets=outlets,
        channels=specs or (channels.DEFAULT,),
        entities=(*(entity.spec() for entity in whole.entities), *packed(whole.packs)),
        rules=tuple(rule.spec() for rule in whole.rules),
        handlings=_handlings(whole),
        routes=tuple(route.spec() for route in whole.routes),
        alarms=tuple(dict.fromkeys(whole.alarms.channels or ())),
        heartbeat=whole.heartbeat.settings(),
        retention=whole.retention.settings(),
        backup=whole.backup.settings(),
        grace=whole.grace,
        secrets=tuple(dict.fromkeys((*secrets, *_logins(polling, outlets)))),
    )


def _logins(polling: PollingSettings, outlets: Iterable[OutletSpec]) -> Iterator[str]:
    """Passwords of feeds and proxies, and what is sent of them, whether they were substituted or stand in the file."""
    accesses = {feed.access for outlet in outlets for feed in outlet.feeds}
    proxies = {polling.proxy, *(one.proxy for one in accesses)}
    sent = [one.authorization for one in accesses] + [one.authorization for one in proxies if one]
    for authorization in sorted(filter(None, sent)):
        yield from sent_of(authorization)


def _handlings(whole: Whole) -> Handlings:
    """Of those who say something; the default channel holds nothing back."""
    nothing = Handling()
    rules = ((rule.name, rule.handling()) for rule in whole.rules)
    channels = ((channel.name, channel.handling()) for channel in whole.channels)
    return Handlings(
        channels={name: handling for name, handling in channels if handling != nothing},
        rules={name: handling for name, handling in rules if handling != nothing},
        pacing={channel.name: channel.rate for channel in whole.channels if channel.rate},
        backlogs={channel.name: most for channel in whole.channels if (most := channel.backlog()) is not None},
    )


def _ordered(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    return tuple(sorted(set(mistakes)))
