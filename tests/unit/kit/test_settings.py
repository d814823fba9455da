"""Where a setting's value comes from, and what is refused with which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from qbtc.kit.errors import BadInput
from qbtc.kit.settings import CommaList, Platform, ServiceSettings, credentials, load, load_with_origins


class Some(ServiceSettings):
    size: int = Field(default=1, ge=0, le=10)
    mode: str = Field(default="slow", pattern="^(slow|fast)$")
    names: CommaList = ()
    key: SecretStr | None = None
    address: str = ""


def toml(home: Path, text: str) -> None:
    (home / "qbtc.toml").write_text(text)


def test_environment_wins_over_file_and_file_over_default(home: Path) -> None:
    toml(home, "[web]\nsize = 3\nmode = 'fast'\n")
    some, origins = load_with_origins(Some, "web", env={"QBTC_WEB_SIZE": "5"}, home=home)
    assert (some.size, some.mode, some.names) == (5, "fast", ())
    sources = {o.name: o.source for o in origins}
    assert sources == {
        "size": "environment QBTC_WEB_SIZE", "mode": "qbtc.toml [web]", "names": "default", "key": "default",
        "address": "default",
    }


def test_an_empty_variable_counts_as_not_given(home: Path) -> None:
    toml(home, "[web]\nsize = 3\n")
    assert load(Some, "web", env={"QBTC_WEB_SIZE": ""}, home=home).size == 3


def test_platform_settings_have_no_service_in_their_variable(home: Path) -> None:
    env = {"QBTC_HOME": str(home), "QBTC_PORT_OFFSET": "7", "QBTC_SYMBOLS": "BTCUSDT, ETHUSDT,"}
    platform = load(Platform, "qbtc", env=env)
    assert (platform.home, platform.port("web"), platform.symbols) == (home, 8507, ("BTCUSDT", "ETHUSDT"))
    assert platform.url("hft") == "http://127.0.0.1:8407"


@pytest.mark.parametrize(("home_text", "separate"), [("[web]\nkey = 'hunter2-from-file'\n", {}), ("", {"QBTC_WEB_KEY": "hunter2-from-env"})])
def test_a_secret_is_never_printed(home: Path, home_text: str, separate: dict[str, str]) -> None:
    toml(home, home_text)
    some, origins = load_with_origins(Some, "web", env=separate, home=home)
    assert some.key is not None
    assert some.key.get_secret_value().startswith("hunter2")
    assert "hunter2" not in f"{some!r} {some} {origins} {some.model_dump()} {some.model_dump_json()}"


def test_a_password_inside_of_an_address_is_not_printed(home: Path) -> None:
    _, origins = load_with_origins(Some, "web", env={"QBTC_WEB_ADDRESS": "https://ann:hunter2@host/x"}, home=home)
    assert "hunter2" not in str(origins)


def test_an_unknown_key_in_the_file_is_refused_with_the_allowed_names(home: Path) -> None:
    toml(home, "[web]\nsise = 3\n")
    with pytest.raises(BadInput, match=r"qbtc.toml \[web\]: unknown setting 'sise'") as caught:
        load(Some, "web", env={}, home=home)
    assert caught.value.field == "sise"
    assert caught.value.allowed == ["address", "key", "mode", "names", "size"]


def test_an_unknown_table_in_the_file_is_refused_with_the_allowed_names(home: Path) -> None:
    toml(home, "[wbe]\nsize = 3\n")
    with pytest.raises(BadInput, match=r"unknown table \[wbe\]") as caught:
        load(Some, "web", env={}, home=home)
    assert "web" in str(caught.value.allowed)


def test_a_value_where_a_table_belongs_is_refused(home: Path) -> None:
    toml(home, "web = 3\n")
    with pytest.raises(BadInput, match=r"expected a table \[web\]"):
        load(Some, "web", env={}, home=home)


@pytest.mark.parametrize("text", ["[web", "size = ", "[web]\nsize = 1\nsize = 2\n", "\ud800"])
def test_a_file_that_is_no_toml_is_refused_by_name_and_place(home: Path, text: str) -> None:
    (home / "qbtc.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadInput, match=r"qbtc\.toml: not valid TOML"):
        load(Some, "web", env={}, home=home)


@pytest.mark.parametrize(("name", "value", "said"), [
    ("SIZE", "eleven", "size: .*integer"), ("SIZE", "11", "size: .*less than or equal to 10"), ("MODE", "medium", "mode: .*pattern"),
])
def test_a_bad_value_is_refused_with_setting_and_source(home: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(BadInput, match=rf"setting web\.{said}.*\(from environment QBTC_WEB_{name}\)") as caught:
        load(Some, "web", env={f"QBTC_WEB_{name}": value}, home=home)
    assert caught.value.field == name.lower()


def test_a_bad_secret_is_refused_without_being_shown(home: Path) -> None:
    toml(home, "[web]\nkey = ['hunter2']\n")
    with pytest.raises(BadInput) as caught:
        load(Some, "web", env={}, home=home)
    assert "hunter2" not in f"{caught.value} {caught.value.problem()}"


def test_settings_cannot_be_changed_afterwards(home: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(Some, "web", env={}, home=home).size = 2  # type: ignore[misc]


def test_a_service_has_its_own_credentials_and_the_platform_fills_what_they_lack(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QBTC_CREDENTIALS", raising=False)
    platform = Platform(home=home, database_url=SecretStr("postgresql://admin"), redis_url=SecretStr("redis://shared"))
    assert credentials(platform, "hft").database_url == SecretStr("postgresql://admin")
    (home / "secrets").mkdir()
    (home / "secrets" / "hft.json").write_text(json.dumps({"database_url": "postgresql://own", "other": 1}))
    own = credentials(platform, "hft")
    assert own.database_url == SecretStr("postgresql://own")
    assert (own.redis_url, own.bus_url) == (SecretStr("redis://shared"), None)
    assert "own" not in repr(own)
