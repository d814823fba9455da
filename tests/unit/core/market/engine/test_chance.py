"""The compiled generator against the published algorithm in plain integers."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.core.market.engine import chance
from qbtc.core.market.engine.compiled import entry

MASK = (1 << 64) - 1


@entry
def _uniforms(words: chance.Words, number: int, out: np.ndarray) -> None:
    chance.seed(words, number)
    for i in range(out.size):
        out[i] = chance.uniform(words)


@entry
def _factors(number: int, out: np.ndarray) -> None:
    for i in range(out.size):
        out[i] = chance.factor(number, i)


def turned(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & MASK


def reference(number: int, count: int) -> list[float]:
    state, words = number, []
    for _ in range(4):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        words.append(mixed ^ mixed >> 31)
    found = []
    for _ in range(count):
        found.append(((turned((words[0] + words[3]) & MASK, 23) + words[0]) & MASK) >> 11)
        shifted = (words[1] << 17) & MASK
        words[2] ^= words[0]
        words[3] ^= words[1]
        words[1] ^= words[2]
        words[0] ^= words[3]
        words[2] ^= shifted
        words[3] = turned(words[3], 45)
    return [word / (1 << 53) for word in found]


@pytest.mark.parametrize("number", [0, 1, 2**40 + 17])
def test_uniform_numbers_are_those_of_the_published_algorithm(number: int) -> None:
    out = np.empty(100)
    _uniforms(np.zeros(4, np.uint64), number, out)
    assert out.tolist() == reference(number, 100)


def test_factors_are_standard_normal_and_depend_on_their_arguments_alone() -> None:
    first, again, other = np.empty(20_000), np.empty(20_000), np.empty(20_000)
    for number, out in ((3, first), (3, again), (4, other)):
        _factors(number, out)
    assert (first == again).all()
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.03
    assert (first.mean(), first.std()) == (pytest.approx(0, abs=0.03), pytest.approx(1, abs=0.03))
