"""Unitaries and channels on batches of density matrices (..., d, d), compiled from `FEW` states on.

Matrices must be Hermitian: the compiled path reads their lower triangles only. The NumPy path (`povm.predict`) is the
reference. Numba is loaded at the first large batch.
"""

from __future__ import annotations

import numpy as np

from .coherence import FEW
from .povm import predict
from .types import Complex, Real


def conjugate(unitary: Complex, rho: Complex) -> Complex:
    """U rho U^H for one U (d, d) and every state of the batch."""
    return apply_channel(np.asarray(unitary)[None], rho)


def apply_channel(kraus: Complex, rho: Complex) -> Complex:
    """sum_k K rho K^H for operators (m, d, d). Raises ValueError where sizes differ."""
    rho, kraus = np.asarray(rho, dtype=np.complex128), np.asarray(kraus, dtype=np.complex128)
    _refuse_sizes(kraus, rho)
    size = rho.shape[-1]
    states = np.ascontiguousarray(rho).reshape(-1, size, size)
    if len(states) < FEW:
        return predict(rho, kraus)
    from .lanes import by_rows
    from .lanes_channels import channel

    out = np.empty_like(states)
    channel(states, by_rows(kraus), by_rows(kraus.conj()), out)
    return out.reshape(rho.shape)


def superoperator(kraus: Complex) -> Complex:
    """S (d^2, d^2) with vec(sum_k K rho K^H) = S vec(rho), vec by rows: S = sum_k K (x) conj(K)."""
    size = kraus.shape[-1]
    result: Complex = np.einsum("kab,kcd->acbd", kraus, kraus.conj(), optimize=True).reshape(size**2, size**2)
    return result


def apply_superoperator(operator: Complex, rho: Complex) -> Complex:
    """S vec(rho) for every state: one matrix product, worth it where a channel has more than about d Kraus operators."""
    size = rho.shape[-1]
    if operator.shape != (size**2, size**2):
        raise ValueError(
            f"the superoperator has shape {operator.shape}; states of size {size} need {(size**2, size**2)}"
        )
    result: Complex = (np.asarray(rho).reshape(-1, size**2) @ operator.T).reshape(rho.shape)
    return result


def haar_states(count: int, size: int, rng: np.random.Generator) -> Complex:
    """`count` unit vectors (count, size), uniform on the sphere."""
    z = _normal(rng, (count, size))
    result: Complex = z / np.linalg.norm(z, axis=-1, keepdims=True)
    return result


def haar_unitaries(count: int, size: int, rng: np.random.Generator) -> Complex:
    """`count` unitaries (count, size, size) of Haar's measure (Mezzadri, arXiv math-ph/0609050: QR with phases divided out)."""
    q, r = np.linalg.qr(_normal(rng, (count, size, size)))
    phases = np.diagonal(r, axis1=-2, axis2=-1)
    result: Complex = q * (phases / np.abs(phases))[..., None, :]
    return result


def random_densities(count: int, size: int, rng: np.random.Generator) -> Complex:
    """`count` density matrices, uniform in the Hilbert-Schmidt measure."""
    g = _normal(rng, (count, size, size))
    rho = np.matmul(g, np.swapaxes(g, -1, -2).conj())
    result: Complex = rho / np.trace(rho, axis1=-2, axis2=-1)[..., None, None]
    return result


def random_channel(count: int, size: int, rng: np.random.Generator) -> Complex:
    """Kraus operators (count, size, size) cut from a Haar-random isometry: complete by construction."""
    q, r = np.linalg.qr(_normal(rng, (count * size, size)))
    phases = np.diagonal(r)
    result: Complex = (q * (phases / np.abs(phases))).reshape(count, size, size)
    return result


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Complex:
    parts: Real = rng.standard_normal((*shape, 2))
    return parts.view(np.complex128)[..., 0]


def _refuse_sizes(kraus: Complex, rho: Complex) -> None:
    size = rho.shape[-1]
    if rho.shape[-2] != size or kraus.shape[-2:] != (size, size) or kraus.ndim != 3:
        raise ValueError(
            f"operators have shape {kraus.shape} and states {rho.shape}; needed are (m, d, d) and (..., d, d)"
        )
