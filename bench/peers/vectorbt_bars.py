"""vectorbt's runs of target positions on bars, in its own interpreter: a request a line on standard input, an answer a line on
output. It cannot import anything of ours; `bench/bars.py` starts it."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
import vectorbt as vbt

CASH = 1e7
_DATA: dict[str, dict[str, Any]] = {}


def run(request: dict[str, Any]) -> dict[str, Any]:
    path = request["path"]
    if path not in _DATA:
        loaded = np.load(path)
        _DATA[path] = {name: loaded[name] for name in loaded.files}
    columns = _DATA[path]
    late = request["fill"] == "close"
    wanted = columns["targets"] if late else np.vstack([np.full((1, columns["targets"].shape[1]), np.nan), columns["targets"][:-1]])
    begun = time.process_time()
    made = vbt.Portfolio.from_orders(
        columns["close"][:, None], size=wanted, size_type="targetamount", price=columns["close" if late else "open"][:, None], fees=request["fee"], slippage=request["slippage"],
        init_cash=CASH, freq="1min",
    )  # fmt: skip
    simulated = time.process_time()
    value = made.value()
    valued = time.process_time()
    return {
        "seconds": simulated - begun, "with_value": valued - begun, "orders": np.atleast_1d(made.orders.count()).tolist(),
        "profit": (np.asarray(value)[-1] - CASH).tolist(), "path": (np.asarray(value)[:: request["every"]] - CASH).tolist(),
    }  # fmt: skip


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
