"""Each topic is predicted, and only the error of the prediction counts as surprise (predictive coding).

x_hat = m + phi (x_last - m), with the running mean m and phi = sum <x_t - m, x_(t-1) - m> / sum |x_(t-1) - m|^2 cut to
[-1, 1], all from values before the one predicted. The reference that a prediction must beat is m itself.
"""

from __future__ import annotations

import math

from .types import UNKNOWN, Forecast, Stream, Vector


def forecast(stream: Stream, observed: Vector, at: int, *, predicting: bool) -> Forecast:
    """Surprise = e / (e + mean e so far): 0.5 for an error of the usual size. Raises ValueError for another length.

    What is no newer than the topic's last observation was offered before: it keeps the surprise that it had and is
    predicted no second time, or else repeating oneself would count as foresight.
    """
    if len(observed) != len(stream.mean):
        raise ValueError(
            f"{len(observed)} numbers observed where the topic had {len(stream.mean)} before; the length is fixed"
        )
    if at <= stream.at:
        return Forecast(stream.surprise)
    step = _coefficient(stream) if predicting else 0.0
    expected = tuple(m + step * (x - m) for m, x in zip(stream.mean, stream.last, strict=True))
    error = _squared(observed, expected)
    usual = stream.error / (stream.count - 1) if stream.count > 1 else 0.0
    return Forecast(error / (error + usual) if usual > 0 else UNKNOWN, error, _squared(observed, stream.mean))


def _coefficient(stream: Stream) -> float:
    return max(-1.0, min(1.0, stream.lagged / stream.power)) if stream.power > 0 else 0.0


def after(stream: Stream | None, observed: Vector, at: int, seen: Forecast) -> Stream:
    """The topic after `observed` at `at`; as it was when that is nothing newer."""
    if stream is None:
        return Stream(observed, observed, 0.0, 0.0, 0.0, 1, at, seen.surprise)
    return _following(stream, observed, at, seen) if at > stream.at else stream


def _following(stream: Stream, observed: Vector, at: int, seen: Forecast) -> Stream:
    count = stream.count + 1
    mean = tuple(m + (x - m) / count for m, x in zip(stream.mean, observed, strict=True))
    now = [x - m for x, m in zip(observed, mean, strict=True)]
    before = [x - m for x, m in zip(stream.last, mean, strict=True)]
    lagged = stream.lagged + math.fsum(a * b for a, b in zip(now, before, strict=True))
    power = stream.power + math.fsum(b * b for b in before)
    error = stream.error + (seen.error or 0.0)
    return Stream(mean, observed, lagged, power, error, count, at, seen.surprise)


def _squared(x: Vector, y: Vector) -> float:
    return math.fsum((a - b) ** 2 for a, b in zip(x, y, strict=True))
