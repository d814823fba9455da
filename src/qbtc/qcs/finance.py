"""Quantum finance: what may be asked, with its limits, and the answers in this process.

    from qbtc.qcs import finance
    finance.compute(finance.Option(spot=2.0, strike=1.896))["quantum"]["value"]

The service computes the same as jobs. Every answer has the classical value beside the quantum one; no quantum advantage is
claimed anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from .jobs.request import Request

MOST_WORK = 5e10
"""Amplitudes times gates of one job: minutes on one core."""
Seed = Annotated[int, Field(ge=0, le=2**63 - 1, description="of the random numbers")]
Epsilon = Annotated[float, Field(gt=0, lt=0.5, description="half-width of the interval of a probability")]
Alpha = Annotated[float, Field(gt=0, lt=1, description="1 - confidence")]
Shots = Annotated[int, Field(ge=1, le=100_000, description="of a round")]
Scaling = Annotated[
    float,
    Field(
        gt=0, le=math.pi / 4, description="largest turn of the payoff rotation; less is straighter and costs more shots"
    ),
]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Positive = Annotated[float, Field(gt=0, le=1e9)]


def _refuse_work(gates: float, qubits: int, runs: float, advice: str) -> None:
    """Raises ValueError for what would take hours."""
    work = gates * 2.0**qubits * runs
    if work > MOST_WORK:
        raise ValueError(f"this takes about {work:.1e} steps; allowed are {MOST_WORK:.0e}: {advice}")


def _refuse_no_covariance(rows: list[list[float]]) -> None:
    """Raises ValueError where some portfolio would have a negative variance; rounding is forgiven."""
    import numpy as np

    values = np.linalg.eigvalsh(np.array(rows))
    if values[0] < -1e-6 * max(float(np.abs(values).max()), 1e-300):
        raise ValueError(
            f"this is no covariance: its least eigenvalue is {values[0]:.3g}, so that a portfolio would have a negative variance; "
            "allowed are eigenvalues of 0 and more"
        )


def _grover_steps(epsilon: float) -> float:
    """About how many Grover operators the longest circuit of an amplitude estimation has."""
    return math.pi / (8 * epsilon)


class Option(Request):
    """A European option. `spot` and `strike` in the quote unit, `volatility` and `rate` a year, 365 days a year."""

    kind: ClassVar[str] = "option"
    work: ClassVar[str] = "qbtc.qcs.domain.finance.option:work"
    model_config = ConfigDict(json_schema_extra={"example": {"spot": 2.0, "strike": 1.896, "days": 40, "seed": 1}})

    payoff: Literal["call", "put", "digital"] = "call"
    spot: Positive
    strike: Positive
    volatility: Annotated[float, Field(ge=1e-4, le=5)] = 0.4
    rate: Annotated[float, Field(ge=-1, le=1)] = 0.05
    days: Annotated[float, Field(ge=1e-3, le=3650)] = 40.0
    qubits: Annotated[int, Field(ge=2, le=8, description="of the price: 2^n prices")] = 3
    scaling: Scaling = 0.25
    epsilon: Epsilon = 0.01
    alpha: Alpha = 0.05
    shots: Shots = 100
    seed: Seed = 0
    convergence: Annotated[bool, Field(description="also without sampling for 3 to 8 qubits")] = False

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        gates = 6 * 2**self.qubits + 30 * self.qubits
        _refuse_work(gates, 2 * self.qubits + 1, _grover_steps(self.epsilon), "fewer qubits or a wider epsilon")
        return self


class Loan(Request):
    loss: Annotated[int, Field(ge=1, le=1000, description="given default, in whole units")]
    default: Annotated[float, Field(gt=0, lt=1, description="probability of default")]
    correlation: Annotated[float, Field(ge=0, lt=1, description="with the common factor")] = 0.1


class Risk(Request):
    """Value at risk and the mean beyond it of a few loans with one common factor."""

    kind: ClassVar[str] = "risk"
    work: ClassVar[str] = "qbtc.qcs.domain.finance.risk:work"
    model_config = ConfigDict(json_schema_extra={"example": {
        "loans": [{"loss": 1, "default": 0.15, "correlation": 0.1}, {"loss": 2, "default": 0.25, "correlation": 0.05}],
        "level": 0.95, "seed": 1,
    }})  # fmt: skip

    loans: Annotated[list[Loan], Field(min_length=1, max_length=8)]
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    factor_qubits: Annotated[int, Field(ge=1, le=4)] = 2
    scaling: Scaling = 0.1
    epsilon: Epsilon = 0.01
    alpha: Alpha = 0.05
    shots: Shots = 100
    seed: Seed = 0

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        from .domain.finance.risk import qubits_of

        qubits = qubits_of([loan.loss for loan in self.loans], self.factor_qubits)
        _refuse_work(
            60 * len(self.loans) * 2**self.factor_qubits,
            qubits,
            _grover_steps(self.epsilon),
            "fewer loans or a wider epsilon",
        )
        return self


class Portfolio(Request):
    """Which `budget` of the assets to hold, by mean and covariance of their returns over one and the same time."""

    kind: ClassVar[str] = "portfolio"
    work: ClassVar[str] = "qbtc.qcs.domain.finance.portfolio:work"
    model_config = ConfigDict(json_schema_extra={"example": {
        "mean": [0.10, 0.06, 0.08, 0.03],
        "covariance": [[0.09, 0.02, 0.03, 0.0], [0.02, 0.04, 0.01, 0.0], [0.03, 0.01, 0.06, 0.0], [0.0, 0.0, 0.0, 0.01]],
        "budget": 2, "layers": 2,
    }})  # fmt: skip

    mean: Annotated[list[Number], Field(min_length=2, max_length=20)]
    covariance: list[list[Number]]
    budget: Annotated[int, Field(ge=1)]
    risk: Annotated[float, Field(ge=0, le=1e6, description="aversion: what a unit of variance costs")] = 0.5
    method: Literal["qaoa", "vqe"] = "qaoa"
    layers: Annotated[int, Field(ge=1, le=8)] | None = Field(default=None, description="of the circuit; by the size")
    steps: Annotated[int, Field(ge=1, le=500)] | None = Field(default=None, description="of the optimiser; by the size")
    seed: Seed = 0

    @model_validator(mode="after")
    def _sound(self) -> Self:
        from .domain.finance.portfolio import effort_of

        n, rows = len(self.mean), self.covariance
        if len(rows) != n or any(len(row) != n for row in rows):
            raise ValueError(f"the covariance must have {n} rows of {n} numbers, as there are {n} means")
        if any(abs(rows[i][j] - rows[j][i]) > 1e-9 * (abs(rows[i][j]) + 1) for i in range(n) for j in range(i)):
            raise ValueError("the covariance must be symmetric")
        _refuse_no_covariance(rows)
        if self.budget > n:
            raise ValueError(f"a budget of {self.budget} assets; there are {n}")
        effort_of(n, self.method, self.layers, self.steps)
        return self


class Reservoir(Request):
    """One-step forecasts of realised variance: `closes` at equal times (`block` of them a variance), or the `variance` itself."""

    kind: ClassVar[str] = "reservoir"
    work: ClassVar[str] = "qbtc.qcs.domain.finance.reservoir:work"
    model_config = ConfigDict(json_schema_extra={"example": {
        "variance": [round(1e-4 * (1.2 + math.sin(i / 9) + 0.1 * (i * 37 % 11)), 8) for i in range(240)], "spins": 3, "times": 2,
    }})  # fmt: skip

    closes: Annotated[list[Positive], Field(max_length=200_000)] | None = None
    variance: Annotated[list[Positive], Field(max_length=5_000)] | None = None
    block: Annotated[int, Field(ge=2, le=10_000)] = 60
    spins: Annotated[int, Field(ge=2, le=6)] = 4
    times: Annotated[int, Field(ge=1, le=6, description="readings within a step")] = 2
    train: Annotated[float, Field(ge=0.1, le=0.9, description="share that is only fitted on")] = 0.4
    seed: Seed = 0

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if (self.closes is None) == (self.variance is None):
            raise ValueError("give either closes or variance")
        count = len(self.variance) if self.variance is not None else (len(self.closes or ()) - 1) // self.block
        if not 200 <= count <= 5_000:
            raise ValueError(f"{count} variances; allowed are 200 to 5000")
        return self


class LinearSystem(Request):
    """A x = b for two or four unknowns, A real and symmetric."""

    kind: ClassVar[str] = "linear-system"
    work: ClassVar[str] = "qbtc.qcs.domain.finance.linear:work"
    model_config = ConfigDict(
        json_schema_extra={"example": {"matrix": [[1.5, 0.5], [0.5, 1.5]], "right": [1.0, 0.0], "clock": 2}}
    )

    matrix: list[list[Number]]
    right: list[Number]
    clock: Annotated[int, Field(ge=2, le=8, description="qubits that hold an eigenvalue")] = 6

    @model_validator(mode="after")
    def _square(self) -> Self:
        n = len(self.right)
        if n not in (2, 4) or len(self.matrix) != n or any(len(row) != n for row in self.matrix):
            raise ValueError("the matrix must be 2 x 2 or 4 x 4 and the right side as long")
        return self


REQUESTS: tuple[type[Request], ...] = (Option, Risk, Portfolio, Reservoir, LinearSystem)
Told = Callable[[float, str], None]


def compute(request: Request, told: Told = lambda _share, _step: None) -> dict[str, Any]:
    """The answer, computed here and now. Raises ValueError for what cannot be done."""
    module, _, name = request.work.partition(":")
    answer: dict[str, Any] = getattr(import_module(module), name)(request.model_dump(mode="json"), told)
    return answer
