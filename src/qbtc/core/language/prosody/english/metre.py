"""The feet of an English line: the cheapest reading of its syllables as one foot repeated, with the usual substitutions.

A reading pays for stress in a weak place, more within a word of several syllables, and for weak syllables under a beat
(Kiparsky 1977; Hayes 1989). Names after Attridge, Poetic Rhythm (1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from typing import Final, NamedTuple

FEET: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "iambic": (("-+", 0.0), ("+-", 1.2), ("--+", 1.0)),
    "trochaic": (("+-", 0.0), ("+--", 1.0), ("-+", 1.5)),
    "anapaestic": (("--+", 0.0), ("-+", 0.5)),
    "dactylic": (("+--", 0.0), ("+-", 0.5)),
}
_ENDS: Final[dict[str, tuple[tuple[str, float, int], ...]]] = {
    "iambic": (("", 0.0, 0), ("-", 0.3, 0)),
    "trochaic": (("", 0.0, 0), ("+", 0.3, 1)),
    "anapaestic": (("", 0.2, 0), ("-", 0.5, 0)),
    "dactylic": (("", 0.2, 0), ("+", 0.5, 1)),
}
"""What may follow the last foot: its pattern, its price and the feet it counts as."""
_LENGTHS: Final = (
    "",
    "monometer",
    "dimeter",
    "trimeter",
    "tetrameter",
    "pentameter",
    "hexameter",
    "heptameter",
    "octameter",
)
LONGEST: Final = 40
"""Syllables beyond which a line is prose and its words' own stresses are its beats."""


ELISION: Final = 0.35
"""Price of a syllable that is not spoken: `pow'r`, `heav'n`, `glor-ious`."""
MOST_ELIDED: Final = 2
"""Syllables of a line that may go."""
MOST_SLACK: Final = 8
"""Of a line's weak syllables, how many are tried."""


class Feet(NamedTuple):
    """A reading: its price, its beats (`+-`), its number of feet, and the syllables that are not spoken."""

    price: float
    beats: str
    feet: int
    elided: tuple[int, ...] = ()


def read_freely(weights: Sequence[float], slack: Sequence[int], foot: str) -> Feet | None:
    """The cheapest reading where up to `MOST_ELIDED` of the syllables `slack` may be left out."""
    best: Feet | None = None
    for count in range(min(MOST_ELIDED, len(slack)) + 1):
        if best and best.price <= ELISION * count:
            break  # no reading that leaves out so many is cheaper
        for gone in combinations(slack[:MOST_SLACK], count):
            reading = read([w for i, w in enumerate(weights) if i not in gone], foot)
            if reading:
                found = reading._replace(price=reading.price + ELISION * count, elided=gone)
                best = min(best, found) if best else found
    return best


def read(weights: Sequence[float], foot: str) -> Feet | None:
    """The cheapest reading by this foot; None where no one to eight feet add up to the line. Weights are -1 (must not be a beat) to 1."""
    n = len(weights)
    best: list[Feet | None] = [Feet(0.0, "", 0), *([None] * n)]
    for at in range(n):
        for pattern, price in FEET[foot]:
            _extend(best, weights, at, (pattern, price, 1))
    done = [_ended(best, weights, end) for end in _ENDS[foot]]
    return min((reading for reading in done if reading and 0 < reading.feet < len(_LENGTHS)), default=None)


def _extend(best: list[Feet | None], weights: Sequence[float], at: int, step: tuple[str, float, int]) -> None:
    start, stop = best[at], at + len(step[0])
    if start is None or stop >= len(best):
        return
    inverted = at == 0 and step == ("+-", 1.2, 1)
    price = start.price + (0.3 if inverted else step[1]) + _misfit(step[0], weights[at:stop])
    held = best[stop]
    if held is None or price < held.price:
        best[stop] = Feet(price, start.beats + step[0], start.feet + step[2])


def _ended(best: list[Feet | None], weights: Sequence[float], end: tuple[str, float, int]) -> Feet | None:
    at = len(weights) - len(end[0])
    start = best[at] if at >= 0 else None
    if start is None:
        return None
    return Feet(start.price + end[1] + _misfit(end[0], weights[at:]), start.beats + end[0], start.feet + end[2])


def _misfit(pattern: str, weights: Sequence[float]) -> float:
    return sum(max(0.0, -w) if beat == "+" else max(0.0, w) for beat, w in zip(pattern, weights, strict=True))


@cache
def length_name(feet: int) -> str:
    """`pentameter`; empty for lengths without a name."""
    return _LENGTHS[feet] if 0 < feet < len(_LENGTHS) else ""
