"""A result as JSON and Parquet, for programs."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...domain.statistics.honesty import Honesty

if TYPE_CHECKING:
    from qbtc.hft.backtest import Result
    from qbtc.hft.domain.backtest.margin import MarginKept

FRAMES = ("fills", "orders", "equity")
Json = dict[str, Any]


def known(value: float) -> float | None:
    """JSON has no NaN."""
    return value if math.isfinite(value) else None


def document(result: Result, lang: str = "en") -> Json:
    """All of a result but its records. What is not known is null, with the reason under `undefined`."""
    a, stats = result.assumptions, result.stats
    return {
        "strategy": result.strategy,
        "symbol": result.symbol,
        "parameters": dict(result.parameters),
        "begin": result.begin,
        "end": result.end,
        "tick_size": result.tick_size,
        "lot_size": result.lot_size,
        "assumptions": {
            "latency": a.latency, "queue": a.queue, "fill": a.fill, "maker_fee": a.fees[0], "taker_fee": a.fees[1],
            "tickers": a.tickers, "moved_ns": a.moved, "funding": a.funding, "passed_over": a.passed_over,
            "leverage": a.leverage,
        },
        "margin": margin(result.margin, a.margin, a.marks),
        "counts": {
            "fills": len(result.fills), "orders": len(result.orders), "samples": len(result.equity),
            "decisions": result.decisions, "position_lots": result.position,
        },
        "stats": _nullable(stats),
        "undefined": dict(stats.reasons),
        "honesty": _honesty(result.honesty, lang),
    }  # fmt: skip


def margin(kept: MarginKept | None, mode: str, marks: str) -> Json | None:
    """The account of futures: what is left, how near it came, each liquidation, and refused orders by the venue's code."""
    if kept is None:
        return None
    s = kept.samples
    return {
        "leverage": dict(kept.leverage), "mode": mode, "marks": marks, "wallet_begin": kept.begun, "wallet_end": kept.wallet,
        "balance_end": float(s["balance"][-1]) if s.size else kept.wallet, "initial_max": float(s["initial"].max(initial=0.0)),
        "ratio_max": float(s["ratio"].max(initial=0.0)), "insurance": kept.insurance,
        "liquidations": [asdict(each) for each in kept.liquidations],
        "refused": [{"code": code, "text": text, "orders": count} for code, text, count in kept.refused],
    }  # fmt: skip


def _nullable(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: known(value) for name, value in values.items()}


def _honesty(honest: Honesty, lang: str) -> Json:
    between = honest.sharpe_interval
    return {
        "trials": honest.trials.count,
        "trials_variance": known(honest.trials.variance),
        "expected_maximum_sharpe": known(honest.expected_maximum),
        "deflated_sharpe": known(honest.deflated_sharpe),
        "sharpe_interval": {
            "low": known(between.low), "high": known(between.high), "level": between.level, "draws": between.draws,
            "block": between.block, "seed": between.seed,
        },
        "warnings": list(honest.warnings),
        "cautions": list(honest.cautions(lang)),
        "assumptions": list(honest.assumptions(lang)),
    }  # fmt: skip


def write_json(result: Result, path: str | os.PathLike[str], lang: str = "en") -> Path:
    """The `document` of a result."""
    out = Path(path)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(document(result, lang), indent=2, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")
    return out


def write_parquet(result: Result, folder: str | os.PathLike[str]) -> list[Path]:
    """`fills.parquet`, `orders.parquet` and `equity.parquet`, with a leverage `margin.parquet`, as `Result.frame` gives them."""
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    frames = FRAMES if result.margin is None else (*FRAMES, "margin")
    made = [into / f"{name}.parquet" for name in frames]
    for name, out in zip(frames, made, strict=True):
        result.frame(name).write_parquet(out)
    return made
