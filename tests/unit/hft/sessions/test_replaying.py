"""A recorded session, told again, gives the same requests byte for byte; whatever is not the same is named."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.sessions.scene import NAMES, Scene, recorded, replayed, strategies

from qbtc.hft.adapters import session_file
from qbtc.hft.adapters.session_file import read_session
from qbtc.hft.adapters.strategy_files import copy
from qbtc.hft.errors import BrokenSession, NoSession
from qbtc.hft.sessions.outcome import Outcome, Request
from qbtc.hft.sessions.replay import Replay, _requests
from qbtc.testing.waiting import until

STEPS = 400


def largest(paths: list[Path]) -> Path:
    return max(paths, key=lambda path: path.stat().st_size)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_request_of_a_recorded_session_is_reproduced(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _, paths = asyncio.run(recorded(Path(folder), seed, STEPS))
        for path in paths:
            found = replayed(path, strategies(Path(folder), *NAMES))
            assert found.difference is None
            assert found.equal == found.recorded
            assert found.views == found.views_equal
            assert found.ended


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Path]:
    scene, paths = asyncio.run(recorded(tmp_path_factory.mktemp("session"), 7, 1500))
    return scene, largest(paths)


def again(session: tuple[Scene, Path]) -> Outcome:
    return replayed(session[1], strategies(session[0].folder, *NAMES))


def test_a_session_holds_orders_cancels_and_refusals(session: tuple[Scene, Path]) -> None:
    found = again(session)
    assert found.same
    assert min(found.recorded[kind] for kind in ("order", "cancel", "refusal")) > 5
    assert found.share == 1.0


def test_what_is_compared_is_the_request_itself(session: tuple[Scene, Path]) -> None:
    scene, path = session
    replay = Replay(read_session(path), strategies(scene.folder, *NAMES))
    heard = {words[0]: words[2] for _, then in replay._things() for kind, words in then if kind == "order"}
    order = next(o for o in scene.desk.orders.values() if o.client_order_id in heard)
    asked = heard[order.client_order_id]
    assert asked.startswith(f"POST /api/v3/order?symbol=BTCUSDT&side={order.side.value}&type=")
    assert f"newClientOrderId={order.client_order_id}" in asked


def test_another_parameter_is_named_at_the_first_request_that_it_changes(session: tuple[Scene, Path]) -> None:
    scene, path = session
    found = Replay(read_session(path), strategies(scene.folder, *NAMES), {"grid": {"levels": 2}}).run()
    assert found.difference is not None
    assert found.difference.recorded is not None
    assert found.difference.recorded.kind in {"order", "refusal"}
    assert found.difference.heard
    assert found.difference.state["saw"]["grid BTCUSDT"]["bid"] > 0
    assert 0 <= found.share < 1


def test_another_code_is_told_from_another_market(session: tuple[Scene, Path], tmp_path: Path) -> None:
    scene, path = session
    changed = copy("mine", "avellaneda_stoikov", tmp_path)
    changed.write_text(changed.read_text().replace("buy(orders, tick,", "buy(orders, tick - 1,"))
    (mine,) = strategies(tmp_path, str(changed))
    mine.name = "avellaneda_stoikov"
    found = replayed(path, [*strategies(scene.folder, "imbalance", "grid"), mine])
    assert found.difference is not None
    assert found.difference.recorded != found.difference.replayed
    assert "same bytes" in found.difference.why or "nothing" in found.difference.why


def test_a_strategy_that_remembers_other_fields_is_refused(session: tuple[Scene, Path], tmp_path: Path) -> None:
    scene, path = session
    changed = copy("mine", "avellaneda_stoikov", tmp_path)
    changed.write_text(changed.read_text().replace("    quoted: int", "    more: float = 0.0\n    quoted: int", 1))
    (mine,) = strategies(tmp_path, str(changed))
    mine.name = "avellaneda_stoikov"
    with pytest.raises(BrokenSession, match="strategy avellaneda_stoikov: its fields are not those of the recording"):
        Replay(read_session(path), [*strategies(scene.folder, "imbalance", "grid"), mine])


def test_a_session_without_one_of_its_strategies_is_refused(session: tuple[Scene, Path]) -> None:
    scene, path = session
    with pytest.raises(BrokenSession, match="grid"):
        replayed(path, strategies(scene.folder, "imbalance", "avellaneda_stoikov"))


@pytest.mark.parametrize("part", [0.3, 0.55, 0.8, 0.99])
def test_a_recording_that_was_cut_is_replayed_up_to_there_and_says_so(
    session: tuple[Scene, Path], tmp_path: Path, part: float
) -> None:
    scene, path = session
    cut = tmp_path / "cut.session"
    raw = path.read_bytes()
    cut.write_bytes(raw[: int(len(raw) * part)])
    read = read_session(cut)
    assert read.lost > 0
    if len(list(read.parts())) < 2:
        with pytest.raises(BrokenSession, match="it was cut"):
            replayed(cut, strategies(scene.folder, *NAMES))
        return
    found = replayed(cut, strategies(scene.folder, *NAMES))
    assert found.same
    assert found.ended == ""


def test_a_damaged_recording_is_refused_with_the_place(session: tuple[Scene, Path], tmp_path: Path) -> None:
    raw = bytearray(session[1].read_bytes())
    raw[len(raw) // 2] ^= 1
    broken = tmp_path / "broken.session"
    broken.write_bytes(raw)
    with pytest.raises(BrokenSession, match=r"broken\.session: damaged at byte \d+ of \d+: the checksum"):
        read_session(broken)


@pytest.mark.parametrize("content", [b"", b"not a recording at all"])
def test_a_file_that_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.session"
    path.write_bytes(content)
    with pytest.raises(BrokenSession, match="does not begin like a session recording"):
        read_session(path)


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSession, match=r"gone\.session"):
        read_session(tmp_path / "gone.session")


async def test_a_long_session_goes_on_in_another_file_that_can_be_replayed_alone(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 11, strategies(tmp_path, *NAMES))
    scene.open()
    scene.start()
    paths = list[Path]()
    for _ in range(4):
        await scene.play(150)
        scene.recorder.begin("the file is large enough")
    await scene.play(150)
    scene.recorder.close()
    scene.journal.close()
    paths = sorted((tmp_path / "sessions").glob("*.session"))
    found = [replayed(path, strategies(tmp_path, *NAMES)) for path in paths]
    assert all(one.same for one in found)
    assert sum(one.recorded["order"] > 0 for one in found) >= 4
    names = [words[0] for path in paths for words in _orders(path, tmp_path)]
    assert len(names) == len(set(names))


def _orders(path: Path, folder: Path) -> list[list[str]]:
    replay = Replay(read_session(path), strategies(folder, *NAMES))
    return [words for _, then in replay._things() for kind, words in then if kind == "order"]


async def test_a_strategy_that_is_not_to_be_recorded_is_part_of_a_recording_that_goes_on(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 13, strategies(tmp_path, *NAMES))
    scene.open()
    scene.recorder.starting("grid", wanted=False)
    scene.engine.set_strategy("grid", start=True, parameters={})
    await scene.play(20)
    assert scene.recorder.path is None
    scene.start("avellaneda_stoikov")
    await scene.play(50)
    scene.recorder.starting("imbalance", wanted=False)
    scene.engine.set_strategy("imbalance", start=True, parameters={"enter": 0.05, "exit": 0.05, "cooldown": 0.2})
    await scene.play(200)
    scene.recorder.close()
    scene.journal.close()
    last = sorted((tmp_path / "sessions").glob("*.session"))[-1]
    found = replayed(last, strategies(tmp_path, *NAMES))
    assert sorted(found.strategies) == sorted(NAMES)
    assert found.same
    assert any("newClientOrderId=imbalance" in words[2] for words in _orders(last, tmp_path))


async def test_the_stop_of_a_strategy_that_did_not_run_cancels_its_orders_in_the_replay_too(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 23, strategies(tmp_path, "grid", "avellaneda_stoikov"))
    scene.open()
    await scene.play(20)
    scene.start("grid")
    scene.left_open("avellaneda_stoikov")
    scene.recorder.begin("the file is large enough")
    await scene.play(1)
    scene.engine.set_strategy("avellaneda_stoikov", start=False, parameters={"gamma": 0.2})
    await scene.play(10)
    scene.recorder.close()
    scene.journal.close()
    last = sorted((tmp_path / "sessions").glob("*.session"))[-1]
    found = replayed(last, strategies(tmp_path, "grid"))
    assert found.difference is None
    assert any(one.kind == "cancel" and "old-avellaneda_stoikov" in one.words for one in _said(last, tmp_path))


def _said(path: Path, folder: Path) -> list[Request]:
    replay = Replay(read_session(path), strategies(folder, "grid"))
    return [one for _, then in replay._things() for one in _requests(then)]


async def test_a_recording_ends_when_no_recorded_strategy_runs_any_more(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 17, strategies(tmp_path, *NAMES))
    scene.open()
    scene.start("grid")
    await scene.play(20)
    scene.recorder.look()
    assert scene.recorder.path is not None
    scene.engine.set_strategy("grid", start=False, parameters={})
    scene.recorder.look()
    assert scene.recorder.path is None
    scene.recorder.close()
    scene.journal.close()


async def test_the_oldest_recordings_go_when_all_together_are_too_large(tmp_path: Path) -> None:
    scene = Scene(tmp_path, 19, strategies(tmp_path, *NAMES))
    scene.open()
    old = [tmp_path / "sessions" / f"2000010{n}T000000-hot.session" for n in (1, 2)]
    old[0].parent.mkdir()
    for path in old:
        with path.open("wb") as file:
            file.truncate(600 << 20)
        os.utime(path, (1, 1))
    busy = old[0].with_name("19990101T000000-hot.session")
    busy.write_bytes(b"x")
    scene.start("grid")
    scene.recorder.close()
    scene.journal.close()
    assert [path.exists() for path in (busy, *old)] == [True, False, True]


def test_the_disk_is_waited_for_on_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = list[int]()
    for name in ("open", "write"):
        real = getattr(session_file.os, name)
        monkeypatch.setattr(session_file.os, name, lambda *a, f=real: (threads.append(threading.get_ident()), f(*a))[1])
    monkeypatch.setattr(session_file, "prune", lambda *_, **__: threads.append(threading.get_ident()))
    writer = session_file.SessionWriter(tmp_path / "a" / "b.session", keep_bytes=1)
    writer.close()
    assert len(threads) == 3
    assert threading.get_ident() not in threads


async def test_a_folder_that_cannot_be_written_ends_the_recording_and_not_the_trading(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("no folder")
    scene = Scene(tmp_path, 31, strategies(tmp_path, "grid"))
    scene.open()
    scene.start("grid")
    until(lambda: bool(scene.recorder._writer and scene.recorder._writer.failed), what="the folder was tried")
    await scene.play(50)
    scene.recorder.look()
    assert scene.recorder.path is None
    assert any(o.strategy == "grid" for o in scene.desk.orders.values())
    scene.recorder.close()
    scene.journal.close()
