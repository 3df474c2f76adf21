"""Copy of an invented agency as many outlets print it, and pairs of events that only look alike: all words are ours."""

from dataclasses import dataclass

SENTENCES = tuple(
    """\
A cable car plunged into a ravine above the lake resort of Brennholm on Tuesday after a hauling rope snapped, injuring \
14 passengers, regional police said.
Rescuers on ropes brought the last of the passengers up from the wreck shortly before dusk.
The cabin had left the upper station at Kaldfell with skiers on their way back to the village, said Ingrid Solvang, a \
spokeswoman for the operator Fjellbanen.
Investigators sealed off the winch house and took away the log book of the rope inspections.
The line was closed for maintenance for three weeks in October and had passed its yearly test, the company said.
Witnesses told the broadcaster they heard a crack like a gunshot before the cabin began to slide backwards.
Transport minister Halvard Lunde ordered the two other cable cars of the same make to stop until they are checked.
""".splitlines()
)
"""what the agency sent"""

_HAND = (
    "Cable car plunges into ravine at Brennholm, injuring 14",
    "Cable car plunges into ravine above Brennholm after rope snaps; 14 injured",
    "14 injured as Brennholm cable car plunges into ravine",
    "Brennholm cable car crash: rope snaps, 14 hurt",
    "Rope snaps, cable car plunges into ravine above lake resort of Brennholm",
    "Fourteen hurt when cable car falls into ravine at Brennholm",
    "Hauling rope snapped before Brennholm cable car fell, police say",
    "Police: 14 injured in cable car plunge above Brennholm",
    "Cable car with skiers plunges into ravine near Brennholm",
    "'Like a gunshot': Brennholm cable car plunges into ravine after rope snaps",
    "Skiers hurt as cable car rope snaps above Brennholm",
    "Minister halts cable cars after Brennholm plunge injures 14",
    "Cable car plunge at Brennholm leaves 14 injured",
    "Brennholm: cable car plunges into ravine, 14 passengers injured",
    "Cable car falls into ravine above Brennholm lake resort",
    "Rescuers on ropes reach Brennholm cable car that plunged into ravine",
)
_LABELS = ("", "BREAKING: ", "Update 1-", "Watch: ", "URGENT - ")
_TAILS = ("", " - {outlet}", " | {outlet}", " ({outlet})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The story as one outlet has it."""

    outlet: str
    title: str
    summary: str


def copies(number: int) -> tuple[Copy, ...]:
    """The story in so many outlets: headlines written anew or labelled, texts cut, some with words of their own.

    The first is the agency's own.
    """
    return tuple(_copy(at) for at in range(number))


def _copy(at: int) -> Copy:
    outlet = f"Outlet {at + 1}"
    title = _HAND[at % len(_HAND)]
    if at >= len(_HAND):
        title = _LABELS[at % len(_LABELS)] + title + _TAILS[at % len(_TAILS)].format(outlet=outlet)
    kept = list(SENTENCES[: 1 + at * 5 % len(SENTENCES)])
    if at % 4 == 1:
        kept[0] = kept[0].replace("A cable car plunged", "A cable car has plunged").replace(" on Tuesday", "")
    if at % 6 == 2:
        kept = [f"BRENNHOLM (Nordwire) - {kept[0]}", *kept[1:]]
    if at % 7 == 3:
        kept.append(f"More on this story as it develops on {outlet}.")
    return Copy(outlet=outlet, title=title, summary=" ".join(kept))


LOOK_ALIKES = (
    (
        (
            "Two inmates escape from Harrow Creek prison through laundry",
            "Two inmates serving life sentences escaped from Harrow Creek prison on Sunday hidden in laundry carts.",
        ),
        (
            "Three inmates escape from Stillwater jail by cutting roof",
            "Three inmates awaiting trial escaped from Stillwater jail on Monday by cutting a hole in its roof.",
        ),
    ),
    (
        (
            "Magnitude 6.2 earthquake strikes off northern Chile",
            "An earthquake of magnitude 6.2 struck off the coast of northern Chile early on Friday, geologists said.",
        ),
        (
            "Magnitude 5.8 earthquake strikes eastern Turkey",
            "An earthquake of magnitude 5.8 struck eastern Turkey early on Friday, the disaster agency said.",
        ),
    ),
    (
        (
            "Singer Mara Delane checks into rehab after arrest",
            "The singer Mara Delane has checked into a rehabilitation clinic in Malibu, her manager said on Wednesday.",
        ),
        (
            "Actor Toby Renwick checks into rehab after crash",
            "The actor Toby Renwick has checked into a rehabilitation clinic in Arizona, his lawyer said on Thursday.",
        ),
    ),
    (
        (
            "Gunman kills four at shopping mall in Omaha suburb",
            "A gunman opened fire in a mall in a suburb of Omaha on Saturday, killing four people, police said.",
        ),
        (
            "Gunman kills five at church in Sacramento suburb",
            "A gunman opened fire at a church in a suburb of Sacramento on Sunday, killing five people, police said.",
        ),
    ),
    (
        (
            "Central bank of Norway raises rates by a quarter point",
            "Norges Bank raised its key policy rate by a quarter point on Thursday and said one more rise was likely.",
        ),
        (
            "Central bank of Sweden cuts rates by a quarter point",
            "The Riksbank cut its key policy rate by a quarter point on Thursday and said it would now wait.",
        ),
    ),
    (
        (
            "Freight train derails near Leipzig, spilling diesel",
            "A freight train derailed near Leipzig on Tuesday night, spilling diesel along the line to Dresden.",
        ),
        (
            "Passenger train derails near Lublin, injuring nine",
            "A passenger train derailed near Lublin on Wednesday morning, injuring nine people, Polish railways said.",
        ),
    ),
    (
        (
            "Drone attack sets oil depot on fire in Krasnodar",
            "A drone attack set an oil depot on fire in the Krasnodar region overnight, the governor said.",
        ),
        (
            "Drone attack sets oil refinery on fire in Samara",
            "A drone attack set an oil refinery on fire in the Samara region overnight, the governor said.",
        ),
    ),
    (
        (
            "Parliament of Moldova backs prime minister Ciobanu's cabinet",
            "Moldova's parliament voted confidence in the cabinet of prime minister Andrei Ciobanu on Monday.",
        ),
        (
            "Parliament of Bulgaria rejects prime minister Petkova's cabinet",
            "Bulgaria's parliament voted down the cabinet of the designated prime minister, Elena Petkova, on Monday.",
        ),
    ),
    (
        (
            "Peace talks on Sudan begin in Geneva",
            "Talks between the warring sides in Sudan began in Geneva on Monday with mediators from four countries.",
        ),
        (
            "Peace talks on Sudan falter in Geneva as army walks out",
            "Talks on the war in Sudan faltered on Friday when the army's delegation walked out of the hall in Geneva.",
        ),
    ),
    (
        (
            "Ferry with 80 aboard runs aground off Crete",
            "A ferry with 80 people aboard ran aground off Crete in strong winds on Sunday, the coast guard said.",
        ),
        (
            "Ferry with 120 aboard catches fire off Sardinia",
            "A ferry with 120 people aboard caught fire off Sardinia on Sunday, the coast guard said.",
        ),
    ),
)
"""pairs of different events: (title, summary) of each"""
