"""What can be said about an item: 26 checked numbers, their mask, formula and the position of N's reference."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from tests.every import every

from qbtc.cio.domain.sync import NOT_DEFINED, Event, numbers
from qbtc.cio.domain.sync.events import N, digest

ALL = [True] * 26
NO_N = [i != N for i in range(26)]
ZERO = [0.0] * 26


def test_minus_zero_and_zero_are_the_same_bits() -> None:
    made = numbers(1, [-0.0] * 26, ALL, 3)
    assert digest("m", made) == digest("m", numbers(1, ZERO, ALL, 3))
    assert math.copysign(1, made.values[0]) == 1


def test_every_part_of_an_event_changes_its_digest() -> None:
    made = numbers(1, ZERO, ALL, 3)
    others = [
        replace(made, formula=2),
        replace(made, reference=4),
        replace(made, mask=(False, *made.mask[1:])),
        replace(made, values=(5e-324, *made.values[1:])),
        None,
    ]
    digests = {digest("m", body) for body in (made, *others)} | {digest("n", made)}
    assert len(digests) == 7


def test_an_event_counts_from_one_and_numbers_are_checked_however_they_are_made() -> None:
    made = numbers(1, ZERO, ALL, 3)
    for sequence, clock in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="both count from 1"):
            Event("a", sequence, clock, "m", made)
    with pytest.raises(ValueError, match="A is nan"):
        replace(made, values=(math.nan, *made.values[1:]))
    minus = replace(made, values=(-0.0,) * 26)
    assert digest("m", minus) == digest("m", made)


def test_numbers_without_n_need_no_reference() -> None:
    assert numbers(1, ZERO, NO_N).reference == NOT_DEFINED


@every(
    "given, said",
    [
        ((1, ZERO[1:], ALL, 0), "25 numbers and 26 mask bits; 26 of each are needed"),
        ((1, ZERO, ALL[1:], 0), "26 numbers and 25 mask bits"),
        ((1, [math.nan, *ZERO[1:]], ALL, 0), "A is nan; it must lie within +-5"),
        ((1, [*ZERO[1:], 5.1], ALL, 0), "Z is 5.1; it must lie within +-5"),
        ((1, [1.0, *ZERO[1:]], [False, *ALL[1:]], 0), "A is masked but 1.0; it must be 0"),
        ((0, ZERO, ALL, 0), "formula version is 0; it must be at least 1"),
        ((1, ZERO, ALL), "N is defined but its reference is at -1"),
        ((1, ZERO, NO_N, 7), "N is masked but its reference is at 7"),
    ],
)
def test_what_is_not_26_numbers_is_refused_in_words(given: tuple[Any, ...], said: str) -> None:
    with pytest.raises(ValueError) as error:
        numbers(*given)
    assert said in str(error.value)
