"""Features of what is known at the bar's close: F I L of the book, W Y of the perpetual. They need one bar only."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

from .native import log, quick


@quick
def friction(half_spread_bp, work):
    """F: quoted half-spread in basis points of the mid."""
    return half_spread_bp[-1]


@quick
def imbalance(imbalance, work):
    """I: (bid - ask) / (bid + ask) of the sizes of five levels a side."""
    return imbalance[-1]


@quick
def liquidity(depth, work):
    """L: log of the quote value of both sides within 10 bp of the mid."""
    return log(depth[-1])


@quick
def width(basis_bp, work):
    """W: perpetual over spot in basis points, the mark price over the index of spot prices, less one."""
    return basis_bp[-1]


@quick
def yielded(funding, work):
    """Y: funding rate in per cent a year, without compounding."""
    return funding[-1]
