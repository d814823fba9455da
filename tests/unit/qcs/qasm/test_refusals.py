"""Programs of OpenQASM 3 that are wrong: each is refused at its line and column with what was expected."""

import time

import pytest
from tests.every import every

from qbtc.qcs.domain.qasm import Limits, QasmError, Setting, load, pointed

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[3] q; qubit a; bit[3] c; int n = 1; const int k = 2;\n'
BAD = [
    ("x q", "5:1", "found the end of the file; expected ';'"),
    ("x q[0]", "5:1", "found the end of the file; expected ';'"),
    ("x q[0;", "4:6", "found ';'; expected ']'"),
    ("rx(pi q;", "4:7", r"found 'q'; expected ',' or '\)'"),
    ("rx(pi + ) q;", "4:9", "expected a value"),
    ("foo q;", "4:1", "unknown gate 'foo'; expected a gate that is defined before"),
    ("n q;", "4:1", "'n' is a classical value, not a gate"),
    ("x b;", "4:3", "unknown name 'b'; expected a declared name"),
    ("x n;", "4:3", "a classical value where a qubit is needed"),
    ("x q[3];", "4:5", r"q\[3\] does not exist; expected an index from 0 to 2"),
    ("x q[-4];", "4:5", r"q\[-4\] does not exist"),
    ("x q[1:5];", "4:5", r"q\[3\] does not exist|a range of 5 in 3 elements"),
    ("x a[0];", "4:4", "a single qubit has no elements"),
    ("x q[1.5];", "4:5", "a value of type float is not an integer"),
    ("x q[{0, 0}];", "4:5", "an element appears twice"),
    ("cx q[0], q[0];", "4:1", "the same qubit twice; expected different qubits"),
    ("cx q[0];", "4:1", "'cx' is given 1 qubits; expected 2"),
    ("x(0.1) q[0];", "4:1", "'x' is given 1 parameters; expected 0"),
    ("rx q[0];", "4:1", "'rx' is given 0 parameters; expected 1"),
    ("ctrl @ x q[0];", "4:1", "'x' is given 1 qubits; expected 2"),
    ("ctrl @x q[0], q[1];", "4:6", "expected '@' and a blank"),
    ("ctrl(0) @ x q[0];", "4:6", "0 controls; expected 1 to 64"),
    ("ctrl(n + q) @ x q[0], q[1];", "4:10", "'q' is a register of qubits, not a value"),
    ("pow @ x q;", "4:5", r"found '@'; expected '\('"),
    ("gphase q;", "4:1", "'gphase' is given 0 parameters; expected 1"),
    ("cx q, q[0:1];", "4:1", r"registers of sizes \[2, 3\]"),
    ("int q = 1;", "4:5", "'q' is declared twice; expected a new name"),
    ("int m = ;", "4:9", "expected a value"),
    ("int m = 1", "5:1", "expected ';'"),
    ("int[0] m;", "4:5", "a width of 0; expected 1 to 4096"),
    ("k = 3;", "4:1", "a constant cannot be written"),
    ("q = 3;", "4:1", "a register of qubits where a variable is needed"),
    ("m = 3;", "4:1", "unknown name 'm'"),
    ("n = m + 1;", "4:5", "unknown name 'm'"),
    ("n = sine(1);", "4:5", "unknown function 'sine'; expected one of abs, arccos"),
    ("n = sin(1, 2);", "4:5", "'sin' is given 2 values; expected 1"),
    ("n = 1 / 0;", "4:7", "division by zero"),
    ("float f = arccos(2.0);", "4:11", "'arccos' cannot be computed"),
    ("n = 1 ns;", "4:5", "a duration cannot become a int"),
    ("delay[5] q;", "4:7", "a int as a time; expected a duration"),
    ("delay q;", "4:7", r"expected '\[' and a duration"),
    ("c = measure q[0];", "4:5", "1 qubits measured into 3 bits"),
    ("c[0] = measure c[1];", "4:17", "a classical value where a qubit is needed"),
    ("measure q -> 3;", "4:14", "expected a classical bit or register"),
    ("q[0] = measure q[1];", "4:2", "a register of qubits where a variable is needed"),
    ('bit[2] w = "012";', "4:12", 'the string "012"; expected bits in double quotes'),
    ('bit[2] w = "011";', "4:12", "3 bits cannot become 2"),
    ("break;", "4:1", "'break' outside of a loop"),
    ("return 1;", "4:1", "'return' outside of a subroutine"),
    ("if (n) { x q;", "5:1", "the block never ends; expected '}'"),
    ("if n == 1 x q;", "4:4", r"found 'n'; expected '\('"),
    ("for i in [0:1] x q;", "4:5", "found 'i'; expected a type"),
    ("for int i in [0] x q;", "4:16", "expected ':'"),
    ("for int i in [0:0:3] x q;", "4:15", "a range with step 0"),
    ("switch (n) { default { } case 1 { } }", "4:26", "after the default"),
    ("gate g b { x q; }", "4:14", "'q' is not visible inside a subroutine or gate"),
    ("gate g b { y d; }", "4:14", "unknown qubit 'd'; expected one of b"),
    ("gate g b { reset b; }", "4:12", "not allowed in the body of a gate"),
    ("gate g b, b { }", "4:6", "'b' appears twice"),
    ("gate x b { }", "4:6", "'x' is declared twice"),
    ("gate g b { g b; }", "4:12", "unknown gate 'g'"),
    ("def f(int m) -> int { return n; }", "4:30", "'n' is not visible inside a subroutine"),
    ("def f(int m) -> int { return m; }\nn = f();", "5:5", "'f' is given 0 arguments; expected 1"),
    ("def f(int m) -> int { }\nn = f(1);", "5:5", "'f' ends without a value"),
    ("def f(qubit[2] r) { }\nf(q);", "5:3", "3 qubits are given; expected 2"),
    ("def f(qubit r, qubit t) { }\nf(q[0], q[0]);", "5:1", "'f' is given the same qubit twice"),
    ("if (n == 1) { qubit b; }", "4:21", "a declaration of qubits inside a block"),
    ("array[int, 2] v = {1, 2, 3};", "4:19", "3 elements; expected 2"),
    ("array[int, 2] v; v[0, 0] = 1;", "4:19", "2 indices of 1 dimensions"),
    ("array[int, 2] v; v[2] = 1;", "4:20", r"v\[2\] does not exist"),
    ("def f(readonly array[int, #dim = 1] v) { v[0] = 1; }", "4:43", "a constant cannot be written"),
    ("let b = q[0] ++ q[0];", "4:9", "a qubit appears twice in an alias"),
    ("input int n;", "4:11", "'n' is declared twice"),
    ("$30 = 1;", "4:5", "expected ';'"),
    ("x $30;", "4:3", "31 qubits; expected at most 22"),
    ("/* never", "4:1", r"the comment never ends; expected '\*/'"),
    ("cal { a", "4:5", "the calibration block never ends"),
    ("#pragma", "4:1", "the pragma is empty"),
    ("@note", "5:1", "expected a statement after the annotation"),
    ("x q; §", "4:6", "unexpected character '§'"),
    ('include "other.inc";', "4:9", 'cannot include "other.inc"'),
    ("}", "4:1", "found '}'; expected a statement"),
]


