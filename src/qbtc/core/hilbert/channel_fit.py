"""Channels fitted from consecutive states: completely positive and trace preserving at every step, by construction.

    E(rho) = free sum_k K_k rho K_k^H  +  same rho  +  noise Tr(rho) I/d,        free + same + noise = 1

with the K_k stacked to an isometry V (r d, d). The data are likelihoods: for unit vectors the measurement d |phi><phi|
dphi over all of them is a POVM, so log(d <psi_t+1| E(psi_t) |psi_t+1>) is the log-density of the next state against the
uniform one (a channel that knows nothing scores 0), and log-likelihoods of held-out steps can be compared. Mixed states
count by their eigenvectors, weighted by eigenvalue. V climbs (isometry.py); the three weights are a mixture's, by
expectation-maximisation with `prior` pseudo-counts each, which pull towards doing nothing and towards noise.
Fiurasek and Hradil, Phys. Rev. A 63, 020101 (2001), is the same likelihood without the mixture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .isometry import climb, polar, random_isometry
from .rows import state_rows
from .types import Complex, Real

RANKS = (1, 2, 4)
LEAST = 1e-300
ENOUGH = 1e-4
MIXING_STEPS = 50


@dataclass(frozen=True, slots=True)
class Channel:
    """Kraus operators (r, d, d) of the free part and the weights of the parts; `apply` takes (..., d, d)."""

    kraus: Complex
    free: float
    same: float
    noise: float

    @property
    def size(self) -> int:
        return int(self.kraus.shape[-1])

    def apply(self, rho: Complex) -> Complex:
        """The state one step on."""
        moved = np.sum(np.matmul(np.matmul(self.kraus, rho[..., None, :, :]), _dagger(self.kraus)), axis=-3)
        trace = np.trace(rho, axis1=-2, axis2=-1)[..., None, None]
        result: Complex = self.free * moved + self.same * rho + self.noise * trace * np.eye(self.size) / self.size
        return result

    def adjoint(self, effect: Complex) -> Complex:
        """Effects (..., d, d) as they are one step before: Tr(apply(rho) E) = Tr(rho adjoint(E))."""
        moved = np.sum(np.matmul(np.matmul(_dagger(self.kraus), effect[..., None, :, :]), self.kraus), axis=-3)
        trace = np.trace(effect, axis1=-2, axis2=-1)[..., None, None]
        result: Complex = self.free * moved + self.same * effect + self.noise * trace * np.eye(self.size) / self.size
        return result

    def operators(self) -> Complex:
        """All Kraus operators (r + 1 + d^2, d, d), those of identity and noise too."""
        units = np.eye(self.size**2, dtype=np.complex128).reshape(-1, self.size, self.size)
        same = np.eye(self.size, dtype=np.complex128)[None]
        parts = (np.sqrt(self.free) * self.kraus, np.sqrt(self.same) * same, np.sqrt(self.noise / self.size) * units)
        return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class ChannelFit:
    """The channel and its mean log2-likelihood a step (0: as good as uniform), prior included, round by round."""

    channel: Channel
    path: Real


@dataclass(frozen=True, slots=True)
class RankChoice:
    """Held-out bits a step of each Kraus rank tried, and the channel of the best fitted to all steps."""

    scores: dict[int, float]
    rank: int
    fit: ChannelFit


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Rows before (T, m, d) and after (T, n, d, of unit norm), with the weight (T, n) of each row after."""

    before: Complex
    after: Complex
    weight: Real
    stay: Real

    @property
    def size(self) -> int:
        return int(self.before.shape[-1])


def fit_channel(
    before: Complex, after: Complex, *, rank: int = 1, prior: float = 1.0, rounds: int = 20, steps: int = 15
) -> ChannelFit:
    """Fit to T steps of states (T, d) or (T, d, d): up to `rounds` of `steps` of ascent, until a round gains too little.

    Raises ValueError where the states do not match or there are none.
    """
    pairs = _pairs(before, after)
    if not 1 <= rank <= pairs.size**2:
        raise ValueError(f"Kraus rank {rank}; allowed are 1 to d^2 = {pairs.size**2}")
    isometry, weights = _start(rank, pairs.size), np.array([0.5, 0.25, 0.25])
    path = []
    for _ in range(rounds):
        isometry = climb(isometry, lambda v, w=weights: _likelihood(v, w, pairs), steps=steps).point  # type: ignore[misc]
        densities = _densities(isometry, pairs)
        weights = _reweighted(densities, weights, prior, pairs)
        pull = prior * np.sum(np.log2(np.maximum(weights, LEAST))) / len(pairs.weight)
        path.append(_bits(densities, weights, pairs) + float(pull))
        if len(path) > 1 and path[-1] - path[-2] < ENOUGH:
            break
    kraus = isometry.reshape(rank, pairs.size, pairs.size)
    return ChannelFit(Channel(kraus, *weights.tolist()), np.array(path))


