"""What is left of a configuration with mistakes once the wrong parts are cut out.

So that queries and channel options are looked at although something else is wrong: `check` shows all mistakes at once.
"""

from collections.abc import Collection
from dataclasses import replace

from pydantic import ValidationError

from monitor.config.shape.whole import Whole
from monitor.config.tree import Listing, Pair, Path, Table, follow, plain

_ROUNDS = 4
"""cutting out a wrong key may leave one missing, and so its item goes in the next round; two are usual"""


def salvage(root: Table, unknown: Collection[Path] = ()) -> tuple[Whole, Table] | None:
    """The models and the tree of what can be read; both list the same items in the same order.

    `unknown` are keys that go in any case.
    """
    root = _without(root, unknown)
    for _ in range(_ROUNDS):
        try:
            return Whole.model_validate(plain(root)), root
        except ValidationError as error:
            wrong = {_cut(tuple(one["loc"]), root) for one in error.errors(include_url=False, include_input=False)}
            root = _without(root, wrong)
    return None


def _cut(path: Path, root: Table) -> Path:
    """What to cut out: a key of the item, the item where that key is missing, or a key of a section."""
    is_item = len(path) > 1 and isinstance(path[1], int)
    part = path[:3] if is_item else path[:2]
    return part if follow(root, part).is_whole else part[:-1]


def _without(root: Table, wrong: Collection[Path]) -> Table:
    pairs: dict[str, Pair] = {}
    for key, pair in root.pairs.items():
        if (key,) in wrong:
            continue
        match pair.value:
            case Table() as table:
                pairs[key] = replace(pair, value=_trimmed(table, (key,), wrong))
            case Listing() as listing:
                pairs[key] = replace(pair, value=_thinned(listing, key, wrong))
            case _:
                pairs[key] = pair
    return replace(root, pairs=pairs)


def _thinned(listing: Listing, key: str, wrong: Collection[Path]) -> Listing:
    kept = [place for place in range(len(listing.items)) if (key, place) not in wrong]
    items = []
    for place in kept:
        item = listing.items[place]
        items.append(_trimmed(item, (key, place), wrong) if isinstance(item, Table) else item)
    return replace(listing, items=tuple(items), numbers=tuple(listing.numbers[place] for place in kept))


def _trimmed(table: Table, path: Path, wrong: Collection[Path]) -> Table:
    return replace(table, pairs={key: pair for key, pair in table.pairs.items() if (*path, key) not in wrong})
