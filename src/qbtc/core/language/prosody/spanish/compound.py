"""Verses of two hemistichs: each is read as a line of its own, with a pause between that no synalepha crosses.

The first half counts as a line's end does (oxytone one more, proparoxytone one less) and must end in a stressed word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from .reading import LONGEST, Reading, best, material, natural
from .stress import stressed
from .tokens import Token

Form = tuple[int, int]
FORMS: Final[tuple[Form, ...]] = ((7, 7), (6, 6), (8, 8), (7, 5), (5, 5))
FITTING: Final = 3.0
"""What a line may cost that is called one of its form."""
ENOUGH: Final = 0.7
"""Share of fitting lines that makes a form the poem's."""


class Halves(NamedTuple):
    """A reading of the whole line and the lengths of its hemistichs, normalised."""

    reading: Reading
    hemistichs: tuple[int, ...]


def form_of(lines: Sequence[Sequence[Token]], length: int) -> tuple[Form, list[Halves]] | None:
    """The form that most of the lines have, whose commonest length is `length`, and all their readings in it."""
    if length < 10 or length == 11:
        return None
    for form in FORMS:
        if abs(sum(form) - length) <= 1:
            read = [halved(line, form) for line in lines]
            if sum(half.reading.cost <= FITTING for half in read) >= ENOUGH * len(read):
                return form, read
    return None


def halved(line: Sequence[Token], form: Form) -> Halves:
    """The cheapest reading in two hemistichs; one that has no place for them is read as one, at its price."""
    strong = stressed(line)
    places = [i for i in range(1, len(line)) if strong[i - 1]] if len(line) < LONGEST else []
    read = [_at(line, strong, i, form) for i in places]
    if not read:
        whole = _best(line, strong, sum(form))
        return Halves(whole._replace(cost=whole.cost + FITTING * 2), ())
    return min(read, key=lambda half: half.reading.cost)


def _at(line: Sequence[Token], strong: Sequence[bool], i: int, form: Form) -> Halves:
    """The reading with the pause before word i."""
    left = _best(line[:i], strong[:i], form[0])
    right = _best(line[i:], strong[i:], form[1])
    joined = Reading(
        left.cost + right.cost, [*left.cuts, True, *right.cuts], left.units + right.units, left.beats + right.beats
    )
    return Halves(joined, (len(left.beats), len(right.beats)))


def _best(line: Sequence[Token], strong: Sequence[bool], length: int) -> Reading:
    made = material(line, [*strong[:-1], True])
    return best(made, natural(made), {length: 0.0})
