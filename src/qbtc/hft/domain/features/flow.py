"""Features of trades and book messages: C Q T V. Each takes a window and returns one value a symbol."""

from __future__ import annotations

import numpy as np

from .window import Array, Window, log, ratio

BUCKETS = 10


def control(w: Window) -> Array:
    """C: order-flow imbalance of the touch (Cont, Kukanov, Stoikov 2014) over the mean size at the touch."""
    return ratio(w.window("order_flow").sum(axis=1), w.window("top_size").mean(axis=1))


def quickness(w: Window) -> Array:
    """Q: log of book messages and trades per second."""
    return log(w.window("messages").mean(axis=1))


def toxicity(w: Window) -> Array:
    """T: VPIN, mean |buy - sell| share over 10 buckets of equal volume; volume inside a bar is spread evenly.

    Easley, Lopez de Prado, O'Hara 2012, with the true aggressor side instead of bulk classification.
    """
    buy, sell = w.window("buy_volume"), w.window("sell_volume")
    edges = np.linspace(0.0, 1.0, BUCKETS + 1)
    return np.array([_vpin(b, s, edges) for b, s in zip(buy, sell, strict=True)])


def _vpin(buy: Array, sell: Array, edges: Array) -> float:
    total = np.concatenate(([0.0], np.cumsum(buy + sell)))
    if total[-1] <= 0:
        return np.nan
    bought = np.concatenate(([0.0], np.cumsum(buy)))
    keep = np.concatenate(([True], np.diff(total) > 0))
    at = np.interp(edges * total[-1], total[keep], bought[keep])
    return float(np.abs(2 * np.diff(at) - total[-1] / BUCKETS).sum() / total[-1])


def volume(w: Window) -> Array:
    """V: log of the quote volume traded in the window."""
    return log(w.window("quote_volume").sum(axis=1))
