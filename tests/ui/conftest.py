"""Browser fixtures: one Chromium a session, one signed-in state, a fresh context a test.

Addresses come from `QBTC_UI_BASE` (and `QBTC_UI_LINK`, a one-time link) when set, else from the fixture
`qbtc_system` (an object with `.url` and `.login_link()`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright
from tests.ui.helpers import ARGUMENTS, CHROMIUM, SKIP_WELCOME, first_sign_in

EXPECTED_ERRORS = ("status of 400", "401", "403", "404", "409", "422", "ERR_INTERNET_DISCONNECTED", "WebSocket")


@pytest.fixture(scope="session")
def page_url(request: pytest.FixtureRequest) -> str:
    return os.environ.get("QBTC_UI_BASE") or str(request.getfixturevalue("qbtc_system").url)


@pytest.fixture(scope="session")
def login_link(request: pytest.FixtureRequest, page_url: str) -> str:
    if os.environ.get("QBTC_UI_BASE"):
        return os.environ.get("QBTC_UI_LINK") or f"{page_url}/login#token=development"
    return str(request.getfixturevalue("qbtc_system").login_link())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, login_link: str) -> StorageState:
    return first_sign_in(browser, login_link)


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A page of its own context; an uncaught error or a broken rule of the CSP fails its test."""
    context = browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
    context.add_init_script(SKIP_WELCOME)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [text for text in errors if not any(known in text for known in EXPECTED_ERRORS)] == []


@pytest.fixture
def login(signed_in: StorageState, page_url: str) -> Callable[[Page], None]:
    def sign_in(page: Page) -> None:
        page.context.add_cookies(signed_in["cookies"])  # type: ignore[arg-type]
        page.goto(f"{page_url}/overview")
        expect(page.get_by_test_id("market-badge")).to_be_visible(timeout=30_000)

    return sign_in
