"""When a start may leave out the preparation of the database, and when it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from qbtc.engines.home import Home, merge_secrets, open_home
from qbtc.engines.prepared import digest, forget, is_prepared, remember


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = open_home(tmp_path / "home")
    merge_secrets(made, "hft", {"database_url": "postgresql://x"})
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    control = tmp_path / "postgres/data/global/pg_control"
    control.parent.mkdir(parents=True)
    control.write_bytes(b"cluster1 and its state")
    return tmp_path / "postgres"


def test_a_prepared_database_is_not_prepared_again_until_it_is_forgotten(home: Home, folder: Path) -> None:
    wanted = digest(folder, "dsn")
    assert not is_prepared(home, folder, wanted, ("hft",))
    remember(folder, wanted)
    assert is_prepared(home, folder, wanted, ("hft",))
    forget(folder)
    assert not is_prepared(home, folder, wanted, ("hft",))


def test_a_service_without_credentials_needs_preparation(home: Home, folder: Path) -> None:
    wanted = digest(folder, "dsn")
    remember(folder, wanted)
    assert not is_prepared(home, folder, wanted, ("hft", "web"))


def test_another_cluster_or_another_address_is_not_the_prepared_one(folder: Path) -> None:
    before = digest(folder, "dsn")
    assert digest(folder, "another") != before
    (folder / "data/global/pg_control").write_bytes(b"cluster1 with other state")
    assert digest(folder, "dsn") == before
    (folder / "data/global/pg_control").write_bytes(b"cluster2 and its state")
    assert digest(folder, "dsn") != before


def test_a_changed_migration_needs_preparation(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbtc.engines.prepared.PACKAGE", tmp_path)
    (tmp_path / "hft/migrations").mkdir(parents=True)
    before = digest(folder)
    (tmp_path / "hft/migrations/0002_more.sql").write_text("SELECT 1")
    assert digest(folder) != before
