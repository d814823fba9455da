"""Importing recorded frames: raw text a second on one core, ours beside hftbacktest's converter.

    python -m bench.data_import [--rounds 5] [--peers FOLDER]

Ours writes a whole tape to disk with checksums and fsync; the peer is measured in memory (`convert`) and with the .npz
that it documents (`save`). Both are pinned to one core, warm, on the recorded USD-M file in the page cache; MB are of the
uncompressed text. Answers are compared first: the number of rows, and the book at the end. Goal: >= 100 MB/s.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.core.market.book import Book
from qbtc.core.market.tape.replay import final_book
from qbtc.hft.adapters.data.importing import Imported, Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.testing.data import MARKET

USDM = MARKET / "usdm_btcusdt_20240808.gz"
SPOT = (MARKET / "spot_btcusdt_20240808.gz", MARKET / "spot_btcusdt_20240809.gz")
SCRIPT = ROOT / "bench" / "peers" / "hftbacktest_convert.py"


def text_bytes(files: tuple[Path, ...]) -> int:
    return sum(len(gzip.decompress(path.read_bytes())) for path in files)


def imported(files: tuple[Path, ...], folder: Path) -> Imported:
    return import_tape(list(files), folder / "tape", Options(replace=True))


def ours(files: tuple[Path, ...], size: int, folder: Path) -> Callable[[], Any]:
    async def measure() -> Figures:
        wall, cpu = time.perf_counter(), time.process_time()
        made = imported(files, folder)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return _figures(size, wall, cpu, made.info.rows, made.info.bytes / made.info.rows)

    return measure


def theirs(peer: Peer, what: str, size: int) -> Callable[[], Any]:
    async def measure() -> Figures:
        done = peer.ask(what=what, path=str(USDM))
        return _figures(size, done["wall_s"], done["cpu_s"], done["rows"], done["bytes_a_row"])

    return measure


def _figures(size: int, wall: float, cpu: float, rows: float, width: float) -> Figures:
    return {
        "mb_s_cpu": size / cpu / 1e6, "mb_s_wall": size / wall / 1e6, "rows_s_cpu": rows / cpu, "ns_a_row_cpu": cpu / rows * 1e9,
        "bytes_a_row": width,
    }  # fmt: skip


def compared(peer: Peer, folder: Path) -> dict[str, object]:
    """Rows and final books of both readings. Raises SystemExit when they are not the same market."""
    made = imported((USDM,), folder)
    tape = open_tape(made.path)
    answer = peer.ask(what="answers", path=str(USDM))
    if answer["rows"] != len(tape.tick):
        raise SystemExit(f"answers differ: {answer['rows']} rows, ours {len(tape.tick)}")
    book, steps = final_book(tape), (tape.tick_size, tape.lot_size)
    pairs = [(_levels(book, side, *steps), dict(answer[name])) for side, name in enumerate(("bids", "asks"))]
    differing = sum(len(a.items() ^ b.items()) for a, b in pairs)
    best = [(min(a) if side else max(a)) == (min(b) if side else max(b)) for side, (a, b) in enumerate(pairs)]
    if not all(best) or differing > sum(map(len, answer["bids"])) / 20:
        raise SystemExit(f"answers differ: {differing} levels of the final book")
    return {"rows": len(tape.tick), "levels": sum(len(a) for a, _ in pairs), "levels_that_differ": differing}


def _levels(book: Book, side: int, tick: float, lot: float) -> dict[float, float]:
    return {round(price * tick, 8): round(lots * lot, 8) for price, lots in book.walk(side)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", help="Folder of an environment of requirements/peers.lock that exists already.")
    chosen = parser.parse_args()
    if not USDM.exists():
        raise SystemExit(f"no recording at {USDM}; set QBTC_DATA")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as name, Peer(python_of("peers", chosen.peers), SCRIPT) as peer:
        measure(peer, Path(name), chosen.rounds)


def measure(peer: Peer, folder: Path, rounds: int) -> None:
    plain = folder / "plain"
    plain.write_bytes(gzip.decompress(USDM.read_bytes()))
    only = folder / "tickers"
    only.write_bytes(b"".join(line for line in plain.read_bytes().splitlines(keepends=True) if b"@bookTicker" in line))
    size, spot = text_bytes((USDM,)), text_bytes(SPOT)
    answers = compared(peer, folder)
    runs = {
        "usdm_gz": ours((USDM,), size, folder), "hftbacktest_convert": theirs(peer, "convert", size),
        "usdm_plain": ours((plain,), size, folder), "spot_gz": ours(SPOT, spot, folder),
        "tickers_only": ours((only,), only.stat().st_size, folder), "hftbacktest_save": theirs(peer, "save", size),
    }  # fmt: skip
    for run in runs.values():
        asyncio.run(run())
    found = asyncio.run(interleaved(runs, rounds))
    emit(
        "data_import", rounds=rounds, answers=answers, text_mb=round(size / 1e6, 1),
        ratio_convert=ratio(found["usdm_gz"], found["hftbacktest_convert"], "mb_s_cpu"),
        ratio_save=ratio(found["usdm_gz"], found["hftbacktest_save"], "mb_s_cpu"),
        **{name: summary(figures) for name, figures in found.items()},
    )  # fmt: skip


if __name__ == "__main__":
    main()
