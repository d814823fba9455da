"""The snippets of docs/guide/qcs/search.md run in order and say what the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "qcs" / "search.md"


def test_the_snippets_find_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for body in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        exec(body, names)
    text, *lines = capsys.readouterr().out.splitlines()
    assert text == "0.687 18 of 26 numbers"
    assert lines[0] == "42 [  42 1234]"
    assert lines[1:3] == ["[[   0 5000]", " [   1 5001]]"]
    assert float(lines[3].split()[0]) < 0.1
    assert lines[4] == "9 1.0"
