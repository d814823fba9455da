"""The parameters of every method, with their limits. Lists of numbers may hold NaN: the method says where and why not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST = 200_000
Values = Annotated[list[float], Field(min_length=1, max_length=MOST, description="numbers, oldest first")]
Rows = Annotated[list[Annotated[list[float], Field(min_length=1, max_length=2_000)]], Field(min_length=1, max_length=MOST, description="rows of numbers, oldest first")]  # fmt: skip
Seed = Annotated[int, Field(ge=0, le=2**63 - 1, description="of the random draws: the same seed, the same answer")]
Level = Annotated[float, Field(gt=0, lt=1)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GarchModel(Body):
    values: Values
    family: Literal["garch", "igarch", "gjr", "egarch", "arch"] = "garch"
    p: Annotated[int, Field(ge=1, le=5, description="lags of squared errors")] = 1
    q: Annotated[int, Field(ge=0, le=5, description="lags of the variance")] = 1
    mean: Literal["constant", "zero", "ar"] = "constant"
    lags: Annotated[int, Field(ge=1, le=5, description="of an autoregressive mean")] = 1
    errors: Literal["normal", "t", "skewt"] = "normal"
    start: Literal["sample", "backcast"] = "sample"


class Garch(GarchModel):
    horizon: Annotated[int, Field(ge=1, le=250, description="periods to forecast")] = 10
    level: Level = 0.95
    seed: Seed = 1


class GarchRolling(GarchModel):
    window: Annotated[int, Field(ge=50, le=MOST)] = 500
    step: Annotated[int, Field(ge=1, le=MOST)] = 1


class Realised(Body):
    returns: Values


class Har(Body):
    variances: Values
    continuous: Values | None = None
    kind: Literal["har", "har-j", "har-cj"] = "har"
    logs: bool = False
    horizon: Annotated[int, Field(ge=1, le=66)] = 1
    level: Level = 0.95


class Regimes(Body):
    values: Values
    model: Literal["hmm", "markov"] = "hmm"
    count: Annotated[int | None, Field(ge=1, le=5, description="of regimes; without one BIC chooses from 1 to 3, markov to 2")] = None
    order: Annotated[int, Field(ge=0, le=4, description="autoregressive lags, model markov only")] = 0
    switching_variance: bool = True
    seed: Seed = 1


class Changepoints(Body):
    values: Values
    method: Literal["pelt", "binseg", "online"] = "pelt"
    cost: Literal["mean", "variance"] = "variance"
    penalty: Annotated[float, Field(ge=0)] | None = None
    expected: Annotated[float, Field(ge=2, description="length of a segment, method online")] = 250.0


class UnitRoots(Body):
    values: Values
    trend: Literal["c", "ct"] = "c"
    ratio_lags: Annotated[int, Field(ge=2, le=1000)] = 2


class Cointegration(Body):
    values: Rows
    lags: Annotated[int, Field(ge=0, le=20)] = 1


class Hurst(Body):
    values: Values
    method: Literal["dfa", "rs"] = "dfa"
    draws: Annotated[int, Field(ge=20, le=2000)] = 200
    level: Level = 0.95
    seed: Seed = 1


class Bootstrap(Body):
    values: Values
    statistic: Literal["mean", "deviation", "median", "sharpe", "skewness", "quantile_05"] = "mean"
    kind: Literal["stationary", "circular", "moving"] = "stationary"
    block: Annotated[float, Field(ge=1)] | None = None
    draws: Annotated[int, Field(ge=100, le=20_000)] = 1000
    level: Level = 0.95
    seed: Seed = 1


class Risk(Body):
    returns: Values
    method: Literal["historical", "filtered", "garch", "evt", "cornish-fisher"] = "historical"
    level: Level = 0.99
    errors_law: Literal["normal", "t", "skewt"] = "t"
    seed: Seed = 1


class RiskBacktest(Body):
    returns: Values
    value_at_risk: Values
    expected_shortfall: Values | None = None
    level: Level = 0.99
    seed: Seed = 1


class Copula(Body):
    values: Rows
    family: Literal["gaussian", "t", "clayton", "gumbel", "frank"] = "t"
    draws: Annotated[int, Field(ge=0, le=1000)] = 100
    seed: Seed = 1


class Extremes(Body):
    values: Values
    method: Literal["gpd", "gev"] = "gpd"
    quantile: Level = 0.95
    block: Annotated[int, Field(ge=2, le=10_000)] = 20
    periods: Annotated[tuple[float, ...], Field(max_length=10)] = (100.0, 1000.0)


class Sharpe(Body):
    returns: Values
    periods: Annotated[float, Field(ge=1, le=1e8, description="of the returns in a year")] = 365.0
    trials: Annotated[float, Field(ge=1, le=1e9)] = 1.0
    variance: Annotated[float, Field(ge=0)] | None = None
    seed: Seed = 1


class Pbo(Body):
    returns: Rows
    blocks: Annotated[int, Field(ge=2, le=16)] = 10


class Spa(Body):
    benchmark: Values
    losses: Rows
    block: Annotated[float, Field(ge=1)] | None = None
    draws: Annotated[int, Field(ge=100, le=20_000)] = 1000
    level: Level = 0.05
    seed: Seed = 1


class Bayes(Body):
    y: Values
    x: Rows
    predict: Rows | None = None
    prior: Literal["g", "ridge"] = "g"
    strength: Annotated[float, Field(gt=0)] | None = None
    level: Level = 0.95


class Compare(Body):
    first: Values
    second: Values
    horizon: Annotated[int, Field(ge=1, le=1000)] = 1
