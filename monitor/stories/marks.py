"""What a publisher says of its own piece: that it is corrected, or withdrawn.

As a mark of the piece only: a label in front of the headline or in brackets, or a sentence about *this story*. News of
corrections, of corrective measures and of withdrawn bills have no such mark. English, Russian, Ukrainian, German.
"""

import re
from enum import StrEnum

from monitor.model.entries import Text


class Mark(StrEnum):
    """What is said of a piece."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


def marks_of(text: Text) -> frozenset[Mark]:
    """The marks that a text bears, in its headline or in the first sentences below it."""
    title, lead = _plain(text.title[:_LEAD]), _plain(text.summary[:_LEAD])
    found = set[Mark]()
    if _CORRECTED.search(title) or _CORRECTED_LEAD.search(lead):
        found.add(Mark.CORRECTION)
    if _WITHDRAWN.search(title) or _KILLED.search(text.title[:_LEAD]) or _WITHDRAWN_LEAD.search(lead):
        found.add(Mark.WITHDRAWAL)
    return frozenset(found)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("–", "-").replace("—", "-").split())


_LEAD = 1_000  # characters that are looked at; labels stand at the beginning, notes at the end of short summaries
_CORRECTED_WORDS = (
    r"correct(?:ed|ion)|refile-correct(?:ed|ion)|clarif(?:ied|ication)|amended|исправление|исправлено|уточнение"
    r"|виправлення|виправлено|уточнення|korrektur|korrigiert|korrigierte fassung|berichtigung|berichtigt"
    r"|richtigstellung"
)
_WITHDRAWN_WORDS = (
    r"retract(?:ed|ion)|(?:story )?withdrawn|deleted|(?:сообщение )?отозвано|аннулировано|опровержение"
    r"|(?:повідомлення )?відкликано|анульовано|спростування|(?:meldung )?zurückgezogen|widerruf|annulliert"
)
_WIRE = r"(?:(?:update|wrapup|refile|bc|urgent) ?\d*-)*"
"""what agencies put before their labels: *UPDATE 2-CORRECTED-…*"""


def _label(words: str) -> str:
    """A label in front of a headline, or in brackets of its own."""
    return rf"^{_WIRE}\s*(?:{words})\s*(?:[:|-]|\d+-)|[(\[](?:{words})[)\]]"


_THIS = (
    r"(?:this|the|an? (?:earlier|previous)|an? (?:earlier|previous) version of (?:this|the))"
    r" (?:story|article|report|post|item)"
)
_CORRECTED = re.compile(_label(_CORRECTED_WORDS))
_CORRECTED_LEAD = re.compile(
    rf"(?:^|[.!?] |[(\[])(?:{_CORRECTED_WORDS}): "
    r"|^[(\[](?:corrects|clarifies|исправляет|уточняет|виправляє|korrigiert) "
    rf"|\b{_THIS}[^.]{{0,60}} (?:has been|was|is) (?:corrected|clarified|amended)\b"
    r"|\bв (?:заметку|текст|материал|новость) (?:было |были )?внесен[оы]? (?:исправлени|уточнени)"
    r"|\b(?:матеріал|новину|текст) (?:було )?виправлено\b"
    r"|\bdiese[rmns]? (?:artikel|meldung|text|bericht) wurde (?:korrigiert|berichtigt)\b"
)
_WITHDRAWN = re.compile(
    _label(_WITHDRAWN_WORDS)
    + r"|^\W*advisory\b.{0,200}\b(?:withdrawn|withdraws?|retracts?|retracted|disregard|kill(?:ed)?)\b"
)
_KILLED = re.compile(r"^\W*(?:BC-[\w-]*,? ?)?(?:MANDATORY |STORY |BULLETIN )?KILL(?: NOTICE)?\s*[:–—-]")
"""as it is written: *Kill: a thriller* is no notice"""
_WITHDRAWN_LEAD = re.compile(
    rf"(?:^|[.!?] |[(\[])(?:{_WITHDRAWN_WORDS}): "
    rf"|\b{_THIS}(?: has been| was| is) (?:withdrawn|retracted|removed|deleted|taken down)\b"
    r"|\bstory (?:has been |is )?withdrawn\b"
    r"|\b(?:сообщение|материал|новость|заметка) (?:был[ао]? )?(?:отозван|удален|снят|аннулирован)[ао]?\b"
    r"|\b(?:повідомлення|матеріал|новину) (?:було )?(?:відкликано|видалено|знято|анульовано)\b"
    r"|\b(?:meldung|artikel|bericht) (?:wurde|wird|ist) (?:zurückgezogen|annulliert|widerrufen|gelöscht)\b"
)
