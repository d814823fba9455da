"""Random circuits beside Qiskit, which runs in an environment of its own: the same files, the same final states."""

import os
import random
from pathlib import Path

import numpy as np
import pytest
from bench.peers.environment import Peer, python_of
from tests.sizes import examples

from qbtc.qcs.domain.qasm import load
from qbtc.qcs.domain.qasm.export import exported
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.statevector import final_state

SCRIPT = Path(__file__).resolve().parents[3] / "bench" / "peers" / "qiskit_qasm.py"
N = 5
NAMES = sorted({*QELIB1, "rccx", "rc3x"} - {"u0"})
COUNTS = {"rccx": 3, "rc3x": 4}


@pytest.fixture(scope="module")
def qiskit():
    given = os.environ.get("QBTC_QUANTUM")
    if not given:
        pytest.skip("Qiskit is in an environment of its own; set QBTC_QUANTUM to the folder of one")
    with Peer(python_of("quantum", given), SCRIPT) as peer:
        yield peer


def circuit(seed: int) -> str:
    """Every gate of qelib1.inc on random qubits with random parameters, after a spread of all amplitudes."""
    rng = random.Random(seed)
    lines = [f"h q[{i}];\nry(0.{i + 1}) q[{i}];" for i in range(N)]
    for _ in range(40):
        name = rng.choice(NAMES)
        gate = QELIB1.get(name)
        qubits = rng.sample(range(N), gate.qubits if gate else COUNTS[name])
        parameters = [
            f"{rng.randint(-8, 8)}*pi/{rng.randint(1, 9)} + {rng.random():.3f}"
            for _ in range(gate.parameters if gate else 0)
        ]
        inside = f"({', '.join(parameters)})" if parameters else ""
        lines.append(f"{name}{inside} {', '.join(f'q[{q}]' for q in qubits)};")
    return 'OPENQASM 2.0;\ninclude "qelib1.inc";\n' + f"qreg q[{N}];\n" + "\n".join(lines) + "\n"


def overlap(peer: Peer, source: str, theirs: str, version: int) -> float:
    told = peer.ask(do="state", source=theirs, version=version)
    if "error" in told:
        pytest.fail(told["error"])
    state = np.array(told["real"]) + 1j * np.array(told["imaginary"])
    return float(abs(np.vdot(final_state(load(source)), state)))


@pytest.mark.parametrize("seed", range(examples(20)))
def test_version_two_means_what_it_means_to_qiskit(qiskit, seed):
    source = circuit(seed)
    assert overlap(qiskit, source, source, 2) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("seed", range(examples(12)))
def test_what_we_export_as_version_two_is_the_same_circuit_to_qiskit(qiskit, seed):
    source = circuit(100 + seed)
    assert overlap(qiskit, source, exported(load(source), 2), 2) == pytest.approx(1, abs=1e-10)


GOOD = [
    "qreg q[1]; x q[0];",
    "qreg q[2]; creg c[2]; measure q -> c; if (c == 1) x q[0];",
    "qreg q[1]; rx(-pi^2/sin(0.3)) q[0];",
    "opaque g a, b; qreg q[1];",
]
BAD = [
    "qreg q[1]; x q[1];",
    "qreg q[2]; cx q[0], q[0];",
    "qreg q[1]; foo q;",
    "qreg q[1]; rx q;",
    "qreg q[1]; qreg q[1];",
    "qreg q[1]; x q",
    "qreg q[1]; if (q == 1) x q;",
    "qreg q[1]; rx(1 +) q;",
]


@pytest.mark.parametrize(("body", "valid"), [*((b, True) for b in GOOD), *((b, False) for b in BAD)])
def test_the_same_programs_are_accepted_as_by_qiskit(qiskit, body, valid):
    source = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n' + body
    assert qiskit.ask(do="accepts", source=source, version=2)["accepts"] == valid
    try:
        load(source)
    except ValueError:
        assert not valid
    else:
        assert valid
