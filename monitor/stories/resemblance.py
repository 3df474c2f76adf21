"""Whether two texts could be one piece of news before and after an editor's hand: a weak sign, for doubtful keys only.

Identity never comes from likeness. It only says whether a key that contradicts another one may be believed.
"""

from itertools import pairwise

from monitor.model.entries import Text
from monitor.text.tokens import terms

ALIKE = 0.25
"""share of the shorter text's words that the other one has as well. Over headlines of one page before and after they
were changed, 81 of 100 reach it by the title alone; of two headlines taken at random, 1 in 100; with a summary, which
editors seldom replace as well, 1 in 1,000."""
_SHORTEST_WORD = 4  # shorter words of alphabets are mostly grammar, which any two texts share
_FIRST_SPACELESS = "\u0e00"  # Thai; alphabets with spaces stand before it, but for a few
_ENOUGH = 1_500  # characters of summary and body together: what is news stands at the beginning


def is_alike(one: Text, other: Text) -> bool:
    """Whether enough words of the shorter text stand in the other; never for a text without telling words."""
    words, others = _telling(one), _telling(other)
    fewer = min(len(words), len(others))
    return fewer > 0 and len(words & others) >= ALIKE * fewer


def _telling(text: Text) -> frozenset[str]:
    lead = f"{text.summary[:_ENOUGH]} {text.body[:_ENOUGH]}"[:_ENOUGH]
    found = terms(f"{text.title} {lead}")
    telling = {term for term in found if len(term) >= _SHORTEST_WORD or term.isdigit()}
    # Scripts without spaces give a token a sign; any two texts share signs, but not pairs of them.
    telling.update(one + other for one, other in pairwise(found) if min(one, other) >= _FIRST_SPACELESS)
    return frozenset(telling)
