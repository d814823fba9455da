"""GET /ws?ticket=…: the one WebSocket of a browser. A bad ticket is refused before the upgrade (403)."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket

from qbtc.kit.logs import get_logger
from qbtc.web.api.context import Context

log = get_logger(__name__)
router = APIRouter()

OVER_CAPACITY = 1013


@router.websocket("/ws")
async def socket(websocket: WebSocket, ticket: str = "") -> None:
    ctx: Context = websocket.app.state.context
    origin = websocket.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != websocket.headers.get("host"):
        log.warning("socket refused: foreign origin", origin=origin[:200])
        await websocket.close(1008, "foreign origin")
        return
    allowed = await ctx.tickets.take(ticket[:100]) if ticket else None
    if allowed is None:
        await websocket.close(1008, "the ticket is missing, used or over")
        return
    await websocket.accept()
    if ctx.sockets.full:
        await websocket.close(OVER_CAPACITY, f"at most {ctx.rt.settings.max_sockets} connections")
        return
    await ctx.sockets.serve(websocket, allowed)
