"""How much a test tries: less in `./qbtc test --fast`, which is for the minute between two edits."""

from __future__ import annotations

import os

# As services run (engines.plan.ONE_THREAD), and before anything loads NumPy: two workers whose libraries start two threads
# each wait for one another.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

SIZE = os.environ.get("QBTC_TEST_SIZE", "normal")
FAST = SIZE == "fast"


def examples(count: int) -> int:
    """Random examples of a property that is tried `count` times at every size above --fast; a quarter there, ten at least."""
    return max(count // 4, min(count, 10)) if FAST else count
