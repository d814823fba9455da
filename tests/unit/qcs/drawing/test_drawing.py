"""Drawings: what stands where, in characters and as SVG."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.qcs.domain.drawing import arranged, as_svg, as_text
from qbtc.qcs.domain.qasm import QasmError, trace
from qbtc.qcs.drawing import draw

HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def text(body: str, width: int = 100) -> str:
    return draw(HEAD + body, width=width)


def test_a_bell_pair_is_drawn_with_control_target_and_measurements():
    drawn = text("qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;")
    assert drawn.splitlines() == [
        "q[0] ──┤H├─●─┤M├─────",
        "           │  ║",
        "q[1] ──────⊕──╫──┤M├─",
        "              ║   ║",
        " c/2 ═════════0═══1══",
    ]


def test_conditions_barriers_swaps_and_parameters_are_drawn():
    drawn = text(
        "qubit[2] q; bit[2] c; c[1] = measure q[0]; barrier q; if (c[1]) rx(pi/2) q[1]; swap q[0], q[1]; rzz_like q;".replace(
            " rzz_like q;", ""
        )
    )
    assert "┤RX(π/2)├" in drawn
    assert "[1]=1" in drawn
    assert drawn.count("░") == 3
    assert drawn.count("✕") == 2


def test_a_line_through_an_uninvolved_wire_crosses_it():
    assert "┼" in text("qubit[3] q; cx q[0], q[2];")


def test_a_long_circuit_wraps_at_the_width_and_says_so():
    drawn = text("qubit q; " + "h q; " * 60, width=60)
    lines = [line for line in drawn.splitlines() if line]
    assert len(lines) > 3
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].endswith("»")
    assert "«" in lines[1]


def test_a_circuit_with_classical_control_shows_one_run_and_says_which():
    drawn = text(
        "qubit q; bit c; int n = 0; c = measure q; while (!c) { h q; c = measure q; n += 1; if (n == 2) break; }"
    )
    assert drawn.startswith(
        "The circuit computes with measured values: this is its run in which every measurement gives 0."
    )
    assert drawn.count("┤M├") == 3


def test_what_is_left_out_is_said():
    assert "Only the first 2000 operations are drawn." in text("qubit q; for int i in [1:3000] { x q; }")


def test_svg_is_well_formed_escaped_and_coloured_by_variables():
    found = draw(
        HEAD
        + "gate g a { x a; }\nqubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; barrier q; c = measure q; if (c == 3) z q[0];",
        "svg",
    )
    root = ElementTree.fromstring(found)
    words = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"H", "M", "Z", "=3", "q[0]", "c/2"} <= set(words)
    assert "--circuit-ink" in found
    assert "prefers-color-scheme:dark" in found
    assert "http" not in found.replace("http://www.w3.org/2000/svg", "")


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["h", "cx", "ccx", "measure", "barrier"]), st.permutations(range(4))), max_size=20
    )
)
def test_no_two_operations_of_a_column_share_a_wire(calls):
    lines = []
    for name, places in calls:
        count = {"cx": 2, "ccx": 3}.get(name, 1)
        operands = ", ".join(f"q[{p}]" for p in places[:count])
        lines.append(f"c[{places[0]}] = measure {operands};" if name == "measure" else f"{name} {operands};")
    layout = arranged(trace(HEAD + "qubit[4] q; bit[4] c;" + "".join(lines), 100))
    seen: set[tuple[int, int]] = set()
    for item in layout.items:
        used = [g.wire for g in item.glyphs]
        span = {(item.column, w) for w in range(min(used), max(used) + 1)}
        assert not span & seen
        seen |= span
    assert len(layout.items) == len(calls)
    widths = {len(line) for line in as_text(layout, 10_000).splitlines() if "─" in line or "═" in line}
    assert len(widths) == 1
    ElementTree.fromstring(as_svg(layout))


def test_a_fault_is_told_as_everywhere():
    with pytest.raises(QasmError, match="circuit:3:1: unknown gate 'foo'"):
        text("foo q;")
