"""Quantum forecasters beside Gaussian HMM, Kalman filter and base rate on recorded one-minute bars; one JSON line.

26 plain features of bars (means of return, log variance, log volume and range over six spans, body and signed volume).
"""

from __future__ import annotations

import os
import time

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
from bench.harness import emit  # noqa: E402

from qbtc.qcs.domain.inference.compare import Plan, Report, compare  # noqa: E402
from qbtc.qcs.domain.inference.series import series  # noqa: E402
from qbtc.testing.data import MARKET  # noqa: E402

ROWS, REFERENCE, SKIPPED = 4200, 1000, 100


def features(bars: np.ndarray) -> np.ndarray:
    opened, high, low, close, volume = bars.T
    r = np.diff(np.log(close), prepend=np.log(close[0]))

    def mean(a: np.ndarray, n: int) -> np.ndarray:
        return np.convolve(a, np.ones(n) / n)[: len(a)]

    kinds = (lambda n: mean(r, n), lambda n: np.log(mean(r * r, n) + 1e-9), lambda n: mean(np.log(volume + 1), n), lambda n: mean((high - low) / close, n))
    columns = [kind(n) for n in (1, 2, 5, 10, 30, 60) for kind in kinds]
    return np.array([*columns, (close - opened) / (high - low + 1e-9), r * np.log(volume + 1)]).T


def amplitudes(x: np.ndarray) -> np.ndarray:
    past = x[60:REFERENCE]
    middle = np.median(past, axis=0)
    z = np.clip((x - middle) / (1.4826 * np.median(np.abs(past - middle), axis=0) + 1e-12), -5, 5)
    return z + 1j * np.diff(z, axis=0, prepend=z[:1])


def judged(found: Report) -> dict[str, object]:
    lines = {one.model: [round(one.loss, 4), round(one.against_base.p, 4), one.against_base.verdict, round(one.seconds, 2)] for one in found.lines}
    return {"n": found.n, "lines": lines, "words": found.words}


def main() -> None:
    bars = np.genfromtxt(MARKET / "btc_perp_1m_202201.csv", delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5), max_rows=ROWS)
    rows = amplitudes(features(bars))
    ahead = np.append(np.diff(np.log(bars[:, 3])), 0.0)
    size = np.log(np.abs(ahead) + 1e-6)
    part, found = slice(SKIPPED, -1), {}
    for what, values, edges in (("size", size, np.quantile(size[60:REFERENCE], [1 / 3, 2 / 3])), ("sign", ahead, np.zeros(1))):
        outcomes = np.digitize(values, edges, right=True)
        found[what] = judged(compare(series(rows[part], outcomes[part], values=values[part], edges=edges), Plan(2000, 1000), clock=time.perf_counter))
    emit("inference", **found)


if __name__ == "__main__":
    main()
