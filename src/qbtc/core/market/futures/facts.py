"""What happened to futures accounts, as the journal keeps it: complete enough that folding it gives the state back.

Integers of 1e-8 for prices, quantities, amounts and rates; market time in nanoseconds; `side` 1 buys, -1 sells;
`leg` is BOTH, LONG or SHORT. Facts are JSON, so that a journal explains itself.
"""

from __future__ import annotations

import msgspec


class _Fact(msgspec.Struct, frozen=True, tag_field="k", omit_defaults=True):
    pass


class Opened(_Fact, frozen=True, tag="open"):
    account: int
    wallet: int
    time: int


class Reset(_Fact, frozen=True, tag="reset"):
    """The paper account begins again: no positions, this wallet. Orders ended before; settings and records stay."""

    account: int
    wallet: int
    time: int


class Placed(_Fact, frozen=True, tag="order", kw_only=True):
    """`kind` LIMIT or MARKET; `origin` what was asked for (a triggered algo order's type); `price` 0 for MARKET."""

    account: int
    order_id: int
    client_id: str
    symbol: str
    side: int
    leg: str = "BOTH"
    kind: str = "LIMIT"
    origin: str = ""
    tif: str = "GTC"
    stp: str = "NONE"
    match: str = "NONE"
    price: int = 0
    quantity: int
    reduce: bool = False
    close: bool = False
    gtd: int = 0
    algo_id: int = 0
    stop: int = 0
    working: str = "CONTRACT_PRICE"
    protect: bool = False
    time: int


class Traded(_Fact, frozen=True, tag="fill", kw_only=True):
    """One fill of one order. Profit, margin and fee records follow from it in the fold."""

    order_id: int
    trade_id: int
    price: int
    quantity: int
    fee: int
    maker: bool
    time: int


class Ended(_Fact, frozen=True, tag="end"):
    """CANCELED, EXPIRED or EXPIRED_IN_MATCH; FILLED follows from the trades."""

    order_id: int
    status: str
    time: int


class Amended(_Fact, frozen=True, tag="amend"):
    order_id: int
    price: int
    quantity: int
    time: int


class AlgoPlaced(_Fact, frozen=True, tag="algo", kw_only=True):
    """A conditional order; `rate` is the callback in 1e-8, `activate` its activation price (0: at once)."""

    account: int
    algo_id: int
    client_id: str
    symbol: str
    side: int
    leg: str = "BOTH"
    kind: str
    tif: str = "GTC"
    stp: str = "NONE"
    match: str = "NONE"
    price: int = 0
    quantity: int = 0
    trigger: int = 0
    activate: int = 0
    rate: int = 0
    working: str = "CONTRACT_PRICE"
    protect: bool = False
    reduce: bool = False
    close: bool = False
    gtd: int = 0
    time: int


class AlgoChanged(_Fact, frozen=True, tag="algo_set"):
    """CANCELED, REJECTED (with why: the text and code of an error) or EXPIRED; TRIGGERED and FINISHED follow from the
    order that it became."""

    algo_id: int
    status: str
    time: int
    reason: str = ""
    code: int = 0


class AlgoTrailed(_Fact, frozen=True, tag="trail"):
    """A trailing order's best price since it was activated."""

    algo_id: int
    best: int


class Leverage(_Fact, frozen=True, tag="leverage"):
    account: int
    symbol: str
    leverage: int


class MarginType(_Fact, frozen=True, tag="margin"):
    account: int
    symbol: str
    isolated: bool


class PositionMode(_Fact, frozen=True, tag="dual"):
    account: int
    dual: bool


class AssetMode(_Fact, frozen=True, tag="multi"):
    account: int
    multi: bool


class MarginMoved(_Fact, frozen=True, tag="move"):
    """Into (positive) or out of the wallet of an isolated position."""

    account: int
    symbol: str
    leg: str
    amount: int
    time: int


class Countdown(_Fact, frozen=True, tag="countdown"):
    """All orders of a symbol are cancelled at `due` (market time, ns) unless it is set again; 0: no more."""

    account: int
    symbol: str
    due: int


class Funded(_Fact, frozen=True, tag="funding"):
    """The funding of one symbol: every position of every account is paid at this rate and mark price."""

    symbol: str
    rate: int
    mark: int
    time: int


class Liquidated(_Fact, frozen=True, tag="liquidation"):
    """`order_id` closes a position that the venue takes over, or that is deleveraged against one (client id `ADL`)."""

    account: int
    order_id: int
    symbol: str
    leg: str
    time: int


class Insured(_Fact, frozen=True, tag="insurance"):
    """Liquidation fee (positive: from the account to the fund) or a deficit that the fund covers (negative)."""

    account: int
    symbol: str
    amount: int
    time: int


Fact = (
    Opened | Reset | Placed | Traded | Ended | Amended | AlgoPlaced | AlgoChanged | AlgoTrailed | Leverage | MarginType
    | PositionMode | AssetMode | MarginMoved | Countdown | Funded | Liquidated | Insured
)  # fmt: skip

encoder = msgspec.json.Encoder()
decoder: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)
group_decoder: msgspec.json.Decoder[list[Fact]] = msgspec.json.Decoder(list[Fact])
