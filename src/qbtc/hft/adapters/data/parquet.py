"""Parquet (and what else Polars reads) as CSV text, so that one compiled reader checks all columns the same way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import BadSource

SLICE = 1 << 17


def as_csv(path: Path) -> Iterator[bytes]:
    """A header, then rows in the order of the file; times as ISO 8601 in UTC, floats with their shortest digits."""
    import polars as pl

    try:
        frame = pl.scan_parquet(path)
        total = frame.select(pl.len()).collect().item()
        for start in range(0, max(total, 1), SLICE):
            part = frame.slice(start, SLICE).collect()
            text = part.write_csv(
                include_header=start == 0, datetime_format="%Y-%m-%dT%H:%M:%S%.9f", float_scientific=False
            )
            yield text.encode()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadSource(f"{path}: is no Parquet file that can be read: {error}") from None
