"""Noise models: which channel follows what, confused readout, and the JSON they are read from."""

import json

import numpy as np
import pytest
from tests.unit.qcs.simulators.making import program
from tests.unit.qcs.simulators.test_engine import assert_near, counts, gate, running

from qbtc.qcs.domain.noise.channels import bit_flip, dephasing, depolarising, readout
from qbtc.qcs.domain.noise.model import GateNoise, NoiseModel, NoisyFeedback, QubitNoise
from qbtc.qcs.domain.noise.reading import BadNoise, noise_model
from qbtc.qcs.domain.program import Channel, Condition, Measure, Program
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.protocol import Expectation, PauliSum, PauliTerm, Shots
from qbtc.qcs.domain.simulators.stabiliser import Stabiliser

ENGINE = DensityMatrix()
CONFUSED = NoiseModel(readout=(QubitNoise(readout(0.1, 0.3)),))


def woven(model: NoiseModel, ops: list, n: int = 2) -> list[tuple[str, tuple[int, ...]]]:
    found = model.applied(program(n, ops))
    assert isinstance(found, Program)
    return [(getattr(op, "name", "measure"), op.qubits) for op in found.ops]


def test_a_channel_of_one_qubit_follows_on_each_qubit_and_a_wider_one_on_all():
    model = NoiseModel((GateNoise(bit_flip(0.1), "h"), GateNoise(depolarising(0.1, 4))))
    assert woven(model, [gate("h", 0), gate("cx", 0, 1)]) == [
        ("h", (0,)),
        ("noise", (0,)),
        ("cx", (0, 1)),
        ("noise", (0, 1)),
    ]


def test_rules_look_at_qubits_in_order_and_at_the_width_of_the_gate():
    model = NoiseModel((GateNoise(bit_flip(0.1), "cx", (1, 0)), GateNoise(bit_flip(0.2), width=1)))
    assert woven(model, [gate("cx", 0, 1), gate("x", 1)]) == [("cx", (0, 1)), ("x", (1,)), ("noise", (1,))]
    assert woven(model, [gate("cx", 1, 0)]) == [("cx", (1, 0)), ("noise", (1,)), ("noise", (0,))]


def test_a_qubit_that_waits_gets_idle_noise_once_a_layer():
    model = NoiseModel(idle=(QubitNoise(dephasing(0.1)),))
    assert woven(model, [gate("h", 0), gate("h", 0), gate("cx", 0, 1)]) == [
        ("h", (0,)),
        ("h", (0,)),
        ("idle", (1,)),
        ("idle", (1,)),
        ("cx", (0, 1)),
    ]


def test_noise_of_a_conditioned_gate_has_its_condition():
    condition = Condition(0, 1, 1)
    found = NoiseModel((GateNoise(bit_flip(1.0), "x"),)).applied(program(1, [gate("x", 0, condition=condition)]))
    assert [op.condition for op in found.ops] == [condition, condition]


def test_final_readout_is_confused_with_its_probabilities():
    circuit = program(2, [gate("x", 1)], measured=True)
    found = ENGINE.run(CONFUSED.applied(circuit), Shots(1), running()).probabilities
    assert found == pytest.approx({0: 0.9 * 0.3, 1: 0.1 * 0.3, 2: 0.9 * 0.7, 3: 0.1 * 0.7})


def test_states_are_asked_for_without_the_confusion_of_the_readout():
    circuit = CONFUSED.applied(program(1, [gate("x", 0)], measured=True), readout=False)
    z = Expectation((PauliSum((PauliTerm(1.0, ((0, "Z"),)),)),))
    assert ENGINE.run(circuit, z, running()).values == pytest.approx((-1,))


@pytest.mark.parametrize("engine", [ENGINE, Stabiliser()])
def test_a_confused_bit_leaves_the_qubit_as_it_was_for_what_follows(engine):
    model = NoiseModel(readout=(QubitNoise(bit_flip(0.25), (0,)),))
    circuit = model.applied(program(2, [gate("x", 0), Measure(0, 0), gate("cx", 0, 1), Measure(1, 1)]))
    assert isinstance(circuit, NoisyFeedback)
    assert_near(counts(circuit, 2000, engine), {3: 0.75, 2: 0.25})


def test_feedback_gets_the_noise_of_the_program_it_was_made_from():
    model = NoiseModel((GateNoise(depolarising(0.2, 4), "cx"), GateNoise(bit_flip(0.1), "h")))
    circuit = program(2, [gate("h", 0), gate("cx", 0, 1)], measured=True)
    exact = ENGINE.run(model.applied(circuit), Shots(1), running()).probabilities
    assert_near(counts(NoisyFeedback(circuit, model), engine=ENGINE), exact)


