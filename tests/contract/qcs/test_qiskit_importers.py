"""Programs and files beside Qiskit's importers of OpenQASM 2 and 3, in an environment of its own: the same unitaries, and
the same distributions where a circuit measures and decides.

Two things mean something else to Qiskit 2.6 and are left out: U under a control (the specification gives it the phase
exp(i theta / 2), Qiskit does not) and what its importer of version 3 does not take (subroutines, arrays, loops whose
variable is used, functions, `switch`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bench.peers.environment import ROOT, Peer, python_of
from tests.sizes import examples

from qbtc.qcs.domain.program import Program, Unitary
from qbtc.qcs.domain.qasm import load
from qbtc.qcs.domain.qasm.gates import QELIB1, STDGATES, Gate
from qbtc.qcs.domain.simulators.reference import embedded
from qbtc.qcs.simulation import How, simulate
from qbtc.testing.data import DATA

FILES = sorted((DATA / "qasm").glob("*.qasm"))
INVALID = "vqe_uccsd_n8.qasm"
HEADS = {2: 'OPENQASM 2.0;\ninclude "qelib1.inc";\n', 3: 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'}
GATES: dict[int, dict[str, Gate]] = {2: {k: g for k, g in QELIB1.items() if k != "u0"}, 3: dict(STDGATES)}
N = 4


@pytest.fixture(scope="module")
def qiskit() -> Iterator[Peer]:
    given = os.environ.get("QBTC_QUANTUM")
    if not given:
        pytest.skip("Qiskit is in an environment of its own; set QBTC_QUANTUM to the folder of one")
    with Peer(python_of("quantum", given), ROOT / "bench" / "peers" / "qiskit_import.py") as peer:
        yield peer


def told(peer: Peer, **asked: object) -> dict:
    found = peer.ask(**asked)
    if "error" in found:
        pytest.fail(found["error"])
    return found


def angle(rng: random.Random, version: int) -> str:
    """Qiskit's importer of version 3 knows neither functions nor powers."""
    plain = [
        f"{rng.uniform(-7, 7):.6f}",
        f"-pi/{rng.randint(1, 9)} + {rng.random():.3f}",
        f"(0.5 - {rng.random():.3f}) * pi / {rng.randint(1, 5)}",
    ]
    more = [
        f"2*sin({rng.random():.3f}) - cos(pi/{rng.randint(2, 7)})",
        f"sqrt({rng.random():.3f}) * (1 - {rng.randint(1, 4)}^2 / 3.0)",
    ]
    return rng.choice(plain if version == 3 else plain + more)


def qubits(rng: random.Random, count: int) -> str:
    return ", ".join(f"q[{i}]" for i in rng.sample(range(N), count))


def call(rng: random.Random, version: int, most: int = N) -> tuple[str, int]:
    """A gate with its parameters, and how many qubits it takes."""
    name, gate = rng.choice([(k, g) for k, g in sorted(GATES[version].items()) if g.qubits <= most])
    inside = ", ".join(angle(rng, version) for _ in range(gate.parameters))
    return name + (f"({inside})" if inside else ""), gate.qubits


def operation(rng: random.Random, version: int) -> str:
    form = rng.randrange(6)
    if form == 0:
        one, two = (rng.sample(range(N), 2)) if rng.random() < 0.5 else (0, N - 1)
        return f"mine({angle(rng, version)}) q[{one}], q[{two}];"
    if form == 1:
        return f"{call(rng, version, 1)[0]} q;"
    if version == 3 and form in (2, 3, 4):
        return modified(rng)
    name, count = call(rng, version)
    return f"{name} {qubits(rng, count)};"


def modified(rng: random.Random) -> str:
    """Modifiers of gates whose phase means the same to both: not of U nor of what is made of it with another phase."""
    plain = [k for k in GATES[3] if k not in ("u2", "u3", "cu", "phase", "cphase", "u1", "id")]
    name = rng.choice([k for k in plain if GATES[3][k].qubits <= 2])
    gate = GATES[3][name]
    inside = ", ".join(angle(rng, 3) for _ in range(gate.parameters))
    form = rng.choice(["ctrl @ ", "negctrl @ ", "inv @ ", "ctrl @ inv @ ", "pow(2) @ ", "pow(-1) @ ", "ctrl(2) @ "])
    count = gate.qubits + (2 if "(2) @" in form and "ctrl" in form else 1 if "ctrl" in form else 0)
    return f"{form}{name}{f'({inside})' if inside else ''} {qubits(rng, count)};"


def program(seed: int, version: int) -> str:
    rng = random.Random(seed)
    lines = [
        f"qreg q[{N}];" if version == 2 else f"qubit[{N}] q;",
        "gate mine(t) a, b { h a; rz(t/2) b; cx a, b; rx(-t) a; barrier a, b; cu1(t) a, b; }"
        if version == 2
        else "gate mine(t) a, b { h a; rz(t/2) b; cx a, b; inv @ rx(t) a; cp(t) a, b; gphase(t); }",
    ]
    return HEADS[version] + "\n".join([*lines, *(operation(rng, version) for _ in range(30))]) + "\n"


