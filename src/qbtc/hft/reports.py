"""The venue's execution reports as the desk's orders and fills. Pure."""

from __future__ import annotations

from qbtc.contracts.common import OrderType, Side
from qbtc.core.binance.user_data import ExecutionReport

from .domain.orders import Order
from .domain.positions import Fill
from .domain.units import units


def order_of(report: ExecutionReport, order_id: str, strategy: str | None) -> Order:
    """The order that a report is about, before anything of it was counted."""
    market = report.order_type in ("MARKET", "STOP_LOSS", "TAKE_PROFIT")
    trigger = units(report.stop_price)
    return Order(
        order_id, report.symbol, Side(report.side), OrderType.MARKET if market else OrderType.LIMIT,
        units(report.quantity), None if market else units(report.price), report.created_ms * 1_000_000, strategy=strategy,
        ioc=report.time_in_force == "IOC", post=report.order_type == "LIMIT_MAKER",
        fok=report.time_in_force == "FOK", trigger=trigger or None, touched=report.order_type.startswith("TAKE_PROFIT"),
        triggered=report.on_book,
    )  # fmt: skip


def fill_of(report: ExecutionReport, order_id: str, strategy: str | None) -> Fill:
    return Fill(
        symbol=report.symbol, trade_id=str(report.trade_id), client_order_id=order_id, side=Side(report.side),
        price=units(report.last_price), quantity=units(report.last_quantity), fee=units(report.fee),
        fee_asset=report.fee_asset or "", maker=report.maker, at_ns=report.transaction_ms * 1_000_000,
        venue_order_id=str(report.order_id), strategy=strategy,
    )  # fmt: skip


def why(report: ExecutionReport) -> str | None:
    """Why an order ended, in the venue's words."""
    if report.reject_reason != "NONE":
        return report.reject_reason
    return report.status.lower() if report.status in ("CANCELED", "EXPIRED", "EXPIRED_IN_MATCH") else None
