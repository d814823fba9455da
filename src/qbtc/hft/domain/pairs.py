"""Base and quote of symbols that may not be in this session. Pure."""

from __future__ import annotations

from qbtc.core.market.instrument import OffGrid, split_symbol

Pair = tuple[str, str]


def contract(symbol: str) -> str:
    """What stands for a futures position among the balances: no asset, since a wallet may hold the coin that it is named
    after, and fees that are paid in that coin leave the position alone."""
    return f"contract:{symbol}"


def pair_of(symbol: str, fee_asset: str = "") -> Pair:
    """By the symbol's known quote asset, or by the asset in which a fee was paid.

    A symbol that says nothing is an asset of its own without a quote: no balance is compared with it.
    """
    try:
        return split_symbol(symbol)
    except OffGrid:
        pass
    if fee_asset and symbol.startswith(fee_asset):
        return fee_asset, symbol[len(fee_asset) :]
    if fee_asset and symbol.endswith(fee_asset):
        return symbol[: -len(fee_asset)], fee_asset
    return symbol, ""
