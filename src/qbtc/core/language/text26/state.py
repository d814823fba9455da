"""From a text to its 26D state: features, robust z with the frozen reference, velocity, psi and intensity.

Pure and repeatable: the same text, predecessor and surroundings give the same bits, and `state_hash` proves it. What came before
in the session, embeddings and earlier states are passed in. Above it: CIO and inference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from qbtc.contracts.basis26 import INDEX, SCHEMA_HASH, SIZE
from qbtc.core.hilbert import PureState, amplitudes, normalise, state_hash, to_real
from qbtc.core.hilbert.states import standardise
from qbtc.core.hilbert.types import Complex, Mask, Real

from ..detect import Language, detect
from .extractors import NOTHING, VERSIONS, Around, measure
from .lexicons import read
from .passage import passage
from .reference import Summary, reference

LANGUAGES: Final[tuple[Language, ...]] = ("en", "es")
_N: Final = INDEX["N"]
_FILES: Final = ("affect_{}.tsv", "categories_{}.txt", "trigrams_{}.tsv", "reference_{}.tsv")


@dataclass(frozen=True, slots=True)
class TextState:
    """`values` (26,) are features in their own units, NaN where masked; `z` and `v` are 0 there, `mask` is True where defined."""

    language: Language
    values: Real
    z: Real
    v: Real
    mask: Mask
    pure: PureState

    @property
    def vector(self) -> Real:
        """(Re psi, Im psi), float64[52]; all zero without information."""
        return to_real(self.pure.psi)

    @property
    def intensity(self) -> float:
        return float(self.pure.intensity)

    @property
    def hash(self) -> str:
        """SHA-256 of basis, psi and intensity: equal in every replica that holds the same state."""
        return state_hash(self.pure.psi, self.intensity, SCHEMA_HASH)


def text_state(
    text: str,
    previous: TextState | None = None,
    *,
    around: Around = NOTHING,
    earlier: Real | None = None,
    language: Language | None = None,
) -> TextState:
    """The state of a text after `previous` of the same session; without one every velocity is 0.

    `earlier` (n, 52) are vectors of earlier memories: without any, N is masked. A language that cannot be told is that of
    `previous`, else English. Raises ValueError for `earlier` of another shape.
    """
    known: Language = language or detect(text) or (previous.language if previous else "en")
    usual = reference(known)
    values = measure(passage(text, known), around)
    z, mask = _scores(values, usual.value)
    v = _velocity(z, mask, previous, usual.step)
    if earlier is not None:
        values[_N] = novelty(amplitudes(z, v), earlier)
        z, mask = _scores(values, usual.value)
        v = _velocity(z, mask, previous, usual.step)
    return TextState(known, values, z, v, mask, normalise(amplitudes(z, v)))


def session_states(texts: Iterable[str], language: Language | None = None) -> list[TextState]:
    """The states of the texts of one session in order; J and N, which need surroundings, are masked."""
    found: list[TextState] = []
    for text in texts:
        found.append(text_state(text, found[-1] if found else None, language=language))
    return found


def novelty(a: Complex, earlier: Real) -> float:
    """N: 1 - the largest signed overlap [0..1] with earlier states (n, 52), N itself left out of both; NaN without any."""
    if earlier.ndim != 2 or earlier.shape[1] != 2 * SIZE:
        raise ValueError(f"earlier states have shape {earlier.shape}; allowed is (n, {2 * SIZE})")
    query, past = (_without_novelty(x) for x in (to_real(a)[None, :], earlier))
    if not query.any() or not past.any():
        return float("nan")
    return float(1 - np.clip((past @ query[0]).max(), 0.0, 1.0))


@cache
def formula() -> str:
    """16 hex digits over everything that decides a state: versions, word lists, character model, reference, basis."""
    digest = hashlib.sha256(f"{SCHEMA_HASH}{sorted(VERSIONS.items())}".encode())
    for language in LANGUAGES:
        for name in _FILES:
            digest.update("\n".join(read(name.format(language))).encode())
    return digest.hexdigest()[:16]


def _scores(values: Real, usual: Summary) -> tuple[Real, Mask]:
    return standardise(values, (usual.centre, usual.spread, usual.number))


def _velocity(z: Real, mask: Mask, previous: TextState | None, usual: Summary) -> Real:
    if previous is None:
        return np.zeros(SIZE)
    return _scores(np.where(mask & previous.mask, z - previous.z, np.nan), usual)[0]


def _without_novelty(rows: Real) -> Real:
    """Rows (n, 52) of length 1 with both parts of N at 0; rows with nothing else are 0."""
    others = np.array(rows, dtype=np.float64)
    others[:, [_N, _N + SIZE]] = 0
    norms = np.linalg.norm(others, axis=1, keepdims=True)
    found: Real = np.divide(others, norms, out=np.zeros_like(others), where=norms > 1e-9)
    return found
