"""What changed in the news: new words of a story, held against all that it has said so far.

Precision first: a follow-up that nobody needs is noise. So a figure counts only
- against an earlier figure of the same thing (the dead, the injured, a magnitude …): the first one is no change;
- where no text of the story, of whatever outlet, has said it before;
- where it grows by enough over the one that was told: outlets that report the same hour differ by one or two;
- downwards only where the publisher itself takes its own figure back, in a revision or a correction.
A mark of correction or withdrawal counts once for a story: those who copy a corrected piece copy its mark. Dates, other
words and other order are nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.model.entries import Text
from monitor.stories.figures import MAGNITUDE, PERCENT, FigureReader, Figures
from monitor.stories.marks import Mark, marks_of
from monitor.stories.numerals import Amount
from monitor.text.tokens import terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is new."""

    key: str
    """the same whoever says so: `killed=30`"""
    words: str
    """for people: `killed: 3, now 30`"""


def changes(said: Sequence[Text], words: Text, previous: Text | None = None) -> tuple[Change, ...]:
    """What `words` change in a story that has `said` so much, oldest first; `previous` is what this entry said before.

    Only titles and summaries are looked at.
    """
    reader = FigureReader()
    marks, figures = marks_of(words), reader.stated(words)
    if not marks and not figures:
        return ()
    past = _Past(said=said, previous=previous, is_correction=Mark.CORRECTION in marks, reader=reader)
    return (*past.marked(marks), *past.changed(figures, words))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """All that was said."""

    said: Sequence[Text]
    previous: Text | None
    is_correction: bool
    reader: FigureReader

    def marked(self, marks: frozenset[Mark]) -> Iterator[Change]:
        known = {mark for text in self.said for mark in marks_of(text)} if marks else set[Mark]()
        for mark in sorted(marks - known):
            yield Change(key=mark.value, words=f"marked as {_MARKS[mark]}")

    def changed(self, figures: Figures, words: Text) -> Iterator[Change]:
        known = [self.reader.mentioned(text) for text in self.said] if figures else []
        for thing, amounts in figures.items():
            now = max(amounts, key=_size)
            if any(now.low == amount.low for mention in known for amount in mention.get(thing, ())):
                continue
            if thing == PERCENT:
                before = self._share_told(words)
                is_news = len(amounts) == 1 and before is not None and _is_other_share(now, before)
            else:
                before = self._told(thing)
                is_news = before is not None and (
                    _has_grown(thing, now, before) or self._is_taken_back(thing, now, before, words)
                )
            if is_news and before is not None:
                yield _change(thing, before, now)

    def _told(self, thing: str) -> Amount | None:
        """The figure that a reader of every change has heard by now: small steps add up until they are enough."""
        told: Amount | None = None
        for text in self.said:
            for amount in self.reader.stated(text, _SENTENCES).get(thing, ()):
                if told is None or _has_grown(thing, amount, told):
                    told = amount
        return told

    def _share_told(self, words: Text) -> Amount | None:
        """The last percentage of headlines that say the same, those with one alone; None for those of markets."""
        if _MARKETS.search(words.title.casefold()):
            return None
        shares = (self.reader.stated(text).get(PERCENT, ()) for text in self.said if _is_same_but(text, words))
        return next((found[0] for found in reversed([*shares]) if len(found) == 1), None)

    def _is_taken_back(self, thing: str, now: Amount, told: Amount, words: Text) -> bool:
        """Whether a publisher corrects its figure, by however little, or takes enough of it back."""
        if self.is_correction:
            return now.high < told.low or now.low > told.high
        # A page that goes on to another place of the same storm has other words as well.
        if self.previous is None or not _is_alike(self.previous, words):
            return False
        own = self.reader.stated(self.previous, _SENTENCES).get(thing)
        return own is not None and _has_grown(thing, max(own, key=_size), now)


def _has_grown(thing: str, now: Amount, before: Amount) -> bool:
    growth = now.low - before.high
    if thing == MAGNITUDE:
        return growth > _MAGNITUDE_STEP
    if before.low < before.high:  # whatever is more than dozens
        return growth > 0
    return growth >= max(_LEAST_GROWTH, before.high * _SHARE_OF_GROWTH)


def _is_other_share(now: Amount, before: Amount) -> bool:
    return abs(now.low - before.low) >= max(_LEAST_POINTS, before.low * _SHARE_OF_POINTS)


def _is_alike(one: Text, other: Text, share: float = 0.5) -> bool:
    """Whether two headlines have so much of the words of the shorter one in common, numbers left out."""
    words, others = ({term for term in terms(text.title) if not term.isdigit()} - _UNITS for text in (one, other))
    return len(words & others) >= share * min(len(words), len(others)) > 0


def _is_same_but(one: Text, other: Text) -> bool:
    """Whether two headlines say the same but for the figure: a percentage does not say by itself what it is of."""
    return _is_alike(one, other, _SAME_BUT)


def _change(thing: str, before: Amount, now: Amount) -> Change:
    unit = " %" if thing == PERCENT else ""
    name = "figure" if thing == PERCENT else thing
    return Change(
        key=f"{thing}={now.words.replace(',', '')}",
        words=f"{name}: {before.words}{unit}, now {now.words}{unit}",
    )


def _size(amount: Amount) -> tuple[float, float]:
    return amount.low, amount.high


_MARKS = {Mark.CORRECTION: "a correction", Mark.WITHDRAWAL: "withdrawn"}
_SENTENCES = 3  # of a summary, in which an earlier figure may stand
_LEAST_GROWTH = 2
"""what outlets of the same hour differ by is mostly one"""
_SHARE_OF_GROWTH = 0.25
"""of 40 dead the next figure that is told is 50: some ten messages from 3 to 30, and as many from 30 to 300"""
_MAGNITUDE_STEP = 0.15
"""surveys differ by a tenth"""
_LEAST_POINTS = 1.0
_SHARE_OF_POINTS = 0.1
"""roundings are no news"""
_SAME_BUT = 0.7
_UNITS = frozenset({"percent", "per", "cent", "pct", "процента", "процентов", "відсотків", "відсотки", "prozent"})
_MARKETS = re.compile(
    r"\b(?:prices?|stocks?|shares?|futures|crude|brent|oil|gold|gas|index|nasdaq|dow|s&p|ice|bitcoin|bonds?|yields?|dollar"
    r"|euro|yen|yuan|rouble|ruble|hryvnia|цен[аыу]|нефт[ьи]|акци[ийям]+|курс\w*|рубл\w*|доллар\w*|бирж\w*|индекс\w*"
    r"|цін[аиу]|нафт[аи]|акці[ії]|біржа?|гривн\w*|aktien?|preise?n?|kurse?n?|börsen?|dax|ölpreis\w*)\b"
)
"""what moves by the minute"""
