"""Market memory over HTTP: when was it like this before, and what followed."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts.common import Symbol, Vector26

from ..domain.market_memory import DRAWS, MIN_SAMPLE, Alike, Outcomes
from ..domain.memory import state_of
from ..domain.moments import SECOND
from ..errors import BadMemory
from ..market_recall import Likenesses, MarketMemory
from .http import Viewer

MOST = 100
K = Annotated[int, Query(ge=MIN_SAMPLE, le=MOST)]

router = APIRouter()


class AlikeView(BaseModel):
    """A moment like the one asked about. `score` = overlap x ratio orders them; `followed` is by horizon in seconds."""

    memory_id: str
    at: datetime
    regime: str
    price: float | None
    overlap: float
    ratio: float
    fidelity: float
    score: float
    followed: dict[str, float]


class FollowedView(BaseModel):
    """Simple returns over a horizon of seconds; null where there are too few moments (`enough` false)."""

    horizon: float
    sample: int
    pool: int
    enough: bool
    mean: float | None
    median: float | None
    low: float | None = Field(description="10 % quantile")
    high: float | None = Field(description="90 % quantile")
    up: float | None = Field(description="share above 0")
    null_mean: float | None = Field(description="mean of the means of random moments")
    null_low: float | None
    null_high: float | None
    p: float | None
    adjusted: float | None = Field(description="p after Holm's correction for the horizons")


class MarketView(BaseModel):
    """`searched` earlier moments were compared; of a replay or simulation only those of its own session."""

    symbol: str
    at: datetime
    mode: str
    regime: str
    price: float | None
    moment: str | None = Field(description="the kept moment asked about; null for the present or a given state")
    searched: int
    min_sample: int = MIN_SAMPLE
    draws: int = DRAWS
    alike: list[AlikeView]
    followed: list[FollowedView]


class MarketBody(BaseModel):
    """A state to put in the place of the symbol's present one."""

    model_config = ConfigDict(extra="forbid")

    symbol: Symbol
    state: tuple[Vector26, Vector26] = Field(description="(Re psi, Im psi)")
    intensity: float = Field(default=1.0, ge=0)
    k: int = Field(default=20, ge=MIN_SAMPLE, le=MOST)


def _market(request: Request) -> MarketMemory:
    found: MarketMemory = request.app.state.market_memory
    return found


Market = Annotated[MarketMemory, Depends(_market)]


def mount(app: FastAPI, market: MarketMemory) -> None:
    """Give the paths what they ask; http.mount includes them before `/memories/{memory_id}`."""
    app.state.market_memory = market


@router.get("/memories/market")
async def like_now(
    market: Market, _actor: Viewer, symbol: Symbol | None = None, moment: str | None = None, k: K = 20
) -> MarketView:
    """What was like the present of a symbol, or like a kept moment, and what followed."""
    if (symbol is None) == (moment is None):
        raise BadMemory(
            "ask about a symbol or about a moment, one of the two",
            field="symbol",
            allowed="symbol=BTCUSDT or moment=ID",
        )
    if moment is not None:
        return _view(await market.like_moment(moment, k=k))
    return _view(await market.like_now(str(symbol), k=k))


@router.post("/memories/market")
async def like_state(market: Market, _actor: Viewer, body: MarketBody) -> MarketView:
    """The same for a state that the caller gives."""
    try:
        state = state_of(*body.state, body.intensity)
    except ValueError as error:
        raise BadMemory(str(error), field="state") from None
    return _view(await market.like_state(body.symbol, state, k=body.k))


def _view(found: Likenesses) -> MarketView:
    now = found.now
    return MarketView(
        symbol=now.symbol,
        at=_time(now.at),
        mode=now.mode,
        regime=found.regime,
        price=now.price,
        moment=now.memory_id or None,
        searched=len(found.past.ids),
        alike=[_alike(one, found) for one in found.found],
        followed=[_followed(one) for one in found.followed],
    )


def _alike(one: Alike, found: Likenesses) -> AlikeView:
    key, like = found.past.ids[one.place], one.likeness
    told = found.told[key]
    return AlikeView(
        memory_id=key,
        at=_time(int(found.past.at[one.place])),
        regime=told.regime,
        price=told.price,
        overlap=like.overlap,
        ratio=like.ratio,
        fidelity=like.fidelity,
        score=like.score,
        followed={f"{horizon:g}": value for horizon, value in sorted(told.followed.items())},
    )


def _followed(one: Outcomes) -> FollowedView:
    names = ("mean", "median", "low", "high", "up", "null_mean", "null_low", "null_high", "p", "adjusted")
    figures = {name: None if math.isnan(value := getattr(one, name)) else value for name in names}
    return FollowedView(horizon=one.horizon, sample=one.sample, pool=one.pool, enough=one.enough, **figures)


def _time(at: int) -> datetime:
    return datetime.fromtimestamp(at / SECOND, UTC)
