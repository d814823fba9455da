"""An English text as a poem: the foot that fits its lines most cheaply, then each line by it, rhyme and stanzas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..scheme import groups, letters
from ..types import Line, Poem, Stanza, Stress, Syllable, Word
from .lexicon import WEAK
from .metre import FEET, LONGEST, Feet, length_name, read
from .sounds import rhyme
from .words import divide

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
MOST_PAID: Final = 0.3
"""Price a syllable, on average, above which a text keeps no metre."""
_FORMS: Final = {
    "abab": "alternate quatrain",
    "abba": "envelope quatrain",
    "aabb": "couplets",
    "-a-a": "ballad stanza",
    "aa": "couplet",
}


class _Spoken(NamedTuple):
    text: str
    words: tuple[Word, ...]

    @property
    def syllables(self) -> list[tuple[Word, Syllable]]:
        return [(word, syllable) for word in self.words for syllable in word.syllables]


def scan(text: str) -> Poem:
    """The poem of an English text: one line for each that is not blank; blank lines end stanzas."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for block in re.split(r"\n[^\S\n]*\n", plain) if block.strip()]
    parts = [[_spoken(line.strip()) for line in block.split("\n") if line.strip()] for block in blocks]
    ends = [sum(len(part) for part in parts[: i + 1]) for i in range(len(parts))]
    return _poem([line for part in parts for line in part], list(zip([0, *ends], ends, strict=False)))


def _poem(lines: Sequence[_Spoken], parts: Sequence[tuple[int, int]]) -> Poem:
    sounds = [rhyme(line.words[-1].text) if line.words else "" for line in lines]
    scheme = "".join(letters(sounds[a:b]) for a, b in groups(sounds, parts)) if parts else ""
    foot, readings = _metre(lines)
    made = [_line(line, foot, reading) for line, reading in zip(lines, readings, strict=True)]
    rhymed = tuple(
        Line(m.text, m.words, m.units, m.syllables, m.stresses, m.verse, m.foot, (), letter.strip("-"), sound)
        for m, letter, sound in zip(made, scheme, sounds, strict=True)
    )
    stanzas = tuple(Stanza(a, b, scheme[a:b], _name(scheme[a:b]), _kind(scheme[a:b])) for a, b in parts)
    return Poem("en", rhymed, stanzas, "sonnet" if len(rhymed) == 14 and "-" not in scheme and foot == "iambic" else "")


def _kind(scheme: str) -> str:
    return "consonant" if scheme.strip("-") else ""


def _name(scheme: str) -> str:
    order = {letter: chr(97 + i) for i, letter in enumerate(dict.fromkeys(scheme.replace("-", "")))}
    return _FORMS.get("".join(order.get(letter, "-") for letter in scheme), "")


def _spoken(text: str) -> _Spoken:
    return _Spoken(text, tuple(_word(match.group(), match.start()) for match in _WORD.finditer(text)))


def _word(text: str, start: int) -> Word:
    parts, stress = divide(text)
    spoken = text.lower().replace("’", "'") not in WEAK or len(parts) > 1
    found, at = [], start
    for i, part in enumerate(parts):
        strength = Stress.PRIMARY if i == stress and spoken else Stress.NONE
        found.append(Syllable(part, at, at + len(part), strength))
        at += len(part)
    return Word(text, start, start + len(text), tuple(found), spoken)


def _weight(word: Word, syllable: Syllable) -> float:
    """How much a syllable wants a beat: less in words of one syllable, which bend to the metre."""
    alone = len(word.syllables) == 1
    if syllable.stress:
        return 0.5 if alone else 1.0
    return -0.25 if alone else -0.4 if len(word.syllables) > 2 else -0.8


def _metre(lines: Sequence[_Spoken]) -> tuple[str, list[Feet | None]]:
    """The foot of the poem and each line's reading by it; no foot and no readings where none fits."""
    weights = [[_weight(word, syllable) for word, syllable in line.syllables] for line in lines]
    best: tuple[float, str, list[Feet | None]] = (MOST_PAID * sum(map(len, weights)), "", [None] * len(lines))
    for foot in FEET:
        found = [read(w, foot) if 1 < len(w) <= LONGEST else None for w in weights]
        price = sum(r.price if r else len(w) for r, w in zip(found, weights, strict=True))
        best = min(best, (price, foot, found), key=lambda option: option[0])
    return best[1], best[2]


def _line(line: _Spoken, foot: str, reading: Feet | None) -> Line:
    own = [syllable for _, syllable in line.syllables]
    beats = reading.beats if reading else "".join("+" if s.stress else "-" for s in own)
    units = tuple(
        s._replace(stress=Stress.PRIMARY if b == "+" else Stress.NONE) for s, b in zip(own, beats, strict=True)
    )
    return Line(
        line.text,
        line.words,
        units,
        len(beats),
        beats,
        length_name(reading.feet) if reading else "",
        foot if reading else "",
    )
