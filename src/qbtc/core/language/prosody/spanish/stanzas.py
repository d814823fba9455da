"""Stanzas and forms of Spanish verse by rhyme scheme and lengths.

Names after Domínguez Caparrós (Métrica española, 2014) and Quilis; a scheme is given with small letters for arte menor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

from .metre import MAJOR

_EXACT: Final[dict[tuple[str, tuple[int, ...]], str]] = {
    ("ababb", (7, 11, 7, 7, 11)): "lira",
    ("ababcc", (7, 11, 7, 11, 7, 11)): "sexteto lira",
    ("abcabc", (8, 8, 4, 8, 8, 4)): "copla manriqueña",
    ("-a-a", (7, 5, 7, 5)): "seguidilla",
    ("-a-ab-b", (7, 5, 7, 5, 5, 7, 5)): "seguidilla compuesta",
    ("abbaaccddc", (8,) * 10): "décima",
    ("aaaa", (14,) * 4): "cuaderna vía",
    ("a-a", (8,) * 3): "soleá",
    ("-a-a", (8,) * 4): "copla",
    ("-a-a", (6,) * 4): "copla",
    ("abbaacca", (12,) * 8): "copla de arte mayor",
    ("----", (11, 11, 11, 5)): "estrofa sáfica",
}
_BY_SCHEME: Final[dict[str, tuple[str, str]]] = {
    "aa": ("pareado", "pareado"),
    "aaa": ("terceto monorrimo", "tercetillo"),
    "a-a": ("terceto", "tercerilla"),
    "aba": ("terceto", "tercerilla"),
    "abba": ("cuarteto", "redondilla"),
    "abab": ("serventesio", "cuarteta"),
    "ababcc": ("sexta rima", "sextilla"),
    "-aab-ccb": ("octava aguda", "octavilla aguda"),
    "abababcc": ("octava real", "octavilla"),
}
"""Name in arte mayor and in arte menor."""
_BY_LENGTH: Final[dict[int, tuple[str, str]]] = {
    3: ("terceto", "tercerilla"),
    4: ("cuarteto", "cuarteta"),
    5: ("quinteto", "quintilla"),
    6: ("sexteto", "sextilla"),
    7: ("séptima", "septilla"),
    8: ("octava", "octavilla"),
    10: ("décima", "décima"),
}
_SONNET: Final = re.compile("abbaabba|abababab|abbacddc|ababcdcd|abbabaab|ababbaba")
_ROMANCES: Final = {6: "romancillo", 7: "endecha", 8: "romance", 11: "romance heroico"}


def relettered(scheme: str) -> str:
    """The scheme with its letters in order of appearance and small: `CDDC` gives `abba`."""
    order = {letter: chr(97 + i) for i, letter in enumerate(dict.fromkeys(scheme.lower().replace("-", "")))}
    return "".join(order.get(letter, "-") for letter in scheme.lower())


def stanza_name(scheme: str, lengths: Sequence[int]) -> str:
    """`lira`, `redondilla`, ...; empty where the scheme has no name."""
    plain = relettered(scheme)
    exact = _EXACT.get((plain, tuple(lengths)))
    if exact:
        return exact
    names = _BY_SCHEME.get(plain) or (_BY_LENGTH.get(len(plain)) if "-" not in plain else None)
    if not names:
        return ""
    return names[0 if max(lengths) >= MAJOR else 1]


def form_name(scheme: str, lengths: Sequence[int], stanzas: Sequence[tuple[int, int]], *, assonant: bool) -> str:
    """The name of the whole poem: soneto, romance, silva, ...; else that of its stanzas if all are of one kind."""
    plain = relettered(scheme)
    same = len(set(lengths)) == 1
    if len(plain) in (14, 17) and _SONNET.match(plain) and len(set(lengths[:14])) == 1:
        return _sonnet_name(lengths)
    if assonant and same and _is_romance(plain):
        return _ROMANCES.get(lengths[0], "")
    names = {stanza_name(scheme[first:last], lengths[first:last]) for first, last in stanzas}
    if _is_chain(plain, stanzas):
        return "tercetos encadenados"
    if len(names) == 1 and names != {""}:
        return names.pop()
    if not plain.strip("-"):
        return "versos blancos" if same and lengths[0] and len(plain) > 2 else ""
    return "silva" if set(lengths) == {7, 11} and len(plain) > 6 else ""


def _sonnet_name(lengths: Sequence[int]) -> str:
    if len(lengths) == 17:
        return "soneto con estrambote"
    return "soneto" if lengths[0] >= MAJOR else "sonetillo"


def _is_romance(plain: str) -> bool:
    """Even lines with one assonance, odd ones free."""
    return len(plain) >= 8 and set(plain[1::2]) == {"a"}


def _is_chain(plain: str, stanzas: Sequence[tuple[int, int]]) -> bool:
    """ABA BCB CDC ...: the middle of each is the outside of the next."""
    threes = [plain[first:last] for first, last in stanzas if last - first == 3]
    return len(threes) > 1 and all(b[0] == a[1] == b[2] for a, b in itertools.pairwise(threes))


def divided(scheme: str, lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Stanzas of a text printed without blank lines: a sonnet's four, or equal ones of one known name; else one."""
    total, plain = len(scheme), relettered(scheme)
    if total == 14 and _SONNET.match(plain):
        return [(0, 4), (4, 8), (8, 11), (11, 14)]
    for size in (10, 8, 6, 5, 4):
        if total % size == 0 and total > size and _alike(plain, lengths, size):
            return [(at, at + size) for at in range(0, total, size)]
    return [(0, total)]


def _alike(plain: str, lengths: Sequence[int], size: int) -> bool:
    """Whether each part of `size` lines has the same scheme and lengths, closed in itself, and a name."""
    parts = {(relettered(plain[i : i + size]), tuple(lengths[i : i + size])) for i in range(0, len(plain), size)}
    scheme, found = next(iter(parts))
    return len(parts) == 1 and "-" not in scheme and bool(stanza_name(scheme, found))
