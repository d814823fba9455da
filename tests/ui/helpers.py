"""What the browser tests share: Chromium's arguments and small steps on the page. No fixtures live here."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, StorageState, expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PASSWORD = "correct horse battery staple"
PREFERENCES = '{"state":{"theme":"light","language":"en","updown":"teal","railCollapsed":false,"symbol":"","welcomed":true},"version":0}'
SKIP_WELCOME = f"if (!localStorage.getItem('qbtc.prefs')) localStorage.setItem('qbtc.prefs', '{PREFERENCES}')"


def first_sign_in(browser: Browser, link: str) -> StorageState:
    """Cookies after the one-time link was used and, the first time, a password was set."""
    context = browser.new_context(locale="en-US")
    context.add_init_script(SKIP_WELCOME)
    page = context.new_page()
    page.goto(link)
    ready = page.get_by_test_id("market-badge")
    choose = page.get_by_label("New password")
    expect(ready.or_(choose)).to_be_visible(timeout=30_000)
    if choose.is_visible():
        choose.fill(PASSWORD)
        page.get_by_label("Again").fill(PASSWORD)
        page.get_by_role("button", name="Save and continue").click()
    expect(ready).to_be_visible(timeout=30_000)
    state = context.storage_state()
    context.close()
    return state


def panel(page: Page, title: str) -> Locator:
    """The panel with this title."""
    return page.get_by_role("region", name=title, exact=True)


def open_page(page: Page, base: str, path: str) -> None:
    page.goto(f"{base}/{path}")
    expect(page.get_by_test_id("market-badge")).to_have_text(re.compile(r"LIVE|REPLAY|SIMULATED|ENDED"), timeout=20_000)


def assert_fits(page: Page) -> None:
    """No horizontal scroll of the page at its present width."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, "the page scrolls sideways"
