"""One Spanish word as sound: the pieces that are never divided, what lies between them, and where the stress is.

A piece (`starts`) holds one vowel, or vowels that no poet parts. Neighbouring pieces share a syllable or not as
`Joint` says; a dictionary's syllables are the pieces with those of `TOGETHER` joined. Spelling decides the stress (RAE,
Ortografía 2010, II.2). Knows one word only: function words and neighbours are `stress`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from .letters import ACCENTED, CLOSED, MARKED, TOGETHER, Joint, bare, onset, vowel_places

_TONIC: Final = {
    Joint.OPEN_BEFORE: Joint.OPEN_TONIC,
    Joint.FALLING_WEAK: Joint.FALLING_TONIC,
    Joint.RISING_BEFORE: Joint.RISING_TONIC,
}
KEPT: Final = 1 << 16
_LOOSE: Final = re.compile(
    r"suav|rui[nd]|glorios|ansios|brios|^vari[aáóé]|^vi[aá]j|(?:en|des|ra)vi[aáóé]|^asi[aá]|diana|^hui[rd]|jui[cz]|^diurn"
    r"|quiet|viol[aeáé]|triunf|fi[aáóé]|cri[aáóé]|^gui[aáóé]|^li[aáóé]|^espi[aáóé]|[rn]iel$|nuel$"
    r"|^(?:ili|ori|deucali|pigmali|ixi|anfi|ari|endimi|hiperi|geri)ón$"
)
"""Where the two vowels come from two Latin or Greek ones that the poets of the Golden Age and later ones mostly keep."""
_ENDING: Final = re.compile(r"i(?:ó|ón|ones)$|^dios")
"""Where they never do."""
_ORIGINS: Final = ((_LOOSE, Joint.LOOSE), (_ENDING, Joint.RISING_ENDING))
_OF_ORIGIN: Final = frozenset((Joint.RISING_TONIC, Joint.RISING_BEFORE, Joint.CLOSED_PAIR))
_SHORT: Final = frozenset(("aún",))


class Shape(NamedTuple):
    """The joints between the pieces of a word, the pieces with the stresses (-1: none), and where their vowels stand."""

    joints: tuple[Joint, ...]
    accent: int
    secondary: int
    vowels: tuple[int, ...]


@lru_cache(KEPT)
def shape(word: str) -> Shape:
    """The shape of a lower-case word (NFC) with at least one vowel. Raises ValueError for one without."""
    places = vowel_places(word)
    if not places:
        raise ValueError(f"{word!r} has no vowel")
    joints = [_joint(word, a, b) for a, b in itertools.pairwise(places)]
    for i in range(1, len(joints)):
        if joints[i] == Joint.RISING_BEFORE and joints[i - 1] in (Joint.FALLING_WEAK, Joint.CLOSED_PAIR):
            joints[i - 1] = Joint.BROKEN
    accent = _accent(word, places, joints)
    secondary = _root_accent(word, places, joints)
    told = _by_stress(word, places, joints, accent) if any(joints) else joints
    return Shape(tuple(told), accent, secondary, tuple(places))


def starts(word: str, form: Shape) -> tuple[int, ...]:
    """Where the pieces of a word begin."""
    return (0, *(onset(word, b, a) for a, b in itertools.pairwise(form.vowels)))


def syllable_starts(pieces: tuple[int, ...], form: Shape) -> tuple[int, ...]:
    """Where the dictionary's syllables begin, of the places where the pieces do."""
    joined = zip(pieces[1:], form.joints, strict=True)
    return (0, *(at for at, joint in joined if joint < TOGETHER))


def _joint(word: str, a: int, b: int) -> Joint:
    """What lies between the vowels at a and b, before the stress is known."""
    if b - a > 1 and word[a + 1 : b] != "h":
        return Joint.FIRM
    return Joint.FIRM if _parted(word, a, b) else _met(word[a], word[b])


