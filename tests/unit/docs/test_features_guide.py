"""The guide to the market dimensions does what it says: its commands and snippets run, its table is the registry's."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import shlex
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.unit.docs.test_docs import FENCE, ROOT, commands
from tests.unit.hft.features.recording import recording

from qbtc.cli.root import root
from qbtc.contracts.basis26 import DIMENSIONS
from qbtc.hft import features
from qbtc.hft.domain.features import FEATURES

PAGE = ROOT / "docs/guide/hft/features.md"
ROWS = {row[0]: row for row in re.findall(r"^\| ([A-Z]) \| (\S+) \| .* \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))
    (tmp_path / "recorded.gz").write_bytes(gzip.compress("".join(recording(8, 120, marks=False)).encode()))
    return tmp_path


def test_the_guides_commands_and_snippets_run(place: Path) -> None:
    for line in commands(PAGE):
        done = CliRunner().invoke(root, shlex.split(line.split("  #")[0])[1:])
        assert done.exit_code == 0, f"{line}: {done.output}"
    said = []
    for kind, body in FENCE.findall(PAGE.read_text()):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(body, str(PAGE), "exec"), {})
            said.append(out.getvalue().splitlines())
    bars = len(pl.read_parquet(place / "btc.parquet"))
    assert said[0] == [f"({bars}, 1, 26)", f"({bars}, 26)", "True", f"({bars}, 1, 26)", features.WHY["qcs"]]
    assert len(said[1]) == 1
    assert said[2] == [features.WHY["no_perpetual"]]
    assert (place / "btc.png").stat().st_size > 10_000


def test_the_table_has_every_dimension_with_its_name_unit_and_bars() -> None:
    assert list(ROWS) == [one.letter for one in DIMENSIONS]
    for one in DIMENSIONS:
        assert ROWS[one.letter][2] == one.market_unit
    for feature in FEATURES:
        assert ROWS[feature.letter][1] == (f"`{feature.name}`" if feature.kernel else "(several)")
        assert ROWS[feature.letter][3].split(",")[0] == str(feature.bars)
