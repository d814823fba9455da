"""One job in a process of its own: `python -m qbtc.qcs.adapters.jobs.worker`.

It reads one line of JSON, {work, parameters, nice, megabytes}, and writes lines of JSON: {share, step} while it goes on,
and last {result} or {error: {slug, detail}}. Made to be killed at any moment: it keeps nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, TextIO

from qbtc.kit.children import settle
from qbtc.qcs.domain.results import fault_of

TELL_SECONDS = 0.25
Json = dict[str, Any]


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    settle(nice=asked["nice"], megabytes=asked["megabytes"])
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand among our lines
    say(out, outcome(asked["work"], asked["parameters"], teller(out)))


def outcome(work: str, parameters: Json, told: Callable[[float, str], None]) -> Json:
    """{result}, or {error} for what the caller can mend: anything else is a crash and ends the process."""
    module, _, name = work.partition(":")
    try:
        result = getattr(import_module(module), name)(parameters, told)
        fault = fault_of(result)
        return {"result": result} if fault is None else {"error": {"slug": "job-too-large", "detail": fault}}
    except MemoryError:
        return {"error": {"slug": "job-too-large", "detail": "it needs more memory than a job may have; ask for less"}}
    except ValueError as error:
        return {"error": {"slug": "job-refused", "detail": str(error)}}


def teller(out: TextIO) -> Callable[[float, str], None]:
    """Progress, a few times a second at most."""
    last = float("-inf")

    def told(share: float, step: str) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_SECONDS:
            last = time.monotonic()
            say(out, {"share": share, "step": step})

    return told


def say(out: TextIO, line: Json) -> None:
    out.write(json.dumps(line, allow_nan=False) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
