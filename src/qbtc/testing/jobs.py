"""Jobs that wait, fail, crash and eat: what a runner of jobs must live with."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Told = Callable[[float, str], None]


def add(parameters: dict[str, Any], told: Told) -> dict[str, Any]:
    told(0.5, "adding")
    sys.stdout.write("a line that a library prints\n")
    return {"sum": parameters["a"] + parameters["b"], "pid": os.getpid(), "nice": os.nice(0)}


def wait(parameters: dict[str, Any], told: Told) -> None:
    """Until it is killed; `pid`, a path, gets its process id."""
    told(0.25, "waiting")
    Path(parameters["pid"]).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)


def refuse(parameters: dict[str, Any], told: Told) -> None:
    raise ValueError("a is -1; it must be at least 0")


def crash(parameters: dict[str, Any], told: Told) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fault(parameters: dict[str, Any], told: Told) -> None:
    raise RuntimeError("a defect of ours")


def eat(parameters: dict[str, Any], told: Told) -> int:
    return len(bytearray(int(parameters["megabytes"]) * 1_000_000))


def undefined(parameters: dict[str, Any], told: Told) -> float:
    return float("nan")
