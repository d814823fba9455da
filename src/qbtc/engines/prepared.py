"""Has exactly this code prepared exactly this database cluster already? Then a start need not do it again.

A mark beside the embedded database's data folder, with a digest of everything that the preparation depends on. It saves a
Python start with drivers at every start but the first. A start that fails forgets it, so that the next one prepares again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from .home import Home, read_secrets

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = ("*/migrations/*.sql", "kit/*/migrations/*.sql", "kit/store/*.py", "kit/bus/*.py", "contracts/*.py")
MARK = "prepared"
IDENTIFIER_BYTES = 8  # pg_control begins with the cluster's own random number


def digest(folder: Path, *parts: str) -> str:
    """Of our code, of the cluster below `folder`, and of whatever else `parts` say. Raises OSError without a cluster."""
    found = hashlib.sha256((folder / "data/global/pg_control").read_bytes()[:IDENTIFIER_BYTES])
    for path in sorted({path for pattern in SOURCES for path in PACKAGE.glob(pattern)}):
        found.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes() + b"\0")
    found.update("\0".join(parts).encode())
    return found.hexdigest()


def is_prepared(home: Home, folder: Path, wanted: str, services: tuple[str, ...]) -> bool:
    mark = folder / MARK
    if not mark.exists() or mark.read_text() != wanted:
        return False
    return all("database_url" in read_secrets(home, service) for service in services)


def remember(folder: Path, wanted: str) -> None:
    (folder / MARK).write_text(wanted)


def forget(folder: Path) -> None:
    (folder / MARK).unlink(missing_ok=True)
