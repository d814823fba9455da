"""`qbtc stats`: columns of a file to a method and its words."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qbtc.cli.stats import stats
from qbtc.qcs.statistics.methods import METHODS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stats, list(arguments))


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    file = tmp_path / "prices.csv"
    price, lines = 100.0, ["time,btc,eth"]
    for i in range(200):
        price *= math.exp(0.01 * math.sin(i * i))
        lines.append(f"2026-01-{i},{price:.6f},{2 * price + math.cos(i * i * i):.6f}")
    file.write_text("\n".join(lines) + "\n")
    return file


def test_without_a_method_all_are_listed() -> None:
    found = run().output
    assert all(name in found for name in METHODS)


def test_without_a_file_a_method_says_what_it_takes() -> None:
    found = run("garch").output
    assert "columns: values" in found
    assert "--set errors=normal  normal, t, skewt" in found


def test_a_column_of_prices_becomes_returns_and_is_answered_in_words(prices: Path) -> None:
    found = run("bootstrap", str(prices), "-c", "btc", "--returns", "-s", "statistic=sharpe")
    assert found.exit_code == 0, found.output
    assert found.output.startswith("The sharpe of 199 values is")
    assert "estimate" in found.output


def test_json_is_what_http_answers(prices: Path) -> None:
    found = json.loads(run("changepoints", str(prices), "-c", "2", "--json").output)
    assert found["method"] == "changepoints"
    assert found["result"]["n"] == 200


def test_a_method_for_several_series_takes_all_columns_of_numbers(prices: Path) -> None:
    found = json.loads(
        run("copula", str(prices), "-c", "btc", "-c", "eth", "--json", "-s", "draws=0", "-s", "family=gumbel").output
    )
    assert found["result"]["kendall"] > 0.5


def test_a_method_with_a_target_takes_the_first_column_for_it(prices: Path) -> None:
    found = json.loads(run("bayes", str(prices), "-c", "eth", "-c", "btc", "--json").output)
    assert found["result"]["coefficients"]["x0"]["value"] == pytest.approx(2, abs=0.2)


def test_a_file_without_a_header_has_columns_by_number(tmp_path: Path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("\n".join(f"{math.sin(i)},{i}" for i in range(30)))
    assert json.loads(run("bootstrap", str(file), "-c", "1", "--json").output)["result"]["n"] == 30


def test_dates_in_the_first_row_are_no_header_and_no_row_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "dated.csv"
    file.write_text("\n".join(f"2026-01-{i + 1:02d},{math.sin(i)}" for i in range(30)))
    for column in ([], ["-c", "2"]):
        assert json.loads(run("bootstrap", str(file), *column, "--json").output)["result"]["n"] == 30


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-c", "xrp"], "has no column 'xrp'"),
        (["-c", "time"], "line 2, column time: '2026-01-0' is not a number"),
        ([], "hurst takes 1 column(s): values"),
        (["-c", "btc", "-s", "draws"], "has no value"),
        (["-c", "btc", "-s", "method=rs2"], "method"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(prices: Path, arguments: list[str], words: str) -> None:
    found = run("hurst", str(prices), *arguments)
    assert found.exit_code == 1
    assert words in found.output + found.stderr


def test_an_unknown_method_is_refused() -> None:
    found = run("garhc")
    assert found.exit_code == 1
    assert "garch" in found.output + found.stderr


def test_prices_that_are_not_positive_have_no_returns(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("p\n1\n-1\n2\n")
    assert "no price" in run("bootstrap", str(file), "--returns").stderr
