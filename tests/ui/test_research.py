"""The page Research in a real browser: a backtest is started and seen to its end, a proposal is read and decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect
from tests.ui.helpers import SKIP_WELCOME, assert_fits, first_sign_in, open_page, panel

from qbtc.testing.system import QbtcSystem
from qbtc.testing.tide import write_strategy, write_tape

pytestmark = pytest.mark.browser
SECONDS = 200_000
SEARCH = ("--data", "made", "--param", "way=-1,0,1", "--train", "4m", "--test", "2m", "--fees", "maker=0,taker=0")


@pytest.fixture(scope="module")
def system() -> Iterator[QbtcSystem]:
    made = QbtcSystem(market="sim", options=("--symbols", "BTCUSDT"), env={"QBTC_HFT_STRATEGIES": "", "QBTC_HFT_RESEARCH_NICE": "0"})
    write_strategy(made.home / "strategies")
    write_tape(made.home / "data" / "made" / "btc")
    with made:
        made.cli("propose", "now", "tide", *SEARCH)
        made.cli("propose", "now", "tide", "--data", "made", "--param", "way=-1,1", "--train", "4m", "--test", "2m")
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


def test_a_proposal_shows_its_diff_and_evidence_and_is_approved_after_a_question(opened: Callable[[str], Page]) -> None:
    page = opened("research/proposals")
    row = page.get_by_role("row", name=re.compile("waits for you"))
    expect(row).to_contain_text("way −1 → 1")
    row.get_by_role("link", name="tide").click()
    found = panel(page, "Proposal")
    expect(found).to_contain_text("Deflated Sharpe")
    expect(found.get_by_role("img", name="The watch")).to_be_visible()
    found.get_by_role("button", name="Approve").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("tide gets these parameters at once: way −1 → 1")
    dialog.get_by_role("button", name="Approve").click()
    expect(found).to_contain_text("in force, watched", timeout=SECONDS)
    expect(found).to_contain_text("decided by")
    expect(found.get_by_role("button", name="Approve")).to_have_count(0)


def test_weak_evidence_says_why_nothing_is_proposed(opened: Callable[[str], Page]) -> None:
    page = opened("research/proposals")
    page.get_by_role("row", name=re.compile("no change")).get_by_role("link").click()
    found = panel(page, "Proposal")
    expect(found).to_contain_text("Why nothing is proposed")
    expect(found.get_by_role("listitem").filter(has_text="Outside of the training it lost")).to_be_visible()
    expect(found.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_backtest_is_started_followed_and_its_report_saved(opened: Callable[[str], Page], tmp_path: Path) -> None:
    page = opened("research/runs")
    form = panel(page, "Start a backtest")
    form.get_by_label("Strategy").select_option("tide")
    form.get_by_label("way").fill("1")
    form.get_by_role("button", name="Start").click()
    run = panel(page, "Run")
    expect(run.get_by_text("done", exact=True)).to_be_visible(timeout=SECONDS)
    expect(run).to_contain_text("Executions")
    expect(run.get_by_role("img", name="Profit after fees over time")).to_be_visible()
    with page.expect_download() as saved:
        run.get_by_role("link", name="Save the report (HTML)").click()
    saved.value.save_as(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_a_parameter_that_is_not_allowed_is_refused_in_words_beside_the_form(opened: Callable[[str], Page]) -> None:
    page = opened("research/runs")
    form = panel(page, "Start a backtest")
    form.get_by_label("Strategy").select_option("tide")
    form.get_by_label("way").fill("7")
    form.get_by_role("button", name="Start").click()
    expect(form.get_by_role("alert")).to_contain_text("way")


@pytest.mark.parametrize("path", ["research/proposals", "research/runs", "research/tapes", "research/statistics"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_tab_fits_its_screen_in_spanish_with_all_pages_in_one_row(
    path: str, width: int, browser: Browser, state: StorageState, system: QbtcSystem
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, storage_state={"cookies": state["cookies"], "origins": []})
    context.add_init_script(SKIP_WELCOME.replace('"language":"en"', '"language":"es"'))
    page = context.new_page()
    page.goto(f"{system.url}/{path}")
    expect(page.get_by_role("heading", name="Investigación")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("region").first).to_be_visible(timeout=SECONDS)
    assert_fits(page)
    if width == 390:
        tops = page.evaluate("[...document.querySelectorAll('.rail li')].map((item) => item.getBoundingClientRect().top)")
        assert len(tops) == 7 and len(set(tops)) == 1
    context.close()
