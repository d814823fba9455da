"""Short-lived helper processes of a start: what needs a driver does its work there and answers with one JSON object."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from .base import EngineError, EngineStatus
from .external import VARIABLES
from .logfile import LogFile
from .plan import Plan

STEP_SECONDS = 90.0


async def run_step(argv: tuple[str, ...], plan: Plan, log: LogFile, secrets: dict[str, str]) -> dict[str, Any]:
    """Run one; its standard error goes to the log. Raises EngineError with what it answered."""
    env = plan.tool_env(os.environ) | secrets
    process = await asyncio.create_subprocess_exec(
        *argv, env=env, cwd="/", stdin=asyncio.subprocess.DEVNULL, stdout=-1, stderr=-1, start_new_session=True
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), STEP_SECONDS)
    except (TimeoutError, asyncio.CancelledError):
        process.kill()
        await process.wait()
        raise
    for line in errors.decode(errors="replace").splitlines():
        log.write(line)
    return _answer(output, process.returncode, log)


def _answer(output: bytes, code: int | None, log: LogFile) -> dict[str, Any]:
    lines = output.decode(errors="replace").strip().splitlines()
    try:
        found = json.loads(lines[-1])
    except (ValueError, IndexError):
        found = {"error": f"A start-up step failed (exit {code}): {log.last}"} if code else {}
    if not isinstance(found, dict) or "error" in found or code:
        found = found if isinstance(found, dict) else {}
        raise EngineError(
            found.get("error", f"A start-up step failed (exit {code})."),
            found.get("advice", "See `qbtc logs bootstrap`."),
        )
    return found


async def run_external(kind: str, plan: Plan, log: LogFile) -> EngineStatus:
    """Check an engine given by URL. Raises EngineError."""
    url = {"database": plan.database_url, "cache": plan.redis_url, "bus": plan.bus_url}[kind]
    argv = (sys.executable, "-m", "qbtc.engines.external", kind)
    return EngineStatus(**await run_step(argv, plan, log, {VARIABLES[kind]: url}))
