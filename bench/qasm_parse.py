"""Reading OpenQASM: our parser beside openqasm3 (ANTLR, pure Python) and qiskit.qasm2 (Rust), on generated files.

    python bench/qasm_parse.py [--lines 1000 10000] [--rounds 5]

`parse` is text to syntax tree; `load` also checks, expands gates and lists the operations, which is what Qiskit's loader
does. The numbers of operations are compared before the times, which are CPU times of one thread (other work on the machine
is not counted). openqasm3 reads version 3 only, and only the smaller files.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers.environment import Peer, python_of

from qbtc.qcs.domain.program import Program
from qbtc.qcs.domain.qasm import load, parse_text

QUBITS = 20
REFERENCE_LINES = 1000
SCRIPT = Path(__file__).parent / "peers" / "qiskit_qasm.py"
Timed = Callable[[], Awaitable[Figures]]


def generated(lines: int, version: int, seed: int = 1) -> str:
    """Rotations with expressions, controlled gates and Toffolis on 20 qubits; the last line measures."""
    rng = random.Random(seed)
    two = version == 2
    head = ["OPENQASM 2.0;", 'include "qelib1.inc";'] if two else ["OPENQASM 3.0;", 'include "stdgates.inc";']
    head += [f"qreg q[{QUBITS}];", f"creg c[{QUBITS}];"] if two else [f"qubit[{QUBITS}] q;", f"bit[{QUBITS}] c;"]
    body = [_line(rng) for _ in range(lines - len(head) - 1)]
    return "\n".join([*head, *body, "measure q -> c;"]) + "\n"


def _line(rng: random.Random) -> str:
    a, b, c = rng.sample(range(QUBITS), 3)
    return rng.choice(
        [
            f"h q[{a}];",
            f"rx({rng.uniform(-3, 3):.6f}) q[{a}];",
            f"rz(-{rng.randint(1, 7)}*pi/{rng.randint(2, 16)}) q[{a}];",
            f"cx q[{a}], q[{b}];",
            f"ccx q[{a}], q[{b}], q[{c}];",
        ]
    )


def timed(work: Callable[[], object]) -> Timed:
    async def run() -> Figures:
        begun = time.process_time()
        work()
        return {"ms": (time.process_time() - begun) * 1e3}

    return run


def asked(peer: Peer, source: str) -> Timed:
    async def run() -> Figures:
        found = peer.ask(do="time", source=source, version=2)
        return {"ms": found["seconds"] * 1e3}

    return run


def equal_first(peer: Peer, source: str) -> int:
    """Both read the same number of operations."""
    ours = load(source)
    theirs = peer.ask(do="time", source=source, version=2)["operations"]
    assert isinstance(ours, Program)
    assert len(ours.ops) == theirs, (len(ours.ops), theirs)
    return theirs


def measured(peer: Peer, lines: int, rounds: int) -> dict[str, object]:
    from openqasm3 import parser as reference

    second, third = generated(lines, 2), generated(lines, 3)
    operations = equal_first(peer, second)
    runs: dict[str, Timed] = {
        "parse_2": timed(lambda: parse_text(second)),
        "load_2": timed(lambda: load(second)),
        "qiskit_qasm2": asked(peer, second),
        "parse_3": timed(lambda: parse_text(third)),
        "load_3": timed(lambda: load(third)),
    }
    if lines <= REFERENCE_LINES:
        runs["openqasm3"] = timed(lambda: reference.parse(third))
    found = asyncio.run(interleaved(runs, rounds))
    ratios = {"load_2 / qiskit_qasm2": ratio(found["load_2"], found["qiskit_qasm2"], "ms")}
    if "openqasm3" in found:
        ratios["parse_3 / openqasm3"] = ratio(found["parse_3"], found["openqasm3"], "ms")
    return {"operations": operations, **{name: summary(each) for name, each in found.items()}, "ratios": ratios}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--lines", type=int, nargs="+", default=[100, 1000, 10_000])
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with Peer(python_of("quantum", os.environ.get("QBTC_QUANTUM")), SCRIPT) as peer:
        peer.ask(do="time", source=generated(20, 2), version=2)
        results = {str(lines): measured(peer, lines, given.rounds) for lines in given.lines}
    emit("qasm_parse", results=results)


if __name__ == "__main__":
    main()
