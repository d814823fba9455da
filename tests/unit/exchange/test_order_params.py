"""Parameters of orders and lists: what each type needs, may have and must not have, with Binance's codes."""

from __future__ import annotations

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.engine.layout import Kind, ListKind, Side, Stp, Tif
from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.list_params import oco, old_oco, opo_refusal, oto, otoco
from qbtc.exchange.order_params import answer_kind, new_order
from qbtc.exchange.params import check_known, limit, moment, parse, period, texts

ITEM = KNOWN["BTCUSDT"]
LIMIT = {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000"}
MAKER = {"side": "SELL", "type": "LIMIT_MAKER", "quantity": "0.01", "price": "50000"}
MARKET = {"side": "SELL", "type": "MARKET", "quantity": "0.01"}
STOP = {"side": "SELL", "type": "STOP_LOSS", "quantity": "0.01", "stopPrice": "40000"}
STOP_LIMIT = LIMIT | {"type": "STOP_LOSS_LIMIT", "stopPrice": "49000"}
OCO = {
    "side": "SELL", "quantity": "0.01", "aboveType": "LIMIT_MAKER", "abovePrice": "60000",
    "belowType": "STOP_LOSS_LIMIT", "belowPrice": "39000", "belowStopPrice": "40000", "belowTimeInForce": "GTC",
}  # fmt: skip
OTO = {
    "workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "50000", "workingQuantity": "0.01",
    "workingTimeInForce": "GTC", "pendingType": "MARKET", "pendingSide": "SELL", "pendingQuantity": "0.01",
}  # fmt: skip
OTOCO = {key: value for key, value in OTO.items() if key != "pendingType"} | {
    "pendingAboveType": "LIMIT_MAKER", "pendingAbovePrice": "60000", "pendingBelowType": "STOP_LOSS",
    "pendingBelowStopPrice": "40000",
}  # fmt: skip


def without(params: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in params.items() if name not in names}


def test_an_order_is_read_in_ticks_and_lots() -> None:
    order = new_order(
        LIMIT
        | {"icebergQty": "0.001", "strategyId": "7", "strategyType": "1000000", "newClientOrderId": "a.b:c/d-e_f"}
        | {"selfTradePreventionMode": "DECREMENT"},
        ITEM,
    )
    assert (order.side, order.kind, order.tif, order.stp) == (Side.BUY, Kind.LIMIT, Tif.GTC, Stp.DECREMENT)
    assert (order.tick, order.lots, order.iceberg) == (5_000_000, 10_000, 1_000)
    assert (order.strategy_id, order.strategy_type, order.client_id) == (7, 1_000_000, "a.b:c/d-e_f")
    by_quote = new_order(without(MARKET, "quantity") | {"quoteOrderQty": "12.34567891"}, ITEM)
    assert (by_quote.lots, by_quote.budget) == (0, 1_234_567_891)
    trailing = new_order(without(STOP, "stopPrice") | {"trailingDelta": "100"}, ITEM)
    assert (trailing.stop_tick, trailing.trailing) == (0, 100)


@pytest.mark.parametrize(
    ("params", "code", "text"),
    [
        (without(LIMIT, "side"), -1102, "'side'"),
        (LIMIT | {"side": "HOLD"}, -1117, "Invalid side"),
        (LIMIT | {"type": "ICEBERG"}, -1116, "Invalid orderType"),
        (LIMIT | {"timeInForce": "GTX"}, -1115, "Invalid timeInForce"),
        (without(LIMIT, "timeInForce"), -1102, "'timeInForce'"),
        (without(LIMIT, "price"), -1102, "'price'"),
        (without(LIMIT, "quantity"), -1102, "'quantity'"),
        (LIMIT | {"stopPrice": "1"}, -1106, "'stopPrice' sent when not required"),
        (LIMIT | {"quoteOrderQty": "1"}, -1106, "'quoteOrderQty'"),
        (LIMIT | {"price": ""}, -1102, "'price'"),
        (LIMIT | {"newClientOrderId": ""}, -1105, "'newClientOrderId' was empty"),
        (LIMIT | {"newClientOrderId": "x" * 37}, -1100, "newClientOrderId"),
        (LIMIT | {"newClientOrderId": "ñ"}, -1100, "newClientOrderId"),
        (LIMIT | {"price": "NaN"}, -1100, "'price'"),
        (LIMIT | {"price": "-1"}, -1100, "'price'"),
        (LIMIT | {"price": "1e5"}, -1100, "'price'"),
        (LIMIT | {"price": "0"}, -1130, "'price'"),
        (LIMIT | {"price": "9" * 20}, -1108, "'price' overflowed"),
        (LIMIT | {"price": "50000.001"}, -1013, "PRICE_FILTER"),
        (LIMIT | {"quantity": "0.0000001"}, -1013, "LOT_SIZE"),
        (LIMIT | {"quantity": "0.0000000001"}, -1111, "too much precision"),
        (LIMIT | {"icebergQty": "0.02"}, -2010, "IcebergQty exceeds QTY"),
        (LIMIT | {"timeInForce": "IOC", "icebergQty": "0.001"}, -1014, "combination"),
        (LIMIT | {"strategyType": "999999"}, -1134, "strategyType"),
        (LIMIT | {"selfTradePreventionMode": "MAYBE"}, -1130, "selfTradePreventionMode"),
        (LIMIT | {"pegPriceType": "PRIMARY_PEG"}, -2010, "Pegged orders are not supported"),
        (LIMIT | {"pegPriceType": "OTHER"}, -1210, "pegPriceType"),
        (LIMIT | {"pegOffsetType": "OTHER"}, -1211, "pegOffsetType"),
        (MAKER | {"timeInForce": "GTC"}, -1106, "'timeInForce'"),
        (MARKET | {"price": "1"}, -1106, "'price'"),
        (MARKET | {"timeInForce": "GTC"}, -1106, "'timeInForce'"),
        (MARKET | {"quoteOrderQty": "5"}, -1106, "'quoteOrderQty'"),
        (without(MARKET, "quantity"), -1102, "'quantity' or 'quoteOrderQty'"),
        (without(STOP, "stopPrice"), -1102, "'stopPrice' or 'trailingDelta'"),
        (STOP | {"price": "1"}, -1106, "'price'"),
        (STOP | {"icebergQty": "0.001"}, -1106, "'icebergQty'"),
        (without(STOP_LIMIT, "price"), -1102, "'price'"),
        (STOP | {"trailingDelta": "1.5"}, -1100, "'trailingDelta'"),
    ],
)
def test_what_an_order_must_not_be_is_refused(params: dict[str, str], code: int, text: str) -> None:
    with pytest.raises(ApiError, match=text) as refused:
        new_order(params, ITEM)
    assert refused.value.code == code


def test_the_answer_is_full_for_limit_and_market_and_ack_for_the_rest() -> None:
    kinds = {kind: answer_kind({}, kind) for kind in Kind}
    assert {kind for kind, answer in kinds.items() if answer == "FULL"} == {Kind.LIMIT, Kind.MARKET}
    assert answer_kind({"newOrderRespType": "RESULT"}, Kind.MARKET) == "RESULT"
    with pytest.raises(ApiError, match="-1130"):
        answer_kind({"newOrderRespType": "SHORT"}, Kind.MARKET)


def test_lists_are_read_in_their_order() -> None:
    pair = oco(OCO | {"listClientOrderId": "mine", "aboveClientOrderId": "up"}, ITEM)
    assert (pair.kind, pair.client_id, [o.kind for o in pair.orders]) == (
        ListKind.OCO, "mine", [Kind.LIMIT_MAKER, Kind.STOP_LOSS_LIMIT],
    )  # fmt: skip
    assert [o.client_id for o in pair.orders] == ["up", None]
    assert [o.kind for o in oto(OTO, ITEM).orders] == [Kind.LIMIT, Kind.MARKET]
    assert [o.kind for o in otoco(OTOCO, ITEM).orders] == [Kind.LIMIT, Kind.LIMIT_MAKER, Kind.STOP_LOSS]


def test_the_old_oco_puts_its_legs_above_and_below_by_side() -> None:
    params = {"quantity": "0.01", "price": "60000", "stopPrice": "40000", "limitClientOrderId": "l"}
    sell = old_oco(params | {"side": "SELL", "stopLimitPrice": "39000", "stopLimitTimeInForce": "FOK"}, ITEM)
    assert [(o.kind, o.tif, o.client_id) for o in sell.orders] == [
        (Kind.LIMIT_MAKER, Tif.GTC, "l"),
        (Kind.STOP_LOSS_LIMIT, Tif.FOK, None),
    ]
    buy = old_oco(params | {"side": "BUY", "price": "40000", "stopPrice": "60000"}, ITEM)
    assert [o.kind for o in buy.orders] == [Kind.STOP_LOSS, Kind.LIMIT_MAKER]
    with pytest.raises(ApiError, match="-2010"):
        old_oco(params | {"side": "BUY"}, ITEM)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (without(OCO, "aboveType"), -1102),
        (without(OCO, "belowStopPrice"), -1102),
        (without(OCO, "belowTimeInForce"), -1102),
        (OCO | {"aboveType": "MARKET"}, -1106),
        (OCO | {"aboveType": "LIMIT", "aboveTimeInForce": "GTC"}, -1158),
        (without(OCO, "belowStopPrice", "belowTimeInForce") | {"belowType": "LIMIT_MAKER"}, -1168),
        (OCO | {"side": "BUY"}, -1165),
        (OCO | {"abovePrice": "30000"}, -2010),
        (OCO | {"aboveType": "STOP_LOSS", "abovePrice": "", "aboveStopPrice": "60000"}, -1197),
        (
            without(OCO, "abovePrice", "belowPrice", "belowTimeInForce")
            | {"belowType": "TAKE_PROFIT", "aboveType": "TAKE_PROFIT", "aboveStopPrice": "60000"},
            -1199,
        ),
    ],
)
def test_an_oco_whose_legs_do_not_fit_is_refused(params: dict[str, str], code: int) -> None:
    with pytest.raises(ApiError) as refused:
        oco(params, ITEM)
    assert refused.value.code == code


