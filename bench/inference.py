"""Quantum forecasters, kernels and Boltzmann machines beside their classical counterparts on held-out rows; one JSON line.

Two recordings: one-minute bars in 26 plain features, and 250 ms bars of two order books in the 26 market features, made by the
product's own path (tape, features, live z-scores, the fold of QCS), where 20 bars lie between a state and its outcome.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
from bench.harness import emit  # noqa: E402

from qbtc.core.hilbert.boltzmann import diagonal_generators, fit_boltzmann, pair_generators  # noqa: E402
from qbtc.core.hilbert.rows import state_rows  # noqa: E402
from qbtc.hft import features  # noqa: E402
from qbtc.hft.adapters.data.importing import Options, import_tape  # noqa: E402
from qbtc.hft.domain.bars import COLUMNS  # noqa: E402
from qbtc.qcs.domain.folding import MarketBar, SessionFold  # noqa: E402
from qbtc.qcs.domain.inference.classify import compare_kernels  # noqa: E402
from qbtc.qcs.domain.inference.compare import Plan, Report, compare  # noqa: E402
from qbtc.qcs.domain.inference.rows import edges_of, moves_ahead, of_bars, of_features  # noqa: E402
from qbtc.qcs.domain.inference.scores import diebold_mariano  # noqa: E402
from qbtc.qcs.domain.inference.series import series  # noqa: E402
from qbtc.testing.data import MARKET  # noqa: E402

Found = dict[str, object]
ROWS, MINUTES = 4200, Plan(2000, 1000)
BAR, HORIZON, YOUNG, BOOKS = "250ms", 20, 120, Plan(600, 150)
TAPES = ("spot_btcusdt_20240808", "spot_ethusdt_20240808")
PERPETUAL = "usdm_btcusdt_20240808"


def targets(states: np.ndarray, closes: np.ndarray, horizon: int, plan: Plan) -> Found:
    """Size of the coming move in thirds of the first training rows, and its sign."""
    known = slice(0, len(states) - horizon)
    found: Found = {}
    for what in ("size", "sign"):
        values = moves_ahead(closes, horizon, size=what == "size")
        edges = edges_of(values, plan.train, 3) if what == "size" else np.zeros(1)
        outcomes = np.digitize(values, edges, right=True)
        data = series(states[known], outcomes, values=values, edges=edges, horizon=horizon)
        found[what] = judged(compare(data, plan, clock=time.perf_counter)) | {"kernels": kernels(states[known], outcomes, len(edges) + 1, plan.train)}
    return found


def judged(found: Report) -> Found:
    lines = {one.model: [round(one.loss, 4), round(one.against_base.p, 4), one.against_base.verdict, round(one.seconds, 2)] for one in found.lines}
    return {"n": found.n, "lines": lines, "words": found.words}


def kernels(states: np.ndarray, outcomes: np.ndarray, count: int, train: int) -> Found:
    """Held-out log-loss of kernel logistic regression, and p beside the classical RBF kernel."""
    scored = compare_kernels(states, outcomes, train, count=count)
    return {one.kernel: [round(one.loss, 4), round(one.against_rbf.p, 4), one.against_rbf.verdict] for one in scored}


def boltzmann(states: np.ndarray, train: int) -> Found:
    """Held-out -log<rho> of a quantum machine (neighbouring dimensions coupled) and of the diagonal one, nats a row."""
    psi = state_rows(states)[:, 0]
    eta = psi[:train].T @ psi[:train].conj() / train
    size = psi.shape[1]
    chain = pair_generators(size, [(i, j) for i in range(size) for j in (i + 1,) if j < size])
    classical = fit_boltzmann(eta, diagonal_generators(size), ridge=1e-3)
    quantum = fit_boltzmann(eta, np.concatenate([diagonal_generators(size), chain]), ridge=1e-3)
    losses = [machine.loss(psi[train:]) for machine in (quantum, classical)]
    test = diebold_mariano(*losses)
    return {"quantum": round(float(losses[0].mean()), 4), "classical": round(float(losses[1].mean()), 4), "p": round(test.p, 4), "verdict": test.verdict}


def minutes() -> Found:
    bars = np.genfromtxt(MARKET / "btc_perp_1m_202201.csv", delimiter=",", skip_header=1, usecols=(1, 2, 3, 4, 5), max_rows=ROWS)
    states = of_features(of_bars(bars), MINUTES.train)[100:]
    return targets(states, bars[100:, 3], 1, MINUTES) | {"boltzmann": boltzmann(states, MINUTES.train)}


def books() -> Found:
    """Of each symbol, the states that the fold makes of its scored features."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: import_tape([MARKET / f"{name}.gz"], Path(folder) / name, Options()).path for name in (*TAPES, PERPETUAL)}
        made = features.over([paths[name] for name in TAPES], bar=BAR, perpetual=[paths[PERPETUAL]])
    fold, scores = SessionFold(), made.scores
    folded = [fold.fold(MarketBar(bar, made.symbols, np.nan_to_num(row), np.isfinite(row))) for bar, row in enumerate(scores)]
    found: Found = {"bars": len(folded) - YOUNG}
    for place, symbol in enumerate(made.symbols):
        states = np.array([each.pure.amplitudes[place] for each in folded])[YOUNG:]
        closes = made.bars.data[place, COLUMNS.index("mid"), made.bars.kept][YOUNG:]
        found[symbol] = targets(states, closes, HORIZON, BOOKS) | {"boltzmann": boltzmann(states, BOOKS.train)}
    return found


def main() -> None:
    emit("inference", minutes=minutes(), books=books())


if __name__ == "__main__":
    main()
