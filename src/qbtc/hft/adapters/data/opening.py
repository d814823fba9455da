"""A folder as a Tape: tape.json checked, columns memory-mapped. Nothing is read until it is used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from qbtc.core.market.tape.info import Column, Info, from_json
from qbtc.core.market.tape.layout import Array, TapeFault
from qbtc.core.market.tape.tape import Tape

from ...errors import BrokenTape, NoTape
from .writer import TAPE


def read_info(path: Path) -> Info:
    """What tape.json says. Raises NoTape or BrokenTape."""
    file = path / TAPE
    try:
        body = json.loads(file.read_bytes())
        if not isinstance(body, dict):
            raise BrokenTape(f"{file}: is no JSON object")
        return from_json(body)
    except (FileNotFoundError, NotADirectoryError):
        raise NoTape(f"{path}: holds no {TAPE}", allowed="a folder that `qbtc data import` made") from None
    except (ValueError, UnicodeDecodeError) as error:
        raise BrokenTape(f"{file}: {error}") from None


def open_tape(path: Path, *, private: bool = False) -> Tape:
    """The tape in a folder. Raises NoTape, and BrokenTape where a file has not the size that tape.json says.

    `private`: arrays that are not read-only (a page that is written to becomes this process's own, the file never
    changes), which is the type of array that compiled code is cached for.
    """
    info = read_info(path)
    return Tape(info, {name: mapped(path, name, column, private=private) for name, column in info.columns.items()})


def mapped(path: Path, name: str, column: Column, *, private: bool = False) -> Array:
    """One column, memory-mapped."""
    file = path / f"{name}.bin"
    size = file.stat().st_size if file.is_file() else -1
    if size != column.bytes:
        there = f"has {size} bytes" if size >= 0 else "is missing"
        raise BrokenTape(f"{file}: {there}; tape.json says {column.bytes}")
    if column.count == 0:
        return np.zeros(0, column.dtype)
    try:
        return np.memmap(file, column.dtype, "c" if private else "r", shape=(column.count,))
    except (OSError, ValueError, TapeFault) as error:
        raise BrokenTape(f"{file}: cannot be opened: {error}") from None
