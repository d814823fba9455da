"""The number that candidates compete by.

salience = confidence (w_s surprise + w_i importance + w_r 2^(-age / half-life) + w_c relevance + w_g worth)
           - w_b exp(-since the topic last won / tau) - w_m (expected share of its module)

relevance = (1 + Re<context|state>) / 2: signed, so the mirror of the present is least relevant; 0.5 where either is unknown.
The parts `relevance`, `worth` and `returning` depend on the workspace's state, the others on the candidate and the world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from .learning import confidence, worth
from .prediction import forecast
from .types import UNKNOWN, Candidate, Forecast, Scored, Vector, WorkspaceState

SECOND = 1_000_000_000


def scored(state: WorkspaceState, candidate: Candidate, expected: Mapping[str, float], now: int) -> Scored:
    """The candidate with its salience; raises ValueError when its topic had another length before."""
    seen, trust, weights = _seen(state, candidate), confidence(state, candidate.source), state.rules.weights
    parts = {
        "surprise": weights.surprise * seen.surprise,
        "importance": weights.importance * candidate.importance,
        "recency": weights.recency * 2.0 ** (-(now - candidate.at) / SECOND / state.rules.half_life),
        **_of_the_state(state, candidate, now),
        "crowding": -weights.crowding * expected[candidate.source],
    }
    return Scored(candidate, _total(parts, trust), parts, trust, seen)


def _seen(state: WorkspaceState, candidate: Candidate) -> Forecast:
    stream = state.streams.get(candidate.topic)
    if stream is None or not candidate.observed:
        return Forecast(UNKNOWN)
    return forecast(stream, candidate.observed, candidate.at, predicting="prediction" not in state.rules.without)


def _total(parts: Mapping[str, float], trust: float) -> float:
    """Confidence scales what speaks for a candidate, not what is taken off."""
    speaks = math.fsum(part for part in parts.values() if part > 0)
    return trust * speaks + math.fsum(part for part in parts.values() if part < 0)


def _of_the_state(state: WorkspaceState, candidate: Candidate, now: int) -> dict[str, float]:
    if "state" in state.rules.without:
        return {"relevance": 0.0, "worth": 0.0, "returning": 0.0}
    weights = state.rules.weights
    return {
        "relevance": weights.relevance * _relevance(state.context, candidate.observed),
        "worth": weights.goals * worth(state, candidate),
        "returning": -weights.returning * _inhibition(state, candidate.topic, now),
    }


def unmoved(one: Scored) -> float:
    """The salience had the state of the workspace counted nothing."""
    return _total(
        {name: part for name, part in one.parts.items() if name not in ("relevance", "worth", "returning")},
        one.confidence,
    )


def _relevance(context: Vector, observed: Vector) -> float:
    if not context or len(context) != len(observed):
        return UNKNOWN
    size = math.sqrt(math.fsum(x * x for x in context) * math.fsum(x * x for x in observed))
    product = math.fsum(x * y for x, y in zip(context, observed, strict=True))
    return (1.0 + product / size) / 2.0 if size > 0 else UNKNOWN


def _inhibition(state: WorkspaceState, topic: str, now: int) -> float:
    last = state.won.get(topic)
    return 0.0 if last is None else math.exp(-(now - last) / SECOND / state.rules.inhibition)
