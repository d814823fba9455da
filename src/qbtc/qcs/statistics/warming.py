"""Compile, or load from the cache, the compiled code behind the statistics."""

from __future__ import annotations

import random


def warm() -> None:
    """Seconds the first time, a fraction of one later."""
    from qbtc.qcs.domain.statistics import changepoints, garch

    chance = random.Random(1)
    values = [chance.gauss(0, 1) for _ in range(60)]
    for family in ("gjr", "egarch"):
        garch.fit(values, garch.Spec(family, errors="skewt"))
    garch.rolling(values, window=55)
    for method in changepoints.METHODS:
        changepoints.changepoints(values, method=method)
