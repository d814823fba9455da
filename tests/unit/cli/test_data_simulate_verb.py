"""`qbtc data simulate`, `calibrate` and `facts` as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qbtc.cli.data import data
from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.volume.facts import NAMES
from qbtc.core.market.volume.usual import usual
from qbtc.hft.adapters.data.simulating import read, write


def said(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(data, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    write(folder / "p.json", usual(KNOWN["ETHUSDT"]))
    done = said("simulate", "--like", folder / "p.json", "--duration", "2m", "--seed", 5, "--out", folder / "tape")
    assert "ETHUSDT (simulated binance-spot)" in done.stdout
    return folder / "tape"


def test_a_simulated_tape_verifies_strictly_and_is_made_again_from_what_it_says(tape: Path, tmp_path: Path) -> None:
    assert "sound" in said("verify", "--strict", tape).stdout
    made = json.loads(said("simulate", "--symbol", "ETHUSDT", "--duration", "120s", "--seed", 5, "--out", tmp_path / "a", "--json").stdout)
    there = json.loads((tape / "tape.json").read_text())
    assert made["columns"] == there["columns"]
    assert made["options"]["seed"] == 5
    write_back = tmp_path / "back.json"
    write_back.write_text(json.dumps(there["options"]["simulated"]))
    again = said("simulate", "--like", write_back, "--rows", there["rows"], "--seed", 5, "--out", tmp_path / "b", "--json")
    assert json.loads(again.stdout)["columns"]["tick"]["crc32"] == there["columns"]["tick"]["crc32"]


def test_the_start_is_the_one_that_was_given(tmp_path: Path) -> None:
    words = ("--symbol", "BTCUSDT", "--rows", 5000, "--start", "2026-01-02T03:04:05", "--out", tmp_path / "a", "--json")
    assert json.loads(said("simulate", *words).stdout)["first_exchange"] == 1_767_323_045 * 10**9


def test_facts_are_a_table_of_one_or_two_tapes_or_json_or_a_picture(tape: Path, tmp_path: Path) -> None:
    alone = said("facts", tape).stdout
    assert all(name in alone and meaning in alone for name, meaning in NAMES.items())
    both = json.loads(said("facts", tape, "--beside", tape, "--json", "--plot", tmp_path / "f.png").stdout)["items"]
    assert both[0]["facts"] == both[1]["facts"]
    assert both[0]["facts"]["volatility_60s"] is None or both[0]["facts"]["volatility_60s"] > 0
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")


def test_a_fit_writes_its_parameters_beside_the_tape(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbtc.core.market.volume.calibrate.ROUNDS", 1)
    assert said("calibrate", tape).stdout.strip() == str(tape.with_name("tape.crowd.json"))
    found = read(tape.with_name("tape.crowd.json"))
    assert found.symbol == "ETHUSDT"
    assert found.venue == "simulated binance-spot"
    assert found.interval == 100_000_000


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["--rows", "5"], "--like and --symbol", 2), (["--symbol", "BTCUSDT"], "--rows, --duration", 2),
        (["--symbol", "BTCUSDT", "--like", "x", "--rows", "5"], "--like and --symbol", 2),
        (["--symbol", "BTCUSDT", "--duration", "soon"], "soon", 2), (["--symbol", "NOPE", "--rows", "5"], "ADAUSDT", 1),
        (["--like", "nowhere", "--rows", "5"], "holds no tape.json", 1), (["--symbol", "BTCUSDT", "--rows", "5", "--seed", "-1"], "seed", 2),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_says_what_is_allowed(tmp_path: Path, words: list[str], says: str, code: int) -> None:
    done = said("simulate", *words, "--out", tmp_path / "a", code=code)
    assert says in done.output + done.stderr
    assert not (tmp_path / "a").exists()


def test_facts_of_a_tape_without_a_book_say_so(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("time,price,qty,side\n1,1.5,2,buy\n2,1.5,2,buy\n")
    said("import", tmp_path / "t.csv", "--symbol", "BTCUSDT", "--out", tmp_path / "t")
    done = said("facts", tmp_path / "t", code=1)
    assert "a tape with a snapshot and depth updates" in done.output + done.stderr
