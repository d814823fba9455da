"""Lengths and rhythms of Spanish verse: their names, and what a line pays for not keeping to those around it.

Names after Quilis (Métrica española) and Domínguez Caparrós (Métrica española, 2014); beats count from 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

ODD_LENGTH: Final = 8.0
"""Price of a length that the lines around do not have."""
USUAL: Final = 0.2
BESIDE: Final = 0.35
"""Share of the lines around that makes a length usual; the second for one a syllable away from a commoner one."""
SELDOM: Final = 2.0
_COMMON: Final = {11: 7, 8: 6, 7: 5, 14: 4, 6: 3, 5: 2, 9: 1}
"""Lengths that Spanish verse has often, the commonest with the largest number."""
_NAMES_TEXT: Final = """
bisílabo trisílabo tetrasílabo pentasílabo hexasílabo heptasílabo octosílabo eneasílabo decasílabo endecasílabo
dodecasílabo tridecasílabo tetradecasílabo pentadecasílabo hexadecasílabo heptadecasílabo octodecasílabo
"""
_NAMES: Final = tuple(_NAMES_TEXT.split())
_COMPOUND: Final = {(7, 7): "alejandrino", (8, 8): "octonario", (7, 5): "verso de seguidilla"}
MAJOR: Final = 9
"""Syllables from which a verse is of arte mayor."""


def likely_lengths() -> dict[int, float]:
    """The price of each length where no lines around tell: what Spanish verse seldom has costs `SELDOM`, prose nothing."""
    return {n: 0.0 if n in _COMMON or n > 16 else SELDOM for n in range(1, 64)}


def main_length(counts: Sequence[int]) -> int:
    """The commonest length; of equals the one that Spanish verse has more often."""
    seen = Counter(counts)
    return max(seen, key=lambda n: (seen[n], _COMMON.get(n, 0)))


def usual_lengths(counts: Sequence[int]) -> dict[int, float]:
    """The price of each length among lines with these; absent ones cost `ODD_LENGTH`.

    A length beside a commoner one is more often that one with a licence: it must be frequent to be one of its own.
    """
    seen = Counter(counts)
    found: dict[int, float] = {}
    for n in sorted(seen, key=lambda n: (-seen[n], -_COMMON.get(n, 0))):
        needed = BESIDE if {n - 1, n + 1} & found.keys() else USUAL
        if not found or seen[n] >= needed * len(counts):
            found[n] = 0.0
    return found


@lru_cache(1 << 14)
def rhythm_price(beats: str) -> float:
    """Of a rhythm that its length does not know; 0 for those it has, and for lengths without fixed beats."""
    if len(beats) != 11 or beats[5] == "+":
        return 0.0
    if beats[3] == "+":
        return 0.0 if beats[7] == "+" else 0.7 if beats[6] == "+" else 1.5
    return 3.0


def verse_name(syllables: int, hemistichs: tuple[int, ...] = ()) -> str:
    """`endecasílabo`, `alejandrino`; empty for lengths without a name."""
    if hemistichs in _COMPOUND:
        return _COMPOUND[hemistichs]
    return _NAMES[syllables - 2] if 2 <= syllables < 2 + len(_NAMES) else ""


@lru_cache(1 << 14)
def rhythm_name(beats: str, hemistichs: tuple[int, ...] = ()) -> str:
    """`heroico`, `trocaico`, ...: of a hendecasyllable by its inner beats, else by how far beats are from the last."""
    if hemistichs:
        first, second = beats[: hemistichs[0]], beats[hemistichs[0] :]
        return _regular(first) if _regular(first) == _regular(second) else "polirrítmico"
    return _hendecasyllable(beats) if len(beats) == 11 else _regular(beats)


def _hendecasyllable(beats: str) -> str:
    on = {i for i, beat in enumerate(beats, 1) if beat == "+"}
    if 6 in on:
        return next((name for at, name in _FIRST_BEATS if at in on), "vacío")
    if 4 in on and 8 in on:
        return "sáfico"
    return "de gaita gallega" if 4 in on and 7 in on else ""


_FIRST_BEATS: Final = ((2, "heroico"), (3, "melódico"), (4, "sáfico"), (1, "enfático"))


def _regular(beats: str) -> str:
    """Trochaic: beats at even distances from the last; dactylic: at multiples of three; else mixed."""
    last = beats.rfind("+")
    distances = [last - i for i, beat in enumerate(beats[:last]) if beat == "+"]
    if not distances:
        return ""
    if all(d % 2 == 0 for d in distances):
        return "trocaico"
    return "dactílico" if all(d % 3 == 0 for d in distances) else "mixto"
