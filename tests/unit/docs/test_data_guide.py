"""The guide to market data does what it says: its commands and snippets run, on a small recording."""

from __future__ import annotations

import contextlib
import gzip
import io
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.docs.test_docs import FENCE, ROOT, commands

from qbtc.cli.root import root

PAGE = ROOT / "docs/guide/hft/data.md"
FRAMES = """\
1700000000000000000 {"lastUpdateId":10,"bids":[["100.00","1"],["99.99","2"]],"asks":[["100.01","3"],["100.02","1"]]}
1700000000100000000 {"e":"depthUpdate","E":1700000000090,"s":"BTCUSDT","U":11,"u":12,"b":[["100.00","0"]],"a":[["100.01","2.5"]]}
1700000000200000000 {"e":"trade","E":1700000000180,"s":"BTCUSDT","t":1,"p":"100.01","q":"0.5","T":1700000000180,"m":false}
1700000000300000000 {"u":13,"s":"BTCUSDT","b":"99.99","B":"2","a":"100.01","A":"2"}
1700000000400000000 {"e":"depthUpdate","E":1700000000390,"s":"BTCUSDT","U":13,"u":13,"b":[["100.00","4"]],"a":[["100.03","1"]]}
1700000000500000000 {"u":13,"s":"BTCUSDT","b":"100.00","B":"4","a":"100.01","A":"2"}
1700000000600000000 {"e":"trade","E":1700000000580,"s":"BTCUSDT","t":2,"p":"100.00","q":"1","T":1700000000580,"m":true}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QBTC_HOME", str(tmp_path / "home"))
    (tmp_path / "recorded.gz").write_bytes(gzip.compress(FRAMES.encode()))
    (tmp_path / "ticks.csv").write_text("when,px,amt,dir\n2024-08-08T00:00:00Z,1.5,2,buy\n")
    return tmp_path


def test_the_guides_commands_and_snippets_run(place: Path) -> None:
    for line in commands(PAGE):
        words = shlex.split(line)[1:]
        if words[1] != "fetch":
            done = CliRunner().invoke(root, words)
            assert done.exit_code == 0, f"{line}: {done.output}"
    said = []
    for kind, body in FENCE.findall(PAGE.read_text()):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(body, str(PAGE), "exec"), {})
            said.append(out.getvalue().splitlines())
    assert said[0][0] in PAGE.read_text()
    assert said[0][1:] == ["[-20000000 -20000000]", "10000 10001"]
    assert said[2] == [
        "{'ADD': 4, 'CANCEL': 1, 'FILL': 1} [901 902 903 901 902 904]", "[(1000, 6)] [(1003, 7)]", "{'DEPTH': 6, 'TRADE': 1}",
    ]  # fmt: skip
    assert said[1] == ["1.5", "[('DEPTH', 2), ('SNAPSHOT', 1), ('TICKER', 2), ('TRADE', 2)]"]
    assert said[3] == ["True"]
