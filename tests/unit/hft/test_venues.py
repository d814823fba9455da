"""The table of venues, and what the settings may change of it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from qbtc.hft.domain.venues import SITES, VENUES, Addresses, BadVenue, Product, Site, site
from qbtc.hft.settings import HftSettings

HERE = "http://127.0.0.1:8450"


def named(name: str, **given: str) -> Site:
    return site(name, Addresses(**given), here=HERE)


def test_the_settings_take_exactly_the_venues_of_the_table() -> None:
    for name in VENUES:
        assert HftSettings(venue=name).venue == name  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="'local', 'binance', 'binance-testnet'"):
        HftSettings(venue="bitmex")  # type: ignore[arg-type]


def test_an_unknown_venue_is_refused_with_the_list() -> None:
    with pytest.raises(BadVenue, match="no venue 'bitmex'") as caught:
        named("bitmex")
    assert caught.value.allowed == "local, binance, binance-testnet, binance-usdm, binance-usdm-testnet"


def test_binance_and_its_test_networks_are_different_hosts_and_encrypted() -> None:
    found = [named(name) for name in SITES]
    assert len({s.rest for s in found}) == len({s.stream for s in found}) == len({s.ws_api for s in found}) == 4
    assert all(s.rest.startswith("https://") and s.stream.startswith("wss://") for s in found)
    assert [s.product for s in found] == [Product.SPOT, Product.SPOT, Product.USDM, Product.USDM]


def test_only_where_keys_could_withdraw_their_rights_are_asked() -> None:
    assert {s.name: s.rights for s in map(named, SITES)} == {
        "binance": "https://api.binance.com", "binance-testnet": None,
        "binance-usdm": "https://api.binance.com", "binance-usdm-testnet": None,
    }  # fmt: skip


def test_one_given_address_stands_for_all_and_is_asked_for_rights_even_in_place_of_a_test_network() -> None:
    found = named("binance-testnet", rest="https://venue.example:444")
    assert found == Site(
        "binance-testnet", Product.SPOT, "https://venue.example:444", "wss://venue.example:444",
        "wss://venue.example:444/ws-api/v3", "https://venue.example:444", test=True,
    )  # fmt: skip
    assert named("binance-usdm", rest=HERE).ws_api == "ws://127.0.0.1:8450/ws-fapi/v1"


def test_a_single_address_may_be_another_one() -> None:
    found = named("binance", stream="wss://data-stream.binance.vision")
    assert (found.stream, found.rest) == ("wss://data-stream.binance.vision", "https://api.binance.com")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rest": "http://venue.example"}, "venue_url"), ({"rest": "venue.example"}, "venue_url"),
        ({"stream": "ws://venue.example"}, "venue_stream_url"), ({"stream": "https://venue.example"}, "venue_stream_url"),
        ({"ws_api": "ws://10.0.0.7"}, "venue_ws_api_url"), ({"rights": "http://venue.example"}, "venue_rights_url"),
    ],
)  # fmt: skip
def test_signatures_do_not_leave_this_machine_in_clear(given: dict[str, str], field: str) -> None:
    with pytest.raises(BadVenue) as caught:
        named("binance", **given)
    assert caught.value.field == field
    assert caught.value.allowed in ("https://HOST[:PORT]", "wss://HOST[:PORT]")
