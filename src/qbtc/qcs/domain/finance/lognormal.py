"""A price that is log-normal at expiry: its grid on n qubits, and what options on it are worth in closed form.

ln S_T is normal with mean ln S + (r - vol^2 / 2) T and deviation vol sqrt(T). The grid is that of the published example:
2^n equally spaced prices within three standard deviations of the mean, the density at each, normalised.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Real

DEVIATIONS = 3.0


@dataclass(frozen=True, slots=True)
class Price:
    """The price at expiry. `spot` in quote units, `volatility` and `rate` a year, `years` to expiry."""

    spot: float
    volatility: float
    rate: float
    years: float

    @property
    def log_mean(self) -> float:
        return math.log(self.spot) + (self.rate - self.volatility**2 / 2) * self.years

    @property
    def log_deviation(self) -> float:
        return self.volatility * math.sqrt(self.years)

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the grid begins and ends."""
        mean = self.spot * math.exp(self.rate * self.years)
        spread = DEVIATIONS * mean * math.sqrt(math.expm1(self.log_deviation**2))
        return max(mean - spread, 0.0), mean + spread

    def grid(self, qubits: int) -> tuple[Real, Real]:
        """Prices and their probabilities, each (2^n)."""
        low, high = self.bounds
        prices = np.linspace(low, high, 1 << qubits)
        inside = np.maximum(prices, 1e-300)
        density = np.exp(-(((np.log(inside) - self.log_mean) / self.log_deviation) ** 2) / 2) / inside
        density[prices <= 0] = 0.0
        return prices, density / density.sum()

    def below(self, price: float) -> float:
        """P(S_T <= price)."""
        return normal((math.log(price) - self.log_mean) / self.log_deviation) if price > 0 else 0.0

    def mean_below(self, price: float) -> float:
        """E[S_T; S_T <= price]."""
        if price <= 0:
            return 0.0
        forward = self.spot * math.exp(self.rate * self.years)
        return forward * normal((math.log(price) - self.log_mean) / self.log_deviation - self.log_deviation)


@dataclass(frozen=True, slots=True)
class Payoff:
    """What an option pays at expiry: `call` max(S - K, 0), `put` max(K - S, 0), `digital` 1 where S >= K."""

    kind: str
    strike: float

    def of(self, prices: Real) -> Real:
        if self.kind == "digital":
            return np.where(prices >= self.strike, 1.0, 0.0)
        gain = prices - self.strike if self.kind == "call" else self.strike - prices
        return np.maximum(gain, 0.0)

    def expected(self, price: Price, low: float = 0.0, high: float = math.inf) -> float:
        """E[payoff; low < S_T <= high], undiscounted. Without bounds this is Black and Scholes."""
        start, end = (min(low, self.strike), min(high, self.strike)) if self.kind == "put" else (
            max(low, self.strike), max(high, self.strike)
        )  # fmt: skip
        chance = (1.0 if math.isinf(end) else price.below(end)) - price.below(start)
        if self.kind == "digital":
            return chance
        whole = price.spot * math.exp(price.rate * price.years)
        mean = (whole if math.isinf(end) else price.mean_below(end)) - price.mean_below(start)
        return self.strike * chance - mean if self.kind == "put" else mean - self.strike * chance

    def truncated(self, price: Price) -> float:
        """E[payoff | low < S_T <= high] for the bounds of the grid."""
        low, high = price.bounds
        return self.expected(price, low, high) / (price.below(high) - price.below(low))


def normal(value: float) -> float:
    """The standard normal distribution function."""
    return math.erfc(-value / math.sqrt(2)) / 2
