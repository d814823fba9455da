"""Gradients of an expectation value by the adjoint method (Jones and Gacon, arXiv 2009.02823): one sweep back.

With the state behind gate k and the observable carried back to it, the derivative by a parameter of gate k is
2 Re <carried| dU |state before>. A gate's matrix is known up to a phase that its parameters do not change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qbtc.core.hilbert.types import Complex

from ..program import Unitary
from .observables import apply_matrix, transition
from .protocol import Unsupported

X: Complex = np.array([[0, 1], [1, 0]], dtype=np.complex128)
Y: Complex = np.array([[0, -1j], [1j, 0]])
Z: Complex = np.diag([1.0 + 0j, -1])
Matrices = tuple[Complex, list[Complex]]


def _rotation(axis: Complex) -> Callable[..., Matrices]:
    def made(theta: float) -> Matrices:
        one, c, s = np.eye(len(axis)), np.cos(theta / 2), np.sin(theta / 2)
        return c * one - 1j * s * axis, [(-0.5 * (s * one + 1j * c * axis)).astype(np.complex128)]

    return made


def _phase(angle: float) -> Matrices:
    e = np.exp(1j * angle)
    return np.diag([1 + 0j, e]), [np.diag([0j, 1j * e])]


def _euler(theta: float, phi: float, lam: float) -> Matrices:
    c, s, p, q = np.cos(theta / 2), np.sin(theta / 2), np.exp(1j * phi), np.exp(1j * lam)
    by_theta = np.array([[-s, -q * c], [p * c, -p * q * s]], dtype=np.complex128) / 2
    by_phi = 1j * np.array([[0, 0], [p * s, p * q * c]])
    by_lam = 1j * np.array([[0, -q * s], [0, p * q * c]])
    return np.array([[c, -q * s], [p * s, p * q * c]]), [by_theta, by_phi, by_lam]


def _half_euler(phi: float, lam: float) -> Matrices:
    matrix, parts = _euler(np.pi / 2, phi, lam)
    return matrix, parts[1:]


def _euler_phase(theta: float, phi: float, lam: float, gamma: float) -> Matrices:
    matrix, parts = _euler(theta, phi, lam)
    e = np.exp(1j * gamma)
    return e * matrix, [*(e * part for part in parts), 1j * e * matrix]


_SINGLE: dict[str, Callable[..., Matrices]] = {
    "rx": _rotation(X),
    "ry": _rotation(Y),
    "rz": _rotation(Z),
    "p": _phase,
    "u1": _phase,
    "phase": _phase,
    "u": _euler,
    "u3": _euler,
    "U": _euler,
    "u2": _half_euler,
}
KNOWN: dict[str, Callable[..., Matrices]] = {
    **_SINGLE,
    **{f"c{name}": made for name, made in _SINGLE.items()},
    "cphase": _phase,
    "cu": _euler_phase,
    "rxx": _rotation(np.kron(X, X).astype(np.complex128)),
    "ryy": _rotation(np.kron(Y, Y).astype(np.complex128)),
    "rzz": _rotation(np.kron(Z, Z).astype(np.complex128)),
    "rzx": _rotation(np.kron(X, Z).astype(np.complex128)),
}


def derivatives(gate: Unitary) -> list[Complex]:
    """Of the gate's matrix by each of its parameters. Raises Unsupported for a gate whose formula is not known."""
    made = KNOWN.get(gate.name)
    if made is None:
        raise Unsupported(f"no derivative of gate {gate.name!r} is known; allowed are {', '.join(sorted(KNOWN))}")
    try:
        matrix, parts = made(*gate.parameters)
    except TypeError:
        raise Unsupported(f"gate {gate.name!r} has {len(gate.parameters)} parameters, which do not fit it") from None
    overlap = np.vdot(matrix, gate.matrix) / len(matrix)
    if matrix.shape != gate.matrix.shape or abs(abs(overlap) - 1) > 1e-9:
        raise Unsupported(f"the matrix of gate {gate.name!r} is not that of its parameters {gate.parameters}")
    return [part * (overlap / abs(overlap)) for part in parts]


def adjoint(
    state: Complex, carried: Complex, gates: Sequence[tuple[int, Unitary]], check: Callable[[], None] = lambda: None
) -> tuple[tuple[tuple[int, int], ...], tuple[float, ...]]:
    """(operation, parameter) and derivative of each, in order. `state` is the state at the end, `carried` the observable
    times it; both are used up."""
    found: list[tuple[tuple[int, int], float]] = []
    for at, gate in reversed(gates):
        check()
        back = gate.matrix.conj().T
        apply_matrix(state, back, gate.targets, gate.controls)
        if gate.parameters:
            targets = np.array(gate.targets, dtype=np.int64)
            seen = transition(carried, state, targets, sum(1 << c for c in gate.controls))
            values = [2 * float((part * seen).sum().real) for part in derivatives(gate)]
            found += [((at, number), value) for number, value in reversed(list(enumerate(values)))]
        apply_matrix(carried, back, gate.targets, gate.controls)
    found.reverse()
    return tuple(place for place, _ in found), tuple(value for _, value in found)
