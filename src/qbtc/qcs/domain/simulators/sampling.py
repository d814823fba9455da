"""Basis states drawn from a state vector in one pass: the shots of a whole run at once, exact in distribution."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Index

from .compiling import compiled
from .observables import probabilities_of

# mypy: disable-error-code="untyped-decorator"


def sample(state: Any, shots: int, rng: np.random.Generator) -> Index:
    """`shots` basis states in rising order, each with probability |amplitude|^2 (the state need not be normalised)."""
    exponential = rng.standard_exponential(shots + 1)
    return np.asarray(walk(state.view(state.real.dtype), exponential), dtype=np.int64)


@compiled
def norm_squared(pairs: Any) -> float:
    total = 0.0
    for i in range(0, pairs.size, 1024):
        part = 0.0
        for j in range(i, min(i + 1024, pairs.size)):
            part += np.float64(pairs[j]) * np.float64(pairs[j])
        total += part
    return total


@compiled
def walk(pairs: Any, exponential: Any) -> Any:
    """Sorted uniforms are sums of exponentials divided by their total; the cumulative sum passes them in order."""
    shots = exponential.size - 1
    scale = norm_squared(pairs) / exponential.sum()
    found = np.empty(shots, np.int64)
    reached, at, last = 0.0, 0, 0
    wanted = exponential[0] * scale
    for i in range(0, pairs.size, 2):
        p = np.float64(pairs[i]) * np.float64(pairs[i]) + np.float64(pairs[i + 1]) * np.float64(pairs[i + 1])
        if p > 0:
            last = i >> 1
        reached += p
        while at < shots and wanted < reached:
            found[at] = i >> 1
            at += 1
            wanted += exponential[at] * scale
        if at == shots:
            return found
    found[at:] = last
    return found


Pairs = tuple[tuple[int, int], ...]
SMALL = 1 << 10


def counted(source: Any, shots: int, pairs: Pairs, rng: np.random.Generator, bits: int = 0) -> dict[int, int]:
    """Counts of the words that `pairs` (qubit, bit) write over `bits`; `source` is a state or drawn basis states."""
    if not pairs:
        return {bits: shots}
    if source.dtype.kind == "c" and source.size <= SMALL:
        drawn = rng.multinomial(shots, weights(source))
        states = drawn.nonzero()[0]
        amounts = drawn[states]
    else:
        states = source if source.dtype.kind == "i" else sample(source, shots, rng)
        states, amounts = np.unique(states, return_counts=True)
    return _merged(states, amounts.tolist(), pairs, bits)


def likely(state: Any, pairs: Pairs, most: int) -> dict[int, float] | None:
    """Exact probabilities of the words of `pairs`, or None where more than `most` are likely."""
    if not pairs:
        return None
    states = _likely(state.view(state.real.dtype), most, 1e-12)
    if states.size:
        p = np.abs(state[states].astype(np.complex128)) ** 2
        return _merged(states, (p / p.sum()).tolist(), pairs, 0)
    qubits = sorted({q for q, _ in pairs})
    if 1 << len(qubits) > most:
        return None
    p = probabilities_of(state, np.array(qubits, dtype=np.int64))
    kept = np.flatnonzero(p > 1e-12)
    place = {q: i for i, q in enumerate(qubits)}
    return _merged(kept, p[kept].tolist(), tuple((place[q], b) for q, b in pairs), 0)


def _merged(states: Index, amounts: list[Any], pairs: Pairs, bits: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for word, amount in zip(_words(states, pairs, bits), amounts, strict=True):
        found[word] = found.get(word, 0) + amount
    return found


def _words(states: Index, pairs: Pairs, bits: int) -> list[int]:
    """The bits after each basis state is measured; 64-bit arithmetic where they fit."""
    mask = _kept(pairs)
    if mask >= 0 and not bits:
        found: list[int] = (states & mask).tolist()
        return found
    wide = states.astype(object) if max(bits.bit_length(), *(b for _, b in pairs)) > 61 else states
    words = np.full_like(wide, bits)
    for qubit, bit in pairs:
        words = words & ~(1 << bit) | (wide >> qubit & 1) << bit
    return list(map(int, words))


@lru_cache(maxsize=256)
def _kept(pairs: Pairs) -> int:
    """The mask of the measured qubits where each has the number of its bit, otherwise -1."""
    return sum({1 << q for q, _ in pairs}) if all(q == b for q, b in pairs) else -1


@compiled
def weights(state: Any) -> Any:
    """|amplitude|^2 divided by their sum."""
    p = np.empty(state.size, np.float64)
    total = 0.0
    for i in range(state.size):
        a = np.complex128(state[i])
        p[i] = a.real * a.real + a.imag * a.imag
        total += p[i]
    for i in range(state.size):
        p[i] /= total
    return p


@compiled
def _likely(pairs: Any, most: int, least: float) -> Any:
    """Basis states of at least probability `least`; none where they are more than `most`."""
    found, count = np.empty(most, np.int64), 0
    for i in range(0, pairs.size, 2):
        p = np.float64(pairs[i]) * np.float64(pairs[i]) + np.float64(pairs[i + 1]) * np.float64(pairs[i + 1])
        if p > least:
            if count == most:
                return found[:0]
            found[count] = i >> 1
            count += 1
    return found[:count]
