"""The guide to Spanish verse (docs/guide/qcs/prosody.md): its snippet prints what it says, its drawing is what is drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli.root import root
from qbtc.core.language.prosody.spanish import costs
from qbtc.core.language.prosody.spanish.letters import Joint

GUIDE = (Path(__file__).resolve().parents[3] / "docs/guide/qcs/prosody.md").read_text(encoding="utf-8")
DRAWN, PRINTED = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
LIRA = "En una noche oscura\ncon ansias en amores inflamada\n¡oh dichosa ventura!\nsalí sin ser notada\nestando ya mi casa sosegada."


def test_the_snippet_prints_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    (body,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(compile(body, "prosody.md", "exec"), {})
    assert capsys.readouterr().out == PRINTED


def test_the_drawing_is_what_the_command_draws() -> None:
    output = CliRunner().invoke(root, ["resonance", LIRA]).output
    assert output.startswith(DRAWN)


def test_the_prices_are_those_in_use() -> None:
    assert [-costs.LINK, -costs.LINK_LEFT, -costs.LINK_RIGHT, -costs.LINK_BOTH] == [4.3, 3.0, 2.4, 2.3]
    assert (costs.LINK_LAST, costs.BREATHED, round(costs.LINK + costs.SANDWICHED, 1)) == (0.8, 1.2, 1.2)
    assert (costs.WITHIN[Joint.LOOSE], costs.WITHIN[Joint.RISING_ENDING]) == (-1.0, -5.5)
    assert (costs.WITHIN[Joint.OPEN_TONIC], costs.WITHIN[Joint.OPEN_BEFORE]) == (2.0, 1.0)
