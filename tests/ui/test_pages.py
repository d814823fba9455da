"""One journey a page in a real browser, against a whole system.

Fixtures from conftest: `page_url` (address of the system), `login(page)` (signs in and leaves the page on Overview),
`browser_page` (a page that fails its test at the end if the console showed an error).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.ui.helpers import assert_fits, open_page, panel

pytestmark = pytest.mark.browser

Login = Callable[[Page], None]


@pytest.fixture
def page(browser_page: Page, login: Login) -> Page:
    login(browser_page)
    return browser_page


def test_overview_says_what_runs_and_shows_the_loop_with_its_five_steps(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    expect(page.get_by_test_id("trading-badge")).to_contain_text("PAPER")
    expect(page.get_by_test_id("loop").get_by_role("button")).to_have_count(5)
    for service in ("HFT", "QCS", "CIO", "CE3", "WEB"):
        expect(panel(page, "Services").get_by_text(service, exact=True)).to_be_visible(timeout=20_000)
    expect(page.locator(".events button").first).to_be_visible(timeout=60_000)


def test_an_event_of_the_loop_opens_its_trace_as_a_waterfall(page: Page, page_url: str) -> None:
    open_page(page, page_url, "overview")
    page.locator(".events button:enabled").first.click(timeout=60_000)
    expect(page).to_have_url(re.compile(r"/system/traces/[0-9a-f]{32}"))
    expect(panel(page, "Trace").locator("summary").first).to_be_visible(timeout=20_000)


def test_trade_shows_candles_and_a_book_whose_bids_are_below_its_asks(page: Page, page_url: str) -> None:
    open_page(page, page_url, "trade")
    expect(page.locator(".candles canvas").first).to_be_visible(timeout=30_000)
    book = panel(page, "Order book")
    expect(book.locator(".ladder-bid button").first).to_be_visible(timeout=30_000)
    best = [_price(book.locator(f".ladder-{side} button span").first.inner_text()) for side in ("bid", "ask")]
    assert best[0] < best[1]


def test_a_wrong_order_is_refused_before_it_is_sent_and_says_why(page: Page, page_url: str) -> None:
    open_page(page, page_url, "trade")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/api/commands/" in request.url else None)
    page.locator("input[name=price]").fill("60000")
    page.locator("input[name=quantity]").fill("ten")
    page.get_by_role("button", name=re.compile("^Buy [A-Z]+$")).click()
    expect(page.get_by_role("alert")).to_contain_text("number greater than zero")
    assert sent == []


def test_chat_answers_with_visible_tool_calls_and_names_its_model(page: Page, page_url: str) -> None:
    open_page(page, page_url, "chat")
    page.get_by_role("textbox", name="Your question").fill("How is the market right now?")
    page.get_by_role("button", name="Send").click()
    log = page.get_by_role("log")
    expect(log.locator("details.tool").first).to_be_visible(timeout=30_000)
    expect(log.locator(".markdown").first).not_to_be_empty(timeout=30_000)
    expect(log.locator(".turn-model").first).to_contain_text("Answered by", timeout=30_000)
    page.reload()
    expect(page.get_by_role("log").locator(".turn-user").first).to_contain_text("How is the market")


def test_memory_keeps_a_note_and_recall_says_why_it_came_back(page: Page, page_url: str) -> None:
    open_page(page, page_url, "memory")
    page.get_by_role("textbox", name="Write a note to remember").fill("The lighthouse keeper watches the spread")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("textbox", name="Write a note to remember")).to_have_value("", timeout=20_000)
    page.get_by_role("searchbox", name="What to recall").fill("lighthouse keeper")
    panel(page, "Recall").get_by_role("button", name="Recall").click()
    hit = panel(page, "Recall").locator(".hits button").first
    expect(hit).to_be_visible(timeout=30_000)
    expect(hit).to_contain_text("score")


def test_quantum_names_all_26_dimensions_and_runs_a_circuit(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    expect(page.locator(".strip li")).to_have_count(26, timeout=60_000)
    letters = page.locator(".strip li b").all_inner_texts()
    assert "".join(letters) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".histogram li")).to_have_count(2, timeout=30_000)


def test_a_circuit_is_run_with_noise_drawn_and_turned_into_the_other_version(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    lab = panel(page, "Circuit lab")
    lab.get_by_label("Find").select_option("expectation")
    lab.get_by_label("Noise").select_option("bit-flip")
    lab.get_by_label("Strength").fill("0,5")
    lab.get_by_role("button", name="Run", exact=True).click()
    expect(lab.get_by_text("Expectation value")).to_be_visible(timeout=30_000)
    expect(lab.get_by_role("img", name="Drawing of the circuit")).to_be_visible()
    lab.get_by_role("button", name="To OpenQASM 3").click()
    expect(lab.get_by_label("OpenQASM source")).to_have_value(re.compile("OPENQASM 3"))
    expect(lab.get_by_role("button", name="To OpenQASM 2")).to_be_visible()


def test_a_sweep_is_a_job_that_is_shown_as_it_goes_on(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    sweep, jobs = panel(page, "Sweep"), panel(page, "Your computations")
    sweep.get_by_label("Points").fill("5")
    sweep.get_by_role("button", name="Sweep", exact=True).click()
    expect(jobs.locator("tbody tr").first).to_contain_text("Circuits", timeout=30_000)
    expect(sweep.locator(".sweep-line")).to_be_visible(timeout=90_000)
    expect(sweep.locator("tbody tr")).to_have_count(5)
    expect(jobs.locator("tbody tr").first).to_contain_text("done")


def test_quantum_shows_the_moments_most_like_now_with_both_measures(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    found = panel(page, "Moments most like now")
    row = found.locator("tbody tr").first
    expect(row).to_be_visible(timeout=120_000)
    signed, fidelity, ratio = (float(text.replace("\u2212", "-")) for text in row.locator("td.right").all_inner_texts())
    assert -1 <= signed <= 1
    assert signed * signed - 2e-3 <= fidelity <= 1
    assert ratio > 0
    expect(found.get_by_text("Exact search over")).to_be_visible()


def test_quantum_scans_a_poem_over_its_words_and_compares_it_with_another(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    found = panel(page, "Resonance of verse")
    found.get_by_label("Examples…").select_option("Sor Juana, Hombres necios")
    found.get_by_label("Second text").fill("Cerrar podrá mis ojos la postrera\nsombra que me llevare el blanco día,\n" * 4)
    found.get_by_role("button", name="Scan").click()
    lines = found.get_by_role("list", name="Scansion").first.get_by_role("listitem")
    expect(lines.first).to_contain_text("Hombres necios que acusáis", timeout=60_000)
    assert lines.first.locator(".syllable.beat").all_inner_texts() == ["Hom", "ne", "sáis"]
    assert lines.first.locator(".tie").count() == 1
    expect(lines.first.locator(".rhyme")).to_have_text("a")
    expect(found.get_by_test_id("verse-probability")).to_have_text(re.compile(r"^(?:[6-9]\d|100)%$"))
    expect(found.get_by_role("region", name="Resonance of the two texts")).to_contain_text("Fidelity")


def test_words_that_do_not_tell_their_language_are_refused_with_what_to_do(page: Page, page_url: str) -> None:
    open_page(page, page_url, "quantum")
    found = panel(page, "Resonance of verse")
    found.get_by_label("Verse, one line a line").fill("Bagdad")
    found.get_by_role("button", name="Scan").click()
    expect(found.get_by_role("alert")).to_contain_text("language", timeout=60_000)
    expect(found.get_by_role("alert")).to_contain_text("en, es")


def test_system_lists_services_logs_traces_and_the_bus(page: Page, page_url: str) -> None:
    open_page(page, page_url, "system")
    expect(page.get_by_role("row", name=re.compile("^EXCHANGE"))).to_contain_text("ready", timeout=15_000)
    expect(panel(page, "Services").get_by_text("HFT", exact=True).first).to_be_visible(timeout=20_000)
    for tab, first in (("Logs", ".logs li"), ("Traces", "tbody tr"), ("Bus", "tbody tr")):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(first).first).to_be_visible(timeout=30_000)


def test_restart_asks_first_and_says_what_will_happen(page: Page, page_url: str) -> None:
    open_page(page, page_url, "system")
    page.get_by_role("row", name=re.compile("^QCS")).get_by_role("button", name="Restart").click(timeout=20_000)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is started again")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("name", ["overview", "trade", "chat", "memory", "quantum", "research", "system"])
def test_every_page_fits_a_telephone_and_keeps_the_stop_control_in_sight(page: Page, page_url: str, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, page_url, name)
    assert_fits(page)
    expect(page.get_by_test_id("kill")).to_be_in_viewport()


def _price(text: str) -> float:
    return float(re.sub(r"[^\d.]", "", text))
