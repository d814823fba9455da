"""The first venue's ledger behind the `Books` protocol: LIMIT, MARKET and LIMIT_MAKER; every other order is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import numpy as np

from ..core.binance.errors import ApiError, Code, filter_failure
from ..core.market.book import Side as BookSide
from ..core.market.engine.layout import RULES, Kind, Side, Status, Stp, Tif
from ..core.market.instrument import Instrument, units
from ..core.market.orders import Kind as OldKind
from ..core.market.orders import SelfTrade, TimeInForce
from .facts import OrderTraded
from .journal import Journal
from .ledger import OrderState
from .model import AmendView, ListView, NewList, NewOrder, OrderView, PreventedView, Report, TradeView
from .reports import Report as OldReport
from .requests import MAX_PRICE, MAX_QUANTITY, OrderRequest, check_notional
from .venue import Venue

_KINDS = {Kind.LIMIT: OldKind.LIMIT, Kind.MARKET: OldKind.MARKET, Kind.LIMIT_MAKER: OldKind.LIMIT_MAKER}


def _eight(value: Decimal | str) -> int:
    return units(f"{Decimal(value):.8f}")


class _Instruments(Mapping[str, Instrument]):
    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def __getitem__(self, name: str) -> Instrument:
        return self._venue.markets[name].instrument

    def __iter__(self) -> Iterator[str]:
        return iter(self._venue.markets)

    def __len__(self) -> int:
        return len(self._venue.markets)


class VenueBooks:
    def __init__(self, venue: Venue, journal: Journal) -> None:
        self._venue = venue
        self._journal = journal
        self.instruments: Mapping[str, Instrument] = _Instruments(venue)
        self.on_report: Callable[[Report | ListView], None] = lambda report: None
        venue.on_report = self._hear

    @property
    def closed(self) -> bool:
        return self._venue.closed

    def rules(self, symbol: str) -> np.void:
        item, limits, fees = self._venue.market(symbol).instrument, self._venue.limits, self._venue.fees
        row: np.void = np.zeros(1, RULES)[0]
        row["min_tick"] = row["tick_step"] = row["min_lots"] = row["lot_step"] = 1
        row["max_tick"] = int(MAX_PRICE / item.tick_size)
        row["max_lots"] = int(MAX_QUANTITY / item.lot_size)
        row["min_notional"], row["max_notional"] = _eight(limits.min_notional), _eight(limits.max_notional)
        row["min_applies_to_market"] = row["max_applies_to_market"] = 1
        row["maker_rate"], row["taker_rate"] = _eight(fees.maker), _eight(fees.taker)
        return row

    def last_tick(self, symbol: str) -> int:
        return self._venue.market(symbol).liquidity.last_tick or 0

    # ---- orders

    def place(self, account: int, symbol: str, order: NewOrder, now: int) -> OrderView:
        request = self._request(symbol, order)
        return self._view(self._venue.place(account, request, now))

    def test(self, account: int, symbol: str, order: NewOrder, now: int) -> None:
        self._request(symbol, order)

    def _request(self, symbol: str, order: NewOrder) -> OrderRequest:
        item = self._venue.market(symbol).instrument
        kind = _KINDS.get(order.kind)
        if kind is None or order.iceberg or order.stp is Stp.DECREMENT:
            raise ApiError(Code.NEW_ORDER_REJECTED, "Unsupported order combination")
        if item.from_ticks(order.tick) > MAX_PRICE:
            raise filter_failure("PRICE_FILTER")
        if item.from_lots(order.lots) > MAX_QUANTITY:
            raise filter_failure("LOT_SIZE")
        if order.tick:
            check_notional(item.notional(order.tick, order.lots), self._venue.limits)
        return OrderRequest(
            symbol=symbol,
            side=BookSide(int(order.side)),
            kind=kind,
            tif=TimeInForce.IOC if order.kind is Kind.MARKET else TimeInForce[order.tif.name],
            stp=SelfTrade[order.stp.name],
            tick=order.tick,
            lots=order.lots,
            quote=Decimal(order.budget) / 10**8,
            client_id=order.client_id,
            answer="FULL",
        )

    def cancel(self, account: int, order_id: int, now: int, client_id: str | None = None) -> OrderView:
        state = self._venue.ledger.find(account, order_id=order_id)
        if state is None:
            raise ApiError(Code.CANCEL_REJECTED)
        return self._view(self._venue.cancel(account, state, now))

    def place_list(self, account: int, symbol: str, new: NewList, now: int) -> ListView:
        raise ApiError(Code.NEW_ORDER_REJECTED, "OCO orders are not supported for this symbol")

    def cancel_list(self, account: int, list_id: int, now: int, client_id: str | None = None) -> ListView:
        raise ApiError(Code.CANCEL_REJECTED)

    def amend(self, account: int, order_id: int, lots: int, now: int, client_id: str | None = None) -> AmendView:
        raise ApiError(Code.ORDER_AMEND_REJECTED, "Order amend is not supported for this symbol.")

    # ---- questions

    def order(
        self, account: int, symbol: str, *, order_id: int | None = None, client_id: str | None = None
    ) -> OrderView | None:
        state = self._venue.ledger.find(account, order_id=order_id, client_id=client_id)
        return self._view(state) if state is not None and state.placed.symbol == symbol else None

    def open_orders(self, account: int, symbol: str | None = None) -> Sequence[OrderView]:
        return [self._view(s) for s in self._venue.ledger.open_orders(account, symbol) if self._served(s)]

    def all_orders(self, account: int, symbol: str) -> Sequence[OrderView]:
        return [self._view(state) for state in self._states(account, symbol)]

    def trades(self, account: int, symbol: str, order_id: int | None = None) -> Sequence[TradeView]:
        rows = [
            self._trade(state, trade)
            for state in self._states(account, symbol)
            for trade in state.trades
            if order_id in (None, trade.order_id)
        ]
        return sorted(rows, key=lambda row: (row.trade_id, row.order_id))

    def lists(self, account: int, *, only_open: bool = False) -> Sequence[ListView]:
        return ()

    def prevented(self, account: int, symbol: str) -> Sequence[PreventedView]:
        return ()

    def amendments(self, account: int, order_id: int) -> Sequence[AmendView]:
        return ()

    def balances(self, account: int) -> dict[str, tuple[int, int]]:
        known = self._venue.ledger.accounts[account]
        return {asset: (_eight(row.free), _eight(row.locked)) for asset, row in known.items()}

    async def committed(self) -> None:
        await self._journal.commit()

    def after_commit(self, call: Callable[[], None]) -> None:
        self._journal.after_commit(call)

    # ---- views

    def _hear(self, old: OldReport) -> None:
        event = old.order
        state = self._venue.ledger.orders[event.order_id]
        trade = self._trade(state, state.trades[-1]) if event.execution == "TRADE" else None
        now = event.event_ms * 1_000_000
        original = event.client_order_id if event.execution == "CANCELED" else ""
        self.on_report(Report(old.account, self._view(state), event.execution, now, trade, None, original))

    def _served(self, state: OrderState) -> bool:
        return state.placed.symbol in self._venue.markets

    def _states(self, account: int, symbol: str) -> list[OrderState]:
        orders = self._venue.ledger.orders.values()
        return [state for state in orders if state.placed.account == account and state.placed.symbol == symbol]

    def _view(self, state: OrderState) -> OrderView:
        placed, item = state.placed, self._venue.market(state.placed.symbol).instrument
        return OrderView(
            order_id=placed.order_id,
            client_id=placed.client_id,
            account=placed.account,
            instrument=item,
            side=Side[placed.side],
            kind=Kind[placed.kind],
            tif=Tif.GTC if placed.kind == "MARKET" else Tif[placed.tif],
            stp=Stp[placed.stp],
            status=Status[state.status],
            working=True,
            tick=item.to_ticks(placed.price),
            stop_tick=0,
            trailing=0,
            trailed_at=0,
            iceberg=0,
            lots=item.to_lots(placed.quantity),
            budget=_eight(placed.quote),
            filled=item.to_lots(state.filled),
            quote_filled=_eight(state.filled_quote),
            prevented=0,
            list_id=0,
            strategy_id=0,
            strategy_type=0,
            created=placed.time,
            updated=state.updated or placed.time,
            worked=placed.time,
        )

    def _trade(self, state: OrderState, trade: OrderTraded) -> TradeView:
        item = self._venue.market(state.placed.symbol).instrument
        return TradeView(
            trade_id=trade.trade_id,
            order_id=trade.order_id,
            list_id=0,
            instrument=item,
            tick=item.to_ticks(trade.price),
            lots=item.to_lots(trade.quantity),
            quote=_eight(Decimal(trade.price) * Decimal(trade.quantity)),
            fee=_eight(trade.fee),
            fee_asset=trade.fee_asset,
            time=trade.time,
            buyer=state.placed.side == "BUY",
            maker=trade.maker,
        )
