"""hftbacktest's converter, in its own interpreter: a request a line on standard input, an answer a line on output.

It cannot import anything of ours. `bench/data_import.py` starts it.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from hftbacktest import BUY_EVENT, DEPTH_CLEAR_EVENT, DEPTH_EVENT, DEPTH_SNAPSHOT_EVENT, LOCAL_EVENT
from hftbacktest.data.utils import binancefutures

BUFFER = 2_000_000


def convert(path: str, out: str | None) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()):
        return binancefutures.convert(path, out, opt="t", buffer_size=BUFFER)


def measure(path: str, save: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out.npz") if save else None
        wall, cpu = time.perf_counter(), time.process_time()
        data = convert(path, out)
        return {
            "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "rows": len(data),
            "bytes_a_row": data.dtype.itemsize,
        }  # fmt: skip


def answers(path: str) -> dict[str, object]:
    """Rows as received, without the two clear events of a snapshot, and the book that they end with by its own rules."""
    data = convert(path, None)
    data = data[data["ev"] & LOCAL_EVENT == LOCAL_EVENT]
    kind, buy = data["ev"] & 0xFF, data["ev"] & BUY_EVENT == BUY_EVENT
    books: tuple[dict[float, float], dict[float, float]] = ({}, {})
    rows = 0
    for code, bid, price, quantity in zip(kind.tolist(), buy.tolist(), data["px"].tolist(), data["qty"].tolist(), strict=True):
        side = books[0 if bid else 1]
        if code == DEPTH_CLEAR_EVENT:
            for level in [p for p in side if (p >= price if bid else p <= price)]:
                del side[level]
            continue
        rows += 1
        if code in (DEPTH_EVENT, DEPTH_SNAPSHOT_EVENT):
            if quantity:
                side[price] = quantity
            else:
                side.pop(price, None)
    return {"rows": rows, "bids": sorted(books[0].items()), "asks": sorted(books[1].items())}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        done = answers(request["path"]) if request["what"] == "answers" else measure(request["path"], request["what"] == "save")
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    main()
