"""Expectation values of a state vector, and the sums over basis states that they and gradients are made of. Compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Complex

from .compiling import compiled
from .kernels import hole, spread
from .protocol import Observable, PauliSum

# mypy: disable-error-code="untyped-decorator"


def expectation(state: Any, observable: Observable) -> float:
    """<state| observable |state> for a normalised state."""
    if isinstance(observable, PauliSum):
        return float(sum(t.factor * _pauli_value(state, t.x, t.z, (t.x & t.z).bit_count()) for t in observable.terms))
    seen = transition(state, state, np.array(observable.targets, dtype=np.int64), 0)
    return float((observable.matrix * seen).sum().real)


def applied(state: Complex, observable: Observable) -> Complex:
    """observable |state> as a new array."""
    if isinstance(observable, PauliSum):
        out = np.zeros_like(state)
        for term in observable.terms:
            _add_pauli(state, term.x, term.z, term.factor * 1j ** ((term.x & term.z).bit_count()), out)
        return out
    out = state.copy()
    apply_matrix(out, observable.matrix, observable.targets)
    return out


def apply_matrix(state: Complex, matrix: Complex, targets: Sequence[int], controls: Sequence[int] = ()) -> None:
    """Multiply in place by a matrix on a few qubits, one gate at a time (`plan` is for whole circuits)."""
    places = np.array(targets, dtype=np.int64)
    _apply(state, np.ascontiguousarray(matrix), places, np.sort(places), sum(1 << c for c in controls))


@compiled
def _pauli_value(state: Any, x: int, z: int, ys: int) -> float:
    """Sum of conj(state[i ^ x]) i^ys (-1)^(bits of i & z) state[i]."""
    re, im = 0.0, 0.0
    for i in range(state.size):
        value = np.complex128(state[i ^ x]).conjugate() * np.complex128(state[i])
        if _odd(i & z):
            value = -value
        re += value.real
        im += value.imag
    if ys % 4 == 0:
        return re
    if ys % 4 == 1:
        return -im
    return -re if ys % 4 == 2 else im


@compiled
def _add_pauli(state: Any, x: int, z: int, factor: complex, out: Any) -> None:
    for i in range(state.size):
        value = factor * state[i]
        out[i ^ x] += -value if _odd(i & z) else value


@compiled
def _odd(word: int) -> bool:
    odd = False
    while word:
        word &= word - 1
        odd = not odd
    return odd


@compiled
def transition(left: Any, right: Any, targets: Any, control: int) -> Any:
    """M[a, b] = sum over the other qubits of conj(left[a]) right[b], where the bits of `control` are 1."""
    size = 1 << targets.size
    found = np.zeros((size, size), np.complex128)
    rising = np.sort(targets)
    for i in range(left.size >> targets.size):
        base = hole(i, rising)
        if base & control != control:
            continue
        for a in range(size):
            bra = np.complex128(left[base | spread(a, targets)]).conjugate()
            for b in range(size):
                found[a, b] += bra * np.complex128(right[base | spread(b, targets)])
    return found


@compiled
def _apply(state: Any, matrix: Any, targets: Any, rising: Any, control: int) -> None:
    size = 1 << targets.size
    before = np.empty(size, np.complex128)
    for i in range(state.size >> targets.size):
        base = hole(i, rising)
        if base & control != control:
            continue
        for a in range(size):
            before[a] = state[base | spread(a, targets)]
        for a in range(size):
            total = 0j
            for b in range(size):
                total += matrix[a, b] * before[b]
            state[base | spread(a, targets)] = total


@compiled
def probabilities_of(state: Any, qubits: Any) -> Any:
    """Of the values of `qubits`, the first least significant; divided by their sum."""
    found = np.zeros(1 << qubits.size, np.float64)
    for i in range(state.size):
        word = 0
        for j in range(qubits.size):
            word |= (i >> qubits[j] & 1) << j
        a = np.complex128(state[i])
        found[word] += a.real * a.real + a.imag * a.imag
    return found / found.sum()


@compiled
def collapse(state: Any, mask: int, values: int, cleared: int, out: Any) -> None:
    """Keep what agrees with `values` on the qubits of `mask`, normalise, and set the qubits of `cleared` to 0."""
    total = 0.0
    for i in range(state.size):
        if i & mask == values:
            a = np.complex128(state[i])
            total += a.real * a.real + a.imag * a.imag
    scale = 1 / np.sqrt(total)
    for i in range(state.size):
        out[i] = 0
    for i in range(state.size):
        if i & mask == values:
            out[i & ~cleared] = state[i] * scale
