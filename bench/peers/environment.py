"""Environments of peers that cannot live beside QBTC's libraries: one a lock, made once, kept under QBTC_HOME."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def python_of(lock: str, given: str | None = None) -> Path:
    """The interpreter of the environment of requirements/<lock>.lock; `given` is the folder of one that exists."""
    if given:
        return Path(given) / "bin" / "python"
    file = ROOT / "requirements" / f"{lock}.lock"
    home = Path(os.environ.get("QBTC_HOME") or Path.home() / ".qbtc")
    folder = home / "cache" / f"{lock}-{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"making {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", file], check=True)
        (folder / "ready").touch()
    return python


class Peer:
    """A script in a peer's interpreter that answers one JSON line with another."""

    def __init__(self, python: Path, script: Path) -> None:
        self._process = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the peer ended: {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
