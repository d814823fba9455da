"""What can be asked of the desk's books: one order, lists and pages of them. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Sequence

from .books import Archive
from .model import ALL, AmendView, ListView, OrderView, PreventedView, Range, TradeView


class Questions:
    """The questions of `model.Books`."""

    books: Archive

    def order(
        self, account: int, symbol: str, *, order_id: int | None = None, client_id: str | None = None
    ) -> OrderView | None:
        row = self.books.order_row(account, symbol, order_id, client_id)
        return self.books.order_at(row) if row >= 0 else None

    def open_orders(self, account: int, symbol: str | None = None) -> Sequence[OrderView]:
        return self.books.open_orders(account, symbol)

    def all_orders(self, account: int, symbol: str, within: Range = ALL) -> Sequence[OrderView]:
        return self.books.all_orders(account, symbol, within)

    def trades(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[TradeView]:
        return self.books.trades(account, symbol, order_id, within)

    def lists(self, account: int, *, only_open: bool = False, within: Range = ALL) -> Sequence[ListView]:
        return self.books.lists(account, only_open=only_open, within=within)

    def order_list(
        self, account: int, *, list_id: int | None = None, client_id: str | None = None
    ) -> ListView | None:
        row = self.books.list_row(account, list_id=list_id, client_id=client_id)
        return self.books.list_at(row) if row >= 0 else None

    def prevented(
        self, account: int, symbol: str, order_id: int | None = None, within: Range = ALL
    ) -> Sequence[PreventedView]:
        return self.books.prevented(account, symbol, order_id, within)

    def amendments(self, account: int, order_id: int) -> Sequence[AmendView]:
        return self.books.amendments(account, order_id)

    def balances(self, account: int) -> dict[str, tuple[int, int]]:
        return self.books.balances(account)
