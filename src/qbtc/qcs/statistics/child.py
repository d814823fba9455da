"""The process that computes: a line of JSON in, a line of JSON out, until its input ends.

{"method", "parameters"}  ->  {"answer": ...}  or  {"refused": {"kind", "detail", "field", "allowed"}}
"""

from __future__ import annotations

import json
import os
import sys

from pydantic import JsonValue

from qbtc.kit.children import settle
from qbtc.kit.errors import BadInput
from qbtc.qcs.errors import BadStatistic

from .methods import compute

POLITE = 5
"""Added to the nice value: market data come first."""


def answer(line: str) -> dict[str, JsonValue]:
    """One request; what is wrong with it is part of the answer."""
    asked = json.loads(line)
    try:
        return {"answer": compute(asked["method"], asked["parameters"])}
    except BadInput as error:
        kind = "statistic" if isinstance(error, BadStatistic) else "input"
        return {"refused": {"kind": kind, "detail": error.detail, "field": error.field, "allowed": error.allowed}}


def main() -> None:
    settle(nice=POLITE)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    # Libraries that print must not be taken for an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        out.write(json.dumps(answer(line)) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
