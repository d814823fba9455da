"""An English text as a poem: the foot that fits its lines most cheaply, then each line by it, rhyme and stanzas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from ..scheme import groups, letters
from ..types import Line, Poem, Stanza, Stress, Syllable, Word
from .lexicon import WEAK
from .metre import FEET, LONGEST, Feet, length_name, read_freely
from .sounds import rhyme
from .words import Division, divide

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS: Final = "aeiouy"
_MARKED: Final = re.compile(r"(?<!\b[iI])(?<!\b[wW]e)(?<!he)(?<!hey)(?<!ou)(?<!ho)['’]d\b")
"""A silent -ed written so: in such a text a full -ed may be spoken (`razed`, two syllables)."""
_ED: Final = re.compile("[^aeiouydt]ed$", re.IGNORECASE)
_FALLING: Final = re.compile("e[rn]s?|[vw]e[rn]s?|ers?|en|[aeo]rs?")
_OPEN: Final = re.compile("[b-df-hj-np-tv-z]?[aeiou]?[rln]?|[a-z]?[eiou]")
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
    marked = bool(_MARKED.search(plain))
    parts = [[_spoken(line.strip(), marked) for line in block.split("\n") if line.strip()] for block in blocks]
    ends = [sum(len(part) for part in parts[: i + 1]) for i in range(len(parts))]
    return _poem([line for part in parts for line in part], list(zip([0, *ends], ends, strict=False)))


def _poem(lines: Sequence[_Spoken], parts: Sequence[tuple[int, int]]) -> Poem:
    sounds = [rhyme(line.words[-1].text) if line.words else "" for line in lines]
    scheme = "".join(letters(sounds[a:b]) for a, b in groups(sounds, parts)) if parts else ""
    foot, readings = _metre(lines)
    made = [_line(line, foot, reading) for line, reading in zip(lines, readings, strict=True)]
    rhymed = tuple(
        replace(m, rhyme=letter.strip("-"), sound=sound) for m, letter, sound in zip(made, scheme, sounds, strict=True)
    )
    stanzas = tuple(Stanza(a, b, scheme[a:b], _name(scheme[a:b]), _kind(scheme[a:b])) for a, b in parts)
    return Poem("en", rhymed, stanzas, "sonnet" if len(rhymed) == 14 and "-" not in scheme and foot == "iambic" else "")


def _kind(scheme: str) -> str:
    return "consonant" if scheme.strip("-") else ""


def _name(scheme: str) -> str:
    order = {letter: chr(97 + i) for i, letter in enumerate(dict.fromkeys(scheme.replace("-", "")))}
    return _FORMS.get("".join(order.get(letter, "-") for letter in scheme), "")


def _spoken(text: str, marked: bool) -> _Spoken:
    return _Spoken(text, tuple(_word(match.group(), match.start(), marked) for match in _WORD.finditer(text)))


def _word(text: str, start: int, marked: bool) -> Word:
    division = divide(text)
    if marked and _ED.search(text) and len(division.syllables[-1]) > 4:
        division = _with_ed(division)
    spoken = text.lower().replace("’", "'") not in WEAK or len(division.syllables) > 1
    found, at = [], start
    for part, strength in zip(division.syllables, division.strengths, strict=True):
        found.append(Syllable(part, at, at + len(part), strength if spoken else Stress.NONE))
        at += len(part)
    return Word(text, start, start + len(text), tuple(found), spoken)


def _with_ed(division: Division) -> Division:
    """`razed` as ra-zed."""
    *parts, last = division.syllables
    return Division((*parts, last[:-3], last[-3:]), division.stress, (*division.strengths, Stress.NONE))


def _weight(word: Word, syllable: Syllable) -> float:
    """How much a syllable wants a beat: less in words of one syllable, which bend to the metre."""
    alone = len(word.syllables) == 1
    if syllable.stress is Stress.PRIMARY:
        return 0.5 if alone else 1.0
    if syllable.stress is Stress.SECONDARY:
        return 0.1
    return -0.25 if alone else -0.4 if len(word.syllables) > 2 else -0.8


def _slack(line: _Spoken) -> list[int]:
    """Places of the syllables that verse may leave unspoken: weak ones that touch a vowel, r, l or n on both sides."""
    found, at = [], 0
    for word in line.words:
        parts = [syllable.text.lower() for syllable in word.syllables]
        for i, syllable in enumerate(word.syllables):
            if i and not syllable.stress and _may_go(parts[i - 1], parts[i], parts[i + 1 :]):
                found.append(at + i)
        at += len(parts)
    return found


def _may_go(before: str, part: str, after: Sequence[str]) -> bool:
    """`heav-en`, `pow-er`, `spir-it`, `glo-ri-ous`, `ev-er-y`, `mem-o-ry`, `tem-per-ate`."""
    if part[0] in _VOWELS and before[-1] in _VOWELS + "w":
        return True
    if not after:
        return (
            bool(_ED.search("a" + part))
            or bool(_FALLING.fullmatch(part) and before[-1] in "vwrlE")
            or before + part in {"even", "over", "never", "ever", "heaven", "spirit"}
        )
    return bool(_OPEN.fullmatch(part)) and (after[0][0] in _VOWELS or (part[-1] in _VOWELS and after[0][0] in "rln"))


def _metre(lines: Sequence[_Spoken]) -> tuple[str, list[Feet | None]]:
    """The foot of the poem and each line's reading by it; no foot and no readings where none fits."""
    weights = [[_weight(word, syllable) for word, syllable in line.syllables] for line in lines]
    slack = [_slack(line) for line in lines]
    best: tuple[float, str, list[Feet | None]] = (MOST_PAID * sum(map(len, weights)), "", [None] * len(lines))
    for foot in FEET:
        found = [
            read_freely(w, s, foot) if 1 < len(w) <= LONGEST else None for w, s in zip(weights, slack, strict=True)
        ]
        price = sum(r.price if r else len(w) for r, w in zip(found, weights, strict=True))
        best = min(best, (price, foot, found), key=lambda option: option[0])
    return best[1], best[2]


def _line(line: _Spoken, foot: str, reading: Feet | None) -> Line:
    own = [syllable for _, syllable in line.syllables]
    accents = "".join("+" if s.stress is Stress.PRIMARY else "-" for s in own)
    beats = reading.beats if reading else accents
    kept = _joined(line.text, own, reading.elided if reading else ())
    units = tuple(
        s._replace(stress=Stress.PRIMARY if b == "+" else Stress.NONE) for s, b in zip(kept, beats, strict=True)
    )
    return Line(
        line.text,
        line.words,
        units,
        len(beats),
        beats,
        length_name(reading.feet) if reading else "",
        foot if reading else "",
        accents=accents,
    )


def _joined(text: str, own: Sequence[Syllable], elided: Sequence[int]) -> list[Syllable]:
    """The syllables that are spoken; one that is not lies with the one before it."""
    found: list[Syllable] = []
    for i, syllable in enumerate(own):
        if i in elided:
            start = found[-1].start
            found[-1] = found[-1]._replace(text=text[start : syllable.end], end=syllable.end)
        else:
            found.append(syllable)
    return found
