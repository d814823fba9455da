"""What scanning a text gives, the same for every language: poem, stanzas, lines, words and syllables.

Offsets are characters of the line's text, so that a screen can draw the scansion over the words. A word's syllables
are those of the dictionary; a line's are the metrical ones, where a synalepha makes one of two. Knows no rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, TypeVar, overload


class Stress(IntEnum):
    """How strongly a syllable is spoken."""

    NONE = 0
    SECONDARY = 1
    PRIMARY = 2


T = TypeVar("T")


class Later(Sequence[T]):
    """A sequence that is made when it is first looked at: many lines are counted, few are drawn."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self._make: Callable[[], Iterable[T]] | None = make
        self._made: tuple[T, ...] = ()

    def _all(self) -> tuple[T, ...]:
        if self._make:
            self._made, self._make = tuple(self._make()), None
        return self._made

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._all() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


class Syllable(NamedTuple):
    """`line.text[start:end]`; a synalepha holds the letters of two or more words and what stands between them."""

    text: str
    start: int
    end: int
    stress: Stress


class Word(NamedTuple):
    """A word as it is spoken alone: `line.text[start:end]` and its syllables. `stressed` is false for a clitic."""

    text: str
    start: int
    end: int
    syllables: tuple[Syllable, ...]
    stressed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of verse.

    `syllables` is the metrical count and `len(stresses)`: in Spanish an oxytone end counts one more, a proparoxytone one
    less than `units`, the syllables that are spoken. `stresses` has a `+` for each metrical beat, else `-`.
    `verse` is the line's length by name (`endecasílabo`, `pentameter`), `foot` its rhythm (`heroico`, `iambic`); both are
    empty where none fits. `hemistichs` has the counts of the parts of a compound verse. `rhyme` is the letter in the
    scheme, empty for a line that rhymes with none; `sound` is what rhymes, from the last stressed vowel.
    `accents` are the beats that the words have by themselves, where `stresses` were fitted to a foot; else empty.
    """

    text: str
    words: Sequence[Word]
    units: Sequence[Syllable]
    syllables: int
    stresses: str
    verse: str = ""
    foot: str = ""
    hemistichs: tuple[int, ...] = ()
    rhyme: str = ""
    sound: str = ""
    accents: str = ""

    @property
    def synalephas(self) -> tuple[Syllable, ...]:
        """The metrical syllables that join words."""
        ends = {word.end for word in self.words}
        return tuple(unit for unit in self.units if any(unit.start < end < unit.end for end in ends))


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines `first` to `last` (not included) of the poem, their scheme (`ABBA`, `-` for no rhyme) and their name."""

    first: int
    last: int
    scheme: str
    name: str = ""
    rhyme: str = ""
    """`consonant`, `assonant`, `slant`, or empty where nothing rhymes."""


@dataclass(frozen=True, slots=True)
class Poem:
    """A scanned text: one line for each that is not empty. `form` is the name of the whole (`soneto`)."""

    language: str
    lines: tuple[Line, ...]
    stanzas: tuple[Stanza, ...] = ()
    form: str = ""

    @property
    def scheme(self) -> str:
        """The rhyme letters of all lines, `-` for none."""
        return "".join(line.rhyme or "-" for line in self.lines)
