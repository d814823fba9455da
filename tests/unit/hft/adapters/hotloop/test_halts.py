"""A lasting halt outlives the engine process, a passing one does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.hft.adapters.hotloop.codes import Halt
from qbtc.hft.adapters.hotloop.halts import HaltFile
from qbtc.hft.adapters.hotloop.panel import Panel
from qbtc.hft.domain.risk_records import ACTIVE, HALTED


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    made = Panel.create(tmp_path / "panel")
    yield made
    made.path.unlink(missing_ok=True)


def put(panel: Panel, state: int, reason: Halt, detail: int = 0) -> None:
    head = panel.record["head"]
    head["state"], head["reason"], head["detail"] = state, reason, detail


def test_a_lasting_halt_is_found_again_until_the_loop_trades(panel: Panel, tmp_path: Path) -> None:
    put(panel, HALTED, Halt.STRATEGY, 3)
    HaltFile(tmp_path / "halt").follow(panel)
    again = HaltFile(tmp_path / "halt")
    assert again.halt == (Halt.STRATEGY, 3)
    put(panel, ACTIVE, Halt.NONE)
    again.follow(panel)
    assert HaltFile(tmp_path / "halt").halt is None


@pytest.mark.parametrize("reason", [Halt.ORDERS_ENDED, Halt.ASKED, Halt.CONTROL_SILENT, Halt.STARTING])
def test_a_halt_that_the_control_side_or_the_connection_ends_is_not_kept(
    panel: Panel, tmp_path: Path, reason: Halt
) -> None:
    put(panel, HALTED, reason)
    kept = HaltFile(tmp_path / "halt")
    kept.follow(panel)
    assert kept.halt is None


def test_the_halt_of_an_engine_that_died_at_once_is_read_from_its_memory(panel: Panel, tmp_path: Path) -> None:
    put(panel, HALTED, Halt.BAD_REPORT)
    HaltFile(tmp_path / "halt").inherit(panel.path)
    assert HaltFile(tmp_path / "halt").halt == (Halt.BAD_REPORT, 0)


def test_a_halt_that_the_disk_did_not_take_is_written_as_soon_as_it_does(panel: Panel, tmp_path: Path) -> None:
    put(panel, HALTED, Halt.STRATEGY, 3)
    kept = HaltFile(tmp_path / "hft" / "halt")
    (tmp_path / "hft").touch()  # in the place of the folder
    for _ in range(2):
        with pytest.raises(OSError, match="hft"):
            kept.follow(panel)
    (tmp_path / "hft").unlink()
    kept.follow(panel)
    assert HaltFile(tmp_path / "hft" / "halt").halt == (Halt.STRATEGY, 3)


def test_a_file_that_cannot_be_read_is_a_halt(tmp_path: Path) -> None:
    (tmp_path / "halt").write_text("{")
    assert HaltFile(tmp_path / "halt").halt is not None
