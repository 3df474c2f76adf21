"""Russian names. Words come folded, so ё is е."""

from monitor.entities.paradigms import PEOPLE, THINGS, Kind, Language, paradigm

_GIVEN = frozenset({Kind.GIVEN})
_SURNAME = frozenset({Kind.SURNAME})
_PLACE = frozenset({Kind.PLACE})
_NOUN = frozenset({Kind.NOUN})

_ADJECTIVES = (
    paradigm("adjective -ний", r"(?<=н)ий$", "его ему его/ий им ем", gender="m"),
    paradigm("adjective -ий", r"(?<=[гкхжшчщ])ий$", "ого/его ому/ему ого/его/ий им ом/ем", gender="m"),
    paradigm("adjective -ый", r"ый$", "ого ому ого/ый ым ом", gender="m"),
    paradigm("adjective -ой", r"(?<=[дтжшкгхлнрв])ой$", "ого ому ого/ой ым/им ом", gender="m"),
    paradigm("adjective -ая", r"ая$", "ой/ей ой/ей ую ой/ою/ей ой/ей", gender="f"),
    paradigm("adjective -яя", r"яя$", "ей ей юю ей ей", gender="f"),
    paradigm("adjective -ое", r"ое$", "ого ому ое ым/им ом", kinds=THINGS),
    paradigm("adjective -ее", r"ее$", "его ему ее им ем", kinds=THINGS),
    paradigm("adjective -ые", r"ые$", "ых ым ые/ых ыми ых"),
    paradigm("adjective -ие", r"(?<=[гкхжшчщ])ие$|(?<=[дшжйв]н)ие$", "их им ие/их ими их"),
)

_PEOPLE = (
    paradigm("surname -ский", r"(?<=[гкхжшчщн])ий$", "ого ому ого им ом", kinds=_SURNAME, gender="m"),
    paradigm("surname -ый", r"ый$", "ого ому ого ым ом", kinds=_SURNAME, gender="m"),
    paradigm("surname -ой", r"(?<=[дтжшклнр])ой$", "ого ому ого ым/им ом", kinds=_SURNAME, gender="m", more=True),
    paradigm("surname -ая", r"ая$", "ой ой ую ой/ою ой", kinds=_SURNAME, gender="f"),
    paradigm("surname -ов", r"(ов|ев)$", "а у а ым/ом е", stem=r"\1", kinds=_SURNAME, gender="m"),
    paradigm("surname -ин", r"(?<=.)(ин|ын)$", "а у а ым/ом е", stem=r"\1", kinds=_SURNAME, gender="m"),
    paradigm("surname -ова", r"(ов|ев)а$", "ой ой у ой/ою ой", stem=r"\1", kinds=_SURNAME, gender="f"),
    paradigm("surname -ина", r"(ин|ын)а$", "ой/ы ой/е у ой ой/е", stem=r"\1", kinds=_SURNAME, gender="f"),
    paradigm("given name Лев", r"^лев$", "а у а ом е", stem="льв", kinds=_GIVEN, gender="m"),
    paradigm("given name Павел", r"^павел$", "а у а ом е", stem="павл", kinds=_GIVEN, gender="m"),
    paradigm("given name -ий", r"ий$", "я ю я ем и/е", stem="и", kinds=_GIVEN, gender="m"),
    paradigm("surname -ец", r"(?<=[аеио])ец$", "а у а ем/ом е", stem="йц", kinds=_SURNAME, gender="m", more=True),
    paradigm("surname -ец", r"(?<=[бвдзклмнпрт])ец$", "а у а ем/ом е", stem="ц", kinds=_SURNAME, gender="m"),
    paradigm(
        "surname -ок", r"(?<=[бвдзлмнпрстч])[ое]к$", "а у а ом е", stem="к", kinds=_SURNAME, gender="m", more=True
    ),
    paradigm("name -ь, a man's", r"ь$", "я ю я ем е", kinds=PEOPLE, gender="m", more=True),
    paradigm("name -ь, a woman's", r"ь$", "и и ь ью и", kinds=_GIVEN, gender="f"),
    paradigm("name -й", r"(?<=[аеоуяюиы])й$", "я ю я ем е", kinds=PEOPLE, gender="m"),
    paradigm("name -ц", r"(?<=[жшчщц])$", "а у а ем/ом е", kinds=PEOPLE, gender="m"),
    paradigm("name in a consonant", r"(?<=[бвгдзклмнпрстф])$|(?<=[^ыи]х)$", "а у а ом е", kinds=PEOPLE, gender="m"),
)

_THINGS = (
    paradigm("noun -ец", r"(?<=[аеиоу])ец$", "а у а ем/ом е", stem="йц", kinds=THINGS, more=True),
    paradigm("noun -ец", r"(?<=[бвдзклмнпрт])ец$", "а у а ом/ем е", stem="ц", kinds=THINGS, more=True),
    paradigm("noun -ок", r"(?<=[бвдзлмнпрстч])[ое]к$", "а у а ом е", stem="к", kinds=THINGS, more=True),
    paradigm("noun -овь", r"овь$", "ви ви вь овью ви", kinds=_NOUN),
    paradigm("place -ет", r"(?<=гип)ет$", "а у - ом е", stem="т", kinds=_PLACE),
    paradigm("noun -ь, masculine", r"ь$", "я ю ь ем е", kinds=THINGS, more=True),
    paradigm("noun -ь, feminine", r"ь$", "и и ь ью и", kinds=THINGS),
    paradigm("noun -ий", r"ий$", "я ю й ем и", stem="и", kinds=THINGS),
    paradigm("noun -й", r"(?<=[аеоуяюиы])й$", "я ю й ем е", kinds=THINGS),
    paradigm("noun -ние", r"(?<=[нтвл])ие$", "я ю е ем и", stem="и", kinds=THINGS),
    paradigm("noun -ье", r"ье$", "я ю е ем е", stem="ь", kinds=THINGS),
    paradigm("noun -ре", r"(?<=[рл])е$", "я ю е ем е", kinds=THINGS),
    paradigm("place -ово, -ино", r"(ов|ев|ин|ын)о$", "а у о ом е", stem=r"\1", kinds=_PLACE),
    paradigm("noun -о", r"о$", "а у о ом е", kinds=_NOUN),
    paradigm("plural -ы", r"ы$", "-/ов ам ы ами ах", kinds=THINGS),
    paradigm("plural -и", r"(?<=[гкхжшчщ])и$", "-/ов/ей ам/ям и ами/ями ах/ях", kinds=THINGS),
    paradigm("plural -сти", r"(?<=[лнрст])и$", "ей ям и ями ях", kinds=_NOUN),
    paradigm("noun -ц", r"(?<=[жшчщц])$", "а у - ем/ом е", kinds=THINGS),
    paradigm("noun in a consonant", r"(?<=[бвгдзклмнпрстфх])$", "а у - ом е/у", kinds=THINGS),
)

_COMMON = (
    paradigm("noun -ия", r"ия$", "и и ю ей и", stem="и"),
    paradigm("noun -га, -ка, -ша", r"(?<=[гкхжшчщ])а$", "и е у ой/ою/ей е"),
    paradigm("noun -ца", r"ца$", "ы е у ей/ой е", stem="ц"),
    paradigm("noun -а", r"а$", "ы е у ой/ою е"),
    paradigm("noun -я", r"я$", "и е ю ей е"),
)

RUSSIAN = Language(code="ru", nouns=(*_PEOPLE[:8], *_COMMON, *_PEOPLE[8:], *_THINGS), adjectives=_ADJECTIVES)
