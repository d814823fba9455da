"""`qbtc doctor` says of everything that is stored how long it is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qbtc
from qbtc.cli.doctor import show
from qbtc.cli.retention import retention
from qbtc.kit.store.inbox import RETENTION

SOURCE = Path(qbtc.__file__).parent
SCHEMAS = {"web": "web_sessions", "hft": "hft_trading", "qcs": "qcs_quantum", "cio": "cio_consciousness", "ce3": "ce3_tools"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    return tmp_path


def tables(folder: Path) -> set[str]:
    """Names of what the migrations of a folder make and do not drop."""
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.sql")))
    made = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?([a-z_.]+)", text))
    return made - set(re.findall(r"DROP TABLE (?:IF EXISTS )?([a-z_.]+)", text))


def every_table() -> set[str]:
    own = {f"{schema}.{name}" for service, schema in SCHEMAS.items() for name in tables(SOURCE / service / "migrations")}
    each = {f"{schema}.{name}" for schema in SCHEMAS.values() for name in tables(SOURCE / "kit/store/migrations")}
    return own | each | tables(SOURCE / "kit/bus/migrations")


def test_every_table_of_the_migrations_is_listed_once_and_no_other() -> None:
    listed = [row.what for row in retention() if "." in row.what and "/" not in row.what]
    assert len(every_table()) > 40
    assert sorted(listed) == sorted(every_table())


def test_what_is_said_follows_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QBTC_QCS_JOB_DAYS", "11")
    monkeypatch.setenv("QBTC_HFT_RECORD_KEEP_MB", "77")
    said = {row.what: row.how_long for row in retention()}
    assert said["qcs_quantum.jobs"] == "11 days after they ended"
    assert said["hft/sessions"] == "the newest 77 MB"
    assert said["hft_trading.orders"] == "400 days"
    assert said["ce3_tools.inbox"] == RETENTION


def test_every_duration_is_read_from_where_it_holds() -> None:
    from qbtc.hft.adapters.repository import PROPOSALS_KEPT
    from qbtc.web.adapters.accounts import LINKS_KEPT

    said = {row.what: row.how_long for row in retention()}
    sweep = (SOURCE / "kit/bus/migrations/0001_bus.sql").read_text().partition("FUNCTION qbtc_bus.sweep()")[2]
    for table in ("replies", "dead_letters"):
        assert f"interval '{said[f'qbtc_bus.{table}']}'" in sweep
    assert said["hft_trading.proposals"] == PROPOSALS_KEPT
    assert said["web_sessions.login_links"].startswith(LINKS_KEPT)
    assert not re.search(r"\b\d+ (second|minute|hour|day|MB|file)", (SOURCE / "cli/retention.py").read_text())


def test_every_setting_that_is_named_is_one() -> None:
    from qbtc.cli.doctor import setting_rows

    known = {f"{row['section']}.{row['name']}" for row in setting_rows()}
    named = {name for row in retention() for name in row.setting.split(", ") if name}
    assert len(named) >= 6
    assert named <= known


def test_doctor_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    show([], [], retention())
    said = capsys.readouterr().out
    assert re.search(r"hft_trading\.bars +24 hours", said)
    assert re.search(r"hft/sessions +the newest 2000 MB +hft\.record_keep_mb", said)
