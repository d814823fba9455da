"""The built React application: hashed assets for ever, the page itself never cached, client routes to the page."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qbtc.kit.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
PAGES = frozenset({"/overview", "/trade", "/chat", "/memory", "/quantum", "/research", "/system", "/login"})
NOT_BUILT = "The user interface is not built yet. Run ./qbtc up, which builds it, or `npm run build` in ui/.\n"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("image/svg+xml", ".svg")


class StaticApp:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def __call__(self, request: Request, path: str) -> Response:
        """The file, or the page for a client route. Raises NotFound for a missing file with a suffix."""
        if not (self._folder / "index.html").is_file():
            return PlainTextResponse(NOT_BUILT, status_code=503, headers={"Retry-After": "10"})
        file = (self._folder / path).resolve()
        if path and file.is_relative_to(self._folder) and file.is_file() and file.name != "index.html":
            cache = FOREVER if path.startswith("assets/") else "public, max-age=3600"
            return FileResponse(file, headers={"Cache-Control": cache})
        if path != "index.html" and (Path(path).suffix or path.startswith("api/")):
            raise NotFound(f"there is no file {path!r}")
        return FileResponse(self._folder / "index.html", headers={"Cache-Control": "no-cache"})


class PagesFirst:
    """A browser that opens or reloads a client route gets the page, also where an API path has the same name.

    The page itself asks the API for JSON, so the two are told apart by what is accepted.
    """

    def __init__(self, app: ASGIApp, static: StaticApp) -> None:
        self._app, self._static = app, static

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not opens_page(scope):
            await self._app(scope, receive, send)
            return
        response = await self._static(Request(scope), scope["path"].lstrip("/"))
        await response(scope, receive, send)


def opens_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in PAGES:
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
