"""What the Overview and System pages read: services, engines, queues, dead letters, logs, traces, metrics."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts import ROUTES
from qbtc.kit.bus import DeadLetter
from qbtc.kit.errors import BadInput, NotFound
from qbtc.kit.telemetry import LogQuery, list_traces, query_logs, read_trace
from qbtc.kit.telemetry.logs import LEVELS
from qbtc.web.adapters.watch import SERVICES
from qbtc.web.api.context import Admin, Context, context, viewer

router = APIRouter(tags=["system"], dependencies=[Depends(viewer)])

Json = dict[str, Any]
HEX = "0123456789abcdef"


@router.get("/overview")
async def overview(request: Request) -> Json:
    """One answer for the first paint; the page then follows the channels."""
    ctx = context(request)
    watch, hub = ctx.watch, ctx.sockets.hub
    states = {name: hub.peek_state(name) for name in ("market", "trading", "positions", "pnl", "risk", "strategies")}
    return {
        **states,
        "services": {"items": watch.services},
        "engines": {"items": watch.engines},
        "queues": {"items": watch.queues},
        "events": {"items": hub.peek_log("events", 50)},
        "sessions": await ctx.accounts.count_sessions(),
        "users": len(await ctx.accounts.users()),
        "sockets": len(hub.clients),
    }


@router.get("/services")
async def services(request: Request) -> Json:
    return {"items": context(request).watch.services}


@router.get("/engines")
async def engines(request: Request) -> Json:
    return {"items": context(request).watch.engines}


@router.get("/logs")
async def logs(
    request: Request,
    service: str | None = Query(default=None, max_length=40),
    level: str | None = Query(default=None),
    limit: int = Query(default=200, ge=1, le=2000),
    trace_id: str | None = Query(default=None, max_length=32),
    text: str | None = Query(default=None, max_length=200),
) -> Json:
    """Newest first. `level` is the lowest level shown."""
    if level is not None and level not in LEVELS:
        raise BadInput(f"there is no level {level!r}", field="level", allowed=list(LEVELS))
    query = LogQuery(service=service, level=level, trace_id=trace_id, text=text, limit=limit)
    return {"items": await asyncio.to_thread(query_logs, _home(request) / "logs", query)}


@router.get("/traces")
async def traces(request: Request, limit: int = Query(default=50, ge=1, le=500)) -> Json:
    return {"items": await asyncio.to_thread(list_traces, _home(request) / "telemetry", limit=limit)}


@router.get("/traces/{trace_id}")
async def trace(trace_id: str, request: Request) -> Json:
    """One trace across all services: summary, `spans` in order of time and `roots` as a tree."""
    if len(trace_id) != 32 or any(c not in HEX for c in trace_id):
        raise BadInput(f"{trace_id!r} is no trace id", field="trace_id", allowed="32 lower-case hex digits")
    found = await asyncio.to_thread(read_trace, _home(request) / "telemetry", trace_id)
    if found is None:
        raise NotFound(f"no span of trace {trace_id} is kept (spans stay for 24 hours)", field="trace_id")
    return found


@router.get("/metrics/history")
async def history(
    request: Request,
    service: str,
    name: str | None = Query(default=None, max_length=300),
    minutes: int = Query(default=30, ge=1, le=1440),
) -> Json:
    """Points [t in ms, value] of one series (labels may be left out: they are added up); without `name`, the names."""
    metrics = context(request).watch.metrics
    if service not in SERVICES:
        raise BadInput(f"there is no service {service!r}", field="service", allowed=list(SERVICES))
    if name is None:
        return {"service": service, "names": metrics.names(service)}
    since = (time.time_ns() // 1_000_000) - minutes * 60_000
    points = await asyncio.to_thread(metrics.history, service, name, since=since)
    return {"service": service, "name": name, "items": [{"t": at, "v": value} for at, value in points]}


@router.get("/bus/queues")
async def queues(request: Request) -> Json:
    ctx = context(request)
    await ctx.watch.queue_round()
    return {"items": ctx.watch.queues}


@router.get("/bus/dead-letters")
async def dead_letters(
    request: Request, _: Admin, queue: str | None = None, limit: int = Query(default=100, ge=1, le=1000)
) -> Json:
    found = await context(request).rt.bus.dead_letters(queue, limit)
    return {"items": [_dead(letter) for letter in found]}


class Replay(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ids: list[str] = Field(min_length=1, max_length=1000)


@router.post("/bus/dead-letters/replay")
async def replay(body: Replay, request: Request, _: Admin) -> Json:
    """Put dead letters back into their queues; `replayed` says how many there were."""
    ctx: Context = context(request)
    return {"replayed": await ctx.rt.bus.replay(body.ids)}


@router.get("/routes")
async def routes() -> Json:
    """Every routing key with its kinds, producers and consumers."""
    return {
        "items": [
            {"key": r.key, "kinds": r.kinds, "producers": r.producers, "consumers": r.consumers, "role": r.role}
            for r in ROUTES.values()
        ]
    }


def _dead(letter: DeadLetter) -> Json:
    return {
        "id": letter.id,
        "queue": letter.queue,
        "routing_key": letter.key,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "first_at": letter.first_at.isoformat(),
        "at": letter.last_at.isoformat(),
        "body": letter.envelope.data if letter.envelope else None,
    }


def _home(request: Request) -> Any:
    return context(request).rt.platform.home