def test_the_working_order_of_a_list_is_a_limit_order() -> None:
    with pytest.raises(ApiError, match=r"-1106|-1116"):
        oto(OTO | {"workingType": "MARKET"}, ITEM)
    with pytest.raises(ApiError, match="pendingQuantity"):
        oto(without(OTO, "pendingQuantity"), ITEM)


def test_opo_is_refused_for_its_own_faults_first_then_for_the_symbol() -> None:
    params = without(OTO, "pendingQuantity")
    codes = [
        opo_refusal(params | {"workingSide": "SELL"}, ITEM, pair=False).code,
        opo_refusal(params | {"pendingSide": "BUY"}, ITEM, pair=False).code,
        opo_refusal(OTO, ITEM, pair=False).code,
        opo_refusal(params, ITEM, pair=False).code,
    ]
    assert codes == [-1222, -1223, -1225, -2010]


def test_query_and_body_are_read_together_and_the_query_wins() -> None:
    assert parse("symbol=A&x=%2B1+2", "symbol=B&y=") == {"symbol": "A", "x": "+1 2", "y": ""}
    for query, code in (("a=1&a=2", -1101), ("a=%ff", -1100)):
        with pytest.raises(ApiError) as refused:
            parse(query)
        assert refused.value.code == code


def test_parameters_that_nobody_reads_are_refused() -> None:
    check_known({"a": "1"}, {"a", "b"})
    for params, code, text in (
        ({"a": "", "x": ""}, -1104, "read '1' parameter(s) but was sent '2'"),
        ({"a": "", "b": "", "x": ""}, -1101, "expected '2' and received '3'"),
    ):
        with pytest.raises(ApiError) as refused:
            check_known(params, {"a", "b"})
        assert refused.value.code == code
        assert text in refused.value.msg


def test_times_may_be_milliseconds_or_microseconds_and_periods_are_bounded() -> None:
    assert moment({"t": "1700000000000"}, "t") == moment({"t": "1700000000000000"}, "t") == 1_700_000_000 * 10**9
    day = 86_400_000
    assert period({"startTime": "0", "endTime": str(day)}) == (0, day * 10**6)
    with pytest.raises(ApiError, match="-1127"):
        period({"startTime": "0", "endTime": str(day + 1)})
    with pytest.raises(ApiError, match="-1130"):
        period({"startTime": "2", "endTime": "1"})


def test_pages_and_lists_of_symbols() -> None:
    assert limit({"limit": "5000"}, 500, 1000) == 1000
    with pytest.raises(ApiError, match="-1130"):
        limit({"limit": "0"}, 500, 1000)
    assert texts({"symbols": '["A","B"]'}, "symbols") == ["A", "B"]
    for text, code in (("A,B", -1100), ("[1]", -1130), ('["A","A"]', -1151)):
        with pytest.raises(ApiError) as refused:
            texts({"symbols": text}, "symbols")
        assert refused.value.code == code
