"""What HFT's wiring refuses at the start, and which venue with which keys it opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from qbtc.hft.adapters.local_venue import local_venue
from qbtc.hft.adapters.venue import BinanceVenue, LiveSpot
from qbtc.hft.adapters.venue_usdm import UsdmVenue
from qbtc.hft.adapters.venues import Place, journal_folder, open_venue
from qbtc.hft.settings import HftSettings, live_at_start
from qbtc.kit.errors import BadInput, Unavailable
from qbtc.kit.security import Vault
from qbtc.kit.settings import load

HERE = "http://127.0.0.1:8450"
ELSEWHERE = ["https://api.binance.com", "http://10.0.0.7:8450", "http://127.0.0.1.example.com", "127.0.0.1:8450", ""]


def opened(home: Path, **settings: object) -> Place:
    return open_venue(HftSettings.model_validate(settings), home, here=HERE, symbols=())


def stored(home: Path, venue: str) -> None:
    Vault(home).put(venue, json.dumps({"api_key": "the-key", "secret": "the-secret"}))


@pytest.mark.parametrize("url", ELSEWHERE)
def test_the_hot_loop_refuses_a_venue_that_is_not_on_this_machine(url: str) -> None:
    with pytest.raises(BadInput, match="only to a venue on this machine") as caught:
        local_venue(url)
    assert caught.value.field == "venue_url"


@pytest.mark.parametrize("url", [HERE, "http://localhost:8450", "http://[::1]:8450"])
def test_the_hot_loop_takes_a_venue_on_this_machine(url: str) -> None:
    assert local_venue(url) == url


@pytest.mark.parametrize("url", ["https://api.binance.com", "http://10.0.0.7:8450"])
def test_the_local_venue_is_nowhere_else(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadInput, match="'local' is on this machine") as caught:
        opened(tmp_path, venue_url=url, api_key="k", api_secret="s")
    assert caught.value.field == "venue_url"


def test_the_local_venue_takes_the_keys_that_bootstrap_made(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"venue\.json is missing"):
        opened(tmp_path)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "venue.json").write_text(json.dumps({"api_key": "k", "secret": "s"}))
    place = opened(tmp_path)
    assert (type(place.venue), place.site.rest, place.keyed) == (BinanceVenue, HERE, True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("binance", LiveSpot), ("binance-testnet", LiveSpot), ("binance-usdm", UsdmVenue),
        ("binance-usdm-testnet", UsdmVenue),
    ],
)  # fmt: skip
def test_a_live_venue_takes_its_keys_from_the_vault_and_opens_without_any(tmp_path: Path, name: str, kind: type) -> None:
    without = opened(tmp_path, venue=name)
    assert (type(without.venue), without.keyed) == (kind, False)
    stored(tmp_path, name)
    assert opened(tmp_path, venue=name).keyed


def test_the_keys_of_one_venue_are_not_those_of_another(tmp_path: Path) -> None:
    stored(tmp_path, "binance-testnet")
    assert not opened(tmp_path, venue="binance").keyed


def test_keys_of_a_live_venue_that_lie_in_clear_in_the_settings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="would lie in clear") as caught:
        opened(tmp_path, venue="binance", api_key=SecretStr("canary-key"), api_secret=SecretStr("canary-secret"))
    assert caught.value.allowed == "`qbtc keys add binance`, which encrypts them"
    assert "canary" not in str(caught.value.problem())


def test_a_stored_key_that_is_no_pair_says_how_to_store_one(tmp_path: Path) -> None:
    Vault(tmp_path).put("binance", "only-one-value")
    with pytest.raises(BadInput, match="no pair of API key and secret") as caught:
        opened(tmp_path, venue="binance")
    assert "only-one-value" not in str(caught.value.problem())


def test_every_venue_has_a_journal_of_its_own(tmp_path: Path) -> None:
    folders = {journal_folder(tmp_path, name) for name in ("local", "binance", "binance-usdm")}
    assert folders == {tmp_path / "hft", tmp_path / "hft" / "binance", tmp_path / "hft" / "binance-usdm"}


def test_live_is_said_at_the_start_and_not_written_down(tmp_path: Path) -> None:
    (tmp_path / "qbtc.toml").write_text('[hft]\nvenue = "binance"\nlive = true\n')
    written = load(HftSettings, "hft", env={}, home=tmp_path)
    with pytest.raises(BadInput, match=r"does not stand in qbtc\.toml") as caught:
        live_at_start(written, {})
    assert caught.value.field == "live"
    env = {"QBTC_HFT_LIVE": "true"}
    assert live_at_start(load(HftSettings, "hft", env=env, home=tmp_path), env)
    assert not live_at_start(HftSettings(), {})
