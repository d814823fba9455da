"""Tables of funding from .csv and .parquet files: time, rate and, where it is known, mark. Binance's fundingRate dumps too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars

from ..domain.backtest.assumptions import BadAssumption
from ..domain.backtest.funding import FORM, Records, checked

NAMES = {
    "time": ("time", "fundingtime", "calc_time", "timestamp"),
    "rate": ("rate", "fundingrate", "last_funding_rate", "funding_rate"),
    "mark": ("mark", "markprice", "mark_price"),
}
SCALES = ((10**17, 1), (10**14, 1_000), (10**11, 1_000_000), (0, 1_000_000_000))
"""ns of one unit, by the size of a time: ns, us, ms, s."""


def read_funding(name: str) -> Records:
    """SETTLEMENT records. Raises BadAssumption."""
    path = Path(name).expanduser()
    try:
        frame = polars.read_parquet(path) if path.suffix == ".parquet" else polars.read_csv(path, try_parse_dates=True)
    except OSError as error:
        raise BadAssumption(f"{name} cannot be read: {error.strerror or error}; {FORM}") from None
    except polars.exceptions.PolarsError as error:
        raise BadAssumption(f"{name} is no table of funding: {error}; {FORM}") from None
    found = {column.lower().strip(): column for column in frame.columns}
    given = {what: next((found[n] for n in names if n in found), None) for what, names in NAMES.items()}
    if given["time"] is None or given["rate"] is None:
        raise BadAssumption(f"{name} has the columns {', '.join(frame.columns)}; {FORM}")
    times, rate = frame[given["time"]], frame[given["rate"]]
    mark = frame[given["mark"]].fill_null(0.0) if given["mark"] else None
    try:
        columns = [None if each is None else each.cast(polars.Float64).to_numpy() for each in (rate, mark)]
        return checked(utc_ns(times, name), columns[0], columns[1], name)  # type: ignore[arg-type]
    except polars.exceptions.PolarsError as error:
        raise BadAssumption(f"{name} is no table of funding: {error}; {FORM}") from None


def utc_ns(times: polars.Series, name: str, form: str = FORM) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Times of whatever unit their size says, as UTC ns. Raises BadAssumption that ends with `form`."""
    if times.dtype.is_temporal():
        return times.cast(polars.Datetime("ns")).cast(polars.Int64).to_numpy()
    whole = times.cast(polars.Float64).fill_null(-1.0).to_numpy()
    wrong = np.flatnonzero(~(whole >= 0))
    if wrong.size:
        raise BadAssumption(f"{name}, row {wrong[0] + 1}: {times[int(wrong[0])]!r} is no time; {form}")
    whole = times.cast(polars.Int64).to_numpy()
    largest = int(whole.max()) if whole.size else 0
    return whole * next(scale for size, scale in SCALES if largest >= size)
