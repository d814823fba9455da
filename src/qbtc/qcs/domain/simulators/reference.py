"""Mixed states in plain NumPy, one whole matrix an operation: small, slow, and what the engines are compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qbtc.core.hilbert.types import Complex

from ..noise.channels import dephasing, reset
from ..program import Channel, Measure, Op, Reset, Unitary


def embedded(matrix: Complex, n: int, targets: Sequence[int], controls: Sequence[int] = ()) -> Complex:
    """`matrix` on `targets` of n qubits where all `controls` are 1, as (2^n, 2^n)."""
    whole = np.zeros((1 << n, 1 << n), dtype=np.complex128)
    places = sum(1 << q for q in targets)
    for column in range(1 << n):
        if any(not column >> c & 1 for c in controls):
            whole[column, column] = 1
            continue
        seen = sum((column >> q & 1) << j for j, q in enumerate(targets))
        for value, element in enumerate(matrix[:, seen]):
            row = column & ~places | sum((value >> j & 1) << q for j, q in enumerate(targets))
            whole[row, column] += element
    return whole


def operators(op: Op, n: int) -> list[Complex]:
    """Kraus operators of the operation on all n qubits; a measurement's outcome is forgotten."""
    if isinstance(op, Unitary):
        return [embedded(op.matrix, n, op.targets, op.controls)]
    if isinstance(op, Measure | Reset):
        op = Channel("", dephasing(1.0) if isinstance(op, Measure) else reset(1.0), op.qubits)
    return [embedded(k, n, op.targets) for k in op.kraus]


def density_after(n: int, ops: Sequence[Op]) -> Complex:
    """rho (2^n, 2^n) from |0...0> through unconditional operations."""
    rho = np.zeros((1 << n, 1 << n), dtype=np.complex128)
    rho[0, 0] = 1
    for op in ops:
        rho = sum((k @ rho @ k.conj().T for k in operators(op, n)), np.zeros_like(rho))
    return rho
