"""Channels as Kraus sets (m, d, d), complete: sum K^H K = 1. Probabilities are checked where a channel is made.

Formulas: M. Nielsen and I. Chuang, Quantum Computation and Quantum Information (2010), section 8.3. Of several qubits
the first is the least significant, and character i of a Pauli string acts on qubit i.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import exp, inf, isfinite, sqrt

import numpy as np

from qbtc.core.hilbert.types import Complex

from .forms import canonical, compose

PAULIS: dict[str, Complex] = {
    "I": np.eye(2, dtype=np.complex128),
    "X": np.array([[0, 1], [1, 0]], dtype=np.complex128),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1 + 0j, -1]),
}
TOLERANCE = 1e-9
MOST_QUBITS = 4


def pauli_matrix(string: str) -> Complex:
    """(2^n, 2^n) of a string over I, X, Y, Z. Raises ValueError for another character."""
    wrong = [c for c in string if c not in PAULIS]
    if wrong or not string:
        raise ValueError(f"a Pauli string is made of I, X, Y and Z, not {string!r}")
    found = PAULIS[string[0]]
    for character in string[1:]:
        found = np.kron(PAULIS[character], found).astype(np.complex128)
    return found


def kraus(operators: object) -> Complex:
    """Any Kraus operators (m, d, d), checked. Raises ValueError where they are not complete to 1e-9."""
    found = np.asarray(operators, dtype=np.complex128)
    if found.ndim != 3 or found.shape[1] != found.shape[2] or not found.size:
        raise ValueError(f"Kraus operators have the shape (count, d, d), not {found.shape}")
    if not np.isfinite(found).all():
        raise ValueError("Kraus operators must be finite numbers")
    error = float(np.abs(np.einsum("kji,kjl->il", found.conj(), found) - np.eye(found.shape[1])).max())
    if error > TOLERANCE:
        raise ValueError(f"the Kraus operators are not trace preserving: sum K^H K is off the identity by {error:.3g}")
    return found


def pauli(probabilities: Mapping[str, float]) -> Complex:
    """Each Pauli string with its probability; the identity has what is left. All strings have one length."""
    lengths = {len(string) for string in probabilities}
    if len(lengths) != 1:
        raise ValueError("a Pauli channel needs at least one string, all of the same length")
    same = "I" * lengths.pop()
    weights = {same: 0.0} | {s: _probability(f"the probability of {s}", p) for s, p in probabilities.items()}
    rest = 1 - sum(weights.values())
    if rest < -TOLERANCE:
        raise ValueError(f"the probabilities of a Pauli channel add up to {1 - rest:.9g}; at most 1 is allowed")
    weights[same] += max(rest, 0.0)
    return np.array([sqrt(p) * pauli_matrix(string) for string, p in weights.items() if p > 0])


def depolarising(p: float, dimension: int = 2) -> Complex:
    """(1 - p) rho + p Tr(rho) I/d, with 0 <= p <= d^2 / (d^2 - 1): Pauli strings, or Weyl's operators where d is no 2^n."""
    if dimension < 2:
        raise ValueError(f"a channel needs at least 2 dimensions, not {dimension}")
    square = dimension**2
    p = _probability("p", p, square / (square - 1))
    errors = _unitary_basis(dimension) * (sqrt(p) / dimension)
    errors[0] = sqrt(max(1 - p + p / square, 0.0)) * np.eye(dimension)
    return errors if p > 0 else errors[:1]


def _unitary_basis(dimension: int) -> Complex:
    """d^2 unitary matrices that are orthogonal, the identity first."""
    n = dimension.bit_length() - 1
    if dimension == 1 << n:
        return np.array([pauli_matrix("".join(s)) for s in product("IXYZ", repeat=n)])
    shift = np.roll(np.eye(dimension), 1, axis=0)
    clock = np.exp(2j * np.pi * np.arange(dimension) / dimension)
    moves = [np.linalg.matrix_power(shift, a) for a in range(dimension)]
    return np.array([move * clock**b for move in moves for b in range(dimension)])


def dephasing(p: float, dimension: int = 2) -> Complex:
    """Elements off the diagonal times 1 - p; a qubit's phase flip with probability p / 2."""
    p = _probability("p", p)
    projectors = [sqrt(p) * np.diag(row).astype(np.complex128) for row in np.eye(dimension)]
    return np.array([sqrt(1 - p) * np.eye(dimension, dtype=np.complex128), *projectors])


