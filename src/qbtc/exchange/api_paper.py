"""What only a paper venue has: giving an account its starting balances again. Signed like an order; not Binance's."""

from __future__ import annotations

from ..core.binance.wire import Time
from ..core.market.instrument import render
from .operation import Api
from .params import Params


async def reset(api: Api, params: Params, account: int) -> object:
    """Cancel every order of the account, close its futures positions, and set its balances to those of the settings."""
    orders = len(api.books.open_orders(account))
    api.books.reset_account(account, api.paper, api.now())
    balances = api.books.balances(account)
    body: dict[str, object] = {
        "resetTime": Time(api.now()),
        "cancelledOrders": orders,
        "balances": [{"asset": a, "free": render(free)} for a, (free, _) in sorted(balances.items()) if free],
    }
    if api.reset_futures is not None:
        body["futures"] = await api.reset_futures(account)
    return body
