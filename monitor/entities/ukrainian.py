"""Ukrainian names. Words come folded; і, ї, є and ґ are letters of their own."""

from monitor.entities.paradigms import PEOPLE, THINGS, Kind, Language, paradigm

_GIVEN = frozenset({Kind.GIVEN})
_SURNAME = frozenset({Kind.SURNAME})
_PLACE = frozenset({Kind.PLACE})
_NOUN = frozenset({Kind.NOUN})

_ADJECTIVES = (
    paradigm("adjective -ій", r"ій$", "ього ьому ього/ій ім ьому/ім", gender="m"),
    paradigm("adjective -ий", r"ий$", "ого ому ого/ий им ому/ім", gender="m"),
    paradigm("adjective -а", r"(?<=[вгджзклнрстхчшщ])а$", "ої ій у ою ій", gender="f"),
    paradigm("adjective -я", r"(?<=н)я$", "ьої ій ю ьою ій", gender="f"),
    paradigm("adjective -е", r"(?<=[вгджзклнрстхчшщ])е$", "ого ому е им ому/ім", kinds=THINGS),
    paradigm("adjective -і", r"(?<=[вгджзклнрстхчшщ])і$", "их им і/их ими их", kinds=THINGS),
)

_PEOPLE = (
    paradigm("surname -ський", r"ий$", "ого ому ого им ому/ім", kinds=_SURNAME, gender="m"),
    paradigm("surname -ська", r"(ськ|цьк|зьк)а$", "ої ій у ою ій", stem=r"\1", kinds=_SURNAME, gender="f"),
    paradigm("surname -на", r"(?<=н)а$", "ої ій у ою ій", kinds=_SURNAME, gender="f", more=True),
    paradigm("surname -ов", r"(ов|ев|єв|йов)$", "а у/ові а им/ом і/ові/у", stem=r"\1", kinds=_SURNAME, gender="m"),
    paradigm("surname -ів", r"ів$", "а у/ові а им/ом і/ові/у", stem="ов", kinds=_SURNAME, gender="m", more=True),
    paradigm("surname -ін", r"(ін|їн|ин)$", "а у/ові а им/ом і/ові/у", stem=r"\1", kinds=_SURNAME, gender="m"),
    paradigm("surname -ова", r"(ов|ев|єв|ін|їн|ин)а$", "ої ій у ою ій", stem=r"\1", kinds=_SURNAME, gender="f"),
    paradigm("name -о", r"(?<=[^еиіоуаю])о$", "а у/ові а ом у/ові/і", kinds=PEOPLE, gender="m"),
    paradigm("given name -ій", r"ій$", "я ю/єві я єм ї/єві/ю", stem="і", kinds=PEOPLE, gender="m"),
    paradigm("surname -ець", r"(?<=[аеиіоу])єць$", "я ю/еві я ем і/еві", stem="йц", kinds=PEOPLE, gender="m"),
    paradigm("surname -ець", r"ець$", "я ю/еві я ем і/еві", stem="ц", kinds=PEOPLE, gender="m"),
    paradigm(
        "surname -ок",
        r"(?<=[бвдзлмнпрстч])[ое]к$",
        "а у/ові а ом у/ові",
        stem="к",
        kinds=_SURNAME,
        gender="m",
        more=True,
    ),
    paradigm("name -ь, a man's", r"ь$", "я ю/еві я ем і/еві/ю", kinds=PEOPLE, gender="m", more=True),
    paradigm("name -ь, a woman's", r"ь$", "і і ь ю/лю і", kinds=_GIVEN, gender="f"),
    paradigm("name -й", r"й$", "я ю/єві я єм ї/єві/ю", kinds=PEOPLE, gender="m"),
    paradigm("name -ч", r"(?<=[жчшщ])$", "а у/еві а ем і/еві/у", kinds=PEOPLE, gender="m"),
    paradigm("name in a consonant", r"(?<=[бвгґдзклмнпрстфхц])$", "а у/ові а ом і/ові/у", kinds=PEOPLE, gender="m"),
)

