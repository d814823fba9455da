"""Random numbers of compiled code: xoshiro256++ (Blackman and Vigna 2021), seeded by splitmix64. Four words of state.

The same seed gives the same numbers on every machine. `factor` is counter-based: several markets ask it for the same
number without sharing state.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .compiled import inner

Words = NDArray[np.uint64]
GOLDEN, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
UNIT = 1.0 / (1 << 53)
# `mix` and `turn` are not `inner`, which would make signed integers of their words.


@njit(nogil=True)  # type: ignore[untyped-decorator]
def mix(word: np.uint64) -> np.uint64:
    """The output function of splitmix64."""
    word = (word ^ (word >> np.uint64(30))) * FIRST
    word = (word ^ (word >> np.uint64(27))) * SECOND
    return word ^ (word >> np.uint64(31))


@inner
def seed(words: Words, number: int) -> None:
    state = np.uint64(number)
    for i in range(4):
        state += GOLDEN
        words[i] = mix(state)


@njit(nogil=True)  # type: ignore[untyped-decorator]
def turn(word: np.uint64, bits: int) -> np.uint64:
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


@inner
def uniform(words: Words) -> float:
    """In [0, 1), 53 bits."""
    found = turn(words[0] + words[3], 23) + words[0]
    shifted = words[1] << np.uint64(17)
    words[2] ^= words[0]
    words[3] ^= words[1]
    words[1] ^= words[2]
    words[0] ^= words[3]
    words[2] ^= shifted
    words[3] = turn(words[3], 45)
    return np.float64(found >> np.uint64(11)) * UNIT


@inner
def exponential(words: Words) -> float:
    return -math.log(1.0 - uniform(words))


@inner
def normal(words: Words) -> float:
    """Marsaglia's polar method; the second number is not kept."""
    while True:
        a, b = 2.0 * uniform(words) - 1.0, 2.0 * uniform(words) - 1.0
        square = a * a + b * b
        if 0.0 < square < 1.0:
            return a * math.sqrt(-2.0 * math.log(square) / square)


@inner
def factor(number: int, slot: int) -> float:
    """A standard normal number that depends on nothing but its arguments (Box-Muller on two hashes)."""
    base = mix(np.uint64(number) * GOLDEN + np.uint64(slot))
    a = (np.float64(mix(base + GOLDEN) >> np.uint64(11)) + 0.5) * UNIT
    b = np.float64(mix(base + GOLDEN + GOLDEN) >> np.uint64(11)) * UNIT
    return math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b)
