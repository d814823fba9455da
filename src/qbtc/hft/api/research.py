"""Research over HTTP: tapes of the store, runs with their results, a queue of backtests. GET needs the role viewer,
starting, cancelling and removing a trader who is a person."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.logs import get_logger

from ..adapters.research.tapes import tape_path, tapes
from ..adapters.strategy_files import own
from ..engine import Engine
from ..errors import BadParameter, NoSuchRun
from ..research import Research, takes_one_tape
from ..strategies import EXAMPLES
from .asked import AskBacktest
from .people import Person

log = get_logger(__name__)

Json = dict[str, Any]
Viewer = Depends(require(Role.VIEWER))
REPORT_HEADERS = {
    # Saved, never shown as a page of ours; and if it is, without script, network or our origin.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def research_router(engine: Engine, research: Research, home: Path) -> APIRouter:
    router = APIRouter(prefix="/research", tags=["research"])
    _reading(router, research, home)
    _changing(router, engine, research, home)
    return router


def _reading(router: APIRouter, research: Research, home: Path) -> None:
    store = research.store

    @router.get("/tapes", dependencies=[Viewer])
    async def listed() -> Json:
        """The tapes of QBTC_HOME/data; `error` says why one cannot be used."""
        return {"items": await asyncio.to_thread(tapes, home)}

    @router.get("/runs", dependencies=[Viewer])
    async def runs(limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Json:
        """Backtests, sweeps and searches for parameters, the newest first; at most 200 are kept, for 90 days."""
        return {"items": await asyncio.to_thread(store.rows, limit), "current": research.current}

    @router.get("/runs/{run}", dependencies=[Viewer])
    async def one(run: str) -> Json:
        """With its result once it has one."""
        row = await asyncio.to_thread(store.row, run)
        return {**row, "result": await asyncio.to_thread(store.result, run)}

    @router.get("/runs/{run}/report", dependencies=[Viewer], response_class=FileResponse)
    async def report(run: str, lang: Literal["en", "es"] = "en") -> FileResponse:
        """The HTML report, as a file to be saved."""
        path = store.path(run) / f"report.{lang}.html"
        if not path.is_file():
            raise NoSuchRun(f"the run {run} has no report", field="id")
        return FileResponse(path, media_type="text/html", filename=f"qbtc-{run}.html", headers=REPORT_HEADERS)


def _changing(router: APIRouter, engine: Engine, research: Research, home: Path) -> None:
    @router.post("/backtests", status_code=202)
    async def start(body: AskBacktest, actor: Person) -> Json:
        """Queue a backtest; it runs in a process of its own."""
        asked = body.checked()
        strategy = engine.strategist.find(body.strategy)
        if strategy.name not in EXAMPLES and strategy.name not in own(home):
            raise BadParameter(f"{strategy.name!r} is no file of the strategies' folder", field="strategy", allowed=[*EXAMPLES, *own(home)])
        takes_one_tape(strategy)
        try:
            strategy.spec.checked(body.parameters)
        except ValueError as error:
            raise BadParameter(str(error), field="parameters") from None
        tape = await asyncio.to_thread(tape_path, home, body.tape)
        asked["tape"] = str(tape.relative_to((home / "data").resolve()))
        return {"id": research.submit("backtest", asked, actor.user)}

    @router.post("/runs/{run}/cancel", status_code=202)
    async def cancel(run: str, actor: Person) -> Json:
        """Of a run that waits or is worked on."""
        research.cancel(run)
        log.info("a run of research is cancelled", run=run, user=actor.user)
        return {"id": run}

    @router.delete("/runs/{run}", status_code=204)
    async def remove(run: str, actor: Person) -> None:
        """Forget a run that has ended, with its report."""
        research.remove(run)
        log.info("a run of research is removed", run=run, user=actor.user)
