"""1,000 rolling refits of a GARCH(1,1) beside `arch`. Prints one JSON line.

    python -m bench.garch [--rounds N] [--refits N] [--peer N]

`arch` as fast as its documentation says: `rescale=False`, `update_freq=0`, `disp="off"`, each refit from the estimate
of the window before (`starting_values`), no standard errors asked for. Both begin the variance by arch's backcast.
Answers first: every window of the peer, fitted to its tightest tolerance, has our log-likelihood within 1e-6. The peer
does the first `--peer` of the refits; its time is scaled. Aim: 8 times.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from bench.harness import Figures, emit, ratio, summary

from qbtc.qcs.domain.statistics import garch

WINDOW = 1000
LAWS = ("normal", "t")


def simulated(n: int) -> np.ndarray:
    """A GARCH(1,1) with Student's t errors (8 degrees), in percent."""
    rng = np.random.default_rng(26)
    z = rng.standard_t(8.0, n) * np.sqrt(6 / 8)
    y, h = np.zeros(n), 1.0
    for t in range(n):
        y[t] = np.sqrt(h) * z[t]
        h = 0.05 + 0.08 * y[t] ** 2 + 0.87 * h
    return y + 0.02


def peer(y: np.ndarray, law: str, begins: range, **options: object) -> np.ndarray:
    """Log-likelihoods of arch, each window from the one before."""
    from arch import arch_model

    found, last = [], None
    for i in begins:
        model = arch_model(y[i : i + WINDOW], mean="Constant", vol="GARCH", p=1, q=1, dist=law, rescale=False)
        fitted = model.fit(starting_values=last, update_freq=0, disp="off", show_warning=False, **options)
        last = fitted.params.to_numpy()
        found.append(fitted.loglikelihood)
    return np.array(found)


def compared(y: np.ndarray, law: str, refits: int) -> float:
    """The largest difference of log-likelihoods; every tenth window."""
    ours = garch.rolling(y, garch.Spec(errors=law, start="backcast"), window=WINDOW).loglik[:refits:10]
    theirs = peer(y, law, range(0, refits, 10), tol=1e-13, options={"maxiter": 2000})
    return float(np.abs(ours - theirs).max())


def ours(y: np.ndarray, law: str, threads: int) -> Figures:
    begun = time.perf_counter()
    garch.rolling(y, garch.Spec(errors=law, start="backcast"), window=WINDOW, threads=threads)
    return {"ms": 1e3 * (time.perf_counter() - begun)}


def theirs(y: np.ndarray, law: str, done: int, refits: int, threads: int) -> Figures:
    """In a row, or in as many rows as threads."""
    parts = [range(k * done // threads, (k + 1) * done // threads) for k in range(threads)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: peer(y, law, part), parts))
    return {"ms": 1e3 * (time.perf_counter() - begun) * refits / done}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--refits", type=int, default=1000)
    asked.add_argument("--peer", type=int, default=100)
    given = asked.parse_args()
    y = simulated(given.refits + WINDOW - 1)
    figures: dict[str, object] = {}
    for law in LAWS:
        difference = compared(y, law, given.refits)
        if not difference < 1e-6:
            raise SystemExit(f"{law}: log-likelihoods differ by {difference}")
        figures[f"{law}_loglik_difference"] = difference
        for threads in (1, 2):
            mine, others = [], []
            for _ in range(given.rounds):
                mine.append(ours(y, law, threads))
                others.append(theirs(y, law, given.peer, given.refits, threads))
            figures[f"{law}_{threads}"] = {
                "ours": summary(mine),
                "arch": summary(others),
                "times": ratio(others, mine, "ms"),
            }
    emit("garch", window=WINDOW, refits=given.refits, rounds=given.rounds, goal=8, **figures)


if __name__ == "__main__":
    main()
