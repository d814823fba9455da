"""`qbtc backtest`: what it prints and writes, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.unit.cli.tiny_tape import tickers, trades

from qbtc.cli.root import root
from qbtc.hft.adapters.research import ResearchStore
from qbtc.hft.backtest import run as backtest
from qbtc.hft.domain.statistics.registry import NAMES

STRATEGIES = '''
import math
from qbtc.hft.strategies.api import Market, Orders, buy, parameter

class Crash:
    timer_seconds = 0.1
    zero: int = 0
    def on_timer(self, market: Market, orders: Orders) -> None:
        self.zero = 1 // self.zero

class Lost:
    timer_seconds = 0.1
    def on_timer(self, market: Market, orders: Orders) -> None:
        buy(orders, math.nan, 1)

class Forgets:
    timer_seconds = 0.1
    mean: float = 0.0
    def on_timer(self, market: Market, orders: Orders) -> None:
        self.mean = math.nan
'''


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tickers(tmp_path_factory.mktemp("tape") / "btc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    below = tmp_path_factory.mktemp("tapes")
    tickers(below / "a" / "btc", seed=2)
    tickers(below / "eth", seed=3, symbol="ETHUSDT")
    return below


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, ["backtest", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_json_is_one_document_with_the_numbers_of_the_run(tape: Path) -> None:
    code, out, _ = run("grid", "--data", tape, "--param", "step=5", "--fees", "maker=0,taker=0.001", "--trials", 7, "--json")
    found: dict[str, Any] = json.loads(out, parse_constant=pytest.fail)
    expected = backtest("grid", tape, parameters={"step": 5}, fees=(0.0, 0.001), trials=7)
    assert code == 0
    assert set(found["stats"]) == set(NAMES)
    assert found["stats"]["net"] == expected.stats["net"]
    assert found["counts"]["fills"] == len(expected.fills) > 0
    assert found["parameters"]["step"] == 5.0
    assert found["assumptions"]["maker_fee"] == 0.0
    assert found["honesty"]["trials"] == 7
    assert found["honesty"]["deflated_sharpe"] == expected.honesty.deflated_sharpe
    assert (found["strategy"], found["symbol"]) == ("grid", "BTCUSDT")


def test_a_run_is_kept_with_its_report_unless_it_is_told_not_to(tape: Path, tmp_path: Path) -> None:
    assert run("grid", "--data", tape, "--no-keep")[0] == 0
    store = ResearchStore(tmp_path / "home")
    assert store.rows() == []
    assert run("grid", "--data", tape, "--param", "step=5")[0] == 0
    (row,) = store.rows()
    assert (row["kind"], row["state"], row["by"], row["report"]) == ("backtest", "done", "cli", True)
    assert row["asked"]["parameters"]["step"] == 5.0
    result = store.result(row["id"])
    assert result is not None and result["stats"]["net"] == row["headline"]["net"]
    assert (store.path(row["id"]) / "report.es.html").read_text().startswith("<!DOCTYPE html>")


def test_without_json_there_is_a_short_table_with_cautions_and_assumptions(tape: Path) -> None:
    code, out, _ = run("grid", "--data", tape, "--param", "step=5")
    assert code == 0
    for part in ("Backtest of grid on BTCUSDT", "Net profit", "Sharpe ratio, a year", "±", "Deflated Sharpe ratio", "! ", "- The recorded market"):
        assert part in out


def test_the_table_speaks_spanish(tape: Path) -> None:
    code, out, _ = run("grid", "--data", tape, "--lang", "es")
    assert code == 0
    assert "Resultado neto" in out and "El mercado grabado no reacciona" in out


def test_report_and_files_are_written_where_they_were_asked_for(tape: Path, tmp_path: Path) -> None:
    report, out = tmp_path / "r.html", tmp_path / "out"
    code, _, _ = run("grid", "--data", tape, "--report", report, "--out", out, "--json")
    assert code == 0
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in out.iterdir()) == ["equity.parquet", "fills.parquet", "orders.parquet", "result.json"]


def test_a_folder_of_tapes_is_run_tape_by_tape_with_a_sum(folder: Path, tmp_path: Path) -> None:
    report, out = tmp_path / "both.html", tmp_path / "out"
    code, printed, _ = run("grid", "--data", folder, "--json", "--report", report, "--out", out)
    found = json.loads(printed)
    assert code == 0
    assert [item["symbol"] for item in found["items"]] == ["BTCUSDT", "ETHUSDT"]
    assert found["sum"]["net"] == pytest.approx(sum(item["stats"]["net"] for item in found["items"]))
    assert found["failed"] == []
    assert (out / "a" / "btc" / "fills.parquet").is_file() and (out / "eth" / "result.json").is_file()
    assert "2 backtests side by side" in report.read_text(encoding="utf-8")
    code, printed, _ = run("grid", "--data", folder)
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()[-3:]] == ["a/btc", "eth", "Σ"]


def test_a_broken_tape_among_others_is_named_and_the_others_are_run(folder: Path) -> None:
    broken = tickers(folder / "broken", seed=4)
    (broken / "tick.bin").write_bytes(b"")
    try:
        code, out, err = run("grid", "--data", folder, "--json")
    finally:
        (broken / "tape.json").unlink()
    found = json.loads(out)
    assert code == 4
    assert len(found["items"]) == 2 and "tick.bin" in found["failed"][0]["error"]
    assert "tick.bin" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "there is no strategy 'nobody'"),
        (["grid", "--param", "step=99999"], "outside 0.1 to 1000.0"),
        (["grid", "--param", "step=nan"], "not a finite number"),
        (["grid", "--param", "stp=1"], "allowed: step, levels, notional"),
        (["grid", "--latency", "soon"], "allowed: 10ms"),
        (["grid", "--latency", "/nowhere.csv"], "/nowhere.csv cannot be read"),
        (["grid", "--queue", "fair"], "allowed: risk-averse"),
        (["grid", "--fill", "some"], "allowed: whole"),
        (["grid", "--fees", "free"], "allowed: maker=SHARE"),
        (["grid", "--sample", "often"], "allowed: a number with one of ns"),
        (["grid", "--sample", "1ns"], "allowed: 20,000,000 at most"),
        (["grid", "--no-tickers"], "no depth update, trade or ticker"),
        (["grid", "--report", "/proc/nowhere/r.html"], "cannot be written"),
    ],
)
def test_what_is_wrong_is_refused_with_what_is_allowed(arguments: list[str], said: str, tape: Path) -> None:
    code, out, err = run(*arguments, "--data", tape)
    assert code == 1
    assert said in err and "Traceback" not in err
    assert out == "" or "--report" in arguments


@pytest.mark.parametrize("arguments", [["grid"], ["grid", "--data", "x", "--param", "step"], ["grid", "--data", "x", "--trials", "0"]])
def test_a_command_line_that_cannot_be_read_has_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_path_without_tapes_is_refused_with_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, said in ((tmp_path, "holds no tape"), (tmp_path / "file", "is no folder"), (tmp_path / "none", "does not exist")):
        code, _, err = run("grid", "--data", path)
        assert code == 1
        assert said in err and "qbtc data import" in err


def test_a_tape_without_bid_and_ask_is_no_market(tmp_path: Path) -> None:
    code, _, err = run("grid", "--data", trades(tmp_path / "trades"))
    assert code == 1
    assert "no market" in err


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [("Crash", 9, "ZeroDivisionError"), ("Lost", 13, "NaN"), ("Forgets", 16, "mean is not a finite number")],
)
def test_a_strategy_that_fails_is_named_with_file_and_line_and_exit_code_3(
    name: str, line: int, said: str, tape: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bad.py"
    path.write_text(STRATEGIES)
    code, out, err = run(f"{path}:{name}", "--data", tape)
    assert code == 3
    assert f"{path}:{line}: " in err and said in err
    assert out == ""


def test_a_file_that_is_no_python_is_named_with_its_line_and_exit_code_3(tape: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("x = 1\ndef f(:\n")
    code, _, err = run(path, "--data", tape)
    assert code == 3
    assert f"{path}:2: invalid syntax" in err
