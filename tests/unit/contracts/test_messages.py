"""Every body of every route: frozen, closed, finite; and the rules that single bodies have."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from qbtc.contracts import ROUTES, Envelope, Message, Role
from qbtc.contracts.common import Side
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.tools import ToolRequest
from qbtc.contracts.trading import MarketState, OrderType, PlaceOrder, Signal

MODELS = sorted({m for r in ROUTES.values() for m in (r.body, r.reply) if m is not None}, key=lambda m: m.__name__)
NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


def nested(model: type[Message]) -> set[type[Message]]:
    """`model` and every message type inside of it."""
    found = {model}
    for field in model.model_fields.values():
        found |= {a for a in _types(field.annotation) if isinstance(a, type) and issubclass(a, Message)}
    return found


def _types(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(t for a in inner for t in _types(a))]


EVERY = sorted({m for model in MODELS for m in nested(model)}, key=lambda m: m.__name__)


@pytest.mark.parametrize("model", EVERY, ids=lambda m: m.__name__)
def test_a_body_is_frozen_closed_and_finite(model: type[Message]) -> None:
    assert model.model_config["frozen"] is True
    assert model.model_config["allow_inf_nan"] is False
    with pytest.raises(ValidationError) as caught:
        model.model_validate({"a_field_that_nobody_declared": 1})
    assert any(e["type"] == "extra_forbidden" for e in caught.value.errors())


def test_a_field_of_a_message_cannot_be_assigned() -> None:
    signal = Signal(symbol="BTCUSDT", regime="calm", confidence=0.5, bias=0.0, valid_until=1, reason="")
    with pytest.raises(ValidationError, match="frozen"):
        signal.bias = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_never_enter_a_message(value: float) -> None:
    with pytest.raises(ValidationError, match="finite"):
        Signal(symbol="BTCUSDT", regime="calm", confidence=value, bias=0.0, valid_until=1, reason="")
    with pytest.raises(ValidationError, match="finite"):
        MarketState.model_validate(market_state() | {"prices": (value,)})


def market_state() -> dict[str, Any]:
    row = (0.0,) * 26
    return {
        "bar_end": 1, "bar": 0, "session": "s", "mode": "SIMULATED", "schema_hash": "x", "symbols": ("BTCUSDT",),
        "values": (row,), "scores": (row,), "present": ((True,) * 26,), "prices": (1.0,),
    }


def test_a_market_state_has_one_row_a_symbol() -> None:
    assert MarketState.model_validate(market_state()).symbols == ("BTCUSDT",)
    with pytest.raises(ValidationError, match="1 symbols, but matrices have"):
        MarketState.model_validate(market_state() | {"prices": (1.0, 2.0)})


@pytest.mark.parametrize("length", [0, 25, 27])
def test_a_row_of_features_has_exactly_26_values(length: int) -> None:
    with pytest.raises(ValidationError, match="26"):
        MarketState.model_validate(market_state() | {"values": ((0.0,) * length,)})


@pytest.mark.parametrize(("kind", "price", "right"), [
    ("LIMIT", "1.5", True), ("LIMIT", None, False), ("MARKET", None, True), ("MARKET", "1.5", False),
])
def test_a_price_belongs_to_a_limit_order_and_to_no_other(kind: str, price: str | None, right: bool) -> None:
    order = {"symbol": "BTCUSDT", "side": "BUY", "type": kind, "quantity": "1", "price": price}
    if right:
        assert PlaceOrder.model_validate(order).type is OrderType(kind)
    else:
        with pytest.raises(ValidationError, match="LIMIT order needs a price"):
            PlaceOrder.model_validate(order)


@pytest.mark.parametrize("quantity", ["", "1e5", "0x1", "NaN", "1,5", " 1", "1.", ".5", "9" * 21, "1." + "0" * 19])
def test_a_quantity_is_a_plain_decimal_string(quantity: str) -> None:
    with pytest.raises(ValidationError):
        PlaceOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.MARKET, quantity=quantity)


@pytest.mark.parametrize("symbol", ["", "B", "btcusdt", "BTC-USDT", "BTC USDT", "A" * 21, "BTC\n"])
def test_a_symbol_is_2_to_20_capitals_and_digits(symbol: str) -> None:
    with pytest.raises(ValidationError):
        PlaceOrder(symbol=symbol, side=Side.BUY, type=OrderType.MARKET, quantity="1")


@pytest.mark.parametrize("task", [{}, {"text": "hello", "tool": "market"}])
def test_a_tool_request_asks_for_exactly_one_thing(task: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either text"):
        ToolRequest.model_validate({"conversation": "c", **task})


def test_a_role_includes_the_ones_before_it() -> None:
    allowed = {(a, b) for a in Role for b in Role if a.includes(b)}
    assert allowed == {
        ("viewer", "viewer"), ("trader", "viewer"), ("trader", "trader"), ("admin", "viewer"), ("admin", "trader"),
        ("admin", "admin"),
    }


def envelope(**extra: Any) -> Envelope:
    return Envelope(
        id="0192f000-0000-7000-8000-000000000000", source="hft", type="hft.market.state", time=NOW,
        dataschema="urn:qbtc:hft.market.state:1", data={"text": "señal 📈", "n": 1.5, "none": None, "list": [1, {"a": []}]},
        **extra,
    )


def test_an_envelope_survives_the_wire_as_bytes_text_and_memory() -> None:
    sent = envelope(
        traceparent=f"00-{'a' * 32}-{'b' * 16}-01", correlationid="c", idempotencykey="i", orderkey="o", replyto="r",
        deadline=NOW + timedelta(seconds=1), actor="token", approvalid="p",
    )
    raw = sent.encode()
    assert Envelope.decode(raw) == Envelope.decode(memoryview(raw)) == Envelope.decode(raw.decode()) == sent


def test_an_envelope_has_the_attributes_of_cloudevents_and_leaves_out_what_is_not_set() -> None:
    wire = json.loads(envelope().encode())
    assert wire["specversion"] == "1.0"
    assert set(wire) == {"specversion", "id", "source", "type", "time", "dataschema", "datacontenttype", "data"}


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff\xfe", b'{"specversion": "2.0"}'])
def test_bytes_that_are_no_envelope_are_refused(raw: bytes) -> None:
    with pytest.raises(ValidationError):
        Envelope.decode(raw)


def test_an_envelope_expires_at_its_deadline_and_never_without_one() -> None:
    sent = envelope(deadline=NOW)
    assert not sent.expired(NOW - timedelta(microseconds=1))
    assert sent.expired(NOW)
    assert not envelope().expired(datetime.max.replace(tzinfo=UTC))


def test_attributes_of_a_later_version_are_ignored_in_the_envelope() -> None:
    raw = json.dumps(json.loads(envelope().encode()) | {"newattribute": 1}).encode()
    assert Envelope.decode(raw) == envelope()


def test_the_state_of_a_bar_may_have_no_symbol() -> None:
    state = QuantumState.model_validate(
        {"bar_end": 1, "bar": 0, "session": "s", "mode": "REPLAY", "schema_hash": "x", "states": []}
    )
    assert state.states == ()
