"""Prometheus metrics of one process, named `qbtc_<service>_...`.

Asking twice for the same metric gives the same object, so that modules can be built more than once in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

_M = TypeVar("_M", bound=MetricWrapperBase)
_made: dict[str, MetricWrapperBase] = {}

LATENCY_BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _once(kind: type[_M], name: str, help_text: str, labels: Sequence[str], **options: object) -> _M:
    found = _made.get(name)
    if found is None:
        found = _made[name] = kind(name, help_text, labels, **options)  # type: ignore[arg-type]
    if not isinstance(found, kind):
        raise TypeError(f"metric {name!r} is a {type(found).__name__}, not a {kind.__name__}")
    return found


def counter(name: str, help_text: str, labels: Sequence[str] = ()) -> Counter:
    return _once(Counter, name, help_text, labels)


def gauge(name: str, help_text: str, labels: Sequence[str] = ()) -> Gauge:
    return _once(Gauge, name, help_text, labels)


def histogram(
    name: str, help_text: str, labels: Sequence[str] = (), *, buckets: Sequence[float] = LATENCY_BUCKETS
) -> Histogram:
    return _once(Histogram, name, help_text, labels, buckets=tuple(buckets))


def exposition() -> bytes:
    """All metrics of this process in Prometheus' text format."""
    return generate_latest(REGISTRY)
