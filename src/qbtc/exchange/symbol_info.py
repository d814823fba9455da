"""A symbol as exchangeInfo shows it, with the filters that its rules hold. Pure."""

from __future__ import annotations

import numpy as np

from ..core.market.engine.layout import Kind, Stp
from ..core.market.instrument import Instrument, render
from .bodies import Json

PERCENT = 100_000_000


def symbol_info(item: Instrument, rules: np.void, *, closed: bool, permission_sets: bool = True) -> Json:
    """One entry of `symbols`."""
    body: Json = {
        "symbol": item.symbol,
        "status": "BREAK" if closed else "TRADING",
        "baseAsset": item.base,
        "baseAssetPrecision": 8,
        "quoteAsset": item.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": [kind.name for kind in Kind],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": True,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "amendAllowed": True,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": symbol_filters(item, rules),
        "permissions": [],
        "permissionSets": [["SPOT"]] if permission_sets else [],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": [mode.name for mode in Stp],
    }
    return body


def symbol_filters(item: Instrument, rules: np.void) -> list[Json]:
    """Filters that bind (a bound of 0 is none)."""
    found = [_prices(item, rules), _lots(item, rules), _market_lots(item, rules), *_counts(rules)]
    found += [_notional(rules), _percent(rules), _trailing(rules), _position(item, rules)]
    return [entry for entry in found if entry]


def exchange_filters() -> list[Json]:
    """Bounds over all symbols; this venue has none beside each symbol's own."""
    return []


def _prices(item: Instrument, rules: np.void) -> Json:
    unit = item.tick_units
    return {
        "filterType": "PRICE_FILTER",
        "minPrice": render(_at(rules, "min_tick") * unit),
        "maxPrice": render(_at(rules, "max_tick") * unit),
        "tickSize": render(max(_at(rules, "tick_step"), 1) * unit),
    }


def _lots(item: Instrument, rules: np.void) -> Json:
    unit = item.lot_units
    return {
        "filterType": "LOT_SIZE",
        "minQty": render(_at(rules, "min_lots") * unit),
        "maxQty": render(_at(rules, "max_lots") * unit),
        "stepSize": render(max(_at(rules, "lot_step"), 1) * unit),
    }


def _market_lots(item: Instrument, rules: np.void) -> Json:
    unit = item.lot_units
    if not _at(rules, "market_max_lots"):
        return {}
    return {
        "filterType": "MARKET_LOT_SIZE",
        "minQty": render(_at(rules, "market_min_lots") * unit),
        "maxQty": render(_at(rules, "market_max_lots") * unit),
        "stepSize": render(_at(rules, "market_lot_step") * unit),
    }


def _notional(rules: np.void) -> Json:
    if not (_at(rules, "min_notional") or _at(rules, "max_notional")):
        return {}
    if not _at(rules, "max_notional"):
        return {
            "filterType": "MIN_NOTIONAL",
            "minNotional": render(_at(rules, "min_notional")),
            "applyToMarket": bool(rules["min_applies_to_market"]),
            "avgPriceMins": _at(rules, "notional_minutes"),
        }
    return {
        "filterType": "NOTIONAL",
        "minNotional": render(_at(rules, "min_notional")),
        "applyMinToMarket": bool(rules["min_applies_to_market"]),
        "maxNotional": render(_at(rules, "max_notional")),
        "applyMaxToMarket": bool(rules["max_applies_to_market"]),
        "avgPriceMins": _at(rules, "notional_minutes"),
    }


def _percent(rules: np.void) -> Json:
    if not _at(rules, "bid_up"):
        return {}
    minutes = _at(rules, "percent_minutes")
    if (rules["bid_up"], rules["bid_down"]) == (rules["ask_up"], rules["ask_down"]):
        up, down = (f"{_at(rules, field) / PERCENT:g}" for field in ("bid_up", "bid_down"))
        return {"filterType": "PERCENT_PRICE", "multiplierUp": up, "multiplierDown": down, "avgPriceMins": minutes}
    names = {"bidMultiplierUp": "bid_up", "bidMultiplierDown": "bid_down"}
    names |= {"askMultiplierUp": "ask_up", "askMultiplierDown": "ask_down"}
    bounds: Json = {name: f"{_at(rules, field) / PERCENT:g}" for name, field in names.items()}
    return {"filterType": "PERCENT_PRICE_BY_SIDE", **bounds, "avgPriceMins": minutes}


def _trailing(rules: np.void) -> Json:
    if not _at(rules, "trail_above_max"):
        return {}
    return {
        "filterType": "TRAILING_DELTA",
        "minTrailingAboveDelta": _at(rules, "trail_above_min"),
        "maxTrailingAboveDelta": _at(rules, "trail_above_max"),
        "minTrailingBelowDelta": _at(rules, "trail_below_min"),
        "maxTrailingBelowDelta": _at(rules, "trail_below_max"),
    }


def _position(item: Instrument, rules: np.void) -> Json:
    most = _at(rules, "max_position")
    return {"filterType": "MAX_POSITION", "maxPosition": render(most * item.lot_units)} if most else {}


_COUNTS = (
    ("ICEBERG_PARTS", "limit", "iceberg_parts"),
    ("MAX_NUM_ORDERS", "maxNumOrders", "max_orders"),
    ("MAX_NUM_ORDER_LISTS", "maxNumOrderLists", "max_order_lists"),
    ("MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", "max_algo_orders"),
    ("MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", "max_iceberg_orders"),
    ("MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends", "max_amends"),
)


def _counts(rules: np.void) -> list[Json]:
    return [{"filterType": kind, name: _at(rules, field)} for kind, name, field in _COUNTS if _at(rules, field)]


def _at(rules: np.void, field: str) -> int:
    return int(rules[field])
