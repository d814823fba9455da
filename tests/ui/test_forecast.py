"""The forecast of a symbol on the page "quantum", in a real browser, against a whole system."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.ui.helpers import open_page, panel

pytestmark = pytest.mark.browser


def test_quantum_says_what_forecasts_of_the_symbol_were_worth(browser_page: Page, login: Callable[[Page], None], page_url: str) -> None:
    page = browser_page
    login(page)
    open_page(page, page_url, "quantum")
    forecast = panel(page, "Forecast, quantum and classical")
    wait_for_states(page, page_url, 160)
    forecast.get_by_label("What is forecast").select_option("I")
    forecast.get_by_role("button", name="Compare").click()
    expect(forecast.get_by_test_id("verdict")).to_contain_text("held-out rows", timeout=150_000)
    models = forecast.get_by_role("region", name="What each forecast was worth").locator("tbody tr")
    expect(models).to_have_count(6)
    expect(models.first).to_contain_text("Base rate")


def wait_for_states(page: Page, page_url: str, count: int) -> None:
    """Until the symbol has so many states: a bar a second."""
    path = f"{page_url}/api/qcs/states?symbol={page.get_by_role('combobox', name='Symbol').input_value()}&limit={count}"
    for _ in range(count):
        if len(page.request.get(path).json()["items"]) >= count:
            return
        page.wait_for_timeout(1_500)
    raise AssertionError(f"there are not {count} states yet")
