"""The guide to several markets: its snippet runs, and its legs hedge each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/several-markets.md").read_text(encoding="utf-8")
(SNIPPET,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def test_the_snippet_of_the_guide_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.mkdtemp", lambda: str(tmp_path))
    exec(compile(SNIPPET, "several-markets.md", "exec"), {"__name__": "snippet"})
    first, second, *swept = capsys.readouterr().out.splitlines()
    net, funding, sharpe = (float(each) for each in first.split())
    spot, perp = (int(each) for each in second.split())
    assert spot == -perp > 0
    assert funding < 0
    assert net != 0 and abs(sharpe) < float("inf")
    assert "shape: (4, 8)" in swept[0]
