"""Tapes of the store, QBTC_HOME/data, by their path in it. What comes over the network never leads out of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ...errors import BadParameter, NoTape
from ..data.listing import listed
from ..data.writer import TAPE


def data_folder(home: Path) -> Path:
    return home / "data"


def tapes(home: Path) -> list[dict[str, Any]]:
    """Every tape of the store, `name` its path in it; `error` says why one cannot be used."""
    root = data_folder(home)
    rows = listed(root) if root.is_dir() else iter(())
    return [{"name": str(Path(row["path"]).relative_to(root)), **{k: v for k, v in row.items() if k != "path"}} for row in rows]


def tape_path(home: Path, name: str) -> Path:
    """The tape with this name, or of a folder the tape whose data is the newest. Raises NoTape, BadParameter."""
    root = data_folder(home).resolve()
    plain = name.encode(errors="ignore").decode().replace("\0", "")
    asked = (root / plain).resolve()
    if plain != name or not asked.is_relative_to(root):
        raise BadParameter(f"{name!r} is not in the store", field="tape", allowed=f"a path below {root}")
    if (asked / TAPE).is_file():
        return asked
    found = [row for row in listed(asked) if not row["error"]] if asked.is_dir() else []
    if not found:
        raise NoTape(f"there is no tape {name!r} in the store", field="tape", allowed=[row["name"] for row in tapes(home)][:20])
    return Path(max(found, key=lambda row: int(row["last_local"]))["path"])


def store_name(home: Path, path: Path) -> str:
    """The name of a path of the store. Raises BadParameter."""
    root, asked = data_folder(home).resolve(), path.resolve()
    if not asked.is_relative_to(root):
        raise BadParameter(f"{path} is not in the store", field="data", allowed=f"a tape or folder below {root}; `qbtc data import` puts it there")
    return str(asked.relative_to(root))


def digest(tape: Path) -> str:
    """Of tape.json, which has the checksum of every column."""
    return hashlib.sha256((tape / TAPE).read_bytes()).hexdigest()
