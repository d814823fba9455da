"""A recorded session as a source of market data, and of the latencies of its orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.hft.sessions.scene import Scene, recorded

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.latency_files import read_table
from qbtc.hft.adapters.session_file import SessionWriter, read_session
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.export import frame_lines, latencies
from qbtc.hft.sessions.replay import HEAD
from qbtc.hft.sessions.vocabulary import WORDS


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


def test_a_session_of_another_version_of_the_hot_loop_is_refused(session: tuple[Scene, Path], tmp_path: Path) -> None:
    hot = rewritten(session[1], tmp_path / "hot.session", Kind.HEAD, lambda raw: raw.replace(b'["tier","service"]', b'["tier","hot"]'))
    with pytest.raises(BrokenSession, match="recorded by another version of the loop"):
        list(frame_lines(hot))


def rewritten(session: Path, out: Path, kind: Kind, change: Callable[[bytes], bytes]) -> Path:
    """The same recording with other words in its records of a kind."""
    writer = SessionWriter(out)
    for part in read_session(session).parts():
        writer.put(part.kind, part.at, change(part.payload) if part.kind == kind else part.payload)
    writer.close()
    return out


@pytest.mark.parametrize(("kind", "read"), [(Kind.HEAD, latencies), (Kind.STATE, lambda p: [*frame_lines(p)]), (Kind.CALL, latencies), (Kind.SAID, latencies)])
@pytest.mark.parametrize("raw", [b'{"o":["Unheard",{}]}', b"{", b"[" * 200_000, b"[1]", b"1"])
def test_words_that_are_not_known_are_refused(
    session: tuple[Scene, Path], tmp_path: Path, kind: Kind, read: Callable[[Path], object], raw: bytes
) -> None:
    other = rewritten(session[1], tmp_path / "other.session", kind, lambda _: raw)
    with pytest.raises(BrokenSession, match=r"other\.session: .* cannot be read: "):
        read(other)


@pytest.mark.parametrize("name", [*HEAD])
def test_a_head_without_one_of_its_words_is_refused_by_its_name(session: tuple[Scene, Path], tmp_path: Path, name: str) -> None:
    def without(raw: bytes) -> bytes:
        return WORDS.write({key: value for key, value in WORDS.read(raw).items() if key != name})

    with pytest.raises(BrokenSession, match=f"what it is cannot be read: '{name}' is missing"):
        latencies(rewritten(session[1], tmp_path / "other.session", Kind.HEAD, without))
