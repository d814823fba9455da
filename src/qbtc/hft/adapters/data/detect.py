"""What a source is, by its content: recorded frames, a public dump, a Tardis file or a table of a person's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...errors import BadSource
from . import layouts
from .files import PARQUET, SourceFile
from .frames import Recorded, sniff
from .layouts import Layout
from .names import GENERIC_KINDS, KINDS, RAW

NUMBER = re.compile(r"-?\d+(\.\d*)?([eE]-?\d+)?")
BOOLEAN = frozenset(("true", "false"))
DUMP = re.compile(r"([A-Z0-9_]+)-(trades|aggTrades|klines|bookTicker|bookDepth|\d+(?:s|m|h|d|w|mo))\b")
HEADERS = {
    "agg_trade_id": "binance-aggtrades", "open_time": "binance-klines", "update_id": "binance-bookticker",
    "percentage": "binance-bookdepth",
}  # fmt: skip
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Detected:
    """A source and how it is read."""

    source: SourceFile
    kind: str
    symbol: str = ""
    venue: str = "generic"
    layout: Layout | None = None
    recorded: Recorded | None = field(default=None, compare=False)


def detect(source: SourceFile, *, kind: str | None, mapping: Mapping[str, str]) -> Detected:
    """Raises BadSource when it is nothing that is known, or not what `kind` says."""
    if not source.path.is_file():
        raise BadSource(f"{source.path}: no such file", field="src")
    head = source.head()
    if not head.strip():
        raise BadSource(f"{source.path}: is empty", field="src")
    recorded = sniff(head) if kind in (None, RAW) else None
    if recorded is not None:
        return _frames(source, recorded)
    if kind == RAW:
        raise BadSource(f"{source.path}: holds no frames: {_shown(head)}", allowed="lines of `<local ns> <JSON>`")
    return _table(source, head, kind, mapping)


def _frames(source: SourceFile, recorded: Recorded) -> Detected:
    venue = "binance-usdm" if recorded.futures else "binance-spot"
    symbol = next(iter(recorded.ids)) if len(recorded.ids) == 1 else ""
    return Detected(source, RAW, symbol, venue, recorded=recorded)


def _table(source: SourceFile, head: bytes, kind: str | None, mapping: Mapping[str, str]) -> Detected:
    lines = [line.strip("\r") for line in head.decode("utf-8", "replace").split("\n") if line.strip("\r")]
    first = [cell.strip().strip('"') for cell in lines[0].split(",")]
    header = () if _number(first[0]) else tuple(first)
    cells = first if not header else lines[1].split(",") if len(lines) > 1 else first
    found = kind or _kind(first, header, source, mapping)
    if found is None:
        raise BadSource(
            f"{source.path}: is none of the kinds that are known; its first line is {_shown(head)}", field="kind",
            allowed=f"--kind {', '.join(KINDS)}; a table of your own with --map time=COLUMN,price=COLUMN,…",
        )  # fmt: skip
    layout = _layout(found, first, header, mapping)
    return Detected(source, found, _symbol(source, header, cells), _venue(found, header, len(first)), layout)


def _number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None or text[:4].isdigit()


def _shown(head: bytes) -> str:
    return repr(head.lstrip().split(b"\n")[0][:SHOWN].decode("utf-8", "replace"))


def _kind(first: list[str], header: tuple[str, ...], source: SourceFile, mapping: Mapping[str, str]) -> str | None:
    if not header:
        return _headless(first)
    text = ",".join(header)
    for kind, (_, names) in layouts.TARDIS.items():
        if text == names:
            return kind
    if any(layouts.TARDIS_BOOK.fullmatch(name) for name in header):
        return "tardis-snapshot"
    if header[0] == "id" and "quote_qty" in header:
        return "binance-trades"
    if source.magic != PARQUET and not mapping:
        for name, kind in HEADERS.items():
            if name in header[:2] and len(header) >= len(layouts.BINANCE[kind][1]):
                return kind
    return layouts.fitting(header, mapping)


def _headless(cells: list[str]) -> str | None:
    """A public dump without a header, by its number of fields and where its words are."""
    words = [i for i, cell in enumerate(cells) if cell.lower() in BOOLEAN]
    count = len(cells)
    if count in (6, 7) and words[:1] == [5]:
        return "binance-trades"
    if count in (7, 8) and words[:1] == [6]:
        return "binance-aggtrades"
    if count == 12 and not words:
        return "binance-klines"
    if count == 7 and not words:
        return "binance-bookticker"
    return "binance-bookdepth" if count == 4 and "-" in cells[0] else None


def _layout(kind: str, first: list[str], header: tuple[str, ...], mapping: Mapping[str, str]) -> Layout:
    if kind in layouts.BINANCE:
        return layouts.binance(kind, len(first), header)
    if not header:
        raise BadSource(f"{kind} needs a first line with the names of its columns", field="kind")
    if kind in GENERIC_KINDS:
        return layouts.generic(kind, header, mapping)
    return layouts.tardis(kind, header)


def _symbol(source: SourceFile, header: tuple[str, ...], cells: list[str]) -> str:
    if "symbol" in header and header.index("symbol") < len(cells):
        return cells[header.index("symbol")].strip('" ')
    found = DUMP.match(source.name)
    return found.group(1) if found else ""


def _venue(kind: str, header: tuple[str, ...], columns: int) -> str:
    """Spot dumps of trades have one column more (isBestMatch), and no header."""
    if kind in ("binance-bookticker", "binance-bookdepth"):
        return "binance-usdm"
    if kind in ("binance-trades", "binance-aggtrades"):
        return "binance-spot" if columns > len(layouts.BINANCE[kind][1]) else "binance-usdm"
    if kind == "binance-klines":
        return "binance-usdm" if header else "binance-spot"
    return "generic"
