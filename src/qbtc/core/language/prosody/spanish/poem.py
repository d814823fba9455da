"""A Spanish text as a poem: each line read among its neighbours, then rhyme, stanzas and form.

A line's length is not known alone (a poet may join or part vowels), so lines are first read as prose, the commonest length
is taken for the poem's, and all are read again to fit it; lengths that remain frequent are the poem's too, as in a silva.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from ..scheme import groups, letters, rhymed
from ..types import Later, Line, Poem, Stanza, Stress, Syllable, Word
from . import compound
from .metre import MAJOR, likely_lengths, main_length, rhythm_name, usual_lengths, verse_name
from .reading import Reading, best, material, natural
from .sounds import assonance, consonance
from .stanzas import divided, form_name, stanza_name
from .stress import stressed
from .tokens import Token, tokens
from .vocabulary import Span, pieces, syllables

PASSAGE: Final = 40
"""Lines, at least, that are read as neighbours; whole stanzas."""
FEW: Final = 3
"""Lines up to which unequal ones tell nothing of each other."""
LONG: Final = 14
"""Syllables from which a line alone may be two hemistichs."""
REGULAR: Final = 0.3
"""Share of the commonest length below which a poem is free verse and nothing is stretched to fit."""
ROMANCE: Final = 8
"""Lines from which one rhyme in every second line is heard as assonance, whatever its consonants."""
RHYMED: Final = 0.5
"""Share of lines in consonant rhyme below which assonance is looked for."""
_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Line ends other than \\n."""
_SOFT_HYPHEN: Final = "\u00ad"
Lines = tuple[int, int]


class _Read(NamedTuple):
    text: str
    tokens: list[Token]
    strong: list[bool]
    reading: Reading
    hemistichs: tuple[int, ...]


_EMPTY: Final = Reading(0.0, [], "", "")


def scan(text: str) -> Poem:
    """The poem of a Spanish text: one line for each that is not blank; blank lines end stanzas."""
    plain = _ENDS.sub("\n", unicodedata.normalize("NFC", text).replace(_SOFT_HYPHEN, ""))
    blocks = [block for block in re.split(r"\n[^\S\n]*\n", plain) if block.strip()]
    parts = [[line.strip() for line in block.split("\n") if line.strip()] for block in blocks]
    read = [line for passage in _passages(parts) for line in _read(passage)]
    ends = [sum(len(part) for part in parts[: i + 1]) for i in range(len(parts))]
    return _rhymed(read, list(zip([0, *ends], ends, strict=False)))


def _passages(parts: Iterable[list[str]]) -> Iterable[list[str]]:
    """Stanzas put together until there are `PASSAGE` lines."""
    held: list[str] = []
    for part in parts:
        held.extend(part)
        if len(held) >= PASSAGE:
            yield held
            held = []
    if held:
        yield held


def _read(texts: Sequence[str]) -> list[_Read]:
    """The lines of a passage, each read so that it fits the others; one without words has no syllable."""
    spoken = [tokens(text) for text in texts]
    strong = [stressed(line) for line in spoken]
    found = iter(_readings([line for line in spoken if line], [s for s in strong if s]))
    made = []
    for text, line, s in zip(texts, spoken, strong, strict=True):
        made.append(_Read(text, line, s, *(next(found) if line else (_EMPTY, ()))))
    return made


def _readings(lines: list[list[Token]], strong: list[list[bool]]) -> list[compound.Halves]:
    if not lines:
        return []
    made = [material(line, s) for line, s in zip(lines, strong, strict=True)]
    plain = [natural(m) for m in made]
    counts = [len(reading.beats) for reading in plain]
    main = main_length(counts)
    if counts.count(main) == 1 and len(counts) <= FEW and main < LONG:
        return [compound.Halves(best(m, p, likely_lengths()), ()) for m, p in zip(made, plain, strict=True)]
    form = compound.form_of(lines, main)
    if form:
        return form[1]
    if counts.count(main) < REGULAR * len(counts):
        return [compound.Halves(reading, ()) for reading in plain]
    first = [best(m, p, {main: 0.0}) for m, p in zip(made, plain, strict=True)]
    usual = usual_lengths([len(reading.beats) for reading in first])
    again = first if len(usual) == 1 else [best(m, p, usual) for m, p in zip(made, plain, strict=True)]
    return [compound.Halves(reading, ()) for reading in again]


