"""Time to fold one bar of 50 symbols into 26-dimensional states on one core; prints one JSON line.

Spectrum, report, divergence, novelty and regimes included. Aim: p50 <= 20 ms. Bound: 50 eigen-decompositions of 26 x 26 complex
matrices, measured beside it. CPU time is given too: on a busy machine it is the figure that says something.
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

SYMBOLS, WARM, BARS, AIM_MS = 50, 150, 200, 20.0


def measured() -> dict[str, object]:
    """Milliseconds a bar: wall clock and CPU."""
    rng, fold = np.random.default_rng(0), SessionFold()
    names = tuple(f"SYM{i}" for i in range(SYMBOLS))
    z, present = np.zeros((SYMBOLS, 26)), np.ones((SYMBOLS, 26), dtype=bool)
    taken: list[float] = []
    spent: list[float] = []
    eigen: list[float] = []
    for bar in range(WARM + BARS):
        z = np.clip(0.97 * z + 0.25 * rng.normal(size=z.shape), -5, 5)
        start, cpu = time.perf_counter(), time.process_time()
        folded = fold.fold(MarketBar(bar, names, z, present))
        taken.append(time.perf_counter() - start)
        spent.append(time.process_time() - cpu)
        start = time.perf_counter()
        spectrum(folded.window.rho)
        eigen.append(time.perf_counter() - start)
    p50, p99 = np.percentile(np.array(taken[WARM:]) * 1e3, [50, 99])
    cpu50, cpu99 = np.percentile(np.array(spent[WARM:]) * 1e3, [50, 99])
    return {
        "p50_ms": round(p50, 3),
        "p99_ms": round(p99, 3),
        "cpu_p50_ms": round(cpu50, 3),
        "cpu_p99_ms": round(cpu99, 3),
        "eigen_p50_ms": round(np.median(eigen[WARM:]) * 1e3, 3),
        "symbols": SYMBOLS,
        "bars": BARS,
        "aim_ms": AIM_MS,
        "ok": bool(p50 <= AIM_MS),
    }


def main() -> None:
    print(json.dumps({"bench": "fold", **measured()}))


if __name__ == "__main__":
    main()
