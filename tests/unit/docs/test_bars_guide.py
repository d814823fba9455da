"""The guide to bars does what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qbtc.hft import bars
from qbtc.hft.domain.barwise.making import SOURCES, understood
from qbtc.hft.domain.barwise.runs import TOTALS

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/bars.md").read_text(encoding="utf-8")


def test_the_snippets_of_the_guide_run_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    inside: dict[str, Any] = {"__name__": "snippet"}
    for body in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(compile(body, "bars.md", "exec"), inside)
    said = capsys.readouterr().out.splitlines()
    net, sharpe = map(float, said[0].split())
    assert net != 0 and np.isfinite(sharpe)
    assert any("traded whole at the next open" in line for line in said)
    assert said[-1].endswith(" 100.0")
    runs = bars.backtest(inside["minutes"], inside["position"](inside["minutes"], fast=5, slow=30, size=0.01), fees=0.0005)
    assert runs.totals["fills"][0] > 20


def test_the_guide_names_every_kind_of_bar_every_source_and_every_total() -> None:
    rows = re.findall(r"^\| (`.*?) \|", GUIDE, re.MULTILINE)
    kinds = {understood(each)[0] for row in rows for each in re.findall(r"`([^`]+)`", row) if each != "every"}
    assert kinds == {"time", "ticks", "volume", "value"}
    assert all(f"`{source}`" in GUIDE for source in SOURCES)
    named = GUIDE.split("`runs.totals` has ")[1].split(" of each column")[0]
    assert re.findall(r"\w+", named.replace(" and ", " ")) == list(TOTALS)
