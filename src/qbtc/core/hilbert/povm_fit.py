"""A POVM fitted from states and the outcomes seen in them: p(y) = Tr(rho E_y), E_y = M_y^H M_y, sum_y E_y = I.

The M_y, stacked, are an isometry, so the effects are complete and positive by construction. The log-likelihood is concave
in the effects; a quadratic pull towards the POVM that ignores the state, E_y = pi_y I with pi the base rates, keeps it from
learning noise: `pull` is its weight against one observation's log-likelihood. Where states are diagonal this is a classical
table of p(y | i).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .isometry import climb
from .rows import state_rows
from .types import Complex, Index, Real

LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class PovmFit:
    """`effects` (Y, d, d) and the penalised mean log-likelihood (nats) after each step, which never falls."""

    effects: Complex
    values: Real


@dataclass(frozen=True, slots=True)
class _Seen:
    """Rows (T_y, m, d) of the states in which each outcome was seen, base rates, the pull and the count T."""

    rows: tuple[Complex, ...]
    rates: Real
    pull: float
    count: int


def probabilities(states: Complex, effects: Complex) -> Real:
    """Tr(rho_t E_y), (T, Y), for states (T, d) or (T, d, d); each row sums to 1."""
    rows = state_rows(states)
    flat = rows.reshape(-1, rows.shape[-1])
    found = [np.sum((flat.conj() * (flat @ effect.T)).real, axis=1) for effect in effects]
    p = np.maximum(np.stack(found, axis=1).reshape(*rows.shape[:2], -1).sum(axis=1), 0.0)
    result: Real = p / p.sum(axis=1, keepdims=True)
    return result


def base_rates(outcomes: Index, count: int, prior: float = 1.0) -> Real:
    """Shares of the outcomes 0..count-1 with `prior` pseudo-counts each."""
    seen = np.bincount(outcomes, minlength=count).astype(np.float64) + prior
    result: Real = seen / seen.sum()
    return result


def fit_povm(states: Complex, outcomes: Index, count: int, *, pull: float = 0.1, steps: int = 60) -> PovmFit:
    """Fit effects of the outcomes 0..count-1. Raises ValueError where states and outcomes do not match."""
    rows, outcomes = state_rows(states), np.asarray(outcomes)
    _check(rows, outcomes, count)
    rates = base_rates(outcomes, count)
    seen = _Seen(tuple(rows[outcomes == y] for y in range(count)), rates, pull, len(rows))
    size = rows.shape[-1]
    start = np.kron(np.sqrt(rates)[:, None], np.eye(size)).astype(np.complex128)
    found = climb(start, lambda v: _likelihood(v, seen), steps=steps)
    operators = found.point.reshape(count, size, size)
    effects = np.matmul(np.swapaxes(operators, 1, 2).conj(), operators)
    return PovmFit((effects + np.swapaxes(effects, 1, 2).conj()) / 2, found.values)


def _likelihood(isometry: Complex, seen: _Seen) -> tuple[float, Complex]:
    size = isometry.shape[1]
    operators = isometry.reshape(-1, size, size)
    value, gradient = 0.0, np.empty_like(operators)
    for y, operator in enumerate(operators):
        fit, slope = _fit_of(operator, seen.rows[y])
        off = operator.conj().T @ operator - seen.rates[y] * np.eye(size)
        value += fit / seen.count - seen.pull / 2 * float(np.sum(off.real**2 + off.imag**2))
        gradient[y] = slope / seen.count - seen.pull * operator @ off
    return value, gradient.reshape(isometry.shape)


def _fit_of(operator: Complex, rows: Complex) -> tuple[float, Complex]:
    """sum_t log ||M rho_t^(1/2)||^2 and its gradient for one outcome."""
    flat = rows.reshape(-1, rows.shape[-1])
    moved = flat @ operator.T
    p = np.sum((moved.real**2 + moved.imag**2).reshape(rows.shape), axis=(1, 2))
    p = np.maximum(p, LEAST)
    scaled = moved / np.repeat(p, rows.shape[1])[:, None]
    return float(np.sum(np.log(p))), scaled.T @ flat.conj()


def _check(rows: Complex, outcomes: Index, count: int) -> None:
    if outcomes.shape != (len(rows),):
        raise ValueError(f"{len(rows)} states, but outcomes have shape {outcomes.shape}; one a state is needed")
    if not len(rows):
        raise ValueError("no states are given; at least one is needed")
    if count < 2 or outcomes.min() < 0 or outcomes.max() >= count:
        seen = f"{outcomes.min()}..{outcomes.max()}"
        raise ValueError(f"outcomes are {seen}; allowed are 0..{count - 1}, and at least two of them")