@every("body, place, words", BAD)
def test_a_faulty_program_is_refused_at_its_place_with_what_was_expected(body, place, words):
    with pytest.raises(QasmError, match=f"^circuit:{place}: .*({words})"):
        load(HEAD + body + "\n")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("OPENQASM 4.0;", "1:10: version 4.0 is not supported; expected 2.0, 3, 3.0 or 3.1"),
        ("OPENQASM 3.;", "1:10: version 3. is not supported"),
        ("qubit q;\nh q;", '2:1: unknown gate .h.; expected include "stdgates.inc"; first'),
        ("int x = " + "(" * 500 + "1", "nested deeper than 60"),
        ("int x = " + "1 + " * 500 + "1;", "more than 200 operators"),
        ("{" * 500, "nested deeper than 100"),
        ("if (1) " * 500 + "end;", "nested deeper than 100"),
        ("int x = " + "9" * 5000 + ";", "too large"),
    ],
)
def test_what_no_head_can_save_is_refused(source, words):
    with pytest.raises(QasmError, match=words):
        load(source)


def test_the_line_of_a_fault_is_shown_with_a_caret_below_it():
    source = "qubit q;\n\tx  r;\n"
    with pytest.raises(QasmError) as caught:
        load('include "stdgates.inc";' + source)
    assert pointed(caught.value, 'include "stdgates.inc";' + source) == "\tx  r;\n\t   ^"


@every("blank", [" ", "\n", "/**/ ", "// so\n"])
def test_blanks_before_a_program_without_a_header_take_no_time(blank):
    """Tried piece by piece, thirty of them took minutes, and no other thread ran."""
    started = time.perf_counter()
    assert load(blank * 20_000 + "qubit q;").n_qubits == 1
    assert time.perf_counter() - started < 5


def test_gates_and_registers_that_multiply_are_refused_before_memory_is_taken():
    gates = "gate g a { for int i in [1:100000] { U(0, 0, i) a; } }\n"
    with pytest.raises(QasmError, match="too many operations; expected at most 200000"):
        load(f"{gates}qubit[2000] q; g q;", Setting(limits=Limits(qubits=2000)))
    with pytest.raises(QasmError, match=r"the power 0\.5 of a gate of 100000 steps; at most 4096"):
        load(f"{gates}qubit q; pow(0.5) @ g q;")
