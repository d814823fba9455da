"""What happened to accounts and orders, as the journal keeps it. Decimal strings, so that a fact explains itself."""

from __future__ import annotations

import msgspec


class AccountOpened(msgspec.Struct, frozen=True, tag="account"):
    account: int
    balances: dict[str, str]
    time: int


class OrderPlaced(msgspec.Struct, frozen=True, tag="order"):
    """`price` is "0" for MARKET; `quantity` is "0" for MARKET by `quote`."""

    account: int
    order_id: int
    client_id: str
    symbol: str
    base: str
    quote_asset: str
    side: str
    kind: str
    tif: str
    stp: str
    price: str
    quantity: str
    quote: str
    time: int


class OrderTraded(msgspec.Struct, frozen=True, tag="trade"):
    order_id: int
    trade_id: int
    price: str
    quantity: str
    fee: str
    fee_asset: str
    maker: bool
    time: int


class OrderClosed(msgspec.Struct, frozen=True, tag="closed"):
    """`status` is CANCELED, EXPIRED or EXPIRED_IN_MATCH; FILLED follows from the trades."""

    order_id: int
    status: str
    time: int


Fact = AccountOpened | OrderPlaced | OrderTraded | OrderClosed

encoder = msgspec.json.Encoder()
decoder: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)
