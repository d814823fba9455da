"""`qbtc sweep`: its table, its document, and what it says of wrong words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli.sweep import FAULT, sweep
from qbtc.hft import data
from qbtc.hft.adapters.research import ResearchStore


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sweep keeps a summary there."""
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("sweep")
    lines = ["time,bid,bid_quantity,ask,ask_quantity"]
    for n in range(1200):
        mid = 50_000 + 40 * ((n // 40) % 2) + n % 7
        lines.append(f"{1_700_000_000_000_000_000 + n * 250_000_000},{mid - 0.5},0.250,{mid + 0.5},0.250")
    (folder / "quotes.csv").write_text("\n".join(lines))
    made = data.importing(folder / "quotes.csv", folder / "tape", symbol="BTCUSDT", kind="ticker", tick="0.1", lot="0.001")
    return str(made.path)


def test_a_sweep_keeps_a_summary_with_its_best_trials_unless_told_not_to(tape: str, home: Path) -> None:
    words = ["grid", "--data", tape, "--param", "step=2:4:1", "--objective", "profit"]
    assert CliRunner().invoke(sweep, [*words, "--no-keep"]).exit_code == 0
    assert ResearchStore(home).rows() == []
    assert CliRunner().invoke(sweep, words).exit_code == 0
    (row,) = ResearchStore(home).rows()
    assert (row["kind"], row["state"], row["asked"]["params"]) == ("sweep", "done", ["step=2:4:1"])
    result = ResearchStore(home).result(row["id"])
    assert result is not None
    assert row["headline"]["net"] == result["trials"][0]["profit"] == max(trial["profit"] for trial in result["trials"])


def test_a_sweep_prints_its_trials_and_what_they_are_worth(tape: str, tmp_path: Path) -> None:
    words = ["grid", "--data", tape, "--param", "step=2:4:1", "--walk", "60s,30s", "--folds", "3", "--out", str(tmp_path / "kept")]
    done = CliRunner().invoke(sweep, words)
    assert done.exit_code == 0, done.output
    assert "3 trials by sharpe" in done.output
    assert "Probability of backtest overfitting" in done.output
    assert "Walk-forward" in done.output
    again = CliRunner().invoke(sweep, [*words, "--json"])
    document = json.loads(again.stdout)
    assert [trial["parameters"] for trial in document["trials"]] == [{"step": 2.0}, {"step": 3.0}, {"step": 4.0}]
    assert document["best"] in [{"step": 2.0}, {"step": 3.0}, {"step": 4.0}]
    assert len(document["cross_validation"]) == 3


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["grid", "--param", "step"], "allowed: NAME=FROM:TO:STEP", 1),
        (["grid", "--param", "stepp=1"], "unknown parameter 'stepp'; allowed: ", 1),
        (["grid", "--param", "step=-5"], "is outside", 1),
        (["nobody", "--param", "a=1"], "there is no strategy 'nobody'", 1),
        (["grid", "--param", "step=2", "--objective", "luck"], "allowed: sharpe, profit", 1),
        (["grid", "--param", "step=2", "--queue", "fast"], "allowed: risk-averse", 1),
        (["grid", "--param", "step=2", "--fill", "venue"], "allowed: whole, partial", 1),
        (["grid", "--param", "step=2", "--walk", "1h"], "allowed: TRAIN,TEST", 1),
        (["grid", "--param", "step=2", "--walk", "9h,1h"], "walk-forward in", 1),
        (["grid", "--param", "step=2", "--ray", "nowhere:1"], "Ray", 1),
        (["grid", "--param", "step=2", "--search", "3", "--ray", "nowhere:1"], "a search, or all combinations on Ray", 1),
    ],
)
def test_what_cannot_be_swept_says_what_is_allowed(tape: str, words: list[str], says: str, code: int) -> None:
    done = CliRunner().invoke(sweep, [*words, "--data", tape])
    assert done.exit_code == code, done.output
    assert says in done.output + done.stderr


def test_a_cluster_of_the_environment_is_not_asked_for_a_search(tape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_RAY_ADDRESS", "nowhere:1")
    done = CliRunner().invoke(sweep, ["grid", "--data", tape, "--param", "step=2,3", "--search", "2", "--json"])
    assert done.exit_code == 0, done.stderr


def test_a_strategy_that_fails_ends_the_sweep_by_name(tape: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text(
        "from qbtc.hft.strategies.api import Market, Orders\n\n\nclass Broken:\n    zero: int = 0\n    n: int = 0\n\n"
        "    def on_book(self, market: Market, orders: Orders) -> None:\n        self.n = 1 // self.zero\n"
    )
    done = CliRunner().invoke(sweep, [str(file), "--data", tape, "--param", "n=1"])
    assert done.exit_code == 1
    file.write_text(file.read_text().replace("n: int = 0", "n: int = parameter(0, 0, 9, 'n')").replace("import ", "import parameter, ", 1))
    done = CliRunner().invoke(sweep, [str(file), "--data", tape, "--param", "n=1"])
    assert done.exit_code == FAULT, done.output
    assert "broken.py:9" in done.stderr
