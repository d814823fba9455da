"""Tables of measured order latencies from .csv (asked,reached,answered in ns, a header allowed) and .npy files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..domain.backtest.assumptions import BadAssumption, checked_table


def read_table(name: str) -> NDArray[np.int64]:
    """int64[rows, 3]. Raises BadAssumption."""
    path = Path(name).expanduser()
    try:
        if path.suffix == ".npy":
            return checked_table(np.load(path, allow_pickle=False), name)
        lines = path.read_text().splitlines()
        header = bool(lines) and not lines[0].replace(",", "").replace(" ", "").isdigit()
        rows = [[int(cell) for cell in line.split(",")] for line in lines[header:] if line.strip()]
    except OSError as error:
        raise BadAssumption(f"{name} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadAssumption(f"{name} is no table of latencies: {error}") from None
    return checked_table(rows, name)
