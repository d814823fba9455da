"""The frame: signing in, the stop control, palette, languages, themes and a connection that breaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.ui.helpers import open_page

pytestmark = pytest.mark.browser

Login = Callable[[Page], None]


@pytest.fixture
def page(browser_page: Page, login: Login) -> Page:
    login(browser_page)
    return browser_page


def test_without_a_session_every_address_leads_to_signing_in(browser_page: Page, page_url: str) -> None:
    browser_page.goto(f"{page_url}/trade")
    expect(browser_page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(browser_page.get_by_test_id("kill")).to_have_count(0)


def test_a_used_or_false_link_says_so_and_leaves_no_token_in_the_address(browser_page: Page, page_url: str) -> None:
    browser_page.goto(f"{page_url}/login#token=bad")
    expect(browser_page.get_by_role("alert")).to_be_visible()
    assert "bad" not in browser_page.url


def test_pause_halts_trading_and_resume_brings_it_back(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    page.get_by_test_id("kill").click()
    page.get_by_role("button", name="Pause trading").click()
    expect(page.get_by_role("dialog")).to_contain_text("Trading is paused")
    expect(page.get_by_test_id("trading-badge")).to_contain_text("HALTED")
    expect(page.get_by_role("dialog")).to_contain_text("Trading is halted.")
    expect(page.get_by_role("dialog").get_by_role("button", name="Paused")).to_be_disabled()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(page.get_by_test_id("trading-badge")).not_to_contain_text("HALTED")


def test_a_short_press_on_cancel_all_does_nothing_and_flatten_needs_its_word(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/api/hft/kill") else None)
    page.get_by_test_id("kill").click()
    page.get_by_role("button", name="Hold to cancel all").click()
    expect(page.get_by_role("button", name="Flatten", exact=True)).to_be_disabled()
    page.get_by_role("textbox", name="Type FLATTEN").fill("flat")
    expect(page.get_by_role("button", name="Flatten", exact=True)).to_be_disabled()
    page.get_by_role("textbox", name="Type FLATTEN").fill("flatten")
    expect(page.get_by_role("button", name="Flatten", exact=True)).to_be_enabled()
    assert sent == []


def test_a_stop_that_could_not_do_everything_is_shown_as_a_warning(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    left = {"state": "HALTED", "cancelled": 0, "closing": 0, "still_open": 2, "not_flat": ["BTCUSDT"]}
    page.route("**/api/hft/kill", lambda route: route.fulfill(json=left))
    page.get_by_test_id("kill").click()
    page.get_by_role("textbox", name="Type FLATTEN").fill("flatten")
    page.get_by_role("button", name="Flatten", exact=True).click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("2 orders are still open")
    expect(alert).to_contain_text("Positions not flat: BTCUSDT")
    expect(page.get_by_role("dialog")).not_to_contain_text("positions are closed")


def test_a_stop_names_what_the_venue_does_not_serve_and_the_way_out(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    left = {"state": "HALTED", "cancelled": 0, "closing": 0, "still_open": 0, "not_flat": [], "unserved": ["ETHUSDT"]}
    page.route("**/api/hft/kill", lambda route: route.fulfill(json=left))
    page.get_by_test_id("kill").click()
    page.get_by_role("textbox", name="Type FLATTEN").fill("flatten")
    page.get_by_role("button", name="Flatten", exact=True).click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("orders in ETHUSDT cannot be watched, cancelled or closed")
    expect(alert).to_contain_text("--symbols")
    expect(alert).not_to_contain_text("goes on trying")


def test_the_palette_opens_by_keyboard_and_goes_to_a_page(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or run")).to_be_focused()
    page.keyboard.type("quant")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/quantum$"))


def test_language_and_theme_change_at_once_and_stay_after_a_reload(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    page.get_by_role("button", name="Language").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resumen")
    page.get_by_role("button", name="Tema oscuro").click()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resumen")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.lang") == "es"


def test_a_lost_connection_is_said_and_healed(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    expect(page.locator(".latency")).to_contain_text("ms", timeout=20_000)
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.get_by_text("The live connection is lost")).to_be_visible(timeout=30_000)
    page.context.set_offline(False)
    expect(page.get_by_text("The live connection is lost")).to_have_count(0, timeout=30_000)
