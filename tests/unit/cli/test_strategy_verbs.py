"""What `qbtc strategy` says of files that are fine, do not compile, or would halt trading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli import engine_http
from qbtc.cli.root import root
from qbtc.engines.base import EngineError

HEAD = "from qbtc.hft.strategies.api import buy\n\n\nclass Mine:\n    x: float = 0.0\n\n"
BOOK = "    def on_book(self, market, orders):\n        "


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    monkeypatch.setattr(engine_http, "call", _silent)
    (tmp_path / "strategies").mkdir()
    return tmp_path / "strategies"


def _silent(*_: object, **__: object) -> object:
    raise EngineError("HFT does not answer.")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(root, ["strategy", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('boom')", "mine.py:8: mine.on_book raised ValueError: boom"),
        ("buy(orders, market.bid * float('nan'), 1)", "mine.py:7: mine.on_book asked for a price or size that is NaN"),
        ("self.x = 1e308 * 10.0 * (self.x + 1.0)", "x is not a finite number any more"),
        ("if self.x > 3000.0:\n            raise ValueError('late')\n        self.x += 1.0", "mine.py:9: mine.on_book raised ValueError: late"),
    ],
)  # fmt: skip
def test_a_trial_of_what_would_halt_trading_is_one_line_with_file_and_line(folder: Path, body: str, says: str) -> None:
    (folder / "mine.py").write_text(f"{HEAD}{BOOK}{body}\n")
    code, output = run("test", "mine")
    assert code == 1
    assert says in output
    assert "Traceback" not in output
    assert len(output.splitlines()) == 2


def test_a_trial_of_what_is_fine_times_each_method(folder: Path) -> None:
    (folder / "mine.py").write_text(f"{HEAD}{BOOK}self.x += 1.0\n")
    code, output = run("test", "mine", "--json")
    assert (code, [row["method"] for row in json.loads(output)["methods"]]) == (0, ["on_book"])


def test_the_list_marks_what_cannot_be_read_and_what_does_not_compile(folder: Path) -> None:
    (folder / "fine.py").write_text(f"{HEAD}{BOOK}self.x += 1.0\n")
    (folder / "syntax.py").write_text(f"{HEAD}{BOOK}self.x +=\n")
    (folder / "numpyy.py").write_text(f"import json\n{HEAD}{BOOK}self.x = json.loads('1')\n")
    code, output = run("ls")
    lines = {line.split()[0]: line for line in output.splitlines()}
    assert code == 0
    assert "cannot be used" not in lines["fine"]
    for name in ("syntax", "numpyy"):
        assert "cannot be used" in lines[name]
        assert f"{name}.py:" in lines[name]


def test_the_list_says_what_runs_and_whose_file_has_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"name": "grid", "state": "running", "file": "same"},
        {"name": "mine", "state": "running", "file": "changed"},
        {"name": "gone", "state": "running", "file": "deleted"},
        {"name": "imbalance", "state": "stopped", "file": "same"},
    ]  # fmt: skip
    monkeypatch.setattr(engine_http, "call", lambda *_, **__: {"items": rows})
    (folder / "mine.py").write_text(f"{HEAD}{BOOK}self.x += 1.0\n")
    lines = {line.split()[0]: line for line in run("ls")[1].splitlines()}
    assert "running  " in lines["grid"]
    assert "running, file changed" in lines["mine"]
    assert "running, file deleted" in lines["gone"]
    assert "stopped" not in lines["imbalance"]


def test_a_start_says_the_symbol_of_each_leg(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[dict[str, object]]()
    row = {"name": "pairs", "state": "running", "tier": "service", "file": "same", "parameters": {}, "legs": {"a": "BTCUSDT", "b": "ETHUSDT"}}
    monkeypatch.setattr(engine_http, "call", lambda *words, **_: (asked.append(words[2]), row)[1])
    code, output = run("start", "pairs", "--leg", "a=btcusdt", "--leg", "b=ETHUSDT")
    assert (code, asked[0]["legs"]) == (0, row["legs"])
    assert "a=BTCUSDT, b=ETHUSDT" in output


def test_a_leg_without_a_symbol_is_refused(folder: Path) -> None:
    code, output = run("start", "pairs", "--leg", "a")
    assert code == 2
    assert "'a' is not LEG=SYMBOL." in output