def choose_rank(
    before: Complex, after: Complex, ranks: Sequence[int] = RANKS, *, held_out: float = 0.25, purge: int = 1
) -> RankChoice:
    """The Kraus rank with the best likelihood of the last `held_out` of the steps, `purge` steps left out before them."""
    cut = int(len(before) * (1 - held_out))
    train = cut - purge
    if train < 1 or cut >= len(before):
        raise ValueError(f"{len(before)} steps are too few to hold out {held_out:g} of them")
    scores = {
        rank: score(fit_channel(before[:train], after[:train], rank=rank).channel, before[cut:], after[cut:])
        for rank in ranks
    }
    best = max(scores, key=lambda rank: (scores[rank], -rank))
    return RankChoice(scores, best, fit_channel(before, after, rank=best))


def score(channel: Channel, before: Complex, after: Complex) -> float:
    """Mean log2-likelihood a step, against the uniform one."""
    pairs = _pairs(before, after)
    weights = np.array([channel.free, channel.same, channel.noise])
    return _bits(_densities(channel.kraus.reshape(-1, pairs.size), pairs), weights, pairs)


def _pairs(before: Complex, after: Complex) -> _Pairs:
    one, two = state_rows(before), state_rows(after)
    if len(one) != len(two) or one.shape[-1] != two.shape[-1]:
        raise ValueError(
            f"states before {np.shape(before)} and after {np.shape(after)} must be as many and of one size"
        )
    if not len(one):
        raise ValueError("no steps are given; at least one is needed")
    weight = np.sum(two.real**2 + two.imag**2, axis=-1)
    unit = two / np.sqrt(np.maximum(weight, LEAST))[..., None]
    stay = np.matmul(unit.conj(), np.swapaxes(one, 1, 2))
    return _Pairs(one, unit, weight / len(one), np.sum(stay.real**2 + stay.imag**2, axis=-1))


def _start(rank: int, size: int) -> Complex:
    """Near the identity; other operators start small and unlike each other, or they would stay alike."""
    rng = np.random.default_rng(rank)
    noise = random_isometry(rank * size, size, rng)
    first = np.zeros((rank * size, size), dtype=np.complex128)
    first[:size] = np.eye(size)
    return polar(first + 0.3 * noise)


def _amplitudes(isometry: Complex, pairs: _Pairs) -> Complex:
    """<after_tj| K_k |before_ti>: (T, n, r, m)."""
    steps, terms, size = pairs.before.shape
    moved = isometry @ pairs.before.reshape(-1, size).T
    ready = moved.reshape(-1, size, steps, terms).transpose(2, 1, 0, 3).reshape(steps, size, -1)
    found: Complex = np.matmul(pairs.after.conj(), ready).reshape(steps, pairs.after.shape[1], -1, terms)
    return found


def _likelihood(isometry: Complex, weights: Real, pairs: _Pairs) -> tuple[float, Complex]:
    """Mean log of the density and its gradient, (value, (r d, d))."""
    a = _amplitudes(isometry, pairs)
    p = weights[0] * np.sum(a.real**2 + a.imag**2, axis=(2, 3)) + weights[1] * pairs.stay + weights[2] / pairs.size
    p = np.maximum(p, LEAST)
    pull = a * (weights[0] * pairs.weight / p)[:, :, None, None]
    value = float(np.sum(pairs.weight * np.log(p)))
    return value, _gradient(pull, pairs)


def _gradient(pull: Complex, pairs: _Pairs) -> Complex:
    """sum_tji pull_tjki after_tj before_ti^H for every k, stacked."""
    steps, rows, rank, terms = pull.shape
    size = pairs.size
    left = np.matmul(np.swapaxes(pairs.after, 1, 2), pull.reshape(steps, rows, -1)).reshape(steps, size, rank, terms)
    flat = left.transpose(2, 1, 0, 3).reshape(rank * size, steps * terms)
    result: Complex = flat @ pairs.before.reshape(-1, size).conj()
    return result


def _densities(isometry: Complex, pairs: _Pairs) -> Real:
    """Density of each row after under each part, (3, T, n); the uniform one is 1/d."""
    a = _amplitudes(isometry, pairs)
    free = np.sum(a.real**2 + a.imag**2, axis=(2, 3))
    return np.stack([free, pairs.stay, np.full_like(free, 1 / pairs.size)])


def _reweighted(densities: Real, weights: Real, prior: float, pairs: _Pairs) -> Real:
    """Expectation-maximisation of the mixture's weights with a Dirichlet prior; `densities` (3, T, n) of the parts."""
    steps = len(pairs.weight)
    for _ in range(MIXING_STEPS):
        mixed = weights[:, None, None] * densities
        share = mixed / np.maximum(mixed.sum(axis=0), LEAST)
        counts = np.sum(share * pairs.weight, axis=(1, 2)) * steps + prior
        weights = counts / counts.sum()
    return weights


def _bits(densities: Real, weights: Real, pairs: _Pairs) -> float:
    p = np.tensordot(weights, densities, axes=1)
    return float(np.sum(pairs.weight * np.log2(np.maximum(p, LEAST)))) + float(np.log2(pairs.size))


def _dagger(a: Complex) -> Complex:
    return np.swapaxes(a, -1, -2).conj()