_COMMON = (
    paradigm("noun -ія", r"(?<=[іеаоуї])я$", "ї ї ю єю ї"),
    paradigm("noun -ння", r"(?<=нн|тт|лл|сс|чч|зз)я$", "я ю я ям і/ю", kinds=THINGS),
    paradigm("noun -я", r"я$", "і і ю ею і"),
    paradigm("noun -ка", r"ка$", "и *і у ою *і", stem="к", soft="ц"),
    paradigm("noun -га", r"[гґ]а$", "и *і у ою *і", stem="г", soft="з"),
    paradigm("noun -ха", r"ха$", "и *і у ою *і", stem="х", soft="с"),
    paradigm("noun -ша", r"(?<=[жчшщ])а$", "і і у ею і"),
    paradigm("noun -а", r"а$", "и і у ою і"),
)

_THINGS = (
    paradigm("place -їв", r"їв$", "а у/ові а ом і", stem="єв", kinds=THINGS),
    paradigm("place -ів", r"ів$", "а у/ові а ом і/ові", stem="ов", kinds=THINGS, more=True),
    paradigm("noun with і for о", r"і([бвгджзклмнпрст])$", "у/а у у ом і/у", stem=r"о\1", kinds=THINGS, more=True),
    paradigm("noun -іль", r"іль$", "я ю я ем і", stem="ол", kinds=THINGS, more=True),
    paradigm("noun -ець", r"ець$", "я ю/еві я ем і", stem="ц", kinds=THINGS, more=True),
    paradigm("noun -ок", r"(?<=[бвдзлмнпрстч])[ое]к$", "а/у у а ом у", stem="к", kinds=THINGS, more=True),
    paradigm("noun -ь, masculine", r"ь$", "я ю/еві ь ем і/ю", kinds=THINGS, more=True),
    paradigm("noun -ь, feminine", r"([сдтзнлц])ь$", "і і ь ю/*ю і", stem=r"\1", soft=r"\1\1", kinds=THINGS),
    paradigm("noun -сть", r"ь$", "і і ь ю і", kinds=THINGS),
    paradigm("noun -й", r"й$", "я/ю ю/єві й єм ї/ю", kinds=THINGS),
    paradigm("noun -о", r"о$", "а у о ом і/у", kinds=THINGS),
    paradigm("noun -ре", r"(?<=[рл])е$", "я ю е ем і", kinds=THINGS),
    paradigm("noun -е", r"(?<=[жчшщц])е$", "а у е ем і", kinds=_NOUN),
    paradigm("plural -и", r"и$", "-/ів ам и ами ах", kinds=THINGS),
    paradigm("plural -і", r"і$", "-/ів/ей ам/ям і ами/ями ах/ях", kinds=_NOUN),
    paradigm("place -ет", r"(?<=гип)ет$", "у/а у а ом і", stem="т", kinds=_PLACE),
    paradigm("noun -г", r"[гґ]$", "у/а у/ові - ом *і/у", stem="г", soft="з", kinds=THINGS),
    paradigm("noun -х", r"х$", "у/а у/ові - ом *і/у", stem="х", soft="с", kinds=THINGS),
    paradigm("noun -к", r"(?<=к)$", "у/а у/ові - ом у/ові", kinds=THINGS, more=True),
    paradigm("noun -ч", r"(?<=[жчшщ])$", "а/у у/еві - ем і/у", kinds=THINGS),
    paradigm("noun in a consonant", r"(?<=[бвгґдзклмнпрстфхц])$", "у/а у/ові - ом і/у", kinds=THINGS),
)

UKRAINIAN = Language(code="uk", nouns=(*_PEOPLE[:7], *_COMMON, *_PEOPLE[7:], *_THINGS), adjectives=_ADJECTIVES)
