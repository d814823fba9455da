"""The process around the supervisor: `python -m qbtc.engines.daemon`, started by `qbtc up`, configured by environment.

Standard output carries one JSON event a line to whoever started it (progress, ready, failed, stopped); it may go away.
SIGTERM or SIGINT stops in order; a second one kills.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys

from qbtc.kit.children import die_with_parent

from .base import EngineError
from .home import open_home
from .plan import Plan, plan_from_env
from .supervisor import Event, Supervisor


def emit(event: Event) -> None:
    """Write one event; a reader that has left (detached) is no error."""
    try:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


async def supervise(plan: Plan) -> int:
    supervisor = Supervisor(open_home(plan.home), plan, emit)
    loop = asyncio.get_running_loop()
    asked = False

    def end() -> None:
        nonlocal asked
        if asked:
            supervisor.kill_all()
        asked = True
        supervisor.request_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    return await supervisor.run()


def main(plan: Plan | None = None) -> int:
    os.umask(0o077)
    if os.environ.get("QBTC_FOLLOW"):  # in the foreground: end with the `qbtc up` that shows us
        die_with_parent(signal.SIGTERM, int(os.environ["QBTC_FOLLOW"]))
    try:
        return asyncio.run(supervise(plan or plan_from_env(os.environ)))
    except EngineError as error:
        emit({"event": "failed", "error": error.message, "advice": error.advice})
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
