"""The guide to the statistics (statistics.md) does what it says: commands and snippets run, its table is the engine's."""

from __future__ import annotations

import contextlib
import io
import math
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.docs.test_docs import FENCE, ROOT, commands

from qbtc.cli.root import root
from qbtc.qcs.statistics.methods import METHODS

PAGE = ROOT / "docs/guide/qcs/statistics.md"


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines, btc = ["time,btc,eth"], 100.0
    for i in range(150):
        btc *= math.exp(0.01 * math.sin(i * i))
        lines.append(f"t{i},{btc},{2 * btc + math.cos(i * i * i)}")
    Path("prices.csv").write_text("\n".join(lines))
    found = commands(PAGE)
    assert len(found) == 4
    for line in found:
        done = CliRunner().invoke(root, shlex.split(line.split("  #")[0])[1:])
        assert done.exit_code == 0, f"{line}: {done.output}"


def test_the_snippets_run_from_top_to_bottom() -> None:
    said, space = io.StringIO(), {"__name__": "guide"}
    with contextlib.redirect_stdout(said):
        for kind, body in FENCE.findall(PAGE.read_text()):
            if kind == "python":
                exec(compile(body, str(PAGE), "exec"), space)
    assert "GJR with t errors: persistence 0.9" in said.getvalue()
    assert f"{len(METHODS)} methods" in said.getvalue()


def test_the_table_is_that_of_the_engine() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE.read_text(), re.MULTILINE) == list(METHODS)
    assert PAGE.read_text().split("\n")[2].startswith("Nineteen")
    assert len(METHODS) == 19