def unitary(source: str) -> np.ndarray:
    circuit = load(source)
    assert isinstance(circuit, Program)
    whole = np.eye(1 << circuit.n_qubits, dtype=np.complex128)
    for op in circuit.ops:
        if isinstance(op, Unitary):
            whole = embedded(op.matrix, circuit.n_qubits, op.targets, op.controls) @ whole
    return whole


def assert_same_up_to_a_phase(ours: np.ndarray, theirs: np.ndarray) -> None:
    phase = np.vdot(ours, theirs)
    np.testing.assert_allclose(ours * (phase / abs(phase)), theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("seed", range(examples(25)))
def test_a_program_has_the_same_unitary(qiskit, version, seed):
    source = program(seed, version)
    found = told(qiskit, do="unitary", source=source, version=version)
    theirs = np.array(found["real"]) + 1j * np.array(found["imaginary"])
    assert_same_up_to_a_phase(unitary(source), theirs)


DECIDING = {
    "two registers, the later first": (2, "qreg q[3]; creg a[2]; creg b[1]; x q[0]; h q[2]; measure q[0] -> a[1]; measure q[2] -> b[0];"),
    "a register decides": (2, "qreg q[2]; creg c[2]; ry(0.7) q[0]; measure q[0] -> c[0]; if (c == 1) ry(1.1) q[1]; measure q[1] -> c[1];"),
    "teleportation": (
        2,
        "qreg q[3]; creg c0[1]; creg c1[1]; creg c2[1]; u3(0.3,0.2,0.1) q[0]; h q[1]; cx q[1],q[2]; cx q[0],q[1]; h q[0];"
        "measure q[0] -> c0[0]; measure q[1] -> c1[0]; if (c0 == 1) z q[2]; if (c1 == 1) x q[2]; measure q[2] -> c2[0];",
    ),
    "a reset inside": (2, "qreg q[2]; creg c[2]; ry(0.9) q[0]; cx q[0],q[1]; reset q[0]; ry(0.4) q[0]; measure q -> c;"),
    "if and else on a bit": (
        3,
        "qubit[2] q; bit[2] c; ry(0.7) q[0]; c[0] = measure q[0]; if (c[0]) { ry(0.4) q[1]; } else { h q[1]; } c[1] = measure q[1];",
    ),
    "a register compared": (
        3,
        "qubit[3] q; bit[2] c; bit[1] d; ry(0.7) q[0]; ry(1.2) q[1]; c[0] = measure q[0]; c[1] = measure q[1];"
        "if (c == 2) { x q[2]; } d[0] = measure q[2];",
    ),
    "a loop that counts": (
        3,
        "qubit[3] q; bit[3] c; for uint i in [0:2] { ry(0.5) q[0]; cx q[0], q[1]; } for uint i in {0, 2} { ry(0.3) q[2]; } c = measure q;",
    ),
    "while a bit is set": (
        3,
        "qubit[1] q; bit[1] c; bit[1] d; x q[0]; c[0] = measure q[0];"
        "while (c[0]) { reset q[0]; ry(2.0) q[0]; c[0] = measure q[0]; } d[0] = measure q[0];",
    ),
    "aliases and slices": (3, "qubit[4] q; bit[4] c; let odd = q[1:2:3]; ry(0.6) odd; let all = q[{2, 0}] ++ odd; h all[1]; cx all[1], all[3]; c = measure q;"),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDING)
def test_a_program_that_measures_and_decides_has_the_same_distribution(qiskit, name):
    version, body = DECIDING[name]
    compared(qiskit, HEADS[version] + body, version)


@pytest.mark.skipif(not FILES, reason=f"no circuits in {DATA / 'qasm'}; set QBTC_DATA")
@pytest.mark.parametrize("path", [f for f in FILES if f.name != INVALID], ids=lambda p: p.name)
def test_a_file_has_the_same_distribution(qiskit, path: Path):
    compared(qiskit, path.read_text(), 2)


def compared(peer: Peer, source: str, version: int) -> None:
    """Exact where measurements stand at the end; else 40,000 shots of each by total variation, which for k outcomes is
    below sqrt(k / shots) + sqrt(12 / shots) but for one case in 10^5."""
    circuit = load(source)
    final = isinstance(circuit, Program) and told(peer, do="final", source=source, version=version)["final"]
    if final:
        ours = simulate(source, shots=1, seed=1, exact=True).probabilities
        theirs = told(peer, do="probabilities", source=source, version=version)["probabilities"]
        assert ours is not None
        for word in ours.keys() | theirs.keys():
            assert ours.get(word, 0.0) == pytest.approx(theirs.get(word, 0.0), abs=1e-10)
        return
    shots = 40_000
    ours = simulate(source, shots=shots, seed=1, how=How()).counts
    theirs = told(peer, do="counts", source=source, version=version, shots=shots)["counts"]
    words = ours.keys() | theirs.keys()
    distance = sum(abs(ours.get(w, 0) - theirs.get(w, 0)) for w in words) / (2 * shots)
    assert distance < np.sqrt(len(words) / shots) + np.sqrt(12 / shots)
