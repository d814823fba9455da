"""Gates to elementary steps: definitions expanded, modifiers applied, every result kept by name and parameters.

An `Expanded` gate acts on places 0 .. qubits - 1. Its phase matters only where a control is added.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass, replace

import numpy as np

from qbtc.core.hilbert.types import Complex

from .gates import INVERSES, NEGATED, SELF_INVERSE, Gate, u1, x
from .values import ValueFault

MAX_DENSE = 6
MAX_REPEATED = 4096
_PHASE = 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """`matrix` on `targets` (first is the least significant) where all `controls` are 1, in places of an expanded gate."""

    name: str
    matrix: Complex
    targets: tuple[int, ...]
    controls: tuple[int, ...] = ()
    parameters: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Expanded:
    qubits: int
    steps: tuple[Step, ...]
    phase: float = 0.0


def of_gate(gate: Gate, parameters: tuple[float, ...]) -> Expanded:
    places = tuple(range(gate.qubits))
    step = Step(gate.name, gate.matrix(*parameters), places[gate.controls :], places[: gate.controls], parameters)
    return Expanded(gate.qubits, (step,), gate.phase(*parameters))


def moved(step: Step, places: tuple[int, ...]) -> Step:
    """The step on other qubits: place i becomes places[i]."""
    targets = tuple(places[t] for t in step.targets)
    return replace(step, targets=targets, controls=tuple(places[c] for c in step.controls))


def inverted(gate: Expanded) -> Expanded:
    return Expanded(gate.qubits, tuple(_inverse(step) for step in reversed(gate.steps)), -gate.phase)


def _inverse(step: Step) -> Step:
    if step.name in SELF_INVERSE:
        return step
    matrix = step.matrix.conj().T
    if step.name in NEGATED:
        return replace(step, matrix=matrix, parameters=tuple(-p for p in step.parameters))
    if step.name in ("U", "u", "u3", "cu3"):
        theta, phi, lam = step.parameters
        return replace(step, matrix=matrix, parameters=(-theta, -lam, -phi))
    name = INVERSES.get(step.name) or (step.name[:-1] if step.name.endswith("†") else step.name + "†")
    return replace(step, name=name, matrix=matrix)


def controlled(gate: Expanded, controls: int, negative: bool = False) -> Expanded:
    """New controls are places 0 .. controls - 1; `negative` ones act where they are 0."""
    new = tuple(range(controls))
    shifted = tuple(range(controls, controls + gate.qubits))
    steps = [_under(moved(step, shifted), new) for step in gate.steps]
    if abs(gate.phase) > _PHASE:
        steps.append(Step("p", u1(gate.phase), new[-1:], new[:-1], (gate.phase,)))
    if negative:
        flips = [Step("x", x(), (c,)) for c in new]
        steps = [*flips, *steps, *flips]
    return Expanded(gate.qubits + controls, tuple(steps))


def _under(step: Step, controls: tuple[int, ...]) -> Step:
    return replace(step, controls=controls + step.controls)


def powered(gate: Expanded, exponent: float) -> Expanded:
    """The principal power. Raises ValueFault where a fractional power needs too large a matrix."""
    if exponent == int(exponent) and len(gate.steps) != 1:
        times = int(exponent)
        if abs(times) * max(len(gate.steps), 1) <= MAX_REPEATED:
            base = gate if times >= 0 else inverted(gate)
            return Expanded(gate.qubits, base.steps * abs(times), gate.phase * times)
    if len(gate.steps) == 1 and (exponent == int(exponent) or not (gate.phase and gate.steps[0].controls)):
        step = gate.steps[0]
        return Expanded(gate.qubits, (_power(step, exponent, gate.phase),), gate.phase * exponent)
    if not gate.steps:
        return Expanded(gate.qubits, (), gate.phase * exponent)
    if gate.qubits > MAX_DENSE:
        raise ValueFault(f"the power {exponent:g} of a gate on {gate.qubits} qubits; at most {MAX_DENSE} qubits")
    if len(gate.steps) > MAX_REPEATED:
        raise ValueFault(f"the power {exponent:g} of a gate of {len(gate.steps)} steps; at most {MAX_REPEATED}")
    matrix = _matrix_power(dense(gate) * cmath.exp(1j * gate.phase), exponent)
    return Expanded(gate.qubits, (Step(f"pow({exponent:g})", matrix, tuple(range(gate.qubits))),))


def _power(step: Step, exponent: float, phase: float) -> Step:
    """A fractional power of exp(i phase) M is taken as a whole: its principal root is not the roots' product."""
    if step.name in NEGATED and (exponent == int(exponent) or (abs(step.parameters[0]) <= math.pi and not phase)):
        parameter = step.parameters[0] * exponent
        rotation = _matrix_power(step.matrix, exponent)
        return replace(step, matrix=rotation, parameters=(parameter,))
    if exponent == 1:
        return step
    if exponent == -1:
        return _inverse(step)
    whole = cmath.exp(1j * phase) if exponent != int(exponent) else 1.0
    matrix = _matrix_power(step.matrix * whole, exponent) * (cmath.exp(-1j * phase * exponent) if whole != 1.0 else 1.0)
    return Step(f"{step.name}^{exponent!r}", matrix, step.targets, step.controls, step.parameters)


def _matrix_power(matrix: Complex, exponent: float) -> Complex:
    """exp(exponent log U) of a unitary, by its Schur form, which is diagonal."""
    if exponent == int(exponent) and abs(exponent) < 64:
        return np.linalg.matrix_power(matrix, int(exponent)).astype(np.complex128)
    from scipy.linalg import schur

    triangle, basis = schur(matrix, output="complex")
    angles = np.angle(np.diagonal(triangle))
    # -1 is on the cut of the logarithm: rounding must not choose its side.
    angles = np.where(angles < -math.pi + 1e-12, math.pi, angles)
    result: Complex = (basis * np.exp(1j * angles * exponent)) @ basis.conj().T
    return result


def dense(gate: Expanded) -> Complex:
    """The matrix (2^n, 2^n) of an expanded gate without its phase; place 0 is the least significant."""
    size = 1 << gate.qubits
    matrix = np.eye(size, dtype=np.complex128)
    for step in gate.steps:
        matrix = _widened(step, gate.qubits) @ matrix
    return matrix


def _widened(step: Step, qubits: int) -> Complex:
    size = 1 << qubits
    result = np.eye(size, dtype=np.complex128)
    mask = sum(1 << t for t in step.targets)
    spread = [sum((k >> i & 1) << t for i, t in enumerate(step.targets)) for k in range(len(step.matrix))]
    for rest in range(size):
        if rest & mask or any(not rest >> c & 1 for c in step.controls):
            continue
        places = [rest | s for s in spread]
        result[np.ix_(places, places)] = step.matrix
    return result
