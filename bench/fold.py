"""Time to fold one bar of 50 symbols into 26-dimensional states on one core; prints one JSON line.

Goal: p50 well below 100 ms. Bound: 50 eigen-decompositions of 26 x 26 complex matrices, measured beside it.
"""

from __future__ import annotations

import json
import os
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from qbtc.core.hilbert.coherence import spectrum  # noqa: E402
from qbtc.qcs.domain.folding import MarketBar, SessionFold  # noqa: E402

SYMBOLS, WARM, BARS, GOAL_MS = 50, 150, 200, 100.0


def main() -> None:
    rng, fold = np.random.default_rng(0), SessionFold()
    names = tuple(f"SYM{i}" for i in range(SYMBOLS))
    z, present = np.zeros((SYMBOLS, 26)), np.ones((SYMBOLS, 26), dtype=bool)
    taken: list[float] = []
    eigen: list[float] = []
    for bar in range(WARM + BARS):
        z = np.clip(0.97 * z + 0.25 * rng.normal(size=z.shape), -5, 5)
        start = time.perf_counter()
        folded = fold.fold(MarketBar(bar, names, z, present))
        taken.append(time.perf_counter() - start)
        start = time.perf_counter()
        spectrum(folded.window.rho)
        eigen.append(time.perf_counter() - start)
    ms = np.array(taken[WARM:]) * 1e3
    p50, p99 = np.percentile(ms, [50, 99])
    figures = {
        "p50_ms": round(p50, 3),
        "p99_ms": round(p99, 3),
        "eigen_p50_ms": round(np.median(eigen[WARM:]) * 1e3, 3),
        "symbols": SYMBOLS,
        "bars": BARS,
        "goal_ms": GOAL_MS,
        "ok": bool(p50 < GOAL_MS),
    }
    print(json.dumps({"bench": "fold", **figures}))


if __name__ == "__main__":
    main()
