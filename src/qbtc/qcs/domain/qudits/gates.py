"""The generalised Pauli gates, Fourier transform, controlled sum and Givens rotation of d levels.

X|j> = |j + 1 mod d>, Z|j> = w^j |j>, F|j> = sum_k w^(jk) |k> / sqrt(d) with w = exp(2 pi i / d);
SUM|a, b> = |a, b + a mod d_b> (Gottesman, arXiv quant-ph/9802007). For d = 2 these are X, Z, Hadamard and CNOT.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from .circuit import Dense, Gate, Monomial


def shift(size: int, target: int, power: int = 1) -> Gate:
    """X^power."""
    return Gate(Monomial((np.arange(size) - power) % size), (target,))


def clock(size: int, target: int, power: int = 1) -> Gate:
    """Z^power."""
    levels = np.arange(size)
    return Gate(Monomial(levels, np.exp(2j * np.pi * (levels * power % size) / size)), (target,))


def fourier(size: int, target: int) -> Gate:
    levels = np.arange(size)
    return Gate(Dense(np.exp(2j * np.pi * (np.outer(levels, levels) % size) / size) / np.sqrt(size)), (target,))


def controlled_sum(sizes: tuple[int, int], control: int, target: int) -> Gate:
    """SUM of two qudits of `sizes` (control, target), which may differ."""
    a, b = np.arange(sizes[0])[:, None], np.arange(sizes[1])[None, :]
    return Gate(Monomial((a * sizes[1] + (b - a) % sizes[1]).ravel()), (control, target))


def givens(size: int, levels: tuple[int, int], target: int, *, angle: float, phase: float = 0.0) -> Gate:
    """Rotation of two levels i, j by `angle` / 2: [[cos, -e^(-i phase) sin], [e^(i phase) sin, cos]]. Radians."""
    i, j = levels
    if i == j or not (0 <= i < size and 0 <= j < size):
        raise ValueError(f"levels are {levels}; allowed are two different ones from 0 to {size - 1}")
    for name, value in (("angle", angle), ("phase", phase)):
        if not isfinite(value):
            raise ValueError(f"{name} is {value}; it must be finite")
    matrix = np.eye(size, dtype=np.complex128)
    matrix[i, i] = matrix[j, j] = np.cos(angle / 2)
    matrix[j, i] = np.exp(1j * phase) * np.sin(angle / 2)
    matrix[i, j] = -np.exp(-1j * phase) * np.sin(angle / 2)
    return Gate(Dense(matrix), (target,))
