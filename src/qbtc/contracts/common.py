"""Shared vocabulary of every message: the frozen base model and the small closed sets of values."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,20}$")]
DecimalStr = Annotated[str, StringConstraints(pattern=r"^-?\d{1,20}(\.\d{1,18})?$")]
Nanoseconds = Annotated[int, Field(ge=0)]
Vector26 = Annotated[tuple[float, ...], Field(min_length=26, max_length=26)]
Mask26 = Annotated[tuple[bool, ...], Field(min_length=26, max_length=26)]


class Message(BaseModel):
    """Base of all message bodies: frozen, unknown fields refused, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ServiceName(StrEnum):
    CE3 = "ce3"
    CIO = "cio"
    QCS = "qcs"
    HFT = "hft"
    WEB = "web"


class Role(StrEnum):
    """What a person may do; each role includes the ones before it."""

    VIEWER = "viewer"
    TRADER = "trader"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class MarketMode(StrEnum):
    LIVE = "LIVE"
    REPLAY = "REPLAY"
    SIMULATED = "SIMULATED"
    ENDED = "ENDED"


class TradingMode(StrEnum):
    PAPER = "PAPER"
    READ_ONLY = "READ_ONLY"
    LIVE = "LIVE"


class TradingState(StrEnum):
    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    LIMIT = "LIMIT"
    MARKET = "MARKET"


class Scope(StrEnum):
    """How far a kill reaches."""

    PAUSE = "pause"
    CANCEL = "cancel"
    FLATTEN = "flatten"
