"""`qbtc data` on the command line: what it prints, its exit codes, and that it starts fast."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qbtc.cli.root import root
from qbtc.hft.adapters.data import layouts, names

GOOD = (
    '1000000000000000000 {"lastUpdateId":1,"bids":[["1.00","1"]],"asks":[["2.00","1"]]}\n'
    '1000000000000000001 {"e":"trade","E":1700000000000,"s":"BTCUSDT","t":1,"p":"1.50","q":"1","T":1700000000000,"m":true}\n'
)
BAD = "1000000000000000002 {broken}\n"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))
    path = tmp_path / "source"
    path.write_text(GOOD)
    return path


def call(*words: object) -> Result:
    return CliRunner().invoke(root, ["data", *map(str, words)])


def test_import_says_what_it_made_and_puts_it_into_the_home(source: Path, tmp_path: Path) -> None:
    done = call("import", source)
    assert done.exit_code == 0, done.output
    assert "2 messages (1 trade, 1 snapshot), 3 rows" in done.output
    home = tmp_path / "home" / "data" / "binance-spot" / "BTCUSDT"
    assert (home / "tape.json").exists()
    listed = json.loads(call("ls", "--json").stdout)["items"]
    assert [(row["symbol"], row["rows"], row["path"]) for row in listed] == [("BTCUSDT", 3, str(home))]
    assert "BTCUSDT" in call("ls").output
    assert call("verify", home).exit_code == 0


def test_a_bad_line_fails_with_its_place_and_with_keep_going_ends_with_three(source: Path, tmp_path: Path) -> None:
    source.write_text(GOOD + BAD)
    failed = call("import", source, "--out", tmp_path / "t")
    assert failed.exit_code == 1
    assert "source, line 3: is no JSON frame" in failed.output
    gone_on = call("import", source, "--out", tmp_path / "t", "--keep-going", "--json")
    assert gone_on.exit_code == 3
    body = json.loads(gone_on.stdout)
    assert (body["refused"], body["finding_counts"]["bad_line"], body["messages"]) == (1, 1, 2)
    spoken = call("import", source, "--out", tmp_path / "u", "--keep-going")
    assert "1 lines could not be read and were left out" in spoken.output


def test_verify_ends_with_one_for_a_tape_that_was_changed(source: Path, tmp_path: Path) -> None:
    call("import", source, "--out", tmp_path / "t")
    (tmp_path / "t" / "lots.bin").write_bytes(b"x" * 12)
    done = call("verify", tmp_path / "t")
    assert done.exit_code == 1
    assert "NOT sound" in done.output
    assert "checksum: " in done.output
    assert json.loads(call("verify", tmp_path / "t", "--json").stdout)["items"][0]["sound"] is False


def test_verify_strict_fails_for_gaps_that_plain_verify_only_tells_of(source: Path, tmp_path: Path) -> None:
    source.write_text(GOOD + GOOD.splitlines()[1].replace('"t":1', '"t":3') + "\n")
    call("import", source, "--out", tmp_path / "t")
    assert call("verify", tmp_path / "t").exit_code == 0
    strict = call("verify", tmp_path / "t", "--strict")
    assert (strict.exit_code, "its source has gaps" in strict.output) == (1, True)


def test_pack_unpack_and_plot_say_where_their_files_are(source: Path, tmp_path: Path) -> None:
    call("import", source, "--out", tmp_path / "t")
    assert ": 1)" in call("pack", tmp_path / "t").output
    done = call("unpack", tmp_path / "t.tape.zst", "--out", tmp_path / "u")
    assert (done.exit_code, done.output.strip()) == (0, str(tmp_path / "u"))
    assert call("plot", tmp_path / "u").output.strip() == str(tmp_path / "u.png")
    assert call("plot", tmp_path / "nowhere").exit_code == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("import", "nowhere"), 1, "no such file"),
        (("import", "SOURCE", "--kind", "magic"), 2, "'magic' is not one of"),
        (("import", "SOURCE", "--map", "price"), 2, "is not ROLE=COLUMN"),
        (("import", "SOURCE", "--tick", "0"), 1, "must be above 0"),
        (("fetch", "BTCUSDT", "--type", "bookTicker", "--from", "2024-01-01"), 1, "no public bookTicker files of spot"),
        (("fetch", "BTCUSDT", "--type", "trades", "--from", "yesterday"), 2, "does not match the format"),
        (("unpack", "nowhere"), 1, "no such file"),
        (("ls", "nowhere"), 0, "no tapes below"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused_with_what_is_allowed(words: tuple[str, ...], code: int, said: str, source: Path) -> None:
    done = call(*(source if word == "SOURCE" else word for word in words))
    assert (done.exit_code, said in done.output) == (code, True), done.output


def test_fetch_ends_with_one_and_names_the_file_that_is_not_to_be_had(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from qbtc.hft.adapters.data import fetching

    monkeypatch.setattr(fetching.Fetcher, "one", lambda self, file: fetching.Fetched(file, error=f"{file.url}: no"))
    done = call("fetch", "btcusdt", "--type", "klines", "--from", "2024-01-01", "--json")
    assert done.exit_code == 1
    (row,) = json.loads(done.stdout)["items"]
    assert row["error"].endswith("BTCUSDT-1m-2024-01-01.zip: no")


def test_the_names_that_the_command_line_offers_are_those_that_are_read() -> None:
    assert set(names.BINANCE_KINDS) == set(layouts.BINANCE)
    assert set(names.TARDIS_KINDS) == {*layouts.TARDIS, "tardis-snapshot"}
    assert set(names.GENERIC_KINDS) == set(layouts.NEEDS)


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from qbtc.cli.root import load; load('data'); print(sorted({'numba','polars','matplotlib','zstandard','numpy','httpx'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_features_writes_a_table_and_says_what_is_absent(source: Path, tmp_path: Path) -> None:
    source.write_text(GOOD + GOOD.splitlines()[1].replace("1700000000000", "1700000002500").replace('"t":1', '"t":2') + "\n")
    call("import", source, "--out", tmp_path / "tape")
    done = call("features", tmp_path / "tape", "--out", tmp_path / "out" / "f.csv")
    assert done.exit_code == 0, done.output
    assert "2 bars of 1s, BTCUSDT" in done.output
    assert "BTCUSDT W: nothing is told of a perpetual contract on this symbol" in done.output
    assert (tmp_path / "out" / "f.csv").read_text().startswith("time,symbol,A,B,C,")
    found = json.loads(call("features", tmp_path / "tape", "--out", tmp_path / "f.parquet", "--json").stdout)
    assert (found["bars"], found["symbols"], found["absent"]["BTCUSDT"]["A"]) == (2, ["BTCUSDT"], "needs 30 bars without a break; W and Y need one")


def test_features_takes_open_interest_and_novelty(source: Path, tmp_path: Path) -> None:
    source.write_text(GOOD + GOOD.splitlines()[1].replace("1700000000000", "1700000002500").replace('"t":1', '"t":2') + "\n")
    call("import", source, "--out", tmp_path / "tape")
    table = tmp_path / "oi.csv"
    table.write_text("create_time,symbol,sum_open_interest\n2023-11-14 22:13:21,BTCUSDT,1001.5\n2023-11-14 22:13:20,BTCUSDT,1000\n")
    words = ("--out", tmp_path / "f.csv", "--open-interest", table, "--novelty", "--json")
    found = json.loads(call("features", tmp_path / "tape", *words).stdout)
    assert found["absent"]["BTCUSDT"]["O"] == "needs 30 bars without a break; W and Y need one"
    table.write_text("when,much\n1,2\n")
    done = call("features", tmp_path / "tape", *words)
    assert done.exit_code == 1
    assert "has the columns when, much; a table has the columns time and open_interest" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "f.txt"), "cannot be written as .txt"),
        (("--out", "f.csv", "--bar", "soon"), "'soon' is not a duration"),
        (("--out", "f.csv", "--plot", "f.bmp"), "cannot be drawn as .bmp"),
    ],
)
def test_features_refuses_what_it_cannot_do_by_name(source: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    call("import", source, "--out", tmp_path / "tape")
    given = [tmp_path / word if word.startswith("f.") else word for word in words]
    done = call("features", tmp_path / "tape", *given)
    assert done.exit_code == 1
    assert said in done.output
