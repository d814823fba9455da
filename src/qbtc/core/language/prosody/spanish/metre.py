"""Lengths and rhythms of Spanish verse by name, and what a line pays for not keeping to those around it.

Names after Quilis (Métrica española) and Domínguez Caparrós (Métrica española, 2014).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

ODD_LENGTH: Final = 5.5
"""Price of a length that the lines around do not have."""
_COMMON: Final = {11: 6, 8: 5, 7: 4, 14: 3, 6: 2, 9: 1}
USUAL: Final = 0.2
"""Share of the lines around that makes a length usual."""


def main_length(counts: Sequence[int]) -> int:
    """The commonest length; of equals the one that Spanish verse has more often."""
    seen = Counter(counts)
    return max(seen, key=lambda n: (seen[n], _COMMON.get(n, 0)))


def usual_lengths(counts: Sequence[int]) -> dict[int, float]:
    """The price of each length among lines with these; absent ones cost `ODD_LENGTH`."""
    seen = Counter(counts)
    return {n: 0.0 for n, times in seen.items() if times == max(seen.values()) or times >= USUAL * len(counts)}


def rhythm_price(beats: str) -> float:
    """Of a rhythm that its length does not know; 0 for those it has, and for lengths without fixed beats."""
    if len(beats) != 11 or beats[5] == "+":
        return 0.0
    if beats[3] == "+":
        return 0.0 if beats[7] == "+" else 0.7 if beats[6] == "+" else 1.5
    return 3.0
