"""Pure states: a = z + i v, intensity N = ||a||, psi = a / N, and the hash that proves two parties hold the same.

It does not choose references or remember earlier items; the services do. Definition: docs of the 26 dimensions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import CLIP, EPSILON, SCHEMA_HASH

from .types import Complex, Mask, Real

MAD_TO_SIGMA = 1.4826
MIN_REFERENCE = 30


@dataclass(frozen=True, slots=True)
class PureState:
    """Unit vectors with their intensity; leading axes are a batch.

    `psi` is (..., d) complex128 and all zero where `informative` is False: there the state is I/d.
    """

    psi: Complex
    intensity: Real
    informative: Mask

    @property
    def amplitudes(self) -> Complex:
        """N psi: what windows are made of, equal bit for bit wherever psi and N are equal."""
        return self.psi * self.intensity[..., None]

    def density(self) -> Complex:
        """|psi><psi|, or I/d where there is no information; (..., d, d)."""
        size = self.psi.shape[-1]
        outer = self.psi[..., :, None] * self.psi[..., None, :].conj()
        mixed = np.eye(size, dtype=np.complex128) / size
        return np.where(self.informative[..., None, None], outer, mixed)


def amplitudes(z: Real, v: Real) -> Complex:
    """a = z + i v from scores and velocities of equal shape (..., d)."""
    z, v = np.asarray(z, dtype=np.float64), np.asarray(v, dtype=np.float64)
    if z.shape != v.shape:
        raise ValueError(f"scores have shape {z.shape} and velocities {v.shape}; they must be equal")
    out = np.empty(z.shape, dtype=np.complex128)
    out.real, out.imag = z, v
    return out


def normalise(a: Complex, epsilon: float = EPSILON) -> PureState:
    """psi = a / ||a||; below `epsilon` the state carries no information and psi is zero. Refuses NaN and infinity."""
    a = np.asarray(a, dtype=np.complex128)
    if not np.isfinite(a).all():
        raise ValueError(f"amplitudes hold {int((~np.isfinite(a)).sum())} values that are not finite; none is allowed")
    intensity = np.asarray(np.sqrt(np.sum(a.real**2 + a.imag**2, axis=-1)))
    informative = np.asarray(intensity >= epsilon)
    divisor = np.where(informative, intensity, 1.0)
    psi = np.where(informative[..., None], a / divisor[..., None], 0.0)
    return PureState(psi, intensity, informative)


def robust_z(value: Real, reference: Real, minimum: int = MIN_REFERENCE) -> tuple[Real, Mask]:
    """(x - median) / (1.4826 MAD) clipped to +-5, and where it is defined.

    `value` is (...), `reference` (..., n) with NaN for missing. With fewer than `minimum` values, a MAD of zero or a
    missing value the score is 0 and undefined: a reference that does not vary says nothing about size.
    """
    return standardise(value, median_mad(reference), minimum)


def standardise(value: Real, summary: tuple[Real, Real, Real], minimum: int = MIN_REFERENCE) -> tuple[Real, Mask]:
    """`robust_z` where median, MAD and count of the reference are known already."""
    value = np.asarray(value, dtype=np.float64)
    centre, spread, count = summary
    scale = MAD_TO_SIGMA * spread
    defined = (count >= minimum) & (scale > 0) & np.isfinite(value)
    score = (np.where(defined, value, 0.0) - np.where(defined, centre, 0.0)) / np.where(defined, scale, 1.0)
    return np.clip(score, -CLIP, CLIP), defined


def median_mad(samples: Real) -> tuple[Real, Real, Real]:
    """Median, median absolute deviation and count over the last axis, NaN left out (0, 0, 0 where nothing is left)."""
    samples = np.asarray(samples, dtype=np.float64)
    count = np.sum(~np.isnan(samples), axis=-1)
    centre = _median_of_sorted(np.sort(samples, axis=-1), count)
    spread = _median_of_sorted(np.sort(np.abs(samples - centre[..., None]), axis=-1), count)
    return centre, spread, count.astype(np.float64)


def _median_of_sorted(ordered: Real, count: Real) -> Real:
    """Median of the first `count` values of each row; sorting has put NaN last."""
    low = np.maximum(count - 1, 0) // 2
    high = np.minimum(count // 2, np.maximum(count - 1, 0))
    pick = np.stack([low, high], axis=-1)
    if ordered.shape[-1] == 0:
        return np.zeros(ordered.shape[:-1])
    pair = np.take_along_axis(ordered, pick, axis=-1)
    return np.where(count > 0, (pair[..., 0] + pair[..., 1]) / 2, 0.0)


def state_hash(psi: Complex, intensity: float, schema: str = SCHEMA_HASH) -> str:
    """SHA-256 (hex) over the schema hash and the exact little-endian bytes of psi and its intensity."""
    digest = hashlib.sha256(schema.encode())
    digest.update(np.ascontiguousarray(psi, dtype="<c16").tobytes())
    digest.update(np.asarray(intensity, dtype="<f8").tobytes())
    return digest.hexdigest()
