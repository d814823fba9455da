"""`qbtc session`: recordings are listed and told again; what is wrong with one is said in a sentence."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.hft.sessions.scene import NAMES, recorded

from qbtc.cli.session import session
from qbtc.hft.adapters.session_file import SessionWriter
from qbtc.hft.domain.session.kinds import Kind


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a recorded session of the three examples."""
    made = tmp_path_factory.mktemp("home")
    (made / "hft").mkdir()
    asyncio.run(recorded(made / "hft", 3, 500))
    return made


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("QBTC_HOME", str(home))
    return None


def call(*words: str) -> Result:
    return CliRunner().invoke(session, [*words])


@pytest.mark.usefixtures("run")
def test_recordings_are_listed_with_what_ran() -> None:
    rows = json.loads(call("ls", "--json").stdout)["items"]
    assert rows[-1]["tier"] == "service"
    assert sorted(rows[-1]["strategies"]) == sorted(NAMES)
    assert rows[-1]["whole"]
    assert "imbalance on BTCUSDT" in call("ls").stdout


@pytest.mark.usefixtures("run")
def test_the_last_one_is_told_again() -> None:
    found = json.loads(call("replay", "last", "--json").stdout)
    assert (found["same"], found["share"]) == (True, 1.0)
    shown = call("replay", "last")
    assert shown.exit_code == 0
    assert "100%: every request is the same, byte for byte." in shown.stdout


@pytest.mark.usefixtures("run")
def test_a_name_of_the_list_is_enough(home: Path) -> None:
    name = sorted((home / "hft" / "sessions").glob("*.session"))[-1].stem
    assert call("replay", name).exit_code == 0


@pytest.mark.usefixtures("run")
def test_the_code_in_the_recording_can_be_run_instead_of_the_files_of_now() -> None:
    assert call("replay", "last", "--recorded-code").exit_code == 0


@pytest.mark.usefixtures("run")
def test_a_difference_is_shown_with_both_requests_and_has_its_exit_code() -> None:
    shown = call("replay", "last", "--param", "grid.notional=150")
    assert shown.exit_code == 4
    assert "the first difference is at thing" in shown.stdout
    then, now = (next(line for line in shown.stdout.splitlines() if line.split()[0] == word) for word in ("then", "now"))
    assert "POST /api/v3/order?symbol=BTCUSDT" in then
    assert then.split()[1:] != now.split()[1:]


@pytest.mark.usefixtures("run")
def test_how_long_its_orders_took_is_said_and_written(tmp_path: Path) -> None:
    found = json.loads(call("latency", "last", "--out", str(tmp_path / "table.csv"), "--json").stdout)
    rows = (tmp_path / "table.csv").read_text().splitlines()
    assert rows[0] == "asked,reached,answered"
    assert found["orders"] == len(rows) - 1 > 0
    assert 0 <= found["p50_ms"] <= found["p99_ms"]
    assert "orders" in call("latency", "last").stdout


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("replay", "nothing"), "nothing: there is no session recording", 1),
        (("latency", "nothing"), "nothing: there is no session recording", 1),
        (("replay", "last", "--param", "notional=1"), "several strategies ran; say which: ", 2),
        (("replay", "last", "--param", "grid.notional=x"), "is not [STRATEGY.]NAME=VALUE with a number", 2),
        (("replay", "last", "--param", "none.notional=1"), "no strategy 'none' ran in it", 1),
        (("replay", "last", "--param", "grid.width=1"), "unknown parameter 'width'", 1),
        (("replay", "last", "--strategy", "grid=/nowhere.py"), "there is no strategy '/nowhere.py'", 1),
        (("replay", "last", "--strategy", "/nowhere.py"), "several strategies ran; say which", 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(words: tuple[str, ...], says: str, code: int) -> None:
    done = call(*words)
    assert done.exit_code == code
    assert says in done.stderr


@pytest.mark.usefixtures("run")
def test_a_recording_that_is_damaged_is_listed_as_such(home: Path) -> None:
    path = home / "hft" / "sessions" / "20000101T000000-service.session"
    path.write_bytes(b"QBTC session 1\r\nnothing like a block in here")
    try:
        (row,) = [row for row in json.loads(call("ls", "--json").stdout)["items"] if row["path"] == str(path)]
        assert "damaged at byte 16 of 44: no block begins here" in row["error"]
        assert call("replay", str(path)).exit_code == 1
    finally:
        path.unlink()


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("words", [b'{"d":[["tier","service"]]}', b"[" * 200_000])
def test_one_whose_head_cannot_be_read_is_named_beside_the_others(home: Path, words: bytes) -> None:
    path = home / "hft" / "sessions" / "20000101T000000-service.session"
    writer = SessionWriter(path)
    writer.put(Kind.HEAD, 1, words)
    writer.close()
    try:
        shown = call("ls")
        assert shown.exit_code == 0
        assert "20000101T000000-service: " in shown.stderr
        assert "cannot be read" in shown.stderr
        assert "imbalance on BTCUSDT" in shown.stdout
        assert call("replay", path.stem).exit_code == 1
    finally:
        path.unlink()
