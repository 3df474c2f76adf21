"""The right word nearest to a wrong one."""

from collections.abc import Collection
from difflib import get_close_matches


def nearest(word: str, known: Collection[str]) -> str | None:
    """The member of `known` that was probably meant, or None; case does not count."""
    by_fold = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold()[:100], list(by_fold), n=1, cutoff=0.6)
    return by_fold[close[0]] if close else None
