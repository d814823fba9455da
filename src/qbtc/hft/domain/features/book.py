"""Features of the book as it stands at the bar's close: F I L. They need one bar only."""

from __future__ import annotations

from .window import Array, Window, log


def friction(w: Window) -> Array:
    """F: quoted half-spread in basis points of the mid."""
    return w.last("half_spread_bp")


def imbalance(w: Window) -> Array:
    """I: (bid - ask) / (bid + ask) of the sizes of five levels a side."""
    return w.last("imbalance")


def liquidity(w: Window) -> Array:
    """L: log of the quote value of both sides within 10 bp of the mid."""
    return log(w.last("depth"))
