"""Alerts fire once, at the price or fill they are about, and say so in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from qbtc.contracts.common import Side
from qbtc.hft.api.alerts import NewAlert
from qbtc.hft.domain.alerts import Alert, filled, reached, words
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.units import units

ABOVE = Alert("1", "above", "BTCUSDT", units("60000"), "sell?", "ana")
BELOW = replace(ABOVE, id="2", kind="below", note="")
ANY_FILL = Alert("3", "fill", None, None, "", "ana")
FILL = Fill("ETHUSDT", "1", "x", Side.BUY, units("2500.5"), units("0.25"), 0, "USDT", False, 1)


@pytest.mark.parametrize(
    ("price", "fired"),
    [("59999.99", ["2"]), ("60000", ["1", "2"]), ("60000.01", ["1"])],
)
def test_a_price_alert_fires_at_its_level_or_beyond(price: str, fired: list[str]) -> None:
    assert [a.id for a, _ in reached([ABOVE, BELOW, ANY_FILL], {"BTCUSDT": units(price)})] == fired


def test_a_price_alert_of_another_symbol_or_that_has_fired_stays_silent() -> None:
    assert reached([ABOVE], {"ETHUSDT": units("99999")}) == []
    assert reached([replace(ABOVE, fired_with="60001")], {"BTCUSDT": units("61000")}) == []


def test_a_fill_alert_is_about_one_symbol_or_every_one() -> None:
    one, other = replace(ANY_FILL, symbol="ETHUSDT"), replace(ANY_FILL, symbol="BTCUSDT")
    assert [a.symbol for a, _ in filled([ANY_FILL, one, other, ABOVE], [FILL, FILL])] == [None, "ETHUSDT"]
    assert filled([ANY_FILL], []) == []
    assert filled([replace(ANY_FILL, fired_with="x")], [FILL]) == []


def test_what_is_told_names_level_price_and_note() -> None:
    english, spanish = words(ABOVE, "60001")
    assert english == "Alert: BTCUSDT is at or above 60000, now 60001 (sell?)"
    assert spanish == "Aviso: BTCUSDT está en o por encima de 60000, ahora 60001 (sell?)"
    ((_, what),) = filled([ANY_FILL], [FILL])
    assert words(ANY_FILL, what)[0] == "Alert: fill BUY 0.25 ETHUSDT @ 2500.5"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "above", "symbol": "BTCUSDT"},
        {"kind": "above", "price": "1"},
        {"kind": "fill", "price": "1"},
        {"kind": "soon", "symbol": "BTCUSDT", "price": "1"},
        {"kind": "above", "symbol": "BTCUSDT", "price": "NaN"},
        {"kind": "fill", "note": "x" * 201},
    ],
)
def test_an_alert_that_makes_no_sense_is_refused(body: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        NewAlert.model_validate(body)
