"""Closes of a symbol's last one-second bars, asked of HFT over the bus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from qbtc.contracts.trading import TradingAnswer, TradingQuery
from qbtc.kit.bus import DeadlineExceeded, RemoteError, Unroutable
from qbtc.kit.logs import get_logger

from ..domain.moments import SECOND, Bar

log = get_logger(__name__)

Ask = Callable[[TradingQuery], Awaitable[TradingAnswer]]

LIMIT = 300
MILLISECOND = 1_000_000


class _Candle(BaseModel):
    """`t` is when the bar opened, in milliseconds of market time; `c` its close."""

    model_config = ConfigDict(extra="ignore")

    t: int
    c: float


class _Answer(BaseModel):
    items: list[_Candle]


class HftPrices:
    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def bars(self, symbol: str) -> list[Bar]:
        """The last bars, oldest first; empty, and logged, when HFT does not answer with candles."""
        try:
            answer = await self._ask(TradingQuery(what="candles", symbol=symbol, limit=LIMIT))
            found = TypeAdapter(_Answer).validate_python(answer.data)
        except (DeadlineExceeded, RemoteError, Unroutable, ValidationError) as error:
            log.warning(
                "no candles from hft",
                symbol=symbol,
                error=f"{type(error).__name__}: {error}"[:300],
            )
            return []
        return [Bar(candle.t * MILLISECOND + SECOND, candle.c) for candle in found.items if candle.c > 0]
