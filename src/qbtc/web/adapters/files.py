"""The built React application: hashed assets for ever, the page itself never cached, client routes to the page."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from qbtc.kit.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
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
