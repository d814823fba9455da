"""The guide openqasm.md: its snippet runs as it stands and its drawing is what is drawn."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from qbtc.qcs.drawing import draw

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/qcs/openqasm.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def test_the_snippets_of_the_guide_run_as_they_stand(capsys: pytest.CaptureFixture[str]) -> None:
    for body in SNIPPETS:
        exec(compile(body, "openqasm.md", "exec"), {"__name__": "snippet"})
    told = capsys.readouterr().out
    assert told.startswith("4 operations")
    assert "measure q[1] -> c[1];" in told
    assert "circuit:6:5: q[2] does not exist; expected an index from 0 to 1" in told
    assert len(SNIPPETS) == 1


def test_the_drawing_of_the_guide_is_what_is_drawn() -> None:
    source = (files("qbtc.qcs") / "examples" / "teleport.qasm").read_text()
    shown = re.findall(r"```text\n(q\[0\].*?)```", GUIDE, re.DOTALL)[0]
    drawn = draw(source.replace("creg out[1];", "").replace("measure q[2] -> out[0];", ""))
    assert shown == drawn
