"""`/mcp`: CIO for any client of the Model Context Protocol, over streamable HTTP, with the tokens of every other path.

Stateless: each request stands for itself, so that a restart or a second process loses nobody. The protocol's library takes
23 MB and is loaded at the first request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from qbtc.contracts import Role
from qbtc.kit.http.auth import actor_of, check_role

from .http import HttpApi

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class McpEndpoint:
    """An ASGI application that answers while `run` runs."""

    def __init__(self, api: HttpApi) -> None:
        self._api = api
        self._asked, self._ready = asyncio.Event(), asyncio.Event()
        self._manager: StreamableHTTPSessionManager | None = None

    async def run(self) -> None:
        """Wait for the first request, then serve until cancelled."""
        await self._asked.wait()
        from .mcp import sessions

        manager = sessions(self._api)
        async with manager.run():
            self._manager = manager
            self._ready.set()
            try:
                await asyncio.Event().wait()
            finally:
                self._ready.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check_role(actor_of(Request(scope)), Role.VIEWER)
        self._asked.set()
        await self._ready.wait()
        if self._manager is not None:
            await self._manager.handle_request(scope, receive, send)


def mount_mcp(app: FastAPI, api: HttpApi) -> McpEndpoint:
    """Serve `/mcp`; the caller runs the endpoint's `run` in the background."""
    endpoint = McpEndpoint(api)
    app.router.routes.append(Route("/mcp", endpoint, include_in_schema=False))
    return endpoint
