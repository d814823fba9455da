"""Compile, or load from the cache, what importing, checking and drawing market data and its features need."""

from __future__ import annotations

import tempfile
from pathlib import Path

from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.tape.replay import crossed
from qbtc.core.market.tape.watching import watched
from qbtc.core.market.volume.sampling import sampled
from qbtc.core.market.volume.usual import usual

from ...features import over
from .importing import Options, import_tape
from .opening import open_tape

FRAMES = (
    '1 {"lastUpdateId":1,"bids":[["1.00","1"]],"asks":[["2.00","1"]]}\n'
    '2 {"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":2,"b":[["1.00","2"]],"a":[]}\n'
)
TABLE = "time,price,qty,side\n1,1.5,2,buy\n"
ORDERS = "time,action,order,side,price,quantity\n1,add,1,bid,1.5,2\n2,fill,1,bid,1.5,1\n"


def warm() -> None:
    """Seconds the first time, a fraction of one later."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text, symbol in (("frames", FRAMES, None), ("table.csv", TABLE, "BTCUSDT"), ("orders.csv", ORDERS, "BTCUSDT")):
            source, out = Path(folder) / name, Path(folder) / f"{name}.tape"
            source.write_text(text)
            import_tape([source], out, Options(symbol=symbol))
            crossed(open_tape(out))
            if name != "orders.csv":  # single orders alone make no bars
                over(open_tape(out))


def warm_simulation() -> None:
    """The same for simulating, fitting and judging a market. The likelihood of arrivals is small enough to be left out."""
    watched(sampled(usual(KNOWN["BTCUSDT"]), 0, 2.0))
