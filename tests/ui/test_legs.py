"""Strategies of several markets on the page: a symbol for each leg, started, seen to run, stopped; not offered where one tape is meant."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect
from tests.ui.helpers import SKIP_WELCOME, assert_fits, first_sign_in, open_page, panel

from qbtc.testing.system import QbtcSystem
from qbtc.testing.tide import write_tape

pytestmark = pytest.mark.browser
COMPILING = 200_000
WORDS = {"en": ("Strategies", "Symbol of leg"), "es": ("Estrategias", "Símbolo de la pata")}


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--symbols", "BTCUSDT,ETHUSDT"), env={"QBTC_HFT_STRATEGIES": ""})
    write_tape(made.home / "data" / "made" / "btc")
    with made:
        yield made


@pytest.fixture(scope="module")
def state(browser: Browser, system: QbtcSystem) -> StorageState:
    return first_sign_in(browser, system.login_link())


@pytest.fixture
def opened(browser_page: Page, state: StorageState, system: QbtcSystem) -> Callable[[str], Page]:
    browser_page.context.add_cookies(state["cookies"])  # type: ignore[arg-type]

    def go(path: str) -> Page:
        open_page(browser_page, str(system.url), path)
        return browser_page

    return go


def pairs(page: Page) -> Locator:
    panel(page, "Desk").get_by_role("tab", name="Strategies").click()
    return page.locator(".strategies > li").filter(has=page.get_by_text("pairs", exact=True))


def test_each_leg_gets_a_symbol_and_both_are_shown_while_it_runs(opened: Callable[[str], Page], system: QbtcSystem) -> None:
    row = pairs(opened("trade"))
    first, second = (row.get_by_label(f"Symbol of leg {leg}: pairs") for leg in "ab")
    expect(first).to_have_value("BTCUSDT")
    expect(second).to_have_value("ETHUSDT")
    second.select_option("BTCUSDT")
    expect(row).to_contain_text("Each leg needs a symbol of its own.")
    expect(row.get_by_role("button", name="Start")).to_be_disabled()
    first.select_option("ETHUSDT")
    expect(row.get_by_text("Each leg needs a symbol of its own.")).to_have_count(0)
    row.get_by_role("button", name="Start").click()
    expect(row.get_by_role("button", name="Stop")).to_be_visible(timeout=COMPILING)
    for text in ("a: ETHUSDT", "b: BTCUSDT"):
        expect(row.get_by_text(text, exact=True)).to_be_visible(timeout=COMPILING)
    assert "running" in next(line for line in system.cli("strategy", "ls").stdout.splitlines() if line.startswith("pairs"))
    row.get_by_role("button", name="Stop").click()
    expect(row.get_by_role("button", name="Start")).to_be_visible(timeout=COMPILING)
    expect(first).to_have_value("ETHUSDT")


def test_the_form_of_a_backtest_offers_one_market_and_says_how_several_are_run(opened: Callable[[str], Page]) -> None:
    form = panel(opened("research/runs"), "Start a backtest")
    names = form.get_by_label("Strategy").locator("option").all_inner_texts()
    assert "grid" in names
    assert "pairs" not in names
    expect(form).to_contain_text("qbtc backtest NAME --data LEG=TAPE")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_legs_fit_the_screen(width: int, language: str, browser: Browser, state: StorageState, system: QbtcSystem) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, storage_state={"cookies": state["cookies"], "origins": []})
    context.add_init_script(SKIP_WELCOME.replace('"language":"en"', f'"language":"{language}"'))
    page = context.new_page()
    page.goto(f"{system.url}/trade")
    tab, leg = WORDS[language]
    page.get_by_role("tab", name=tab).click(timeout=30_000)
    shown = page.get_by_label(f"{leg} a: pairs")
    shown.scroll_into_view_if_needed(timeout=30_000)
    assert_fits(page)
    if folder := os.environ.get("QBTC_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"legs-{language}-{width}.png")
    context.close()
