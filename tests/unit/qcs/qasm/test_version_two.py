"""OpenQASM 2: what is accepted, and how what is not is refused."""

import numpy as np
import pytest

from qbtc.qcs.domain.qasm import Limits, QasmError, parse
from qbtc.qcs.domain.statevector import Run, final_state, simulate
from qbtc.testing.data import DATA

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
CIRCUITS = DATA / "qasm"
FILES = sorted(CIRCUITS.glob("*.qasm"))
INVALID = "vqe_uccsd_n8.qasm"


def run(source: str, shots: int = 256, seed: int = 1):
    program = parse(source)
    outcome = simulate(program, shots, Run(np.random.default_rng(seed), lambda: None))
    return {program.format_bits(k): n for k, n in outcome.counts.items()}


@pytest.mark.skipif(not FILES, reason=f"no circuits in {CIRCUITS}; set QBTC_DATA")
@pytest.mark.parametrize("path", [f for f in FILES if f.name != INVALID], ids=lambda p: p.name)
def test_every_valid_circuit_of_the_collection_runs(path):
    assert sum(run(path.read_text()).values()) == 256


@pytest.mark.skipif(not FILES, reason=f"no circuits in {CIRCUITS}; set QBTC_DATA")
def test_the_invalid_circuit_of_the_collection_is_refused_with_file_and_line():
    with pytest.raises(QasmError, match=r"vqe_uccsd_n8.qasm:\d+:\d+: unknown register 'q'; expected .*reg") as caught:
        parse((CIRCUITS / INVALID).read_text(), file=INVALID)
    assert (CIRCUITS / INVALID).read_text().splitlines()[caught.value.line - 1].startswith("measure q")


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ("qreg q[2]", "4:1", "found the end of the file; expected ';'"),
        ("qreg q[2];\nfoo q[0];", "4:1", "unknown gate 'foo'"),
        ("qreg q[2];\nx q[2];", r"4:5", r"q\[2\] does not exist; expected an index from 0 to 1"),
        ("qreg q[2];\ncx q[0],q[0];", "4:1", "same qubit twice"),
        ("qreg q[2];\nrx q[0];", "4:1", "given 0 parameters; expected 1"),
        ("qreg q[2];\nccx q[0],q[1];", "4:1", "given 2 qubits; expected 3"),
        ("qreg q[2];\nrx(pi*) q[0];", "4:7", "expected a number, pi"),
        ("qreg q[2];\nrx(theta) q[0];", "4:4", "unknown name 'theta'"),
        ("qreg q[2];\nrx(1/0) q[0];", "4:5", "cannot be computed: division by zero"),
        ("qreg q[2];\nrx(ln(-1)) q[0];", "4:4", "cannot be computed"),
        ("qreg q[2];\nqreg q[3];", "4:6", "declared twice"),
        ("qreg q[0];", "3:8", "cannot be empty"),
        ("qreg q[99];", "3:8", "99 qubits; expected at most 22"),
        ("qreg q[2];\ncreg c[1];\nmeasure q -> c;", "5:1", "2 qubits measured into 1 bits"),
        ("qreg q[2];\nqreg r[3];\ncx q,r;", "5:1", r"registers of sizes \[2, 3\]"),
        ("qreg q[2];\nif (c == 1) x q[0];", "4:5", "unknown register 'c'"),
        ("qreg q[1];\nopaque magic a;\nmagic q[0];", "5:1", "opaque"),
        ("qreg q[1];\ngate g a { x b; }", "4:14", "unknown qubit 'b'; expected one of a"),
        ("qreg q[1];\n@", "4:1", "found '@'; expected qreg"),
        ('include "other.inc";', "3:9", "cannot include"),
    ],
)
def test_what_is_wrong_is_refused_with_line_column_and_what_was_expected(body, place, words):
    with pytest.raises(QasmError, match=f"circuit:{place}: .*{words}"):
        parse(HEAD + body + ("\n" if body.startswith(("qreg q[2]\n", "creg")) or body == "qreg q[2]" else ""))


def test_the_header_of_version_two_has_its_form():
    with pytest.raises(QasmError, match=r"circuit:1:10: version 2\.1 is not supported"):
        parse("OPENQASM 2.1;")
    with pytest.raises(QasmError, match="circuit:1:14: found 'qreg'; expected ';'"):
        parse("OPENQASM 2.0 qreg q[1];")


def test_gates_of_the_library_need_its_include():
    with pytest.raises(QasmError, match="unknown gate 'h'; expected include"):
        parse("OPENQASM 2.0;\nqreg q[1];\nh q[0];")
    assert parse("OPENQASM 2.0;\nqreg q[1];\nU(0,0,pi) q[0];").n_qubits == 1


def test_nested_definitions_cannot_grow_without_bound():
    doubling = "".join(f"gate g{i + 1} a {{ g{i} a; g{i} a; }}\n" for i in range(60))
    with pytest.raises(QasmError, match="too many operations; expected at most 1000"):
        parse(HEAD + "gate g0 a { x a; }\n" + doubling + "qreg q[1];\ng60 q[0];", limits=Limits(operations=1000))
    empty = HEAD + "gate g0 a { }\n" + doubling + "qreg q[1];\ng60 q[0];"
    assert parse(empty).ops == ()


def test_deep_nesting_is_refused_not_a_crash():
    with pytest.raises(QasmError, match="nested deeper"):
        parse(HEAD + "qreg q[1];\nrx(" + "(" * 5000 + "1" + ")" * 5000 + ") q[0];")
    chain = "".join(f"gate g{i + 1} a {{ g{i} a; }}\n" for i in range(500))
    with pytest.raises(QasmError, match="nests 101 definitions"):
        parse(HEAD + "gate g0 a { x a; }\n" + chain + "qreg q[1];")


def test_an_index_of_thousands_of_digits_is_refused():
    with pytest.raises(QasmError, match="too large"):
        parse(HEAD + f"qreg q[{'9' * 6000}];")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("pi/2", np.pi / 2),
        ("-3*pi/8", -3 * np.pi / 8),
        ("2^3^2", 512),
        ("-2^2", -4),
        ("sin(pi/6)+1e-1", 0.6),
        ("1-2-3", -4),
        ("8/4/2", 1),
        ("sqrt(2)*(1+.5)", 1.5 * np.sqrt(2)),
        ("pi*-0.5", -np.pi / 2),
    ],
)
def test_expressions_follow_the_usual_precedence(expression, value):
    state = final_state(parse(HEAD + f"qreg q[1];\nh q[0];\nu1({expression}) q[0];"))
    assert np.exp(1j * value) == pytest.approx(state[1] / state[0], abs=1e-12)


def test_gate_definitions_take_parameters_and_qubits_by_position():
    source = (
        "gate flip(t) a,b { cx b,a; rz(t/2) a; }\nqreg q[2];\ncreg c[2];\nx q[1];\nflip(pi) q[0],q[1];\nmeasure q->c;"
    )
    assert run(HEAD + source) == {"11": 256}


def test_an_operation_on_registers_is_applied_to_each_element():
    assert run(HEAD + "qreg a[2];\nqreg b[2];\ncreg c[2];\nx a;\ncx a,b;\nbarrier a,b[0];\nmeasure b->c;") == {
        "11": 256
    }


def test_depth_counts_the_longest_chain_and_no_barriers():
    assert parse(HEAD + "qreg q[2];\ncreg c[2];\nh q[0];\nbarrier q;\ncx q[0],q[1];\nmeasure q -> c;").depth() == 3
