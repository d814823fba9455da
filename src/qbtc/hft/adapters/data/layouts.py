"""The tables that are known: Binance's public dumps, Tardis, and tables whose columns a person maps.

A `Layout` says for each column of the text which role it has and how it is read. Sources: binance/binance-public-data
(README), docs.tardis.dev (downloadable CSV files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbtc.core.market.tape.table import Field

from ...errors import BadSource

F = Field
_TRADE = ("id", "price", "quantity", None, "time", "side")
_AGGREGATE = ("id", "price", "quantity", None, None, "time", "side")
_KLINE = (None, "open", "high", "low", "close", "volume", "time", None, None, None, None, None)
_TICKER = ("id", "bid", "bid_quantity", "ask", "ask_quantity", "time", None)
_BANDS = ("time", "percent", "volume", "notional")

ROLES: dict[str, Field] = {
    "time": F.TIME, "local": F.TIME, "id": F.ID, "side": F.SIDE, "maker": F.BOOL, "snapshot": F.BOOL, "action": F.ACTION,
    "order": F.INTEGER, "price": F.DECIMAL, "quantity": F.DECIMAL, "bid": F.OPTIONAL, "ask": F.OPTIONAL,
    "bid_quantity": F.OPTIONAL, "ask_quantity": F.OPTIONAL, "open": F.DECIMAL, "high": F.DECIMAL, "low": F.DECIMAL,
    "close": F.DECIMAL, "volume": F.FLOAT, "percent": F.FLOAT, "notional": F.FLOAT,
}  # fmt: skip
"""How each role is read."""

ALIASES = {
    "timestamp": "time", "ts": "time", "datetime": "time", "date": "time", "exchange_time": "time", "exch_ts": "time",
    "transact_time": "time", "local_timestamp": "local", "local_time": "local", "local_ts": "local", "received": "local",
    "px": "price", "qty": "quantity", "amount": "quantity", "size": "quantity", "vol": "volume", "trade_id": "id",
    "seq": "id", "update_id": "id", "order_id": "order", "is_snapshot": "snapshot", "is_buyer_maker": "maker",
    "isbuyermaker": "maker", "buyer_is_maker": "maker", "bid_price": "bid", "ask_price": "ask", "best_bid_price": "bid",
    "best_ask_price": "ask", "bid_qty": "bid_quantity", "ask_qty": "ask_quantity", "bid_amount": "bid_quantity",
    "ask_amount": "ask_quantity", "best_bid_qty": "bid_quantity", "best_ask_qty": "ask_quantity", "bid_size": "bid_quantity",
    "ask_size": "ask_quantity",
}  # fmt: skip
"""Column names that mean a role without being mapped."""

NEEDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "trades": (frozenset({"time", "price", "quantity", "side"}), frozenset({"local", "id"})),
    "depth": (frozenset({"time", "price", "quantity", "side"}), frozenset({"local", "id", "snapshot"})),
    "ticker": (frozenset({"time", "bid", "bid_quantity", "ask", "ask_quantity"}), frozenset({"local", "id"})),
    "bars": (frozenset({"time", "open", "high", "low", "close", "volume"}), frozenset({"local"})),
    "l3": (frozenset({"time", "action", "order", "side", "price", "quantity"}), frozenset({"local", "id"})),
}
"""Roles that a table of a person's own must and may have."""

