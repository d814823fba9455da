"""Programs as text: what is exported and read again is the same circuit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.qcs.domain.program import Channel, Condition, Measure, Program, Register, Reset, Unitary
from qbtc.qcs.domain.qasm import load
from qbtc.qcs.domain.qasm.export import CannotExport, angle, euler, exported
from qbtc.qcs.domain.qasm.gates import QELIB1, STDGATES, u
from qbtc.qcs.domain.statevector import final_state

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
N = 4
_angles = st.one_of(st.floats(-7, 7), st.sampled_from([math.pi, -math.pi / 2, math.pi / 4, 0.0]))


@st.composite
def calls(draw, library: dict) -> str:
    """One gate on different qubits, in version 3 perhaps with modifiers."""
    name = draw(st.sampled_from(sorted(n for n, g in library.items() if g.qubits <= N)))
    gate = library[name]
    parameters = [draw(_angles) for _ in range(gate.parameters)]
    qubits, modifiers = gate.qubits, ""
    if library is STDGATES:
        modifiers = draw(st.sampled_from(["", "", "inv @ ", "pow(2) @ ", "pow(-1) @ ", "ctrl @ ", "negctrl @ inv @ "]))
        if "ctrl" in modifiers and qubits < N:
            qubits += 1
        elif "ctrl" in modifiers:
            modifiers = ""
    places = draw(st.permutations(range(N)))[:qubits]
    inside = f"({', '.join(map(repr, parameters))})" if parameters else ""
    return f"{modifiers}{name}{inside} {', '.join(f'q[{p}]' for p in places)};"


def same(a: Program, b: Program) -> bool:
    return abs(np.vdot(final_state(a), final_state(b))) == pytest.approx(1, abs=1e-9)


SPREAD = "".join(f"h q[{i}]; rz(0.{i + 3}) q[{i}]; ry(0.{i + 2}) q[{i}];" for i in range(N))


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(calls(STDGATES), max_size=12))
def test_version_three_is_read_back_as_the_same_unitary(lines):
    program = load(HEAD + f"qubit[{N}] q;" + SPREAD + "\n".join(lines))
    assert same(program, load(exported(program, 3)))


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(calls(QELIB1), max_size=12))
def test_version_two_is_read_back_as_the_same_unitary_from_either(lines):
    program = load('OPENQASM 2.0;\ninclude "qelib1.inc";\n' + f"qreg q[{N}];" + SPREAD + "\n".join(lines))
    assert same(program, load(exported(program, 2)))
    assert same(program, load(exported(program, 3)))


def test_conditions_measurements_and_resets_are_read_back():
    source = "qubit[2] q; bit[2] c; bit[2] d; x q[0]; c = measure q; reset q[0]; if (c == 1) x q[1]; if (c[1] == 0) x q[0]; d = measure q;"
    program = load(HEAD + source)
    again = load(exported(program, 3))
    assert [(type(o), o.condition, o.qubits) for o in again.ops] == [
        (type(o), o.condition, o.qubits) for o in program.ops
    ]
    with pytest.raises(
        CannotExport, match="OpenQASM 2 compares whole registers only, not bits 1 to 1; export to version 3"
    ):
        exported(program, 2)
    assert "if (c == 1) x q[1];" in exported(load(HEAD + source.replace("if (c[1] == 0) x q[0];", "")), 2)


def test_what_a_version_cannot_say_is_named():
    qubits, matrix = (Register("q", 0, 2),), np.diag([1, 1j, 1, 1]).astype(complex)
    bare = Program(qubits, (), (Unitary("oracle", matrix, (0, 1)),))
    with pytest.raises(CannotExport, match="'oracle' on 2 qubits is a matrix without a name"):
        exported(bare, 3)
    with pytest.raises(CannotExport, match="no gate for 'oracle' with 0 controls on 2 qubits"):
        exported(bare, 2)
    with pytest.raises(CannotExport, match="the channel 'loss'"):
        exported(Program(qubits, (), (Channel("loss", np.eye(2)[None].astype(complex), (0,)),)), 3)
    with pytest.raises(CannotExport, match="there is no OpenQASM 4"):
        exported(bare, 4)
    plain = Program(qubits, (Register("x", 0, 1),), (Measure(0, 0), Reset(0, Condition(0, 1, 1))))
    with pytest.raises(CannotExport, match="'x' is no name"):
        exported(plain, 2)


@given(_angles, _angles, _angles, _angles)
def test_angles_of_a_matrix_give_the_matrix(theta, phi, lam, phase):
    matrix = np.exp(1j * phase) * u(theta, phi, lam)
    t, p, w, f = euler(matrix)
    assert np.allclose(np.exp(1j * f) * u(t, p, w), matrix, atol=1e-9)


@pytest.mark.parametrize(
    ("value", "text"), [(math.pi, "pi"), (-math.pi / 2, "-pi/2"), (0.75 * math.pi, "3*pi/4"), (0.0, "0"), (0.1, "0.1")]
)
def test_simple_angles_are_written_by_name(value, text):
    assert angle(value) == text
