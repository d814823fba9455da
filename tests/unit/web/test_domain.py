"""Rules of signing in, of commands and of event texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qbtc.contracts import ROUTES, Kind, Role
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, OrderStatus, PlaceOrder, Signal
from qbtc.contracts.ui import ServiceControl
from qbtc.web.domain.access import LONGEST_WAIT, cross_site_reason, retry_after, valid_name, wait_after
from qbtc.web.domain.commands import IDEMPOTENCY_KEY, Command, command_keys, patience, pauses_web
from qbtc.web.domain.events import loop_entry, trace_of
from qbtc.web.domain.names import NAMES, ChannelClass, channel_key, classify

HOST = {"host": "127.0.0.1:9080"}
CSRF = {"x-qbtc-csrf": "1"}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_waiting_after_failures_begins_late_doubles_and_ends_at_five_minutes() -> None:
    assert [wait_after(n) for n in range(8)] == [0, 0, 0, 0, 0, 2, 4, 8]
    assert max(wait_after(n) for n in range(1000)) == LONGEST_WAIT
    assert (retry_after(6, 0.0), retry_after(6, 3.5), retry_after(6, 4.0)) == (5, 1, 0)


@pytest.mark.parametrize("name", ["", "System", "system", "1a", "a b", "a" * 33, "a@b", "ñ"])
def test_names_that_could_be_mistaken_are_not_user_names(name: str) -> None:
    assert not valid_name(name)


@pytest.mark.parametrize(
    ("headers", "by_cookie", "refused"),
    [
        (CSRF, True, False),
        ({}, False, False),
        ({}, True, True),
        ({"x-qbtc-csrf": "0"}, True, True),
        (CSRF | {"sec-fetch-site": "same-origin"}, True, False),
        (CSRF | {"sec-fetch-site": "same-site"}, True, True),
        (CSRF | {"origin": "http://127.0.0.1:9080"}, True, False),
        (CSRF | {"origin": "http://127.0.0.1:9081"}, True, True),
        ({"origin": "https://evil.example"}, False, True),
    ],
)
def test_only_our_own_page_or_a_script_may_change_anything(
    headers: dict[str, str], by_cookie: bool, refused: bool
) -> None:
    assert (cross_site_reason("POST", HOST | headers, by_cookie=by_cookie) is not None) is refused
    assert cross_site_reason("GET", HOST | headers, by_cookie=by_cookie) is None


def test_people_send_commands_and_broadcasts_that_name_a_role_and_nothing_else() -> None:
    for key in command_keys():
        assert ROUTES[key].role is not None
        assert {Kind.COMMAND, Kind.BROADCAST} & set(ROUTES[key].kinds)
    assert {"hft.order.place", "hft.trading.kill", "web.service.control"} <= set(command_keys())
    assert not {"hft.trading.signal", "web.ui.update", "hft.order.filled"} & set(command_keys())


def test_the_hash_of_a_command_tells_commands_apart() -> None:
    def order(quantity: str, key: str = "hft.order.place") -> bytes:
        body = PlaceOrder.model_validate({"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": quantity})
        return Command(ROUTES[key], body, "ann", Role.TRADER, "k" * 8).body_hash

    assert order("1") == order("1")
    assert len({order("1"), order("2"), order("1", "hft.order.cancel")}) == 3


def test_an_idempotency_key_is_visible_ascii() -> None:
    assert IDEMPOTENCY_KEY.fullmatch("01a204e2-0a6b-7169-87ea-146d5ef632fd")
    assert not any(IDEMPOTENCY_KEY.fullmatch(key) for key in ("", "1234567", "a b c d e f", "ñandúñandú", "x" * 201))


def test_every_documented_channel_has_a_class() -> None:
    names = [n.replace("<SYMBOL>", "BTCUSDT").replace("<conversation>", "c-1") for n in NAMES]
    assert all(classify(name) is not None for name in names)
    assert (classify("pnl"), classify("book.BTCUSDT"), classify("turn.a-b")) == (
        ChannelClass.STATE,
        ChannelClass.BOOK,
        ChannelClass.LOG,
    )
    assert [classify(n) for n in ("", "turn.", "turn.a@b", "ticker.", "book.btc", "events.x")] == [None] * 6


def test_a_private_channel_is_each_users_own() -> None:
    assert channel_key("operations", "ann") != channel_key("operations", "bob")
    assert channel_key("turn.c1", "ann") == "turn.c1@ann"
    assert channel_key("turn.c1", "bob") == "turn.c1@bob"
    assert channel_key("pnl", "bob") == "pnl"


def entry(body: object, key: str = "k") -> tuple[str, str, str | None]:
    found = loop_entry(key, body, source="hft", at=NOW, traceparent=None)  # type: ignore[arg-type]
    return found["summary_en"], found["summary_es"], found["symbol"]


@pytest.mark.parametrize(("venue", "where"), [("binance", " (binance)"), ("local", ""), (None, "")])
def test_an_order_at_a_live_venue_is_told_with_its_name(venue: str | None, where: str) -> None:
    order = OrderEvent(
        client_order_id="1", symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="0.01", price="60000",
        status=OrderStatus.FILLED, at=1, venue=venue,
    )  # fmt: skip
    english, spanish, _ = entry(order)
    assert english == f"BUY 0.01 BTCUSDT @ 60000{where} filled"
    assert spanish == f"compra 0,01 BTCUSDT @ 60000{where} ejecutada"


@pytest.mark.parametrize("status", list(OrderStatus))
def test_every_step_of_an_order_is_told_in_both_languages(status: OrderStatus) -> None:
    order = OrderEvent.model_validate(
        {
            "client_order_id": "1",
            "symbol": "BTCUSDT",
            "side": "BUY",
            "type": "LIMIT",
            "quantity": "2",
            "price": "60000",
            "status": status,
            "at": 1,
            "fill_price": "59999" if status is OrderStatus.FILLED else None,
        }
    )
    english, spanish, symbol = entry(order)
    assert english != spanish
    assert symbol == "BTCUSDT"
    assert ("59999" if status is OrderStatus.FILLED else "60000") in english


def test_states_and_tools_are_told_in_both_languages() -> None:
    zero = (0.0,) * 26
    state = SymbolState.model_validate(
        {
            "symbol": "BTCUSDT",
            "state_id": "s",
            "state_hash": "h",
            "informative": True,
            "intensity": 1,
            "real": zero,
            "imaginary": zero,
            "present": (True,) * 26,
            "diagonal": zero,
            "coherence_l1": 0,
            "coherence_relative": 0,
            "coherence": 0.25,
            "purity": 1,
            "entropy": 0,
            "effective_rank": 1,
            "participation": 1,
            "shrinkage": 0,
            "regime": "calm",
            "regime_probabilities": {"calm": 0.8},
            "regime_changed": True,
        }
    )
    bar = QuantumState(bar_end=1, bar=7, session="s", mode="SIMULATED", schema_hash="h", states=(state,))  # type: ignore[arg-type]
    assert entry(bar) == (
        "bar 7: BTCUSDT regime calm 80% (changed), coherence 0.25",
        "barra 7: BTCUSDT régimen calma 80% (cambió), coherencia 0,25",
        "BTCUSDT",
    )
    tool = ToolFinished(conversation="c", turn="t", call_id="1", tool="market", ok=False, milliseconds=3, error="no memory 'mine'")
    assert entry(tool)[:2] == ("tool market failed (3 ms)", "herramienta market falló (3 ms)"), "no word of the person's"


@pytest.mark.parametrize(("p", "english", "spanish"), [(None, "", ""), (0.0123, ", change of state p 0.012", ", cambio de estado p 0,012")])
def test_a_signal_tells_how_unusual_the_change_is_where_that_is_known(p: float | None, english: str, spanish: str) -> None:
    signal = Signal(symbol="BTCUSDT", regime="calm", confidence=0.5, bias=0, valid_until=1, reason="", change_p=p)
    assert entry(signal)[:2] == (
        f"BTCUSDT signal: calm, bias +0.00, confidence 0.50{english}",
        f"BTCUSDT señal: calma, sesgo +0,00, confianza 0,50{spanish}",
    )


def test_the_trace_id_is_read_from_a_traceparent_only() -> None:
    assert trace_of(f"00-{'a' * 32}-{'b' * 16}-01") == "a" * 32
    assert [trace_of(text) for text in (None, "", "nonsense", "00-short-b-01")] == [None] * 4


@pytest.mark.parametrize(
    ("key", "seconds"),
    [("hft.trading.kill", 60), ("web.service.control", 60), ("hft.order.place", 600), ("ce3.tools.request", 900)],
)
def test_each_kind_of_command_has_its_time_to_be_confirmed(key: str, seconds: float) -> None:
    assert patience(ROUTES[key]) == seconds


@pytest.mark.parametrize(
    ("service", "action", "found"),
    [("web", "pause", True), ("web", "restart", False), ("web", "resume", False), ("hft", "pause", False)],
)
def test_pausing_web_is_told_from_all_other_control(service: str, action: str, found: bool) -> None:
    assert pauses_web(ServiceControl.model_validate({"service": service, "action": action})) is found