def bit_flip(p: float) -> Complex:
    """X with probability p."""
    return pauli({"X": p})


def phase_flip(p: float) -> Complex:
    """Z with probability p."""
    return pauli({"Z": p})


def bit_phase_flip(p: float) -> Complex:
    """Y with probability p."""
    return pauli({"Y": p})


def amplitude_damping(gamma: float) -> Complex:
    """|1> falls to |0> with probability gamma."""
    return generalised_amplitude_damping(gamma, 0.0)


def generalised_amplitude_damping(gamma: float, excited: float) -> Complex:
    """Relaxation with probability gamma to the state of population `excited` in |1>."""
    gamma, excited = _probability("gamma", gamma), _probability("excited", excited)
    keep, move = sqrt(1 - gamma), sqrt(gamma)
    down = [np.diag([1.0, keep]), np.array([[0, move], [0, 0]])]
    up = [np.diag([keep, 1.0]), np.array([[0, 0], [move, 0]])]
    parts = [sqrt(1 - excited) * k for k in down] + [sqrt(excited) * k for k in up]
    return np.array([k for k in parts if k.any()], dtype=np.complex128)


def thermal_relaxation(t1: float, t2: float, time: float, excited: float = 0.0) -> Complex:
    """`time` of relaxation, all in one unit: populations decay by exp(-time/T1), coherences by exp(-time/T2).

    Raises ValueError unless T1, T2 > 0, T2 <= 2 T1 and time >= 0.
    """
    if not (t1 > 0 and t2 > 0 and time >= 0):
        raise ValueError(f"T1 and T2 are above 0 and the time is at least 0, not {t1}, {t2} and {time}")
    if t2 > 2 * t1 * (1 + 1e-12):
        raise ValueError(f"T2 is at most 2 T1 ({2 * t1:g}), not {t2:g}")
    if inf in (1 / t1, 1 / t2):
        raise ValueError(f"T1 and T2 are so small that their rates are infinite: {t1} and {t2}")
    pure = max(1 / t2 - 1 / (2 * t1), 0.0)
    damped = generalised_amplitude_damping(1 - exp(-time / t1), excited)
    return canonical(compose(damped, dephasing(1 - exp(-time * pure))))


def reset(zero: float, one: float = 0.0) -> Complex:
    """Set to |0> with probability `zero`, to |1> with probability `one`."""
    _probability("zero + one", zero + one)
    zero, one = _probability("zero", zero), _probability("one", one)
    rest = max(1 - zero - one, 0.0)
    parts = [sqrt(rest) * PAULIS["I"]] if rest else []
    for value, p in enumerate((zero, one)):
        for seen in range(2):
            move = np.zeros((2, 2), dtype=np.complex128)
            move[value, seen] = sqrt(p)
            parts += [move] if p > 0 else []
    return np.array(parts)


def over_rotation(axis: str, angle: float) -> Complex:
    """The coherent error exp(-i angle P / 2) for a Pauli string P."""
    matrix = pauli_matrix(axis)
    if not isfinite(angle):
        raise ValueError(f"the angle must be a finite number, not {angle!r}")
    return np.array([np.cos(angle / 2) * np.eye(len(matrix)) - 1j * np.sin(angle / 2) * matrix])


def readout(one_for_zero: float, zero_for_one: float) -> Complex:
    """What a measurement with confused outcomes sees: 0 read as 1, and 1 read as 0, with these probabilities."""
    one_for_zero = _probability("the probability of 1 read for 0", one_for_zero)
    zero_for_one = _probability("the probability of 0 read for 1", zero_for_one)
    if one_for_zero == zero_for_one:
        return bit_flip(one_for_zero)
    confusion = np.array([[1 - one_for_zero, zero_for_one], [one_for_zero, 1 - zero_for_one]])
    found = np.zeros((4, 2, 2), dtype=np.complex128)
    for number, (read, true) in enumerate(product(range(2), repeat=2)):
        found[number, read, true] = sqrt(confusion[read, true])
    return found[[bool(k.any()) for k in found]]


def _probability(what: str, p: float, most: float = 1.0) -> float:
    """`p`, without what rounding has put above `most`."""
    if not 0 <= p <= most * (1 + 1e-12):
        raise ValueError(f"{what} must be between 0 and {most:.6g}, not {p!r}")
    return min(p, most)
