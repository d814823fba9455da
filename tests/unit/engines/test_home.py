"""QBTC_HOME: made private, refused when it is somebody else's, short enough for sockets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from qbtc.engines.base import EngineError
from qbtc.engines.home import (
    LONGEST_SOCKET,
    SUN_PATH_LIMIT,
    drop_alias,
    merge_secrets,
    open_home,
    peek_home,
    read_secrets,
    write_private,
)


def test_a_new_home_is_private_and_its_parents_keep_their_modes(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home = open_home(tmp_path / "q")
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_file_in_its_place_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "q").write_text("x")
    with pytest.raises(EngineError, match="not a folder") as caught:
        open_home(tmp_path / "q")
    assert "QBTC_HOME=" in caught.value.advice


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("x")
    tmp_path.chmod(0o755)
    with pytest.raises(EngineError, match="something else"):
        open_home(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert os.listdir(tmp_path) == ["letters.txt"]  # noqa: PTH208


def test_a_home_in_which_only_data_and_research_were_made_so_far_is_ours(tmp_path: Path) -> None:
    for name in ("data", "research", "strategies"):
        (tmp_path / "home" / name).mkdir(parents=True)
    opened = open_home(tmp_path / "home")
    assert (opened / "run").is_dir()
    (tmp_path / "other" / "data").mkdir(parents=True)
    (tmp_path / "other" / "thesis.tex").touch()
    with pytest.raises(EngineError):
        open_home(tmp_path / "other")


def test_looking_at_a_missing_home_makes_nothing(tmp_path: Path) -> None:
    assert peek_home(tmp_path / "q") is None
    assert not (tmp_path / "q").exists()


def test_a_long_home_gets_a_short_alias_that_is_found_again_and_removed(tmp_path: Path) -> None:
    root = tmp_path / ("x" * 90)
    home = open_home(root)
    assert len(os.fsencode(home.sockets / LONGEST_SOCKET)) <= SUN_PATH_LIMIT
    assert home.sockets.resolve() == root.resolve()
    assert stat.S_IMODE(home.sockets.parent.stat().st_mode) == 0o700
    assert open_home(root).sockets == home.sockets
    drop_alias(home)
    assert not home.sockets.parent.exists()


def test_an_alias_that_others_could_have_made_is_not_trusted(tmp_path: Path) -> None:
    root = tmp_path / ("x" * 90)
    first = open_home(root)
    first.sockets.parent.chmod(0o755)
    second = open_home(root)
    assert second.sockets != first.sockets
    first.sockets.unlink()
    first.sockets.parent.rmdir()
    drop_alias(second)


def test_secrets_are_merged_removed_and_private(tmp_path: Path) -> None:
    home = open_home(tmp_path / "q")
    merge_secrets(home, "hft", {"redis_url": "a", "database_url": "b"})
    merge_secrets(home, "hft", {"redis_url": None})
    assert read_secrets(home, "hft") == {"database_url": "b"}
    assert stat.S_IMODE((home / "secrets/hft.json").stat().st_mode) == 0o600


def test_a_failed_write_leaves_no_half_file(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    (target / "x").write_text("")
    with pytest.raises(OSError):
        write_private(target, "text")
    assert os.listdir(tmp_path) == ["folder"]  # noqa: PTH208
