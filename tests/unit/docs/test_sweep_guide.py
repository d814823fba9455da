"""The snippet of the guide to sweeps runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "hft" / "sweep.md"


def test_the_guide_to_sweeps_does_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    snippet = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert len(snippet) == 1
    exec(compile(snippet[0], str(GUIDE), "exec"), {})
    said = capsys.readouterr().out
    assert "shape: (6, 8)" in said
    assert "'step'" in said
