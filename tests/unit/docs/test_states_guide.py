"""The snippets of docs/guide/qcs/states.md run in order and say what the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "qcs" / "states.md"


def test_the_snippets_say_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for body in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        exec(body, names)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["(256,) True", "True"]
    assert lines[2:4] == ["[0.0385 0.0385]", "0.02"]
    assert lines[4:] == ["(8, 5, 26, 26) True", "26", "True", "(15, 15)"]
