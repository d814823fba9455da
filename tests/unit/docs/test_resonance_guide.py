"""docs/guide/qcs/resonance.md does what it says: its snippet prints what the text shows, its commands run, its limits are the service's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.docs.test_docs import ROOT, commands

from qbtc.cli.root import root
from qbtc.core.language.prosody.phones import SLANT
from qbtc.qcs.resonances import MOST_CHARACTERS, MOST_LINES

GUIDE = ROOT / "docs/guide/qcs/resonance.md"
TEXT = GUIDE.read_text(encoding="utf-8")
POEM = "\n".join(["Hombres necios que acusáis", "a la mujer sin razón,", "sin ver que sois la ocasión", "de lo mismo que culpáis."])


def test_the_snippet_prints_what_the_guide_says(capsys: pytest.CaptureFixture[str]) -> None:
    (body,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    exec(compile(body, "resonance.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("poem.txt", "another.txt"):
        Path(name).write_text(POEM, encoding="utf-8")
    lines = commands(GUIDE)
    assert len(lines) == 3
    for line in lines:
        done = CliRunner().invoke(root, shlex.split(line, comments=True)[1:])
        assert done.exit_code == 0, f"{line}: {done.output}"


def test_the_limits_are_those_in_use() -> None:
    assert f"{MOST_CHARACTERS:,} characters\nand {MOST_LINES} lines" in TEXT
    assert f"{SLANT} close" in TEXT