def test_a_named_gate_that_the_channel_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="gate h: a channel on 2 qubits does not fit 1"):
        NoiseModel((GateNoise(depolarising(0.1, 4), "h"),)).applied(program(1, [gate("h", 0)]))


def test_a_model_is_read_from_json():
    kinds = [
        {"kind": "depolarising", "p": 0.01, "qubits": 2},
        {"kind": "pauli", "probabilities": {"XZ": 0.1}},
        {"kind": "thermal-relaxation", "t1": 50, "t2": 70, "time": 0.1},
        {"kind": "kraus", "kraus": [[[[0, 0], [0, -1]], [[0, 1], [0, 0]]]]},
        {"kind": "over-rotation", "axis": "ZZ", "angle": 0.01},
        {"kind": "reset", "zero": 0.1},
        {"kind": "amplitude-damping", "gamma": 0.1},
    ]
    source = {
        "gates": [{"gate": "*", "channel": kind} for kind in kinds]
        + [{"gate": "cx", "qubits": [0, 1], "channel": kinds[0]}],
        "idle": [{"channel": {"kind": "dephasing", "p": 0.1}}],
        "readout": [{"qubits": [1], "one_for_zero": 0.1}],
    }
    model = noise_model(json.dumps(source))
    assert [rule.size for rule in model.gates] == [2, 2, 1, 1, 2, 1, 1, 2]
    assert (model.gates[0].gate, model.gates[-1].gate, model.gates[-1].qubits) == (None, "cx", (0, 1))
    np.testing.assert_array_equal(model.gates[3].kraus, [[[0, -1j], [1j, 0]]])
    np.testing.assert_array_equal(model.idle[0].kraus, dephasing(0.1))
    assert model.confusion(0) is None
    assert model.confusion(1) is not None


def one(**channel: object) -> dict[str, object]:
    return {"gates": [{"channel": channel}]}


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{", "no JSON"),
        ("[]", "the noise model is an object"),
        ({"gate": []}, "no field 'gate'; allowed are gates, idle, readout"),
        ({"gates": {}}, "gates is a list"),
        (one(), "must be one of depolarising"),
        (one(kind="noise"), "must be one of depolarising, .*, not 'noise'"),
        (one(kind="bit-flip"), r"gates\[0\].channel \(bit-flip\) needs p"),
        (one(kind="bit-flip", p=2), r"gates\[0\].channel: .*between 0 and 1"),
        (one(kind="bit-flip", p="a"), "must be a finite number, not 'a'"),
        (one(kind="bit-flip", p=0.1, gamma=1), r"\(bit-flip\) has no field 'gamma'"),
        (one(kind="depolarising", p=0.1, qubits=9), "whole number from 1 to 4"),
        (one(kind="kraus", kraus=[[1]]), "list of matrices"),
        (one(kind="kraus", kraus=[[[["1", "0"], ["0", "0"]], [["0", "0"], ["1", "0"]]]]), "kraus must be a finite number, not '1'"),
        (one(kind="kraus", kraus=[[[[True, 0], [0, 0]], [[0, 0], [1, 0]]]]), "finite number, not True"),
        (one(kind="kraus", kraus=[[[[1, 0]], [[0, 0], [1, 0]]]]), "list of matrices"),
        (one(kind="pauli", probabilities={"Q": 0.1}), "made of I, X, Y and Z"),
        ({"gates": [{"gate": 3, "channel": {"kind": "bit-flip", "p": 0}}]}, "name of a gate"),
        ({"idle": [{"channel": {"kind": "depolarising", "p": 0, "qubits": 2}}]}, "on one qubit"),
        ({"readout": [{"qubits": [1, 1], "one_for_zero": 0.1}]}, "names a qubit twice"),
        ({"readout": [{"qubits": [], "one_for_zero": 0.1}]}, "list of qubit numbers"),
        ({"readout": [{"one_for_zero": 1.1}]}, r"readout\[0\]: .*between 0 and 1"),
    ],
)
def test_what_is_no_model_is_refused_with_its_place(source, why):
    with pytest.raises(BadNoise, match=why):
        noise_model(source)


def test_channels_of_the_circuit_stay_where_they_are():
    model = NoiseModel((GateNoise(bit_flip(0.1)),), idle=(QubitNoise(dephasing(0.1)),))
    assert woven(model, [Channel("own", bit_flip(0.5), (0,))]) == [("own", (0,))]
