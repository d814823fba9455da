"""Running circuits of qudits: the vector, the density matrix, samples.

A state is an array with one axis a qudit (a density matrix has two: rows, then columns). An operator acts on its axes as
one matrix product; axes are moved as views, so that nothing is copied until it must be, and a vector grows with the qudits
that were touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import prod

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from .circuit import MAX_BYTES, Channel, Circuit, Dense, Gate, Measure, Monomial, are_places, refuse_large

MAX_SHOTS = 10_000_000


def state(circuit: Circuit, *, limit: int = MAX_BYTES) -> Complex:
    """The vector (D,) at the end. Raises TooLarge, and ValueError for channels and measurements."""
    refuse_large(circuit.size, limit)
    psi = np.ones((1,) * len(circuit.dims), dtype=np.complex128)
    for operation in circuit.operations:
        if not isinstance(operation, Gate):
            raise ValueError(f"a vector has no {type(operation).__name__}; use `density` or `sample`")  # noqa: TRY004
        psi = _apply(operation.operator, _enter(psi, circuit.dims, operation.targets), operation.targets)
    return np.ascontiguousarray(_enter(psi, circuit.dims, range(len(circuit.dims)))).reshape(-1)


def density(circuit: Circuit, *, limit: int = MAX_BYTES) -> Complex:
    """The density matrix (D, D) at the end; a measurement whose outcome nobody reads dephases its qudit. Raises TooLarge."""
    refuse_large(circuit.size**2, limit)
    rho = _start(circuit.dims + circuit.dims)
    for operation in circuit.operations:
        rho = _evolve(operation, rho, circuit.dims)
    return np.ascontiguousarray(rho).reshape(circuit.size, circuit.size)


def sample(
    circuit: Circuit, shots: int, rng: np.random.Generator, *, limit: int = MAX_BYTES
) -> Counter[tuple[int, ...]]:
    """How often each tuple of outcomes came, in order of measurement.

    One run where all measurements stand at the end and there is no channel, else one trajectory a shot. Raises TooLarge.
    """
    if not isinstance(shots, int | np.integer) or not 1 <= shots <= MAX_SHOTS:
        raise ValueError(f"{shots} shots; allowed are 1 to {MAX_SHOTS}")
    if not circuit.measured:
        raise ValueError("nothing is measured, so there is nothing to count")
    refuse_large(circuit.size, limit)
    gates = [op for op in circuit.operations if not isinstance(op, Measure)]
    last = circuit.operations[: len(gates)]
    if (
        list(last) == gates
        and all(isinstance(op, Gate) for op in gates)
        and len(set(circuit.measured)) == len(circuit.measured)
    ):
        return _sample_at_end(circuit, shots, rng, limit)
    return Counter(_trajectory(circuit, rng) for _ in range(shots))


def probabilities(psi: Complex, dims: Sequence[int], qudits: Sequence[int]) -> Real:
    """Of the outcomes of `qudits` in their order, (product of their dimensions,), from a vector. Raises ValueError."""
    if not are_places(qudits, len(dims)):
        raise ValueError(f"qudits are {tuple(qudits)}; allowed are different ones from 0 to {len(dims) - 1}")
    if psi.shape != (prod(dims),):
        raise ValueError(f"{psi.size} amplitudes; qudits of {tuple(dims)} levels have {prod(dims)}")
    weights = (psi.real**2 + psi.imag**2).reshape(tuple(dims))
    others = tuple(k for k in range(len(dims)) if k not in qudits)
    kept = sorted(qudits)
    found: Real = weights.sum(axis=others).transpose([kept.index(q) for q in qudits]).reshape(-1)
    return found


def collapse(psi: Complex, qudit: int, rng: np.random.Generator) -> tuple[int, Complex]:
    """Measure one axis of a vector (one axis a qudit): the outcome, and the normalised vector after it."""
    front = np.moveaxis(psi, qudit, 0)
    weights = np.sum(front.real**2 + front.imag**2, axis=tuple(range(1, front.ndim)))
    outcome = _draw(weights, rng)
    after = np.zeros_like(psi)
    np.moveaxis(after, qudit, 0)[outcome] = front[outcome] / np.sqrt(weights[outcome])
    return outcome, after


def _start(dims: tuple[int, ...]) -> Complex:
    psi = np.zeros(dims, dtype=np.complex128)
    psi[(0,) * len(dims)] = 1
    return psi


def _enter(psi: Complex, dims: tuple[int, ...], qudits: Iterable[int]) -> Complex:
    """A qudit that nothing has touched is an axis of length 1; these take their full length now, in |0>."""
    new = [q for q in qudits if psi.shape[q] != dims[q]]
    if not new:
        return psi
    wide = np.zeros([dims[q] if q in new else n for q, n in enumerate(psi.shape)], dtype=np.complex128)
    wide[tuple(slice(0, n) for n in psi.shape)] = psi
    return wide


def _apply(operator: Dense | Monomial, psi: Complex, axes: Sequence[int]) -> Complex:
    """The operator on these axes of an array; the result is a view with its axes in place."""
    front = np.moveaxis(psi, axes, range(len(axes)))
    moved = operator.apply(front.reshape(operator.size, -1)).reshape(front.shape)
    placed: Complex = np.moveaxis(moved, range(len(axes)), axes)
    return placed


def _evolve(operation: Gate | Channel | Measure, rho: Complex, dims: tuple[int, ...]) -> Complex:
    if isinstance(operation, Gate):
        return _both_sides(operation.operator, rho, operation.targets)
    if isinstance(operation, Channel):
        total = np.zeros_like(rho)
        for k in operation.kraus:
            total += _both_sides(Dense(k), rho, operation.targets)
        return total
    shape = [1] * rho.ndim
    shape[operation.target] = shape[operation.target + len(dims)] = dims[operation.target]
    kept: Complex = rho * np.eye(dims[operation.target]).reshape(shape)
    return kept


def _both_sides(operator: Dense | Monomial, rho: Complex, targets: tuple[int, ...]) -> Complex:
    columns = [t + rho.ndim // 2 for t in targets]
    return _apply(operator.conj(), _apply(operator, rho, targets), columns)


def _sample_at_end(circuit: Circuit, shots: int, rng: np.random.Generator, limit: int) -> Counter[tuple[int, ...]]:
    gates = tuple(op for op in circuit.operations if isinstance(op, Gate))
    p = probabilities(state(Circuit(circuit.dims, gates), limit=limit), circuit.dims, circuit.measured)
    edges = np.cumsum(p)
    drawn = np.searchsorted(edges, rng.random(shots) * edges[-1], side="right")
    values, counts = np.unique(np.minimum(drawn, len(p) - 1), return_counts=True)
    digits = np.stack(np.unravel_index(values, [circuit.dims[q] for q in circuit.measured]), axis=1)
    return Counter({tuple(d): n for d, n in zip(digits.tolist(), counts.tolist(), strict=True)})


def _trajectory(circuit: Circuit, rng: np.random.Generator) -> tuple[int, ...]:
    """Outcomes of one run: measurements collapse, a channel takes one of its operators with its probability."""
    psi, outcomes = _start(circuit.dims), []
    for operation in circuit.operations:
        if isinstance(operation, Gate):
            psi = _apply(operation.operator, psi, operation.targets)
        elif isinstance(operation, Channel):
            psi = _jump(operation, psi, rng)
        else:
            outcome, psi = collapse(psi, operation.target, rng)
            outcomes.append(outcome)
    return tuple(outcomes)


def _jump(channel: Channel, psi: Complex, rng: np.random.Generator) -> Complex:
    """The normalised vector after one of the operators; they are tried in turn, so that one branch is held at a time."""
    wanted, found = float(rng.random()), psi
    for k in channel.kraus:
        branch = _apply(Dense(k), psi, channel.targets)
        weight = float(np.vdot(branch, branch).real)
        if weight > 0:
            found = branch / np.sqrt(weight)
        wanted -= weight
        if wanted < 0:
            break
    return found


def _draw(weights: Real, rng: np.random.Generator) -> int:
    edges = np.cumsum(weights)
    return min(int(np.searchsorted(edges, rng.random() * edges[-1], side="right")), len(weights) - 1)