@lru_cache(None)
def _met(one: str, other: str) -> Joint:
    """What lies between two vowels that meet."""
    left, right = bare(one), bare(other)
    closed = (left in CLOSED, right in CLOSED)
    if closed == (False, False):
        return Joint.EQUAL if left == right else Joint.OPEN_BEFORE
    if closed == (True, True):
        return Joint.EQUAL if left == right else Joint.CLOSED_PAIR
    if (one if closed[0] else other) in ACCENTED:
        return Joint.ACCENT
    return Joint.RISING_BEFORE if closed[0] else Joint.FALLING_WEAK


def _parted(word: str, a: int, b: int) -> bool:
    """Whether a written diaeresis parts the two; that of güe and güi does not."""
    if word[b] in MARKED:
        return True
    return word[a] in MARKED and not (word[a] == "ü" and word[a - 1 : a] == "g" and bare(word[b]) in "ei")


def _accent(word: str, places: list[int], joints: list[Joint]) -> int:
    """The piece that carries the stress, by the written accent or the rule of the last letter."""
    written = next((i for i, at in enumerate(places) if word[at] in ACCENTED), -1)
    if written >= 0 and not _is_adverb(word, places):
        return written
    if not any(joints):
        return len(places) - (2 if len(places) > 1 and _ends_open(word) else 1)
    groups = _groups(joints)
    penultimate = len(groups) > 1 and _ends_open(word)
    return _nucleus(word, places, groups[-2 if penultimate else -1])


def _ends_open(word: str) -> bool:
    """Whether a word without a written accent is stressed before its last syllable."""
    last, before = word[-1], bare(word[-2:-1])
    if last in "ns":
        return before in "aeiouy"
    return bare(last) in "aeiou"


def _groups(joints: list[Joint]) -> list[list[int]]:
    """Pieces by dictionary syllable."""
    groups = [[0]]
    for i, joint in enumerate(joints, 1):
        if joint < TOGETHER:
            groups.append([])
        groups[-1].append(i)
    return groups


def _nucleus(word: str, places: list[int], group: list[int]) -> int:
    """The piece of a syllable that carries its stress: the open vowel, or the second of two closed ones."""
    opened = [i for i in group if bare(word[places[i]]) not in CLOSED]
    if opened:
        return opened[0]
    return group[0] if word[places[group[-1]]] == "y" else group[-1]


def _root_accent(word: str, places: list[int], joints: list[Joint]) -> int:
    """The stress of the adjective in an adverb of -mente (its piece), -1 where there is none."""
    if not _is_adverb(word, places):
        return -1
    return _accent(word[:-5], places[:-2], joints[:-2])


def _is_adverb(word: str, places: list[int]) -> bool:
    return word.endswith("mente") and len(places) > 3


def _by_stress(word: str, places: list[int], joints: list[Joint], accent: int) -> list[Joint]:
    """The joints again, told apart by where the stress is and by what the word is."""
    told = [_stressed(joint, accent - i) for i, joint in enumerate(joints)]
    if word in _SHORT:
        return [Joint.SHORT if joint else joint for joint in told]
    origins = [(found.span(), joint) for words, joint in _ORIGINS if (found := words.search(word))]
    return [_by_origin(joint, at, origins) for joint, at in zip(told, places, strict=False)] if origins else told


def _by_origin(joint: Joint, at: int, origins: Sequence[tuple[tuple[int, int], Joint]]) -> Joint:
    """The joint of two vowels of which the first is at `at`, told apart by the part of the word that it is in."""
    if joint not in _OF_ORIGIN:
        return joint
    return next((of for (first, end), of in origins if first <= at < end), joint)


def _stressed(joint: Joint, distance: int) -> Joint:
    """`distance` from the first of the pair to the stress, in pieces."""
    tonic = distance in (0, 1)
    if joint == Joint.OPEN_BEFORE and not tonic:
        return Joint.OPEN_AFTER if distance < 0 else joint
    if not tonic:
        return Joint.RISING_AFTER if joint == Joint.RISING_BEFORE and distance < 0 else joint
    return _TONIC.get(joint, joint)
