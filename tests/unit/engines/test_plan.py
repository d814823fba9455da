"""What is to run: choices are checked early, with what is allowed in the message."""

from __future__ import annotations

from pathlib import Path

import pytest

from qbtc.engines.base import EngineError
from qbtc.engines.plan import GATEWAY_PORT, PORTS, check_market, choose_services, plan_from_env
from qbtc.kit import settings


def test_ports_are_the_ones_that_services_use() -> None:
    assert PORTS | {"gateway": GATEWAY_PORT} == settings.PORTS


def test_only_selects_services() -> None:
    assert choose_services("web, cio") == ("cio", "web")
    assert choose_services("web, hft") == ("exchange", "hft", "web"), "HFT never becomes ready without the venue"
    assert choose_services("") == tuple(PORTS)


@pytest.mark.parametrize("text", ["hfd", "web,,nope", ","])
def test_an_unknown_service_is_refused_with_the_allowed_ones(text: str) -> None:
    with pytest.raises(EngineError) as caught:
        choose_services(text)
    assert "exchange" in caught.value.advice


def test_recordings_become_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.gz").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    assert check_market("replay:a.gz") == f"replay:{tmp_path}/a.gz"
    assert check_market("replay:a.gz,a.gz") == f"replay:{tmp_path}/a.gz,{tmp_path}/a.gz"
    assert check_market("sim") == "sim"


@pytest.mark.parametrize(
    ("value", "words"),
    [("nasdaq", "not known"), ("replay:", "needs a recording"), ("replay:/no/such.gz", "does not exist")],
)
def test_a_wrong_market_is_refused_in_words(value: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        check_market(value)


def test_empty_recordings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.gz").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(EngineError, match="is empty"):
        check_market(f"replay:{tmp_path}/empty.gz")
    with pytest.raises(EngineError, match="no recordings"):
        check_market(f"replay:{tmp_path}/folder")


def test_services_never_see_the_administrators_database_url(tmp_path: Path) -> None:
    env = {"QBTC_HOME": str(tmp_path), "QBTC_DATABASE_URL": "postgresql://admin:pw@db/qbtc", "QBTC_PORT_OFFSET": "7"}
    plan = plan_from_env(env)
    assert plan.database_url == env["QBTC_DATABASE_URL"]
    assert "QBTC_DATABASE_URL" not in plan.service_env(env)
    assert plan.ports()["gateway"] == GATEWAY_PORT + 7
