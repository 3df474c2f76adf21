"""What may stand after `count(…)`: a least number, or what to write instead of another comparison."""

import re

MAX_COUNT = 1000
COMPARISON = re.compile(r"\s*(>=|=>|>|<=|=<|<>|<|!=|==|=|≥|≤|≠)\s*(\d*)")
"""its sign, and its digits as far as there are any"""
_MOST_DIGITS = 6
"""of a number that is read: Python refuses to read thousands of them"""


def least_count(sign: str, digits: str) -> int | str:
    """The least count that a comparison asks for; why there is none, where it asks for something else."""
    if not digits:
        return f"count(…) {sign} needs a number after it, such as count(…) >= 3"
    number = int(digits[:_MOST_DIGITS])
    if sign not in (">=", ">", "≥"):
        return _otherwise(sign, number)
    number += sign == ">"
    if number == 0:
        return "a count is always 0 at least: write count(…) >= 1 or more"
    if number > MAX_COUNT or len(digits) > _MOST_DIGITS:
        return f"a count is compared with {MAX_COUNT} at most"
    return number


def _otherwise(sign: str, number: int) -> str:
    if sign in ("=>", "=<"):
        return "write count(…) >= n, the = last"
    if sign in ("<", "<=", "≤"):
        least = number + (sign != "<")
        return f"count(…) knows >= and > only: for fewer, write what must be there and NOT count(…) >= {least}"
    return f"count(…) knows >= and > only: write count(…) >= {number}"
