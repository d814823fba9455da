"""Written words as they are spoken, kept: sound, pieces and prices of one word, and what its neighbours need to know of it.

All that can be known of a word alone is worked out once and kept, so that a line costs look-ups only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from ..types import Stress, Syllable
from . import costs
from .letters import CLOSED, VOWELS, bare
from .numbers import ABBREVIATIONS, read
from .words import Shape, shape, starts, syllable_starts

KEPT: Final = 1 << 16
_APOSTROPHES: Final = re.compile("['’]")
_SUNG: Final = re.compile("[{}y]".format("".join(sorted(VOWELS))))
_BREATHED: Final = re.compile(
    r"h(abl|ac|alc[oó]n|all|amb|ar|ast[ií]|az|ech|ed|end|er[iív]|erm|err|ij|il|inc|inch|oj|olg|ond|orad|orm|orn|oy|oz|u[ií]|uy|um(?:os?$|e[aó])|und|urt)"
)
_CONJUNCTIONS: Final = frozenset(("y", "o", "e", "u"))


Span = tuple[str, int, int]


class Spoken(NamedTuple):
    """One spoken word.

    `strong` and `weak` are the beats of its pieces where it is stressed and where not. `opens` and `closes`: it begins, ends with a vowel; `*_tonic`: that vowel has its stress."""

    sound: str
    written: str
    shape: Shape
    prices: tuple[float, ...]
    strong: str
    weak: str
    opens: bool
    closes: bool
    opens_tonic: bool
    closes_tonic: bool
    breathed: bool
    glides: bool
    conjunction: bool


@lru_cache(KEPT)
def spoken(written: str) -> tuple[Spoken, ...]:
    """The words of a token: one, or more for figures and letters; none for signs that are not read."""
    sound = _APOSTROPHES.sub("", unicodedata.normalize("NFC", written).lower())
    if sound not in ABBREVIATIONS and _SUNG.search(sound):
        return (_spoken(sound, written),)
    return tuple(_spoken(word, written) for word in read(sound))


def _spoken(sound: str, written: str) -> Spoken:
    form = shape(sound)
    opens = form.vowels[0] == 0 or (form.vowels[0] == 1 and sound[0] == "h")
    closes = form.vowels[-1] == len(sound) - 1
    return Spoken(
        sound, written, form,
        prices=tuple(map(costs.WITHIN.__getitem__, form.joints)),
        strong=_beats(form, "+"),
        weak=_beats(form, "~") if len(form.vowels) > 1 else "-",
        opens=opens,
        closes=closes,
        opens_tonic=opens and form.accent == 0,
        closes_tonic=closes and form.accent == len(form.vowels) - 1,
        breathed=bool(_BREATHED.match(sound)),
        glides=len(sound) > 1 and sound[-1] == "y" and bare(sound[-2]) not in CLOSED,
        conjunction=sound in _CONJUNCTIONS,
    )  # fmt: skip


def _beats(form: Shape, sign: str) -> str:
    marks = ["-"] * len(form.vowels)
    marks[form.accent] = sign
    if form.secondary >= 0:
        marks[form.secondary] = sign
    return "".join(marks)


@lru_cache(KEPT)
def pieces(sound: str, written: str) -> tuple[Span, ...]:
    """The pieces of a word as (text, start, end) in what is written; all of one that is read out (21, Sr.) span the whole."""
    return tuple(_spans(sound, written, starts(sound, shape(sound))))


@lru_cache(KEPT)
def syllables(sound: str, written: str) -> tuple[Syllable, ...]:
    """The syllables of a dictionary, with their stress; spans as those of `pieces`."""
    form = shape(sound)
    places = starts(sound, form)
    begin = syllable_starts(places, form)
    levels = [Stress.NONE] * len(begin)
    for piece, level in ((form.secondary, Stress.SECONDARY), (form.accent, Stress.PRIMARY)):
        if piece >= 0:
            levels[sum(start <= places[piece] for start in begin) - 1] = level
    spans = _spans(sound, written, begin)
    return tuple(Syllable(*span, level) for span, level in zip(spans, levels, strict=True))


def _spans(sound: str, written: str, begin: Sequence[int]) -> Iterator[Span]:
    for start, end in pairwise((*begin, len(sound))):
        if len(written) == len(sound):
            yield written[start:end], start, end
        else:
            yield sound[start:end], 0, len(written)
