"""A recording from elsewhere chooses no code: only what stands at known places is found by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.hft.sessions.scene import recorded

from qbtc.hft.adapters.session_file import SessionWriter, read_session
from qbtc.hft.adapters.strategy_files import copy
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.errors import NoSuchStrategy
from qbtc.hft.sessions.run import Asked, replay
from qbtc.hft.sessions.vocabulary import WORDS


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    _, paths = asyncio.run(recorded(tmp_path_factory.mktemp("session"), 3, 100, "grid"))
    return paths[-1]


def altered(session: Path, out: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The same recording with another head."""
    writer = SessionWriter(out)
    for part in read_session(session).parts():
        raw = part.payload
        if part.kind == Kind.HEAD:
            head = WORDS.read(raw)
            change(head)
            raw = WORDS.write(head)
        writer.put(part.kind, part.at, raw)
    writer.close()
    return out


def called(session: Path, out: Path, name: str, cls: str = "Grid") -> Path:
    return altered(session, out, lambda head: head["strategies"][0].update({"name": name, "class": cls}))


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A file that leaves a mark when it is run."""
    path = tmp_path / "here" / "trap.py"
    path.parent.mkdir()
    path.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    return path


@pytest.mark.parametrize("name", ["{trap}", "{trap}.py", "{trap}.py:Grid", "../here/trap", "trap", "~/trap"])
@pytest.mark.parametrize("recorded_code", [False, True])
def test_a_recorded_name_that_leads_to_a_file_runs_nothing(
    session: Path, tmp_path: Path, trap: Path, name: str, recorded_code: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trap.parent)
    monkeypatch.setenv("HOME", str(trap.parent))
    bad = called(session, tmp_path / "bad.session", name.format(trap=trap.with_suffix("")), "Nothing")
    with pytest.raises(NoSuchStrategy, match=r"there is no|no strategy class 'Nothing'"):
        replay(bad, tmp_path / "home", Asked(recorded_code=recorded_code))
    assert not (tmp_path / "ran").exists()
    assert [*trap.parent.iterdir()] == [trap]


def test_it_says_how_code_from_elsewhere_is_given(session: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSuchStrategy) as caught:
        replay(called(session, tmp_path / "x.session", "elsewhere"), tmp_path)
    assert "--strategy NAME=PATH.py[:Class]" in (caught.value.allowed or [])


def test_a_class_of_a_recording_is_a_name_and_nothing_else(session: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSuchStrategy, match=r"there is no class /x\.py:Grid"):
        replay(called(session, tmp_path / "x.session", "mine", "/x.py:Grid"), tmp_path, Asked(recorded_code=True))


def test_a_file_of_the_folder_is_found_by_its_name_whatever_that_is(tmp_path: Path) -> None:
    copy("mine", "grid", tmp_path / "strategies").rename(tmp_path / "strategies" / "my-grid.py")
    _, paths = asyncio.run(recorded(tmp_path, 3, 100, "my-grid"))
    for recorded_code in (False, True):
        found = replay(paths[-1], tmp_path, Asked(recorded_code=recorded_code))
        assert found.strategies == ["my-grid"]
        assert found.same
