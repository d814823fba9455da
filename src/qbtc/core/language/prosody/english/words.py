"""An English word as syllables and stress: how it is divided by hand or sounds by the table, else rules of spelling.

Stress rules after Fudge (English Word-Stress, 1984): some endings place it, else it falls on the first syllable of the stem.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from ..types import Stress
from .lexicon import EXCEPTIONS
from .phones import known, stresses

_GLIDES: Final = re.compile(r"(?<=[ctsgx])i(?=(?:on|ou|a[ln]|en[ct]))|(?<=q)u|(?<=g)u(?=[aeio])|(?<=g)e(?=o)")
_HIATUS: Final = re.compile(r"i(?=[aou])|(?<=[^cs])i(?=e[rt])|u(?=[ao])|e(?=o[nru]?|um)|y(?=i)|[aeo](?=ing$)|o(?=et)")
_SILENT: Final = re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouylr]l)e$|(?<=[^aeiouydt])e(?=d$)|(?<=[^aeiouycgsxzh])e(?=s$)")
_BEFORE_LY: Final = re.compile(r"(?<=[^aeiouyl])e(?=(?:ly|less|ness|ful|ment)$)")
_CLUSTERS: Final = "bl br ch cl cr dr fl fr gl gr ph pl pr sc sh sk sl sm sn sp st str sw th thr tr tw wh wr qu"
_ONSETS: Final = frozenset(_CLUSTERS.split())
_LAST: Final = re.compile(r"(?:ee|eer|ette|ique|esque|ade|oon|self|selves)$")
_BEFORE_LAST: Final = re.compile(r"(?:ic|ics|[ctsx]ion|ions|cian|[ct]ious|[ct]ial|cient|geous)$")
_TWO_BEFORE: Final = re.compile(r"(?:ity|ify|ical|ogy|aphy|omy|acy|ious|ial|ian|eous|ient|ia|ium)$")
_WEAK_PREFIX: Final = re.compile(
    r"(?:a(?=[bdgmrw])|be|de|re|un|ex|con|com|dis|pre|pro|mis|en|em|in|im|for|per|sub|sur|trans)(?=[^aeiou].)"
)


class Division(NamedTuple):
    """The syllables as they are written, the place of the stressed one, and how strong each is."""

    syllables: tuple[str, ...]
    stress: int
    strengths: tuple[Stress, ...]


@lru_cache(1 << 15)
def divide(word: str) -> Division:
    """The syllables of a word of letters and apostrophes; at least one."""
    plain = word.lower().replace("’", "'")
    by_hand, sounds = EXCEPTIONS.get(plain), known(plain)
    if by_hand:
        stress = next((i for i, part in enumerate(by_hand) if part.isupper()), 0)
        return _division(_written(word, by_hand), stress)
    heard = stresses(sounds or "")
    if heard:
        parts = _written(word, _parts(plain, len(heard)))
        if len(parts) == len(heard):
            return Division(parts, heard.index(max(heard)), tuple(map(Stress, heard)))
        return _division(parts, min(heard.index(max(heard)), len(parts) - 1))
    parts = _parts(plain)
    return _division(_written(word, parts), _stress(plain, len(parts)))


def _division(parts: tuple[str, ...], stress: int) -> Division:
    return Division(parts, stress, tuple(Stress.PRIMARY if i == stress else Stress.NONE for i in range(len(parts))))


def nuclei(word: str) -> list[tuple[int, int]]:
    """Where the spoken vowels of a word in small letters stand."""
    masked = list(word)
    for pattern in (_GLIDES, _SILENT, _BEFORE_LY):
        for match in pattern.finditer(word):
            masked[match.start()] = "-"
    if re.search(r"[aeiouy]", "".join(masked)) is None:
        masked = list(word)
    text = re.sub(r"^y(?=[aeiou])", "-", "".join(masked))
    breaks = {match.end() for match in _HIATUS.finditer(text)}
    found: list[tuple[int, int]] = []
    for match in re.finditer("[aeiouy]+", text):
        cuts = [match.start(), *(b for b in sorted(breaks) if match.start() < b < match.end()), match.end()]
        found += pairwise(cuts)
    return found


def _parts(word: str, count: int | None = None) -> tuple[str, ...]:
    """The written syllables; `count` of them where the sounds are known and the letters allow it."""
    spots = nuclei(word)
    if count is not None:
        spots = _fitted(word, spots, count)
    cuts = [0, *(_cut(word, left[1], right[0]) for left, right in pairwise(spots)), len(word)]
    return tuple(word[a:b] for a, b in pairwise(cuts))


def _fitted(word: str, spots: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    """As many nuclei as the word has vowels by ear: silent letters fall out, groups part, silent letters come back."""
    found = list(spots)
    while len(found) > max(1, count):
        found.remove(min(found[1:], key=lambda spot: (word[spot[0] : spot[1]] != "e", spot[1] - spot[0], -spot[0])))
    while len(found) < count and (wide := [spot for spot in found if spot[1] - spot[0] > 1]):
        at = found.index(wide[-1])
        found[at : at + 1] = [(found[at][0], found[at][1] - 1), (found[at][1] - 1, found[at][1])]
    held = {i for spot in found for i in range(*spot)}
    silent = [i for i, letter in enumerate(word) if letter in "aeiouy" and i not in held]
    return sorted(found + [(i, i + 1) for i in silent[: max(0, count - len(found))]])


def _cut(word: str, after: int, before: int) -> int:
    """Where a syllable begins among the consonants from `after` to `before`: the longest onset that English has."""
    if before - after < 2:
        return after
    return next((i for i in range(after, before - 1) if word[i:before] in _ONSETS), before - 1)


def _written(word: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    found, at = [], 0
    for part in parts:
        found.append(word[at : at + len(part)])
        at += len(part)
    return tuple(found)


def _stress(word: str, count: int) -> int:
    for pattern, back in ((_LAST, 1), (_BEFORE_LAST, 2), (_TWO_BEFORE, 3)):
        if pattern.search(word):
            return max(0, count - back)
    return 1 if count > 1 and _WEAK_PREFIX.match(word) else 0
