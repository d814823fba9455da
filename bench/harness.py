"""Helpers that every bench shares: interleaved runs, ratios with their spread, one JSON line. No measuring of its own.

Peers run A B A B ..., never A A B B, so that a slow minute of the machine hits both. A ratio is quoted with the
smallest and largest of its rounds; one under 2 is noise on a shared machine.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

Figures = dict[str, float]


def quantile(values: Sequence[float], q: float) -> float:
    """The q-quantile by nearest rank of the sorted values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))]


def latency(seconds: Sequence[float]) -> Figures:
    return {"p50_ms": round(quantile(seconds, 0.5) * 1e3, 3), "p99_ms": round(quantile(seconds, 0.99) * 1e3, 3)}


async def interleaved(runs: Mapping[str, Callable[[], Awaitable[Figures]]], rounds: int) -> dict[str, list[Figures]]:
    """Run every entry once a round, in turn; returns the figures of each by round."""
    found: dict[str, list[Figures]] = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            print(f"round {number + 1}/{rounds}: {name}", file=sys.stderr, flush=True)
            found[name].append(await run())
    return found


def summary(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure over the rounds."""
    return {key: round(statistics.median(r[key] for r in rounds), 3) for key in rounds[0]}


def ratio(ours: Sequence[Figures], theirs: Sequence[Figures], figure: str) -> Figures:
    """ours / theirs of one figure, round by round: median, smallest, largest."""
    each = [a[figure] / b[figure] for a, b in zip(ours, theirs, strict=True)]
    return {"median": round(statistics.median(each), 2), "min": round(min(each), 2), "max": round(max(each), 2)}


def machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "load_1m": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "arch": platform.machine(),
    }


def emit(bench: str, **parts: object) -> None:
    """The one JSON line on standard output."""
    print(json.dumps({"bench": bench, "machine": machine(), **parts}, separators=(",", ":")))
