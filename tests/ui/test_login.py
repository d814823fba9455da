"""The first sign-in, by link: a password first, then the screen, and no word to the rest of the system before that."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from qbtc.kit.ids import uuid7
from qbtc.testing.system import QbtcSystem

pytestmark = pytest.mark.browser


@pytest.fixture
def invitation(qbtc_system: QbtcSystem) -> str:
    """A one-time link of somebody who was never here."""
    words = qbtc_system.cli("login", "--user", f"ada{uuid7()[-6:]}").stdout.split()
    return next(word for word in words if word.startswith("http"))


def test_a_first_visit_sets_a_password_before_anything_else_and_survives_a_reload(
    browser_page: Page, invitation: str
) -> None:
    page = browser_page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(invitation)
    choose = page.get_by_label("New password")
    expect(choose).to_be_visible(timeout=20_000)
    page.reload()
    expect(choose).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Your session has ended")).to_have_count(0)
    assert not [url for url in asked if "/ticket" in url or "/refresh" in url or "/ws" in url]
    choose.fill("correct horse battery")
    page.get_by_label("Again").fill("correct horse battery")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_test_id("market-badge")).to_be_visible(timeout=20_000)
    expect(page.locator(".latency")).to_contain_text("ms", timeout=20_000)


def test_the_welcome_comes_once_and_escape_ends_it(browser_page: Page, invitation: str) -> None:
    page = browser_page
    page.add_init_script("if (!sessionStorage.seen) { localStorage.clear(); sessionStorage.seen = '1' }")
    page.goto(invitation)
    page.get_by_label("New password").fill("correct horse battery")
    page.get_by_label("Again").fill("correct horse battery")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("market-badge")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
