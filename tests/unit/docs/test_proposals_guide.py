"""The guide to proposals: its snippet does what it shows, and its bars are the defaults of the settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qbtc.hft.domain.predicting import LEAST_BATCHES
from qbtc.hft.settings import HftSettings

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/proposals.md").read_text(encoding="utf-8")


def test_the_snippet_proposes_and_then_sees_a_loss(capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(compile(snippet, "proposals.md", "exec"), {})
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("{'step': (2.0, 3.0)} ") and first.endswith(" ()")
    assert (second, third) == ("True", "outside")


def test_every_bar_in_the_table_is_the_default_of_its_setting() -> None:
    found = re.findall(r"\| ([\d.]+) at (?:least|most) \| `(\w+)` \|", GUIDE)
    settings = HftSettings()
    assert {name: float(bar) for bar, name in found} == {
        name: float(getattr(settings, name)) for name in HftSettings.model_fields if name.startswith("propose_") and name != "propose_expire_hours"
    }
    assert f"| {LEAST_BATCHES**2} at least | |" in GUIDE
    for name in ("propose_expire_hours", "watch_fills", "watch_hours"):
        assert re.search(rf"\b{getattr(settings, name):g}\b[^.]*`{name}`", GUIDE, re.DOTALL), name
