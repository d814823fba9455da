"""docs/guide/qcs/inference.md does what it says: its snippets run and print what the text claims."""

from __future__ import annotations

import re

import pytest
from tests.unit.docs.test_docs import ROOT

from qbtc.qcs.domain.inference.compare import BASE, CLASSICAL, QUANTUM

GUIDE = ROOT / "docs/guide/qcs/inference.md"


def test_the_snippets_say_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    for body in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        exec(body, names)
    said = capsys.readouterr().out.splitlines()
    assert said[:6] == ["base rate no gain", "quantum filter gain", "quantum direct gain", "gaussian hmm no gain", "kalman gain", "last outcome gain"]
    assert said[6].startswith("no gain")
    assert said[7:] == ["False", "True"]


def test_the_table_names_every_model() -> None:
    named = re.findall(r"^\| `([a-z ]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert sorted(named) == sorted((*QUANTUM, *CLASSICAL, BASE))
