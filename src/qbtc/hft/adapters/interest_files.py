"""Tables of open interest from .csv and .parquet files: time and quantity in base units. Binance's metrics dumps too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars

from ..domain.backtest.assumptions import BadAssumption
from ..errors import BadParameter
from .funding_files import utc_ns

FORM = "a table has the columns time and open_interest (base units)"
TIMES = ("time", "create_time", "timestamp")
QUANTITIES = ("open_interest", "sum_open_interest", "sumopeninterest", "openinterest", "quantity")
Interest = tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]]


def read_interest(name: str | Path) -> Interest:
    """(UTC ns, rising; open interest). Raises BadParameter."""
    path = Path(name).expanduser()
    try:
        frame = polars.read_parquet(path) if path.suffix == ".parquet" else polars.read_csv(path, try_parse_dates=True)
        found = {column.lower().strip(): column for column in frame.columns}
        time, quantity = (next((found[n] for n in names if n in found), None) for names in (TIMES, QUANTITIES))
        if time is None or quantity is None:
            raise BadAssumption(f"{name} has the columns {', '.join(frame.columns)}; {FORM}")
        times, amounts = utc_ns(frame[time], str(name), FORM), frame[quantity].cast(polars.Float64).to_numpy()
    except OSError as error:
        raise BadParameter(f"{name} cannot be read: {error.strerror or error}; {FORM}", field="open_interest") from None
    except polars.exceptions.PolarsError as error:
        raise BadParameter(f"{name} is no table of open interest: {error}; {FORM}", field="open_interest") from None
    except BadAssumption as error:
        raise BadParameter(str(error), field="open_interest") from None
    order = np.argsort(times, kind="stable")
    return times[order], amounts[order]