BINANCE = {
    "binance-trades": ("trades", _TRADE), "binance-aggtrades": ("trades", _AGGREGATE), "binance-klines": ("bars", _KLINE),
    "binance-bookticker": ("ticker", _TICKER), "binance-bookdepth": ("bands", _BANDS),
}  # fmt: skip
TARDIS = {
    "tardis-book": ("depth", "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount"),
    "tardis-trades": ("trades", "exchange,symbol,timestamp,local_timestamp,id,side,price,amount"),
    "tardis-ticker": (
        "ticker", "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount",
    ),
}  # fmt: skip
TARDIS_BOOK = re.compile(r"(asks|bids)\[(\d+)\]\.(price|amount)")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is read: `roles[i]` and `fields[i]` of its i-th column (None and SKIP: not read)."""

    kind: str
    shape: str
    roles: tuple[str | None, ...]
    header: bool
    maker: bool = False
    """The side column says whether the buyer was the maker: true is a taker that sold."""
    names: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(self._field(role) for role in self.roles)

    def _field(self, role: str | None) -> Field:
        if role is None:
            return F.SKIP
        if role == "side" and self.maker:
            return F.BOOL
        return ROLES.get(role, F.OPTIONAL)

    def column(self, at: int) -> str:
        """What a column is called in a message."""
        return self.names[at] if at < len(self.names) else f"{at + 1} ({self.roles[at] or 'not read'})"


def binance(kind: str, columns: int, header: tuple[str, ...]) -> Layout:
    """A public dump. Raises BadSource if it has too few columns."""
    shape, roles = BINANCE[kind]
    if columns < len(roles):
        raise BadSource(f"{kind} has {len(roles)} columns or more, not {columns}", field="kind")
    padded = (*roles, *(None,) * (columns - len(roles)))
    return Layout(kind, shape, padded, bool(header), maker=shape == "trades", names=header)


def tardis(kind: str, header: tuple[str, ...]) -> Layout:
    """A Tardis file by its header."""
    if kind == "tardis-snapshot":
        return Layout(kind, "books", tuple(_tardis_book(name) for name in header), True, names=header)
    shape, _ = TARDIS[kind]
    return Layout(kind, shape, tuple(_known(name) for name in header), True, names=header)


def _tardis_book(name: str) -> str | None:
    if found := TARDIS_BOOK.fullmatch(name):
        side, level, what = found.groups()
        return f"{side[:3]}{level}{'' if what == 'price' else '_quantity'}"
    return _known(name) if name in ("timestamp", "local_timestamp") else None


def _known(name: str) -> str | None:
    plain = name.strip().lower()
    role = ALIASES.get(plain, plain)
    return role if role in ROLES else None


def generic(kind: str, header: tuple[str, ...], mapping: Mapping[str, str]) -> Layout:
    """A person's own table. Raises BadSource for a mapping that does not fit."""
    must, may = NEEDS[kind]
    roles = _mapped(header, mapping, must | may | ({"maker"} if kind == "trades" else set()))
    maker = kind == "trades" and "maker" in roles
    if maker:
        roles = ["side" if role == "maker" else (None if role == "side" else role) for role in roles]
    missing = sorted(must - {role for role in roles if role})
    if missing:
        raise BadSource(
            f"{kind} needs {', '.join(sorted(must))}; no column for {', '.join(missing)}", field="map",
            allowed=f"--map {missing[0]}=COLUMN,… with the columns {', '.join(header)}",
        )  # fmt: skip
    return Layout(kind, kind, tuple(roles), True, maker=maker, names=header)


def _mapped(header: tuple[str, ...], mapping: Mapping[str, str], wanted: frozenset[str] | set[str]) -> list[str | None]:
    """The role of each column: as mapped, else as its name says; each role at most once."""
    for name, column in mapping.items():
        if name not in ROLES:
            raise BadSource(f"--map names the role {name!r}", field="map", allowed=", ".join(ROLES))
        if column not in header:
            raise BadSource(f"--map names the column {column!r}", field="map", allowed=", ".join(header))
    by_column = {column: role for role, column in mapping.items()}
    roles: list[str | None] = []
    for name in header:
        role: str | None = by_column.get(name) or (None if (found := _known(name)) in mapping else found)
        roles.append(role if role in wanted and role not in roles else None)
    return roles


def fitting(header: Sequence[str], mapping: Mapping[str, str]) -> str | None:
    """The generic kind that a header (with its mapping) fits best: the one that needs most of what is there."""
    there = {role for name in header if (role := _known(name))} | set(mapping)
    there |= {"side"} if "maker" in there else set()
    fits = [kind for kind, (must, _) in NEEDS.items() if must <= there]
    if "depth" in fits and not {"snapshot"} & there:
        fits.remove("depth")
    elif "depth" in fits and "trades" in fits:
        fits.remove("trades")
    return max(fits, key=lambda kind: len(NEEDS[kind][0]), default=None)
