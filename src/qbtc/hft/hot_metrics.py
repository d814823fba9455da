"""The hot engine's figures for /metrics, read from its memory when they are asked for."""

from __future__ import annotations

import math
from functools import partial

from qbtc.kit.metrics import gauge

from .adapters.hotloop.layout import STAGES
from .adapters.hotloop.panel import quantile
from .hot import HotTier, Phase

COUNTS = ("frames", "sent", "cancels", "acked", "filled", "rejected", "refused", "faults", "gaps", "differences")
LEVELS = ("open_orders", "unknown_orders")
QUANTILES = (0.5, 0.99, 0.999)


def export(hot: HotTier) -> None:
    """Gauges that are NaN, or 0 for counts, while no engine runs."""
    running = gauge("qbtc_hft_hot_running", "1 while the hot engine is in its sockets")
    running.set_function(lambda: float(hot.phase is Phase.RUNNING))
    counts = gauge("qbtc_hft_hot_count", "What the engine has done since it was started, and what is open", ("what",))
    for name in (*COUNTS, *LEVELS):
        counts.labels(name).set_function(partial(_head, hot, name))
    stages = gauge("qbtc_hft_hot_stage_seconds", "Latency of the engine's stages", ("stage", "quantile"))
    for i, stage in enumerate(STAGES):
        for q in QUANTILES:
            stages.labels(stage, str(q)).set_function(partial(_seconds, hot, i, q))


def _head(hot: HotTier, name: str) -> float:
    return float(hot.panel.record["head"][name]) if hot.panel is not None else 0.0


def _seconds(hot: HotTier, stage: int, q: float) -> float:
    found = quantile(hot.panel.record["latency"][stage], q) if hot.panel is not None else None
    return math.nan if found is None else found / 1e9
