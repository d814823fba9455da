"""The guide to circuits (circuits.md) does what it says: its snippets run and print what they should."""

from __future__ import annotations

import contextlib
import io

from tests.unit.docs.test_docs import FENCE, ROOT

from qbtc.qcs.settings import QcsSettings

PAGE = ROOT / "docs/guide/qcs/circuits.md"


def test_the_guides_snippets_print_what_they_should() -> None:
    said = []
    for kind, body in FENCE.findall(PAGE.read_text()):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(body, str(PAGE), "exec"), {})
            said.append(out.getvalue().splitlines())
    assert said[0][0] == "['00', '11'] 0.5"
    assert said[0][1].startswith("statevector - no noise, 2 qubits")
    assert said[1] == ["[1.0, 0.5403, -0.4161, -0.99] 0"]
    expectation, slope, sine = map(float, said[2][0].split())
    assert (expectation, slope) == (0.921061, sine)


def test_the_limits_are_those_of_the_settings() -> None:
    text, settings = PAGE.read_text(), QcsSettings()
    assert f"{settings.max_qubits} qubits" in text
    assert f"{settings.circuit_megabytes:,} MB of states" in text
    assert f"{settings.circuit_seconds:g} s" in text
