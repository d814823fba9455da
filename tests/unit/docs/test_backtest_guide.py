"""The guide to backtests: its snippets run, and it explains every statistic with the words of the registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qbtc.hft.domain.statistics.registry import GROUPS, MEANINGS

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/hft/backtest.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def test_the_snippets_of_the_guide_run_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.mkdtemp", lambda: str(tmp_path))
    inside: dict[str, object] = {"__name__": "snippet"}
    for body in SNIPPETS:
        exec(compile(body, "backtest.md", "exec"), inside)
    net, sharpe, error = (float(each) for each in capsys.readouterr().out.splitlines()[0].split())
    assert net != 0 and abs(sharpe) < float("inf") and error > 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="es">')
    assert (tmp_path / "parquet" / "fills.parquet").is_file()
    assert len(SNIPPETS) == 3


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda m: m.name)
def test_every_statistic_is_explained_as_the_report_explains_it(meaning: object) -> None:
    assert f"| `{meaning.name}` | {meaning.unit} | {meaning.label[0]}. {meaning.text[0]} |" in GUIDE  # type: ignore[attr-defined]


def test_every_group_has_its_heading() -> None:
    assert all(f"### {title}\n" in GUIDE for title, _ in GROUPS.values())
