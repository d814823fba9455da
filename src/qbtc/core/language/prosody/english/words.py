"""An English word as syllables and stress: the lexicon where it knows the word, else rules of spelling.

Stress rules after Fudge (English Word-Stress, 1984): some endings place it, else it falls on the first syllable of the stem.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from .lexicon import EXCEPTIONS

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
    """The syllables as they are written and the place of the stressed one."""

    syllables: tuple[str, ...]
    stress: int


@lru_cache(1 << 15)
def divide(word: str) -> Division:
    """The syllables of a word of letters and apostrophes; at least one."""
    plain = word.lower().replace("’", "'")
    known = EXCEPTIONS.get(plain)
    if not known:
        parts = _parts(plain)
        return Division(_written(word, parts), _stress(plain, len(parts)))
    stress = next((i for i, part in enumerate(known) if part.isupper()), 0)
    return Division(_written(word, known), stress)


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


def _parts(word: str) -> tuple[str, ...]:
    spots = nuclei(word)
    cuts = [0, *(_cut(word, left[1], right[0]) for left, right in pairwise(spots)), len(word)]
    return tuple(word[a:b] for a, b in pairwise(cuts))


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
