"""Exact distributions of a circuit's bits, by following every outcome with whole matrices; and random programs that branch."""

import random

import numpy as np

from qbtc.qcs.domain.program import Measure, Reset, Unitary
from qbtc.qcs.domain.qasm import Interpreted, Limits, check
from qbtc.qcs.domain.simulators.reference import embedded
from qbtc.qcs.domain.simulators.survey import sizes

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q; bit[2] a; bit[2] b;\n'
IMPOSSIBLE = 1e-12


def distribution(circuit) -> dict[int, float]:
    """Bits as an integer -> probability, from the operations that `start` yields and nothing else."""
    found: dict[int, float] = {}
    waiting: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
    while waiting:
        answers, weight = waiting.pop()
        stop, one = _followed(circuit, answers)
        if one is None:
            found[stop] = found.get(stop, 0.0) + weight
        else:
            parts = ((0, weight * (1 - one)), (1, weight * one))
            waiting += [((*answers, value), part) for value, part in parts if part > IMPOSSIBLE]
    return found


def _followed(circuit, answers: tuple[int, ...]) -> tuple[int, float | None]:
    """The bits at the end and None, or 0 and the probability of 1 of the first measurement without an answer."""
    n = sizes(circuit)[0]
    psi = np.zeros(1 << n, dtype=np.complex128)
    psi[0] = 1
    course, left, answer = circuit.start(), iter(answers), None
    while True:
        try:
            op = course.send(answer)
        except StopIteration as end:
            return int(end.value), None
        answer = None
        if isinstance(op, Unitary):
            psi = embedded(op.matrix, n, op.targets, op.controls) @ psi
            continue
        ones = (np.arange(1 << n) >> op.qubit & 1).astype(bool)
        one = float((np.abs(psi[ones]) ** 2).sum())
        if isinstance(op, Reset):
            assert min(one, 1 - one) < IMPOSSIBLE, "a test resets only qubits that are measured"
            psi = psi.reshape(-1, 2, 1 << op.qubit)[:, ::-1].reshape(-1) if one > 0.5 else psi
            continue
        assert isinstance(op, Measure)
        answer = next(left, None)
        if answer is None:
            return 0, one
        psi = np.where(ones == bool(answer), psi, 0) / np.sqrt(one if answer else 1 - one)


def interpreted(source: str) -> Interpreted:
    """The program run statement by statement, though it might be flat."""
    return Interpreted(check(source), Limits(), {})


def branching(seed: int) -> str:
    """Gates, measurements and conditions of every kind that a flat program can say, some of which change what they look at."""
    rng = random.Random(seed)
    lines = [f"ry({0.4 + 0.5 * i}) q[{i}];" for i in range(3)]
    lines += [_statement(rng, 2) for _ in range(rng.randint(3, 6))]
    return HEAD + "\n".join([*lines, f"a[1] = measure q[{rng.randrange(3)}];"])


def _statement(rng: random.Random, depth: int) -> str:
    kind = rng.randrange(6) if depth else rng.randrange(3)
    if kind == 0:
        return f"ry({rng.random() * 3:.3f}) q[{rng.randrange(3)}];"
    if kind == 1:
        c, t = rng.sample(range(3), 2)
        return f"cx q[{c}], q[{t}];"
    if kind == 2:
        return f"{rng.choice('ab')}[{rng.randrange(2)}] = measure q[{rng.randrange(3)}];"
    then = " ".join(_statement(rng, 0) for _ in range(rng.randint(1, 2)))
    other = " ".join(_statement(rng, 0) for _ in range(rng.randint(1, 2)))
    return f"if ({_condition(rng)}) {{ {then} }}" + (f" else {{ {other} }}" if rng.random() < 0.6 else "")


def _condition(rng: random.Random) -> str:
    name = rng.choice("ab")
    bit = f"{name}[{rng.randrange(2)}]"
    value = rng.randrange(2)
    return rng.choice(
        [bit, f"!{bit}", f"{bit} == {value}", f"{bit} != {value}", f"{name} == {rng.randrange(4)}", f"{value} == {bit}",
         f"int[2]({name}) == {rng.randrange(-2, 2)}", f"bool({bit})", f"{name} > 1"]
    )  # fmt: skip
