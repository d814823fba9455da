"""Proposals as API and screen show them: the diff first, then what speaks for it, then how it goes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .adapters.parameters_store import Kept, Schedule
from .domain.predicting import HOUR_NS, Prediction

Json = dict[str, Any]
POINTS = 40
SHORTEST_HOURS = 0.02
FIGURES = (
    "inside", "outside", "present", "windows", "trials", "combinations", "deflated", "overfitting", "better", "fills", "hour", "day",
    "objective", "period_ns",
)  # fmt: skip


def row(kept: Kept) -> Json:
    """What a list shows."""
    body = kept.body
    return {
        "id": kept.id, "strategy": kept.strategy, "symbol": kept.symbol, "status": kept.status.value,
        "changes": [{"name": name, "current": pair[0], "proposed": pair[1]} for name, pair in body["changes"].items()],
        "reasons": [_reason(each) for each in body["reasons"]],
        "figures": {name: body.get(name) for name in FIGURES} | {name: _part(body[name]) for name in ("inside", "outside", "present")}
        | {name: _band(body.get(name)) for name in ("hour", "day")},
        "created": kept.created_at.isoformat(), "expires": kept.expires_at.isoformat(), "by": body.get("by"),
        "decided": kept.decided_at.isoformat() if kept.decided_at else None, "decided_by": kept.decided_by,
        "ended": kept.ended_at.isoformat() if kept.ended_at else None,
        "watch": _watch(kept), "evidence": kept.evidence,
    }  # fmt: skip


def full(kept: Kept) -> Json:
    """With what it rests on, and the line that the profit must stay above, [hours, quote units], up to twice the time
    that has passed, so that the present is in the middle; an hour before there is a watch."""
    body = kept.body
    hours = max(2.0 * kept.watch.elapsed_ns / HOUR_NS, SHORTEST_HOURS) if kept.watch else 1.0
    said = Prediction(**body["prediction"]) if body.get("prediction") else None
    return {
        **row(kept), "current": body["current"], "proposed": body["proposed"], "best": body["best"], "data": body["data"],
        "code": body["code"], "asked": {k: v for k, v in body["asked"].items() if k != "workers"},
        "prediction": asdict(said) if said else None, "line": line(said, hours) if said else [],
    }  # fmt: skip


def line(said: Prediction, hours: float) -> list[list[float]]:
    """From the first moment on."""
    return [[at, said.lowest(at * HOUR_NS)] for at in (hours * n / POINTS for n in range(POINTS + 1))]


def _reason(reason: Any) -> Json:
    doubt, value, bar = reason
    return {"doubt": doubt, "value": value, "bar": bar}


def _part(part: Any) -> Json:
    score, profit, periods = part
    return {"score": score, "profit": profit, "periods": periods}


def _band(band: Any) -> Json | None:
    return dict(zip(("low", "middle", "high", "level"), band, strict=True)) if band else None


def _watch(kept: Kept) -> Json | None:
    w = kept.watch
    if w is None:
        return None
    return {"hours": w.elapsed_ns / HOUR_NS, "profit": w.profit, "lowest": w.lowest, "fills": w.fills, "since": w.since}


def schedule(s: Schedule) -> Json:
    return {
        "strategy": s.strategy, "every_seconds": s.every_seconds, "asked": s.asked, "next": s.next_at.isoformat(), "last_run": s.last_run,
        "by": s.created_by,
    }  # fmt: skip