def _rhymed(read: Sequence[_Read], parts: Sequence[Lines]) -> Poem:
    ends = [line.tokens[-1].word.sound if line.tokens else "" for line in read]
    counts = [len(line.reading.beats) for line in read]
    sounds = [consonance(end) if end else "" for end in ends]
    scheme, kind = "", ""
    for first, last in groups(sounds, parts):
        found, kind = _scheme(sounds[first:last], ends[first:last])
        scheme += found
    scheme = "".join(c if n >= MAJOR else c.lower() for c, n in zip(scheme, counts, strict=True))
    if len(parts) == 1:
        parts = divided(scheme, counts)
    stanzas = tuple(
        Stanza(a, b, scheme[a:b], stanza_name(scheme[a:b], counts[a:b]), kind if scheme[a:b].strip("-") else "")
        for a, b in parts
    )
    lines = tuple(_line(line, letter, sound) for line, letter, sound in zip(read, scheme, sounds, strict=True))
    return Poem("es", lines, stanzas, form_name(scheme, counts, parts, assonant=kind == "assonant") if read else "")


def _scheme(sounds: Sequence[str], ends: Sequence[str]) -> tuple[str, str]:
    """Letters by consonant rhyme, or by assonance where few lines have that and assonance makes a pattern."""
    strict = letters(sounds)
    if rhymed(strict) > RHYMED:
        return strict, "consonant"
    vowels = [assonance(end) if end else "" for end in ends]
    even = ("-A" * len(ends))[: len(ends)]
    if len(ends) > 3 and vowels[1] and len(set(vowels[1::2])) == 1:
        return even, "consonant" if strict == even and len(ends) < ROMANCE else "assonant"
    loose = letters(vowels)
    if rhymed(loose) == 1:
        return loose, "assonant"
    return strict, "consonant" if strict.strip("-") else ""


def _line(read: _Read, letter: str, sound: str) -> Line:
    beats, parts = read.reading.beats, read.hemistichs
    return Line(
        read.text,
        words=Later(partial(map, _word, read.tokens, read.strong)),
        units=Later(partial(_units, read)),
        syllables=len(beats),
        stresses=beats,
        verse=verse_name(len(beats), parts),
        foot=rhythm_name(beats, parts),
        hemistichs=parts,
        rhyme=letter.strip("-"),
        sound=sound,
    )


def _word(token: Token, strong: bool) -> Word:
    at, word = token.start, token.word
    placed = [Syllable(text, at + a, at + b, stress) for text, a, b, stress in syllables(word.sound, word.written)]
    return Word(word.written, at, token.end, tuple(placed), strong)


def _units(read: _Read) -> Iterable[Syllable]:
    """The metrical syllables with the letters they join."""
    if not read.tokens:
        return
    words = ((token.start, pieces(token.word.sound, token.word.written)) for token in read.tokens)
    placed = [(text, at + a, at + b) for at, spans in words for text, a, b in spans]
    held: list[Span] = []
    for piece, cut in zip(placed, [True, *read.reading.cuts], strict=True):
        held.append(piece if cut else _joined(read.text, held.pop(), piece))
    for (text, start, end), beat in zip(held, read.reading.units, strict=True):
        yield Syllable(text, start, end, Stress.PRIMARY if beat == "+" else Stress.NONE)


def _joined(line: str, left: Span, right: Span) -> Span:
    """Two pieces as one; those of a word that is read out lie on the same letters."""
    same = left[1:] == right[1:]
    return (left[0] + right[0] if same else line[left[1] : right[2]], left[1], right[2])
