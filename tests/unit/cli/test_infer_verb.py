"""`qbtc infer` reads bars and features from CSV and Parquet, shows every model, and says what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from qbtc.cli.infer import infer

PLAN = ["--train", "150", "--test", "60", "--window", "20", "--lag", "5"]


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(infer, words)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """Three columns and a clock; the first ten targets are absent, as those of young windows are."""
    rows = np.random.default_rng(0).normal(size=(230, 3))
    rows[:10, 1] = np.nan
    made = pl.DataFrame({"time": np.arange(230), "A": rows[:, 0], "B": rows[:, 1], "C": rows[:, 2]})
    made.write_parquet(tmp_path / "features.parquet")
    made.with_columns(pl.col("B").fill_nan(None)).write_csv(tmp_path / "features.csv")
    return tmp_path


def test_every_model_is_shown_with_a_verdict_and_the_change_with_its_p(features: Path) -> None:
    text = said(str(features / "features.csv"), "--target", "B", *PLAN)
    assert all(name in text for name in ("base rate", "quantum filter", "quantum direct", "gaussian hmm", "kalman"))
    assert "held-out rows of 220" in text
    assert "change of state  D" in text
    assert "faster or better for being quantum" in text


def test_parquet_and_csv_give_the_same_answer(features: Path) -> None:
    one, two = (json.loads(said(str(features / f"features.{kind}"), "--target", "B", "--json", *PLAN)) for kind in ("csv", "parquet"))
    assert one == two
    assert one["dimensions"] == 3, "the clock is no feature"


def test_a_file_with_prices_is_taken_as_bars(tmp_path: Path) -> None:
    close = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 1e-3, 230)))
    frame = pl.DataFrame({"time": np.arange(230), "open": close, "high": close * 1.001, "low": close * 0.999, "close": close, "volume": 5.0})
    frame.write_csv(tmp_path / "bars.csv")
    found = json.loads(said(str(tmp_path / "bars.csv"), "--json", *PLAN))
    assert (found["dimensions"], found["edges"]) == (26, [0.0])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--target", "D"], 2, "its columns of numbers: A, B, C"),
        ([], 2, "Say with --target"),
        (["--target", "B", "--edges", "low"], 2, "numbers with commas"),
        (["--target", "B", "--horizon", "100"], 1, "at least 1000 to train on"),
        (["--target", "B", "--symbol", "BTCUSDT"], 2, "one of them"),
    ],
)
def test_what_is_wrong_is_said(features: Path, words: list[str], code: int, says: str) -> None:
    assert says in said(str(features / "features.csv"), *words, code=code)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.parquet").write_bytes(b"no table")
    assert "cannot be read" in said(str(tmp_path / "no.parquet"), "--target", "A", code=1)
