"""Limits of circuits: each refused with a message that says what is allowed."""

import asyncio
import time
from importlib.resources import files

import numpy as np
import pytest
from tests.every import every

from qbtc.qcs.circuits import Circuits, Job
from qbtc.qcs.domain.simulators.protocol import PauliSum, PauliTerm
from qbtc.qcs.errors import BadCircuit, CircuitRefused, CircuitTimeout, CircuitTooLarge
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
    with pytest.raises(BadCircuit, match="7 qubits; expected at most 6"):
        run(HEAD + "qreg q[7];", max_qubits=5, stabiliser_qubits=6)
    with pytest.raises(CircuitTooLarge, match="statevector: 6 qubits, allowed are 5"):
        run(HEAD + "qreg q[6];creg c[1];t q[0];measure q[0]->c[0];", max_qubits=5)
    with pytest.raises(CircuitTooLarge, match="11 shots"):
        run(HEAD + "qreg q[1];\ncreg c[1];", shots=11, max_shots=10)
    with pytest.raises(CircuitTooLarge, match="characters"):
        run("/" * 2_000_001)


def test_a_thousand_qubits_run_on_stabilisers_and_are_refused_with_reasons_where_a_gate_is_not_clifford():
    ghz = HEAD + "qreg q[1000];\ncreg c[1000];\nh q[0];\n" + "".join(f"cx q[{i}],q[{i + 1}];" for i in range(999))
    found = run(ghz + "measure q -> c;")
    assert (found["engine"], set(found["counts"])) == ("stabiliser", {"0" * 1000, "1" * 1000})
    assert found["probabilities"] == {"0" * 1000: 0.5, "1" * 1000: 0.5}
    with pytest.raises(CircuitTooLarge, match=r"1000 qubits, allowed are 24.*stabiliser: gate t on qubit 0 is not Clifford"):
        run(ghz + "t q[0];measure q -> c;")


def test_counts_of_too_many_bits_in_all_are_refused():
    with pytest.raises(CircuitTooLarge, match="100000 shots of 1000 bits") as caught:
        run(HEAD + "qreg q[1000];\ncreg c[1000];\nmeasure q -> c;", shots=100_000)
    assert caught.value.allowed == "64000 shots of 1000 bits"


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


def ask(source: str, task: str, observables: tuple = (), **settings: float) -> dict:
    circuits = Circuits(QcsSettings.model_validate(settings))
    try:
        return asyncio.run(circuits.run(Job(HEAD + source, 1, 1, task=task, observables=observables)))
    finally:
        circuits.close()


ZZ = PauliSum((PauliTerm(0.5, ((0, "Z"), (1, "Z"))),))


def test_a_circuit_can_be_asked_for_its_state_and_probabilities():
    found = ask("qreg q[2];\nx q[1];", "state")
    assert found["state"] == {"real": [0.0, 0.0, 1.0, 0.0], "imaginary": [0.0] * 4}
    assert ask("qreg q[2];\nx q[1];", "probabilities")["probabilities"] == {"10": 1.0}


def test_a_circuit_can_be_asked_for_expectation_values():
    assert ask("qreg q[2];\nh q[0];\ncx q[0],q[1];", "expectation", (ZZ,))["values"] == pytest.approx([0.5])


def test_what_cannot_be_asked_is_refused_with_what_can():
    with pytest.raises(CircuitTooLarge, match="the state of 13 qubits"):
        ask("qreg q[13];", "state")
    with pytest.raises(CircuitRefused, match="0 observables for gradient") as caught:
        ask("qreg q[2];", "gradient")
    assert caught.value.allowed == "exactly one"
    with pytest.raises(CircuitRefused, match="no qubit 1") as caught:
        ask("qreg q[1];", "expectation", (ZZ,))
    assert caught.value.allowed == "qubits 0 to 0"
    with pytest.raises(CircuitRefused, match="unknown task 'colour'"):
        ask("qreg q[1];", "colour")
    with pytest.raises(CircuitRefused, match="leave no single state vector"):
        ask("qreg q[2];\nreset q[0];\nh q[0];", "gradient", (ZZ,))


def test_a_state_behind_a_reset_is_a_density_matrix_of_few_qubits():
    found = ask("qreg q[1];\nh q[0];\nreset q[0];\nx q[0];", "state")["state"]
    assert np.array(found["real"]) == pytest.approx(np.diag([0, 1]))
    with pytest.raises(CircuitTooLarge, match="the density matrix of 7 qubits"):
        ask("qreg q[7];\nreset q[0];\nh q[0];", "state")


def test_a_state_over_the_memory_is_refused_before_it_is_taken():
    with pytest.raises(CircuitTooLarge, match="needs 256 MB, allowed are 1 MB"):
        run(HEAD + "qreg q[24];\ncreg c[1];\nt q[0];\nmeasure q[0]->c[0];", circuit_megabytes=1)


