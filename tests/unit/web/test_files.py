"""How the built page is served: hashed files for ever, the page never from a cache, client routes to the page."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from qbtc.kit.errors import QbtcError
from qbtc.kit.http.app import problem_response
from qbtc.web.adapters.files import PagesFirst, StaticApp


def test_the_static_page_is_served_by_the_rules_of_caching(tmp_path: Path) -> None:
    app, static = FastAPI(), StaticApp(tmp_path / "static")
    app.add_exception_handler(QbtcError, lambda _, error: problem_response(error))  # type: ignore[arg-type]

    @app.get("/{path:path}")
    async def page(request: Request, path: str) -> Response:
        return await static(request, path)

    client = TestClient(app)
    assert client.get("/").status_code == 503
    assert "not built yet" in client.get("/trade").text
    (tmp_path / "static/assets").mkdir(parents=True)
    (tmp_path / "static/index.html").write_text("<html>page")
    (tmp_path / "static/assets/a-1f.js").write_text("1")
    (tmp_path / "secret.txt").write_text("no")
    assert client.get("/assets/a-1f.js").headers["cache-control"].endswith("immutable")
    for route in ("/", "/trade", "/index.html"):
        answer = client.get(route)
        assert (answer.text, answer.headers["cache-control"]) == ("<html>page", "no-cache")
    assert client.get("/assets/gone.js").status_code == 404
    assert client.get("/%2e%2e/secret.txt").text != "no"


def test_a_browser_that_opens_overview_gets_the_page_and_the_page_gets_its_data(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html>page")
    app = FastAPI()
    app.add_middleware(PagesFirst, static=StaticApp(tmp_path))

    @app.get("/overview")
    async def overview() -> dict[str, str]:
        return {"market": "REPLAY"}

    client = TestClient(app)
    opened = client.get("/overview", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert opened.text == "<html>page"
    for accept in ("application/json", "*/*"):
        assert client.get("/overview", headers={"Accept": accept}).json() == {"market": "REPLAY"}
