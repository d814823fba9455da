"""CIO for a client of the Model Context Protocol that starts a program: standard input and output to the service and back.

A bridge and nothing else: tools, resources and refusals are the service's, asked anew with every call, so that a restart of
it goes unnoticed. Nothing but the protocol may go to standard output.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from qbtc import __version__
from qbtc.contracts import Role
from qbtc.kit.security import mint

from .engine_http import PORTS

SECONDS = 120.0
Asked = ServerRequestContext[Any, Any]
Page = PaginatedRequestParams | None
R = TypeVar("R")


class _Token(httpx2.Auth):
    """A fresh token of this installation with every request."""

    def __init__(self, home: Path, user: str) -> None:
        self._home, self._user = home, user

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        token = mint(self._home, signer="cli", role=Role.TRADER, user=self._user)
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


class Bridge:
    """Asks the service at `url` whatever it is asked."""

    def __init__(self, url: str, home: Path, user: str) -> None:
        self._url, self._auth = url, _Token(home, user)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(auth=self._auth, timeout=SECONDS, trust_env=False) as http,
            Client(streamable_http_client(self._url, http_client=http), cache=None) as client,
        ):
            yield client

    async def ask(self, what: Callable[[Client], Awaitable[R]]) -> R:
        """The service's answer, or its refusal as it is. Raises MCPError when it cannot be reached."""
        try:
            async with self._client() as client:
                return await what(client)
        except* MCPError as group:
            raise _first(group) from None
        except* (httpx2.HTTPError, OSError) as group:
            reason = f"CIO does not answer at {self._url}: {_first(group)}. `qbtc status` shows whether it runs."
            raise MCPError(INTERNAL_ERROR, reason) from None

    async def tools(self, _: Asked, page: Page) -> ListToolsResult:
        return await self.ask(lambda client: client.list_tools(cursor=_cursor(page)))

    async def call(self, _: Asked, call: CallToolRequestParams) -> CallToolResult:
        return await self.ask(lambda client: client.call_tool(call.name, call.arguments))

    async def resources(self, _: Asked, page: Page) -> ListResourcesResult:
        return await self.ask(lambda client: client.list_resources(cursor=_cursor(page)))

    async def templates(self, _: Asked, page: Page) -> ListResourceTemplatesResult:
        return await self.ask(lambda client: client.list_resource_templates(cursor=_cursor(page)))

    async def read(self, _: Asked, wanted: ReadResourceRequestParams) -> ReadResourceResult:
        return await self.ask(lambda client: client.read_resource(wanted.uri))

    async def instructions(self) -> str | None:
        async def said(client: Client) -> str | None:
            return client.instructions

        return await self.ask(said)


def _cursor(page: Page) -> str | None:
    return page.cursor if page else None


def _first(group: BaseExceptionGroup[Any]) -> Any:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


def serve(home: Path, user: str) -> None:
    """Serve standard input until it ends. Raises MCPError when the service does not answer at the start."""
    offset = int(os.environ.get("QBTC_PORT_OFFSET") or 0)
    anyio.run(_serve, Bridge(f"http://127.0.0.1:{PORTS['cio'] + offset}/mcp", home, user))


async def _serve(bridge: Bridge) -> None:
    server: Server[Any] = Server(
        "qbtc-memory",
        version=__version__,
        title="QBTC memory",
        instructions=await bridge.instructions(),
        on_list_tools=bridge.tools,
        on_call_tool=bridge.call,
        on_list_resources=bridge.resources,
        on_list_resource_templates=bridge.templates,
        on_read_resource=bridge.read,
    )
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
