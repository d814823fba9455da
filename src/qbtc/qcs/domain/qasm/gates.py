"""The built-in gates and those of qelib1.inc (with Qiskit's additions) and stdgates.inc, as small matrices with controls.

`phase` is what OpenQASM 3 adds to the matrix: a factor exp(i phase), which only a control makes observable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Complex

Matrix = Callable[..., Complex]


@dataclass(frozen=True, slots=True)
class Gate:
    """`controls` leading qubits, then `targets`; the first target is the least significant of `matrix`."""

    name: str
    parameters: int
    controls: int
    targets: int
    matrix: Matrix
    phase: Callable[..., float] = lambda *_: 0.0

    @property
    def qubits(self) -> int:
        return self.controls + self.targets


def u(theta: float, phi: float, lam: float) -> Complex:
    """U(theta, phi, lambda) with a real positive first element."""
    c, s = np.cos(theta / 2), np.sin(theta / 2)
    return np.array([[c, -np.exp(1j * lam) * s], [np.exp(1j * phi) * s, np.exp(1j * (phi + lam)) * c]])


def rotation(axis: Complex) -> Matrix:
    """exp(-i theta axis / 2) for an axis whose square is the identity."""
    one = np.eye(len(axis))

    def matrix(theta: float) -> Complex:
        result: Complex = np.cos(theta / 2) * one - 1j * np.sin(theta / 2) * axis
        return result

    return matrix


def fixed(rows: Sequence[Sequence[complex]]) -> Matrix:
    value = np.array(rows, dtype=np.complex128)
    return lambda: value


_X = np.array([[0, 1], [1, 0]], dtype=np.complex128)
_Y = np.array([[0, -1j], [1j, 0]])
_Z = np.diag([1.0 + 0j, -1.0])
_HALF = 1 / np.sqrt(2)
_SX = [[0.5 + 0.5j, 0.5 - 0.5j], [0.5 - 0.5j, 0.5 + 0.5j]]
_SXDG = [[0.5 - 0.5j, 0.5 + 0.5j], [0.5 + 0.5j, 0.5 - 0.5j]]
_SWAP = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
_ROOT = np.exp(1j * np.pi / 4)

x, y, z = fixed(_X.tolist()), fixed(_Y.tolist()), fixed(_Z.tolist())
h, s, sdg = fixed([[_HALF, _HALF], [_HALF, -_HALF]]), fixed([[1, 0], [0, 1j]]), fixed([[1, 0], [0, -1j]])
t, tdg = fixed([[1, 0], [0, _ROOT]]), fixed([[1, 0], [0, np.conj(_ROOT)]])
identity, sx, sxdg, swap = fixed([[1, 0], [0, 1]]), fixed(_SX), fixed(_SXDG), fixed(_SWAP)
rx, ry, rz = rotation(_X), rotation(_Y), rotation(_Z)
_XX: Complex = np.kron(_X, _X).astype(np.complex128)
_ZZ: Complex = np.kron(_Z, _Z).astype(np.complex128)
rxx, rzz = rotation(_XX), rotation(_ZZ)


def u1(lam: float) -> Complex:
    return np.diag([1.0 + 0j, np.exp(1j * lam)])


def u2(phi: float, lam: float) -> Complex:
    return u(np.pi / 2, phi, lam)


def u0(_duration: float) -> Complex:
    return np.eye(2, dtype=np.complex128)


def cu(theta: float, phi: float, lam: float, gamma: float) -> Complex:
    result: Complex = np.exp(1j * gamma) * u(theta, phi, lam)
    return result


def _table(rows: Sequence[tuple[str, int, int, int, Matrix]]) -> dict[str, Gate]:
    return {name: Gate(name, parameters, controls, targets, matrix) for name, parameters, controls, targets, matrix in rows}


BUILT_IN_2 = _table([("U", 3, 0, 1, u), ("CX", 0, 1, 1, x)])
BUILT_IN_3 = {"U": Gate("U", 3, 0, 1, u, lambda theta, _phi, _lam: theta / 2)}

_COMMON = _table(
    [
        ("u2", 2, 0, 1, u2),
        ("u1", 1, 0, 1, u1),
        ("u3", 3, 0, 1, u),
        ("id", 0, 0, 1, identity),
        ("x", 0, 0, 1, x),
        ("y", 0, 0, 1, y),
        ("z", 0, 0, 1, z),
        ("h", 0, 0, 1, h),
        ("s", 0, 0, 1, s),
        ("sdg", 0, 0, 1, sdg),
        ("t", 0, 0, 1, t),
        ("tdg", 0, 0, 1, tdg),
        ("rx", 1, 0, 1, rx),
        ("ry", 1, 0, 1, ry),
        ("rz", 1, 0, 1, rz),
        ("cx", 0, 1, 1, x),
        ("cy", 0, 1, 1, y),
        ("cz", 0, 1, 1, z),
        ("ch", 0, 1, 1, h),
        ("ccx", 0, 2, 1, x),
        ("crz", 1, 1, 1, rz),
    ]
)
_MODERN = _table(
    [
        ("p", 1, 0, 1, u1),
        ("sx", 0, 0, 1, sx),
        ("crx", 1, 1, 1, rx),
        ("cry", 1, 1, 1, ry),
        ("cp", 1, 1, 1, u1),
        ("cu", 4, 1, 1, cu),
        ("swap", 0, 0, 2, swap),
        ("cswap", 0, 1, 2, swap),
    ]
)
PAPER = _COMMON | _table([("cu1", 1, 1, 1, u1), ("cu3", 3, 1, 1, u)])
"""qelib1.inc as the paper prints it; the rest of QELIB1 may be defined again by a circuit."""
QELIB1 = (
    PAPER
    | _MODERN
    | _table(
        [
            ("u0", 1, 0, 1, u0),
            ("u", 3, 0, 1, u),
            ("sxdg", 0, 0, 1, sxdg),
            ("csx", 0, 1, 1, sx),
            ("c3x", 0, 3, 1, x),
            ("c3sqrtx", 0, 3, 1, sx),
            ("c4x", 0, 4, 1, x),
            ("rxx", 1, 0, 2, rxx),
            ("rzz", 1, 0, 2, rzz),
        ]
    )
)
STDGATES = (
    _COMMON
    | _MODERN
    | _table([("CX", 0, 1, 1, x), ("phase", 1, 0, 1, u1), ("cphase", 1, 1, 1, u1)])
    | {
        "u2": Gate("u2", 2, 0, 1, u2, lambda phi, lam: -(phi + lam) / 2),
        "u3": Gate("u3", 3, 0, 1, u, lambda _theta, phi, lam: -(phi + lam) / 2),
    }
)
COMPOSITES = ("rccx", "rc3x")
COMPOSITE_2 = """OPENQASM 2.0;
gate rccx a,b,c { h c; t c; cx b,c; tdg c; cx a,c; t c; cx b,c; tdg c; h c; }
gate rc3x a,b,c,d {
  h d; t d; cx c,d; tdg d; h d;
  cx a,d; t d; cx b,d; tdg d; cx a,d; t d; cx b,d; tdg d;
  h d; t d; cx c,d; tdg d; h d;
}
"""
"""Gates of qelib1.inc that are no controlled matrix: Margolus' relative-phase Toffoli gates (Maslov, arXiv 1508.03273)."""

INVERSES = {"s": "sdg", "sdg": "s", "t": "tdg", "tdg": "t", "sx": "sxdg", "sxdg": "sx"}
SELF_INVERSE = frozenset(["id", "u0", "x", "y", "z", "h", "cx", "CX", "cy", "cz", "ch", "ccx", "swap", "cswap", "c3x", "c4x"])
NEGATED = frozenset(["p", "u1", "phase", "rx", "ry", "rz", "crx", "cry", "crz", "cu1", "cp", "cphase", "rxx", "rzz"])
"""Gates whose inverse has the negative parameter."""
