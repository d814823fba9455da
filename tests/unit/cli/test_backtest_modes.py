"""`qbtc backtest --python` and on bars: the same documents, and how each refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.cli.tiny_tape import tickers

from qbtc.cli.root import root
from qbtc.hft import data

START, MINUTE = 1_700_000_040_000_000_000, 60_000_000_000
RICH = '''
from qbtc.hft.strategies.api import buy

class Rich:
    timer_seconds = 0.1

    def __init__(self):
        self.seen = []

    def on_timer(self, market, orders):
        self.seen.append(market.bid)
        if len(self.seen) == 5:
            print("five bids", self.seen)
            buy(orders, market.ask, 10)
        if len(self.seen) == 9:
            self.seen.missing()
'''
CROSS = '''
import numpy as np
from qbtc.hft.indicators import SMA

def position(bars, fast=2, slow=6, size=0.01):
    fast, slow = SMA(bars.close, timeperiod=fast), SMA(bars.close, timeperiod=slow)
    return np.where(fast > slow, size, 0.0)
'''


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tickers(tmp_path_factory.mktemp("tape") / "btc")


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    lines = ["time,open,high,low,close,volume"]
    for n in range(200):
        price = 1000 + 10 * ((n // 9) % 2) + n % 4
        lines.append(f"{START + n * MINUTE},{price},{price + 2},{price - 2},{price + 1},5")
    (folder / "bars.csv").write_text("\n".join(lines))
    return data.importing(folder / "bars.csv", folder / "tape", symbol="BTCUSDT", kind="bars", tick="0.1", lot="0.001").path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, ["backtest", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


# ---- plain Python


def test_plain_python_prints_the_document_of_the_compiled_run(tape: Path) -> None:
    compiled, plain = (run("grid", "--data", tape, "--param", "step=5", "--json", *more) for more in ([], ["--python"]))
    assert plain == compiled
    assert json.loads(plain[1])["counts"]["fills"] > 0


def test_a_class_that_only_python_can_run_is_named_without_the_option_and_fails_with_its_line_with_it(tape: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "rich.py", RICH)
    code, _, said = run(path, "--data", tape)
    assert code == 3
    assert "Rich.__init__ is not called by anybody" in said and "qbtc backtest --python" in said
    code, printed, said = run(path, "--data", tape, "--python")
    assert code == 3
    assert "five bids [" in printed
    assert f"{path}:16: rich.on_timer raised AttributeError: 'list' object has no attribute 'missing'" in said.replace("\n", "")


# ---- bars


def test_a_tape_of_bars_runs_a_file_of_positions(minutes: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "cross.py", CROSS)
    code, out, _ = run(path, "--data", minutes, "--param", "fast=3", "--fees", "maker=0,taker=0.0001", "--json", "--out", tmp_path / "out")
    found = json.loads(out)
    assert code == 0
    assert found["strategy"] == "cross" and found["counts"]["fills"] > 5
    assert found["parameters"] == {"fast": 3, "slow": 6, "size": 0.01, "slippage": 0.0}
    assert found["assumptions"]["fill"] == "next_open" and found["assumptions"]["taker_fee"] == 0.0001
    assert (tmp_path / "out" / "fills.parquet").is_file()
    code, printed, _ = run(path, "--data", minutes, "--fill", "close", "--bars", "5m", "--report", tmp_path / "r.html")
    assert code == 0
    assert "Backtest of cross on BTCUSDT" in printed and "traded at the very close" in printed
    assert (tmp_path / "r.html").is_file()


def test_bars_are_made_of_a_tape_of_quotes_only_where_they_can_be(tape: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "cross.py", CROSS)
    code, _, said = run(path, "--data", tape, "--bars", "1s")
    assert code == 1
    assert "there is nothing to make bars of; allowed: another source of trades, mids" in said.replace("\n", " ")
    code, out, _ = run(path, "--data", tape, "--bars", "1s:mids", "--json")
    assert code == 0 and json.loads(out)["counts"]["fills"] > 0
    code, _, said = run(path, "--data", tape)
    assert code == 3
    assert "it has position(bars, …), so say what bars to make, such as --bars 1m" in said.replace("\n", " ")


def test_a_strategy_of_books_on_bars_says_what_to_use(minutes: Path, tmp_path: Path) -> None:
    code, _, said = run("grid", "--data", minutes)
    assert code == 1
    assert "'grid' is a strategy of books and trades, not of bars" in said
    assert "a file with a function position(bars, …)" in said.replace("\n", " ")
    code, _, said = run(written(tmp_path, "rich.py", RICH), "--data", minutes)
    assert code == 1 and "has no function position(bars, …), which bars need" in said.replace("\n", " ")


@pytest.mark.parametrize(
    ("body", "more", "code", "says"),
    [
        ("def position(bars):\n    return bars.vwap\n", [], 3, "mine.py:2: mine.position raised AttributeError"),
        ("def position(bars, size):\n    return bars.close\n", [], 3, "mine.py:1: position: size needs a number as its default"),
        ("def position(bars):\n    return [1.0]\n", [], 1, "positions have the shape (1,); allowed: (200,)"),
        (CROSS, ["--param", "slov=3"], 1, "unknown parameter 'slov'; allowed: fast, slow, size"),
        (CROSS, ["--param", "slow=3.5"], 1, "slow = 3.5 must be a whole number"),
        (CROSS, ["--latency", "1ms"], 2, "--latency says something of books and orders"),
        (CROSS, ["--python"], 2, "--python says something of books and orders"),
        (CROSS, ["--fill", "partial"], 1, "fill = 'partial' is not understood; allowed: next_open, close"),
        (CROSS, ["--bars", "1x"], 1, "bars of '1x' are not understood; allowed: a time such as 1m or 1d"),
    ],
)
def test_what_bars_cannot_run_is_refused(
    minutes: Path, tmp_path: Path, body: str, more: list[str], code: int, says: str
) -> None:
    found, _, said = run(written(tmp_path, "mine.py", body), "--data", minutes, *more)
    assert says in " ".join(said.split()), said
    assert found == code
