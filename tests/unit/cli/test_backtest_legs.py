"""`qbtc backtest` of strategies with several markets, and funding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.unit.cli.tiny_tape import BEGIN, tickers

from qbtc.cli.root import root
from qbtc.hft import backtest, portfolio, sweep
from qbtc.hft.backtest import BadAssumption

CARRY = '''
"""Buys one, sells the other."""
from qbtc.hft.strategies.api import POST, Market, Orders, buy, sell_market

class Carry:
    legs = ("spot", "perp")
    timer_seconds = 0.5
    def on_timer(self, market: Market, orders: Orders) -> None:
        if market.spot.own == 0 and market.spot.position < 100:
            buy(orders.spot, market.spot.bid, 10, POST)
    def on_fill(self, market: Market, orders: Orders) -> None:
        if market.leg == 0:
            sell_market(orders.perp, market.spot.fill_lots)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("legs")
    tickers(made / "spot", seed=1)
    tickers(made / "perp", seed=2)
    (made / "carry.py").write_text(CARRY)
    (made / "funding.csv").write_text(f"calc_time,funding_interval_hours,last_funding_rate\n{BEGIN // 10**6 + 200_000},8,0.0003\n")
    return made


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, ["backtest", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def both(folder: Path) -> tuple[str, ...]:
    return str(folder / "carry.py"), "--data", f"spot={folder / 'spot'}", "--data", f"perp={folder / 'perp'}"


def test_each_leg_has_its_words_and_the_whole_is_their_sum(folder: Path, tmp_path: Path) -> None:
    funding = f"perp:funding={folder / 'funding.csv'}"
    code, out, error = run(
        *both(folder), "--leg", "perp:latency=20ms", "--leg", "spot:fees=maker=0,taker=0", "--leg", funding, "--json",
        "--report", tmp_path / "report.html", "--out", tmp_path / "out",
    )  # fmt: skip
    assert (code, error) == (0, "")
    found: dict[str, Any] = json.loads(out, parse_constant=pytest.fail)
    spot, perp = found["legs"]["spot"], found["legs"]["perp"]
    assert (spot["assumptions"]["latency"], perp["assumptions"]["latency"]) == ("10ms", "20ms")
    assert spot["stats"]["fees"] == 0 < perp["stats"]["fees"]
    assert (spot["assumptions"]["funding"], perp["assumptions"]["funding"]) == ("none", str(folder / "funding.csv"))
    assert spot["counts"]["position_lots"] == -perp["counts"]["position_lots"] > 0
    assert perp["stats"]["funding"] < 0
    for name in ("net", "gross", "funding", "fees", "traded", "fills"):
        assert found["stats"][name] == pytest.approx(spot["stats"][name] + perp["stats"][name])
    assert found["stats"]["sharpe"] not in (spot["stats"]["sharpe"], perp["stats"]["sharpe"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Backtest of carry on 2 markets" in page
    assert page.count("all together") > 2
    joint = found["stats"]["sharpe"]
    assert f'<data value="{joint!r}" data-name="sharpe">' in page
    assert json.loads((tmp_path / "out" / "result.json").read_text()) == found
    assert (tmp_path / "out" / "perp" / "fills.parquet").exists()


def test_legs_in_plain_python_give_the_document_of_the_compiled_run(folder: Path) -> None:
    compiled, plain = (run(*both(folder), "--json", *more) for more in ([], ["--python"]))
    assert plain == compiled
    assert json.loads(plain[1])["stats"]["fills"] > 0


def test_people_see_a_line_a_leg_and_the_sum(folder: Path) -> None:
    code, out, _ = run(*both(folder))
    assert code == 0
    assert ("spot" in out, "perp" in out, "Σ" in out) == (True, True, True)
    assert "- perp: Nothing but fees is charged" in out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--data", "spot=x"], "carry has the legs spot, perp; give --data spot=TAPE --data perp=TAPE"),
        (["--data", "x"], "carry has the legs spot, perp"),
    ],
)
def test_a_leg_without_a_tape_is_a_mistake_of_the_command_line(given: list[str], said: str, folder: Path) -> None:
    code, _, error = run(folder / "carry.py", *given)
    assert code == 2
    assert said in " ".join(error.split())


def test_a_word_or_leg_that_does_not_exist_is_named(folder: Path) -> None:
    code, _, error = run(*both(folder), "--leg", "swap:latency=5ms")
    assert code == 2
    assert "allowed: LEG:WORD=VALUE with spot, perp and latency, queue, fill, fees, funding" in " ".join(error.split())


def test_one_market_takes_one_tape_and_no_legs(folder: Path) -> None:
    assert run("grid", "--data", folder / "spot", "--data", folder / "perp")[0] == 2
    assert run("grid", "--data", folder / "spot", "--leg", "spot:latency=5ms")[0] == 2


def test_legs_are_refused_where_one_market_is_meant(folder: Path) -> None:
    carry, tapes = str(folder / "carry.py"), {"spot": folder / "spot", "perp": folder / "perp"}
    with pytest.raises(BadAssumption, match="carry trades 2 markets at once; allowed: a tape for each of spot, perp"):
        backtest.run(carry, folder / "spot")
    with pytest.raises(BadAssumption, match="carry trades 2 markets at once"):
        sweep.run(carry, folder / "spot", [{}])
    with pytest.raises(BadAssumption, match="grid trades one market"):
        portfolio.run("grid", tapes)
    with pytest.raises(BadAssumption, match="given: spot; allowed: a tape for each"):
        portfolio.run(carry, {"spot": folder / "spot"})
    with pytest.raises(BadAssumption, match="fill rules spot venue, perp whole: the venue decides all fills or none"):
        portfolio.run(carry, tapes, fill={"spot": "venue"})
    with pytest.raises(BadAssumption, match="allowed with self-trade prevention expire-taker: venue"):
        portfolio.run(carry, tapes, stp="expire-taker")
    with pytest.raises(BadAssumption, match="latency of 'swap': there is no such leg"):
        portfolio.run(carry, tapes, latency={"swap": "5ms"})


def test_profits_in_two_currencies_are_not_added(folder: Path, tmp_path: Path) -> None:
    other = tickers(tmp_path / "eth", symbol="ETHBTC")
    with pytest.raises(BadAssumption, match=r"spot BTCUSDT \(USDT\), perp ETHBTC \(BTC\) are not in one currency"):
        portfolio.run(str(folder / "carry.py"), {"spot": folder / "spot", "perp": other})


def test_a_table_of_funding_is_read_or_refused_with_its_reason(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("when,what\n1,2\n")
    code, _, error = run("grid", "--data", folder / "spot", "--funding", tmp_path / "no.csv")
    assert code == 1
    assert "has the columns when, what; a table of funding has the columns time (ns, ms or a date), rate" in " ".join(error.split())
    assert run("grid", "--data", folder / "spot", "--funding", tmp_path / "absent.csv")[0] == 1
    (tmp_path / "dates.csv").write_text("time,rate,mark\n2023-11-14T22:14:20,0.01,50000\n")
    found = backtest.run("grid", folder / "spot", parameters={"step": 2}, funding=str(tmp_path / "dates.csv"))
    assert found.funding["time"].tolist() == [1_700_000_060_000_000_000]
    assert found.frame("funding")["held"].len() == 1
    assert found.stats["funding"] == found.funding["paid"][0]
    core = backtest.run("grid", folder / "spot", parameters={"step": 2}, funding=str(tmp_path / "dates.csv"), fill="venue")
    assert core.funding["mark"].tolist() == [50000.0]
    (tmp_path / "late.csv").write_text("time,rate\n2024-11-14T22:14:20,0.01\n")
    with pytest.raises(BadAssumption, match="no settlement lies within the tape"):
        backtest.run("grid", folder / "spot", funding=str(tmp_path / "late.csv"))
    (tmp_path / "odd.csv").write_text("time,rate\n-5,0.01\n")
    with pytest.raises(BadAssumption, match="row 1: -5 is no time"):
        backtest.run("grid", folder / "spot", funding=str(tmp_path / "odd.csv"))


def test_tables_of_a_result_are_in_decimals(folder: Path) -> None:
    found = backtest.run("grid", folder / "spot", parameters={"step": 2})
    fills = found.frame("fills")
    assert ((fills["mid"] - fills["price"]).abs() < 10).all()
    assert found.frame("orders")["stop"].to_list() == [0.0] * len(found.orders)


def test_a_strategy_with_legs_is_checked_and_timed(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(root, ["strategy", "check", str(folder / "carry.py")])
    assert "legs: spot, perp" in done.stdout
    done = CliRunner().invoke(root, ["strategy", "test", str(folder / "carry.py"), "--json"])
    assert done.exit_code == 0, done.stderr
    rows = {row["method"]: row for row in json.loads(done.stdout)["methods"]}
    assert rows.keys() == {"on_timer", "on_fill"}
    assert all(0 < row["compiled_ns"] < row["plain_ns"] for row in rows.values())
    wrong = CARRY.replace("sell_market(orders.perp, market.spot.fill_lots)", "sell_market(orders.perp, market.perp.bid // (market.spot.bid - market.spot.bid))")
    (tmp_path / "wrong.py").write_text(wrong.replace("market.leg == 0", "market.leg == 1"))
    done = CliRunner().invoke(root, ["strategy", "test", str(tmp_path / "wrong.py")])
    assert done.exit_code == 1
    assert "wrong.py:13" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_legs_are_swept_with_a_tape_and_words_for_each(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sized.py").write_text(CARRY.replace("import POST", "import parameter, POST").replace("    timer", "    size: int = parameter(10, 1, 99, 'lots')\n    timer", 1).replace("bid, 10", "bid, self.size"))
    tapes = ["--data", f"spot={folder / 'spot'}", "--data", f"perp={folder / 'perp'}"]
    words = ["sweep", str(tmp_path / "sized.py"), *tapes, "--param", "size=5,10", "--folds", "3", "--walk", "60s,30s"]
    done = CliRunner().invoke(root, [*words, "--leg", "spot:fees=maker=0,taker=0"])
    assert done.exit_code == 0, done.stderr
    assert "sized on spot=BTCUSDT perp=BTCUSDT: 2 trials" in " ".join(done.stdout.split())
    found = json.loads(CliRunner().invoke(root, [*words, "--leg", "spot:fees=maker=0,taker=0", "--json"]).stdout)
    plain = json.loads(CliRunner().invoke(root, [*words, "--json"]).stdout)
    for cheap, dear in zip(found["trials"], plain["trials"], strict=True):
        assert cheap["fees"] < dear["fees"]
        assert cheap["position"] == dear["position"]
        assert cheap["position"]["spot"] == -cheap["position"]["perp"] > 0
    for more, says in ((["--leg", "swap:latency=1ms"], "allowed: LEG:WORD=VALUE"), (["--data", "swap=x"], "has the legs spot, perp")):
        done = CliRunner().invoke(root, [*words, *more])
        assert done.exit_code == 2
        assert says in " ".join(done.stderr.split())
    done = CliRunner().invoke(root, ["sweep", "grid", "--data", str(folder / "spot"), "--leg", "a:latency=1ms", "--param", "step=2"])
    assert (done.exit_code, "trades one market" in done.stderr) == (2, True)
