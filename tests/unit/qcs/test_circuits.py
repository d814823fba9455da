"""Limits of circuits: each refused with a message that says what is allowed."""

import asyncio
from importlib.resources import files

import pytest

from qbtc.qcs.circuits import Circuits, Job
from qbtc.qcs.errors import BadCircuit, CircuitTimeout, CircuitTooLarge
from qbtc.qcs.settings import QcsSettings

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
EXAMPLES = sorted(
    (e.name, e.read_text()) for e in (files("qbtc.qcs") / "examples").iterdir() if e.name.endswith(".qasm")
)


def run(source: str, *, shots: int = 1000, **settings: float) -> dict:
    circuits = Circuits(QcsSettings.model_validate(settings))
    try:
        return asyncio.run(circuits.run(Job(source, shots, 1, "given.qasm")))
    finally:
        circuits.close()


@pytest.mark.parametrize(("name", "source"), EXAMPLES, ids=[n for n, _ in EXAMPLES])
def test_every_example_runs(name, source):
    assert sum(run(source)["counts"].values()) == 1000


def test_an_answer_says_counts_probabilities_size_depth_and_engine():
    found = run(HEAD + "qreg q[2];\ncreg c[2];\nx q[1];\nmeasure q -> c;")
    assert found["counts"] == {"10": 1000}
    assert found["probabilities"] == {"10": 1.0}
    assert (found["n_qubits"], found["depth"], found["seed"]) == (2, 2, 1)
    assert found["engine"] == "statevector"
    assert found["why"] == "no noise, 2 qubits: state vector in double precision, 0.0625 kB"


def test_a_circuit_that_does_not_parse_names_file_line_and_column():
    with pytest.raises(BadCircuit, match=r"given.qasm:3:1: unknown gate 'foo'") as caught:
        run(HEAD + "foo q;")
    assert caught.value.allowed["line"] == 3


def test_too_many_qubits_shots_or_characters_are_refused():
    with pytest.raises(BadCircuit, match="6 qubits; expected at most 5"):
        run(HEAD + "qreg q[6];", max_qubits=5)
    with pytest.raises(CircuitTooLarge, match="11 shots"):
        run(HEAD + "qreg q[1];\ncreg c[1];", shots=11, max_shots=10)
    with pytest.raises(CircuitTooLarge, match="characters"):
        run("/" * 2_000_001)


def test_a_circuit_without_classical_bits_is_refused():
    with pytest.raises(BadCircuit, match="nothing is measured"):
        run(HEAD + "qreg q[1];\nx q[0];")


def test_a_circuit_over_its_time_is_stopped():
    with pytest.raises(CircuitTimeout, match=r"stopped after 0\.01 s"):
        run(HEAD + "qreg q[16];\ncreg c[16];\n" + "h q;\n" * 500 + "measure q -> c;", circuit_seconds=0.01)


def test_a_fault_that_shows_only_while_a_circuit_runs_has_its_place_too():
    source = 'include "stdgates.inc";\nextern vote(bit) -> bit;\nqubit q; bit c; bit d;\nx q; c = measure q;\nd = c;\nif (c) d = vote(c);'
    with pytest.raises(BadCircuit, match=r"given.qasm:6:12: extern 'vote' has no implementation"):
        run(source)
