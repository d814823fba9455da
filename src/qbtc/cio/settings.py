"""CIO's settings: `QBTC_CIO_<NAME>`, `qbtc.toml` `[cio]`, or these defaults."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from qbtc.kit.settings import CommaList, ServiceSettings


class CioSettings(ServiceSettings):
    embed_threads: int = Field(default=1, ge=1, le=64, description="threads of the embedding model")
    cosine_floor: float = Field(default=0.80, ge=-1, le=1, description="a vector hit below this is no memory")
    answer_threshold: float = Field(
        default=0.25, ge=0, le=1, description='"I don\'t have that" is said when the hits hold the answer less probably than this'
    )
    state_ttl_seconds: int = Field(default=3600, ge=1, le=86_400, description="life of a cached 26D state")
    moment_every: float = Field(
        default=60.0,
        gt=0,
        description="market seconds between two kept moments of a symbol",
    )
    moment_min_gap: float = Field(default=5.0, ge=0, description="least market seconds between two kept moments")
    moment_days: int = Field(default=90, ge=1, description="market moments older than this are dropped")
    horizon: float = Field(default=30.0, gt=0, le=3600, description="seconds a reflection looks ahead")
    market_horizons: tuple[Annotated[float, Field(gt=0, le=86_400)], ...] = Field(
        default=(30.0, 60.0, 300.0, 900.0),
        min_length=1,
        max_length=8,
        description="seconds ahead at which market memory notes what followed a moment",
    )
    neighbours: int = Field(
        default=20,
        ge=5,
        le=500,
        description="earlier moments a reflection rests on, at most",
    )
    signal_confidence: float = Field(default=0.9, ge=0, le=1, description="least confidence for a trading signal")
    signal_sample: int = Field(default=8, ge=5, description="least sample for a trading signal")
    price_timeout: float = Field(default=2.0, gt=0, le=30, description="seconds to wait for HFT's candles")
    echo_hours: float = Field(
        default=1.0,
        ge=0,
        le=24,
        description="hours in which saying again what the memory showed is an echo, no new evidence",
    )
    workspace_places: int = Field(default=4, ge=1, le=50, description="places of attention in a cycle of the workspace")
    workspace_every: float = Field(default=5.0, ge=0.2, le=600, description="seconds between two cycles of the workspace")
    reflect_importance: float = Field(default=100.0, gt=0, description="importance kept since the last reflection that asks for one")
    reflect_surprise: float = Field(default=6.0, gt=0, description="bits of surprise of one memory that ask for a reflection")
    reflect_every: float = Field(default=86_400.0, gt=0, description="seconds after which CIO reflects if anything was kept")
    reflect_min_gap: float = Field(default=600.0, ge=0, description="least seconds between two reflections that nobody asked for")
    nightly_hour: int = Field(default=3, ge=0, le=23, description="hour of UTC at which what is held is judged again")
    claim_days: int = Field(default=30, ge=1, le=3650, description="days that a claim is held, and that a rejected one is shown")
    peers: CommaList = Field(
        default=(), description="addresses of other replicas of CIO with databases of their own, to hold the same 26 numbers with"
    )
    sync_every: float = Field(default=0.25, ge=0.05, le=60, description="seconds between two questions to the other replicas")
