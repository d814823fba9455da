"""How far an order has come in its queue when only the sizes of levels are known (L2).

An order joins behind the level. Trades at its price take from the front; of what the level loses beyond trades, the
share `behind(front, back)` is taken from behind it. It fills when a trade is larger than what is ahead of it.

    RISK_AVERSE   only trades advance it
    POWER         b^n / (b^n + f^n)          LOG    ln(1+b) / (ln(1+b) + ln(1+f))
    POWER2        b^n / (b+f)^n              LOG2   ln(1+b) / ln(1+b+f)
    POWER3        1 - (f / (f+b))^n

f and b are the quantities ahead and behind in base units. E. Rigtorp, Estimating order queue position (2013); the forms
are those of hftbacktest, whose fills they reproduce.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import math
from enum import IntEnum

import numpy as np

from .native import quick


class Queue(IntEnum):
    RISK_AVERSE = 0
    POWER = 1
    POWER2 = 2
    POWER3 = 3
    LOG = 4
    LOG2 = 5
    FIFO = 6
    """Nothing is guessed: a tape of orders says who is ahead (`fifo`)."""
    FIFO_AT_PRICE = 7
    """The same, but a trade at a worse price than ours leaves ours alone: hftbacktest's rule, which is no venue's."""

    @property
    def exact(self) -> bool:
        """It needs a tape of orders."""
        return self >= Queue.FIFO


_RISK_AVERSE, _POWER, _POWER2, _POWER3, _LOG, _LOG2, FIFO, FIFO_AT_PRICE = (int(each) for each in Queue)


@quick
def behind(queue, n, front, back):
    """The share of a decrease that happens behind the order."""
    if queue == _POWER:
        b, f = back**n, front**n
        return b / (b + f)
    if queue == _POWER2:
        return back**n / (back + front) ** n
    if queue == _POWER3:
        return 1.0 - (front / (front + back)) ** n
    b = math.log(1.0 + back)
    return b / (b + math.log(1.0 + front)) if queue == _LOG else b / math.log(1.0 + back + front)


@quick
def level_changed(o, queue, n, before, after):
    """Others at the order's price went from `before` to `after` base units."""
    if queue == _RISK_AVERSE:
        o.front = min(o.front, after)
        return
    change = before - after - o.traded
    o.traded = 0.0
    if change < 0.0:
        o.front = min(o.front, after)
        return
    front = o.front
    back = before - front
    share = behind(queue, n, front, back)
    share = 1.0 if math.isinf(share) else share
    ahead = front - (1.0 - share) * change + min(back - share * change, 0.0)
    o.front = after if math.isnan(ahead) else min(ahead, after)


@quick
def passed(o, lot_size):
    """Lots of trades at its price that got past what is ahead of the order."""
    lots = o.front / lot_size
    return np.int64(math.floor(0.5 - lots)) if lots <= -0.5 else np.int64(0)
