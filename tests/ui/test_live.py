"""The screen of a live venue: which venue it is on every page, the three conditions, and the name that a person types."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from tests.ui.helpers import assert_fits, first_sign_in, open_page, panel

from qbtc.testing.system import QbtcSystem
from qbtc.testing.venue import VenueProcess, venue

pytestmark = pytest.mark.browser

VENUE = "binance-usdm"
PAGES = ("overview", "trade", "chat", "memory", "quantum", "system")
CONDITIONS = ("keys", "live", "confirmed")


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    """A venue of ours in the place of Binance."""
    with venue(tmp_path_factory.mktemp("venue"), "--sim", "--symbols", "BTCUSDT,ETHUSDT") as found:
        yield found


@pytest.fixture(scope="module")
def system(stand_in: VenueProcess) -> Iterator[QbtcSystem]:
    env = {"QBTC_HFT_VENUE_URL": stand_in.rest, "QBTC_HFT_RIGHTS_SECONDS": "1"}
    with QbtcSystem(market="sim", options=("--venue", VENUE, "--live"), env=env) as found:
        yield found


@pytest.fixture(scope="module")
def cookies(system: QbtcSystem, browser: Browser) -> StorageState:
    return first_sign_in(browser, system.login_link())


@pytest.fixture
def page(browser_page: Page, cookies: StorageState) -> Page:
    browser_page.context.add_cookies(cookies["cookies"])  # type: ignore[arg-type]
    return browser_page


def holds(page: Page, *names: str) -> None:
    for name in CONDITIONS:
        row = page.get_by_test_id(f"condition-{name}")
        expect(row).to_have_attribute("data-ok", str(name in names).lower(), timeout=20_000)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_that_the_venue_is_read_only_and_which_it_is(
    page: Page, system: QbtcSystem, name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_page(page, system.url, name)
    expect(page.get_by_test_id("trading-badge")).to_contain_text("READ-ONLY", timeout=20_000)
    expect(page.locator(".banner", has_text=f"nothing is sent to {VENUE}")).to_be_visible()
    expect(page.get_by_test_id("kill")).to_be_in_viewport(ratio=1)
    assert_fits(page)


def test_a_person_goes_live_by_typing_the_name_and_comes_back(
    page: Page, system: QbtcSystem, stand_in: VenueProcess
) -> None:
    open_page(page, system.url, "trade")
    live = panel(page, "Go live")
    holds(page, "live")
    expect(live).to_contain_text(f"qbtc keys add {VENUE}")
    expect(live.get_by_role("textbox")).to_be_disabled()
    expect(page.get_by_role("button", name=re.compile("^Buy [A-Z]+$"))).to_be_disabled()

    page.goto(f"{system.url}/api/web/health/live")  # another page would complain of the restart, and rightly
    system.cli("keys", "add", VENUE, "--stdin", stdin=f"{stand_in.api_key}\n{stand_in.secret}\n")
    system.wait_back("hft", system.kill("hft"))
    open_page(page, system.url, "trade")
    holds(page, "keys", "live")
    typed = live.get_by_role("textbox", name=f"Type {VENUE} to send real orders")
    typed.fill("binance")
    expect(live.get_by_role("button", name="Go live")).to_be_disabled()
    typed.fill(VENUE)
    live.get_by_role("button", name="Go live").click()

    holds(page, *CONDITIONS)
    badge = page.get_by_test_id("trading-badge")
    expect(badge).to_have_text(re.compile(f"LIVE *{VENUE}"))
    expect(badge).to_have_class(re.compile("trading-live"))
    expect(page.get_by_role("button", name=re.compile("^Buy [A-Z]+$"))).to_be_enabled()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".banner", has_text=f"Orders go to {VENUE}")).to_be_visible()
    expect(page.get_by_test_id("kill")).to_be_in_viewport(ratio=1)
    assert_fits(page)
    live.get_by_role("button", name="Back to read-only").click()
    holds(page, "keys", "live")
    expect(badge).to_contain_text("READ-ONLY")


def test_the_panel_is_there_in_spanish(page: Page, system: QbtcSystem) -> None:
    open_page(page, system.url, "trade")
    page.get_by_role("button", name="Language").click()
    expect(page.get_by_test_id("trading-badge")).to_contain_text("SOLO LECTURA", timeout=20_000)
    live = panel(page, "Operar en real")
    expect(live).to_contain_text("Deben cumplirse tres condiciones a la vez")
    expect(live.get_by_role("button", name="Operar en real")).to_be_disabled()
