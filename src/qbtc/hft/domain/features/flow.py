"""Features of trades and book messages, and of open interest: C O Q T V."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math

from .native import log, mean, quick, ratio, total

BUCKETS = 10


@quick
def control(order_flow, top_size, work):
    """C: order-flow imbalance of the touch (Cont, Kukanov, Stoikov 2014) over the mean size at the touch."""
    return ratio(total(order_flow), mean(top_size))


@quick
def openness(open_interest, work):
    """O: change of open interest over the window in per cent."""
    return 100.0 * ratio(open_interest[-1] - open_interest[0], open_interest[0])


@quick
def quickness(messages, seconds, work):
    """Q: log of book messages and trades per second, of bars of `seconds`."""
    return log(mean(messages) / seconds)


@quick
def toxicity(buy, sell, work):
    """T: VPIN, mean |buy - sell| share over 10 buckets of equal volume; volume inside a bar is spread evenly.

    Easley, Lopez de Prado, O'Hara 2012, with the true aggressor side instead of bulk classification.
    """
    whole = total(buy) + total(sell)
    if not whole > 0:
        return math.nan
    bar, behind, bought, before, found = 0, 0.0, 0.0, 0.0, 0.0
    for bucket in range(1, BUCKETS + 1):
        edge = whole * bucket / BUCKETS
        while bar < buy.size and behind + buy[bar] + sell[bar] < edge:
            behind, bought, bar = behind + buy[bar] + sell[bar], bought + buy[bar], bar + 1
        until = bought
        if bar < buy.size and edge > behind:
            until += buy[bar] * (edge - behind) / (buy[bar] + sell[bar])
        found += abs(2 * (until - before) - whole / BUCKETS)
        before = until
    return found / whole


@quick
def volume(quote_volume, work):
    """V: log of the quote volume traded in the window."""
    return log(total(quote_volume))
