"""Files of strategies that are new, edited, broken or deleted while HFT runs: each start takes them as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from qbtc.contracts.trading import SetStrategy
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.strategy_shelf import Shelf
from qbtc.hft.errors import BrokenStrategy, NoSuchStrategy
from qbtc.hft.views import Views
from qbtc.testing.trading import TradingDesk

CODE = """from qbtc.hft.strategies.api import buy, parameter


class Dip:
    {name}: float = parameter({value}, 0.0, 9.0, "how far")
    notional: float = parameter(100.0, 1.0, 1e6, "of one order")

    def on_book(self, market, orders):
        {body}
"""


class Files:
    """A desk whose home has a folder of strategies."""

    def __init__(self, home: Path) -> None:
        self.one = TradingDesk(home / "journal")
        self.folder = home / "strategies"
        self.folder.mkdir()
        self.strategist = self.one.engine.strategist
        self.shelf = Shelf(self.strategist, home)
        self.actions = Actions(self.one.engine, self.one.trader, hot=self.one.hot, shelf=self.shelf)
        self.views = Views(self.one.engine, hot=self.one.hot)

    def write(self, name: str = "dip", *, parameter: str = "band", value: str = "0.2", body: str = "pass") -> Path:
        path = self.folder / f"{name}.py"
        path.write_text(CODE.format(name=parameter, value=value, body=body))
        return path

    async def set(self, action: str, name: str = "dip", **parameters: float) -> dict[str, float]:
        body = SetStrategy.model_validate({"strategy": name, "action": action, "parameters": parameters})
        await self.actions.set_strategy(body)
        return self.strategist.strategies[name].parameters

    def rows(self) -> dict[str, dict[str, object]]:
        return {str(row["name"]): row for row in cast(list[dict[str, object]], self.views.strategies())}


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    made = Files(tmp_path)
    yield made
    made.one.close()


async def test_a_file_that_is_new_starts_without_a_restart_of_hft(files: Files) -> None:
    files.write()
    assert await files.set("start") == {"band": 0.2, "notional": 100.0}
    assert files.rows()["dip"]["state"] == "running"


async def test_an_edited_file_is_read_afresh_at_the_next_start_and_keeps_what_still_fits(files: Files) -> None:
    files.write()
    await files.set("start", notional=250.0)
    files.write(parameter="width", value="7.0")
    await files.set("stop")
    assert await files.set("start") == {"width": 7.0, "notional": 250.0}


async def test_a_running_one_keeps_its_code_and_says_that_its_file_has_changed(files: Files) -> None:
    files.write()
    await files.set("start")
    assert files.rows()["dip"]["file"] == "same"
    path = files.write(parameter="width", value="7.0")
    await files.shelf.look()
    assert (files.rows()["dip"]["file"], files.rows()["dip"]["parameters"]) == (
        "changed", {"band": 0.2, "notional": 100.0},
    )  # fmt: skip
    assert await files.set("start", band=0.3) == {"band": 0.3, "notional": 100.0}
    path.unlink()
    await files.shelf.look()
    assert (files.rows()["dip"]["file"], files.rows()["dip"]["state"]) == ("deleted", "running")


async def test_a_deleted_file_cannot_be_started_and_leaves_the_list(files: Files) -> None:
    files.write().unlink()
    with pytest.raises(NoSuchStrategy, match="no strategy 'dip'"):
        await files.set("start")
    path = files.write()
    await files.set("start")
    await files.set("stop")
    path.unlink()
    with pytest.raises(NoSuchStrategy):
        await files.set("start")
    assert "dip" not in files.rows()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("buy(", r"dip\.py:9: '\(' was never closed"),
        ("market.mid", r"dip\.py:9: Dip\.on_book: market has no field 'mid'"),
        ("text = 'a'; buy(orders, text, 1)", r"dip\.py:\d+: dip\.on_book"),
    ],
)
async def test_a_start_of_a_broken_file_says_what_check_says(files: Files, body: str, says: str) -> None:
    files.write(body=body)
    with pytest.raises(BrokenStrategy, match=says):
        await files.set("start")
    assert "dip" not in files.strategist.running
    row = files.rows()["dip"]
    assert row["state"] in ("broken", "failed")
    assert "dip.py:" in str(row["fault"])
    files.write()
    await files.set("start")
    assert files.rows()["dip"]["state"] == "running"


async def test_what_is_in_the_folder_is_listed_with_what_is_wrong_with_it(files: Files) -> None:
    files.write()
    files.write("half", body="buy(")
    await files.shelf.look()
    rows = files.rows()
    assert (rows["dip"]["state"], rows["half"]["state"]) == ("stopped", "broken")
    assert "never closed" in str(rows["half"]["fault"])
    files.write("half")
    (files.folder / "dip.py").unlink()
    await files.shelf.look()
    assert {name for name, row in files.rows().items() if row["state"] == "stopped"} == {"half"}


@pytest.mark.parametrize("name", ["../dip", "/etc/passwd", "dip.py", "strategies/dip", "wish"])
async def test_a_start_reads_no_file_outside_the_folder(files: Files, name: str) -> None:
    (files.folder.parent / "dip.py").write_text("raise SystemExit('it was run')\n")
    with pytest.raises(NoSuchStrategy):
        await files.shelf.fresh(name)


async def test_an_edit_within_the_same_second_and_of_the_same_size_is_seen(files: Files) -> None:
    files.write(value="0.2")
    await files.set("start")
    await files.set("stop")
    files.write(value="0.7")
    await files.shelf.look()
    row = files.rows()["dip"]
    assert cast(dict[str, dict[str, float]], row["ranges"])["band"]["default"] == 0.7


async def test_a_new_default_counts_where_nobody_set_another_value(files: Files) -> None:
    files.write(value="0.2")
    await files.set("start", notional=300.0)
    files.write(value="0.7")
    await files.set("stop")
    assert await files.set("start") == {"band": 0.7, "notional": 300.0}
