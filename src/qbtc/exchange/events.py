"""User data events of what the books report, in the client's time unit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from ..core.binance.user_data import (
    AccountPosition,
    AssetBalance,
    BalanceUpdate,
    ExecutionReport,
    ListedOrder,
    ListStatusEvent,
)
from ..core.binance.wire import TimeUnit
from ..core.market.engine.layout import Kind
from ..core.market.instrument import render
from .bodies import LIST_WORDS, contingency, expiry_reason, list_id, original_lots, tif_word
from .model import Books, ListView, Moved, Report


def execution_report(report: Report, number: int, unit: TimeUnit) -> ExecutionReport:
    """`number` becomes the execution id."""
    order, item, now = report.order, report.order.instrument, report.time // unit
    event = ExecutionReport(
        event_ms=now,
        symbol=item.symbol,
        client_order_id=order.client_id,
        side=order.side.name,
        order_type=order.kind.name,
        time_in_force=tif_word(order),
        quantity=item.quantity_text(original_lots(order)),
        price=item.price_text(order.tick),
        stop_price=item.price_text(order.stop_tick),
        iceberg=item.quantity_text(order.iceberg),
        order_list=list_id(order),
        original_client_order_id=report.original_client_id,
        execution=report.execution,
        status=order.status.name,
        reject_reason=report.reject_reason,
        order_id=order.order_id,
        filled=item.quantity_text(order.filled),
        transaction_ms=now,
        execution_id=number,
        on_book=order.open and order.working and order.kind is not Kind.MARKET,
        created_ms=order.created // unit,
        filled_quote=render(order.quote_filled),
        quote_quantity=render(order.budget),
        working_ms=order.worked // unit if order.worked else UNSET,
        stp=order.stp.name,
    )
    _add_trade(event, report)
    _add_conditions(event, report, unit)
    _add_prevention(event, report)
    return event


def _add_trade(event: ExecutionReport, report: Report) -> None:
    trade, item = report.trade, report.order.instrument
    if trade is None:
        return
    event.last_quantity, event.last_price = item.quantity_text(trade.lots), item.price_text(trade.tick)
    event.fee, event.fee_asset = render(trade.fee), trade.fee_asset
    event.trade_id, event.maker, event.last_quote = trade.trade_id, trade.maker, render(trade.quote)


def _add_conditions(event: ExecutionReport, report: Report, unit: TimeUnit) -> None:
    order = report.order
    if order.trailing:
        event.trailing = order.trailing
        event.trailing_ms = order.trailed_at // unit if order.trailed_at else -1
    if order.strategy_id:
        event.strategy_id = order.strategy_id
    if order.strategy_type:
        event.strategy_type = order.strategy_type
    event.expiry_reason = expiry_reason(order) or UNSET


def _add_prevention(event: ExecutionReport, report: Report) -> None:
    order, row, item = report.order, report.prevented, report.order.instrument
    if row is None:
        return
    taker = row.taker_id == order.order_id
    lots = row.taker_lots if taker else row.maker_lots
    event.prevented_id, event.trade_group = row.prevented_id, order.account
    event.prevented, event.last_prevented = item.quantity_text(order.prevented), item.quantity_text(lots)
    event.counter_order_id, event.counter_symbol = (row.maker_id if taker else row.taker_id), item.symbol
    event.prevented_execution, event.prevented_price = item.quantity_text(lots), item.price_text(row.tick)
    event.prevented_quote = f"{item.notional(row.tick, lots):.8f}"


def account_position(books: Books, account: int, assets: Sequence[str], now: int) -> AccountPosition:
    """These assets as they are now; `now` in the client's unit."""
    balances = books.balances(account)
    rows = [(asset, *balances.get(asset, (0, 0))) for asset in assets]
    chosen = [AssetBalance(asset, render(free), render(locked)) for asset, free, locked in rows]
    return AccountPosition(event_ms=now, updated_ms=now, balances=chosen)


def balance_update(moved: Moved, unit: TimeUnit) -> BalanceUpdate:
    now, sign = moved.time // unit, "-" if moved.amount < 0 else ""
    return BalanceUpdate(event_ms=now, asset=moved.asset, change=sign + render(abs(moved.amount)), cleared_ms=now)


def list_status(view: ListView, unit: TimeUnit) -> ListStatusEvent:
    kind, status = LIST_WORDS[view.status]
    return ListStatusEvent(
        event_ms=view.time // unit,
        symbol=view.instrument.symbol,
        list_id=view.list_id,
        contingency=contingency(view.kind),
        status=kind,
        order_status=status,
        client_id=view.client_id,
        transaction_ms=view.time // unit,
        orders=[ListedOrder(view.instrument.symbol, order.order_id, order.client_id) for order in view.orders],
    )
