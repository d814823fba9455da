"""A recorded session as a source of market data, and of the latencies of its orders."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from tests.unit.hft.sessions.scene import Scene, recorded

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.latency_files import read_table
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.export import frame_lines, latencies


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Path]:
    scene, paths = asyncio.run(recorded(tmp_path_factory.mktemp("session"), 9, 600))
    return scene, paths[-1]


def test_its_lines_are_the_frames_as_they_were_received_after_the_book_that_it_began_with(
    session: tuple[Scene, Path],
) -> None:
    lines = list(frame_lines(session[1]))
    assert b'{"lastUpdateId":' in lines[0]
    times = [int(line.split(b" ")[0]) for line in lines]
    assert times == sorted(times)
    assert sum(b"depthUpdate" in line for line in lines) > 200


def test_it_is_imported_as_a_tape(session: tuple[Scene, Path], tmp_path: Path) -> None:
    made = import_tape((session[1],), tmp_path / "tape", Options(keep_going=True), home=tmp_path)
    assert made.info.symbol == "BTCUSDT"
    tape = open_tape(tmp_path / "tape")
    depths = sum(b"depthUpdate" in line for line in frame_lines(session[1]))
    assert made.info.kinds["DEPTH"] == depths
    assert len(tape.local) == made.info.messages
    assert (tape.local[1:] >= tape.local[:-1]).all()


def test_its_latencies_are_a_table_that_backtests_take(session: tuple[Scene, Path], tmp_path: Path) -> None:
    rows = latencies(session[1])
    assert len(rows) > 5
    path = tmp_path / "latency.csv"
    path.write_text("asked,reached,answered\n" + "".join(f"{a},{r},{b}\n" for a, r, b in rows))
    table = read_table(str(path))
    assert (np.diff(table, axis=1) >= 0).all()


def test_a_session_of_the_hot_tier_is_refused(tmp_path: Path) -> None:
    from qbtc.hft.adapters.session_file import SessionWriter
    from qbtc.hft.domain.session.kinds import Kind
    from qbtc.hft.sessions.vocabulary import WORDS

    writer = SessionWriter(tmp_path / "hot.session")
    writer.put(Kind.HEAD, 0, WORDS.write({"tier": "hot"}))
    writer.close()
    with pytest.raises(BrokenSession, match="a session of the hot tier is not taken apart"):
        list(frame_lines(tmp_path / "hot.session"))
