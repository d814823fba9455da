"""Orders and balances in Binance's shapes: user data events and REST bodies. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..core.binance.user_data import AccountPosition, AssetBalance, ExecutionReport
from .facts import OrderTraded
from .ledger import Ledger, OrderState

MS = 1_000_000
Json = dict[str, object]


def eight(value: Decimal | str) -> str:
    """A decimal as Binance writes amounts: eight places."""
    return f"{Decimal(value):.8f}"


@dataclass(frozen=True, slots=True)
class Report:
    """What one account hears about one step: the order, then the balances that changed."""

    account: int
    order: ExecutionReport
    position: AccountPosition

    @classmethod
    def of(cls, ledger: Ledger, order_id: int, execution: str, trade: OrderTraded | None, now: int) -> Report:
        state = ledger.orders[order_id]
        placed = state.placed
        assets = [placed.base, placed.quote_asset]
        position = AccountPosition(
            event_ms=now // MS, updated_ms=now // MS, balances=balances(ledger, placed.account, assets)
        )
        return cls(placed.account, _execution(state, execution, trade, now // MS), position)


def balances(ledger: Ledger, account: int, assets: list[str]) -> list[AssetBalance]:
    chosen = ((asset, ledger.balance(account, asset)) for asset in assets)
    return [AssetBalance(asset, eight(entry.free), eight(entry.locked)) for asset, entry in chosen]


def _execution(state: OrderState, execution: str, trade: OrderTraded | None, ms: int) -> ExecutionReport:
    placed = state.placed
    report = ExecutionReport(
        event_ms=ms,
        symbol=placed.symbol,
        client_order_id=placed.client_id,
        side=placed.side,
        order_type=placed.kind,
        time_in_force=placed.tif,
        quantity=eight(placed.quantity),
        price=eight(placed.price),
        execution=execution,
        status=state.status,
        order_id=placed.order_id,
        filled=eight(state.filled),
        transaction_ms=ms,
        on_book=state.open and state.locks,
        created_ms=placed.time // MS,
        filled_quote=eight(state.filled_quote),
        quote_quantity=eight(placed.quote),
        working_ms=placed.time // MS,
        stp=placed.stp,
    )
    if execution == "CANCELED":
        report.original_client_order_id = placed.client_id
    if trade is not None:
        report.last_quantity, report.last_price = eight(trade.quantity), eight(trade.price)
        report.fee, report.fee_asset = eight(trade.fee), trade.fee_asset
        report.trade_id, report.maker = trade.trade_id, trade.maker
        report.last_quote = eight(Decimal(trade.quantity) * Decimal(trade.price))
    return report


def order_body(state: OrderState) -> Json:
    """`GET /api/v3/order` and friends."""
    placed = state.placed
    return {
        "symbol": placed.symbol,
        "orderId": placed.order_id,
        "orderListId": -1,
        "clientOrderId": placed.client_id,
        "price": eight(placed.price),
        "origQty": eight(state.filled if placed.quantity == "0" else placed.quantity),
        "executedQty": eight(state.filled),
        "cummulativeQuoteQty": eight(state.filled_quote),
        "status": state.status,
        "timeInForce": placed.tif,
        "type": placed.kind,
        "side": placed.side,
        "stopPrice": "0.00000000",
        "icebergQty": "0.00000000",
        "time": placed.time // MS,
        "updateTime": state.updated // MS,
        "isWorking": True,
        "workingTime": placed.time // MS,
        "origQuoteOrderQty": eight(placed.quote),
        "selfTradePreventionMode": placed.stp,
    }


def placed_body(state: OrderState, answer: str) -> Json:
    """The answer to a new order: ACK, RESULT or FULL."""
    body = order_body(state)
    names = ["symbol", "orderId", "orderListId", "clientOrderId"]
    chosen: Json = {name: body[name] for name in names} | {"transactTime": state.placed.time // MS}
    if answer == "ACK":
        return chosen
    skipped = {*names, "time", "updateTime", "isWorking", "stopPrice", "icebergQty"}
    chosen |= {name: value for name, value in body.items() if name not in skipped}
    if answer == "FULL":
        chosen["fills"] = [_fill(trade) for trade in state.trades]
    return chosen


def cancelled_body(state: OrderState, client_id: str) -> Json:
    body = order_body(state)
    skipped = {"time", "updateTime", "isWorking", "stopPrice", "icebergQty", "workingTime"}
    chosen = {name: value for name, value in body.items() if name not in skipped}
    return chosen | {
        "origClientOrderId": state.placed.client_id,
        "clientOrderId": client_id,
        "transactTime": state.updated // MS,
    }


def trade_body(state: OrderState, trade: OrderTraded) -> Json:
    """One row of `GET /api/v3/myTrades`."""
    return {
        "symbol": state.placed.symbol,
        "id": trade.trade_id,
        "orderId": trade.order_id,
        "orderListId": -1,
        "price": eight(trade.price),
        "qty": eight(trade.quantity),
        "quoteQty": eight(Decimal(trade.price) * Decimal(trade.quantity)),
        "commission": eight(trade.fee),
        "commissionAsset": trade.fee_asset,
        "time": trade.time // MS,
        "isBuyer": state.placed.side == "BUY",
        "isMaker": trade.maker,
        "isBestMatch": True,
    }


def _fill(trade: OrderTraded) -> Json:
    return {
        "price": eight(trade.price),
        "qty": eight(trade.quantity),
        "commission": eight(trade.fee),
        "commissionAsset": trade.fee_asset,
        "tradeId": trade.trade_id,
    }