DEPOLARISED = {"gates": [{"gate": "cx", "channel": {"kind": "depolarising", "p": 0.2, "qubits": 2}}]}
CONFUSED = {"readout": [{"qubits": [0], "one_for_zero": 0.25, "zero_for_one": 0.0}]}
PAIR = HEAD + "qreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\n"


def with_noise(noise: dict, source: str, task: str = "counts") -> dict:
    circuits = Circuits(QcsSettings())
    try:
        observables = (ZZ,) if task == "expectation" else ()
        return asyncio.run(circuits.run(Job(source, 100, 1, task=task, observables=observables, noise=noise)))
    finally:
        circuits.close()


def test_noise_is_simulated_exactly_and_the_clean_circuit_stays_clean():
    found = with_noise(DEPOLARISED, PAIR + "measure q -> c;")
    assert found["engine"] == "density"
    assert found["probabilities"] == pytest.approx({"00": 0.45, "01": 0.05, "10": 0.05, "11": 0.45})
    assert with_noise(DEPOLARISED, PAIR, "expectation")["values"] == pytest.approx([0.4])
    assert run(PAIR + "measure q -> c;")["probabilities"] == pytest.approx({"00": 0.5, "11": 0.5})


def test_readout_errors_are_of_the_counts_and_not_of_the_state():
    assert with_noise(CONFUSED, PAIR + "measure q -> c;")["probabilities"] == pytest.approx({"00": 0.375, "01": 0.125, "11": 0.5})
    assert with_noise(CONFUSED, PAIR, "expectation")["values"] == pytest.approx([0.5])


@pytest.mark.parametrize(("part", "rule"), [
    ("gates", {"channel": {"kind": "bit-flip", "p": 0.1}}), ("idle", {"channel": {"kind": "bit-flip", "p": 0.1}}),
    ("readout", {"one_for_zero": 0.1}),
])
def test_a_rule_for_a_qubit_that_is_not_there_is_refused_with_those_that_are(part: str, rule: dict):
    measured = PAIR + "measure q -> c;"
    with_noise({part: [{"qubits": [1], **rule}]}, measured)
    for task in ("counts", "state"):
        with pytest.raises(CircuitRefused, match=rf"{part}\[1\].qubits names qubit 2; the circuit has qubits 0 to 1") as caught:
            with_noise({part: [rule, {"qubits": [2], **rule}]}, measured if task == "counts" else PAIR, task)
        assert (caught.value.field, caught.value.allowed) == ("noise", "qubits 0 to 1")


@pytest.mark.parametrize(
    ("noise", "says"),
    [
        ({"gates": [{"channel": {"kind": "depolarizing", "p": 0.1}}]}, "gates\\[0\\].channel.kind must be one of depolarising"),
        ({"gates": [{"gate": "cx", "width": 2, "channel": {"kind": "depolarising", "p": 2.0}}]}, "gates\\[0\\].channel"),
        ({"gates": [{"gate": "h", "channel": {"kind": "depolarising", "p": 0.1, "qubits": 2}}]}, "h"),
        ({"noises": []}, "noises"),
    ],
)
def test_noise_that_cannot_be_is_refused_with_its_place(noise: dict, says: str):
    with pytest.raises(CircuitRefused, match=says) as caught:
        with_noise(noise, PAIR + "measure q -> c;")
    assert caught.value.field == "noise"


NEVER = {
    "calls of subroutines in calls": "".join(
        f"def f{i}(int a) -> int {{ return {f'f{i - 1}(a) + f{i - 1}(a)' if i else 'a'}; }}\n" for i in range(40)
    )
    + "int b = f39(1);",
    "roots of a gate": "gate g a, b, c, d { h a; cx a, b; cx b, c; cx c, d; }\n"
    "for int i in [1:100000] { pow(0.1 + i * 0.000001) @ g q[0], q[1], q[2], q[3]; }",
    "copies of an array": "array[int[32], 1000000] a; array[int[32], 1000000] b;\nfor int i in [0:100000] { a = b; }",
    "classical control": "bit[4] c; c = measure q; int n = 0; if (c == 0) { n += 1; }\nif (n < 9) { x q; }\n"
    "array[int[32], 1000000] a; array[int[32], 1000000] b;\nfor int i in [0:100000] { a = b; }",
}


@every("name, body", NEVER.items())
def test_reading_a_circuit_ends_at_the_deadline_too(name, body):
    with pytest.raises(CircuitTimeout, match=r"stopped after 0\.3 s"):
        run(f'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[4] q; bit d;\n{body}\nd = measure q[0];', circuit_seconds=0.3)


def test_a_circuit_that_was_read_in_time_is_not_held_to_the_deadline_of_its_first_reader():
    source = "qubit q; bit c; c = measure q; int n = 0; if (c == 0) { n = 1; } bit d; if (n == 1) { d = 1; }"
    circuits = Circuits(QcsSettings(circuit_seconds=0.5))
    try:
        asyncio.run(circuits.run(Job(source, 10, 1)))
        time.sleep(0.6)
        assert asyncio.run(circuits.run(Job(source, 10, 1)))["counts"] == {"1 0": 10}
    finally:
        circuits.close()
