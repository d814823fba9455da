"""Orders through the screen: placed, cancelled, proposed, approved and dismissed on the real paper desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.ui.helpers import open_page, panel

from qbtc.kit.ids import uuid7
from qbtc.testing.system import QbtcSystem, until

pytestmark = pytest.mark.browser

Login = Callable[[Page], None]


@pytest.fixture
def page(browser_page: Page, login: Login) -> Page:
    login(browser_page)
    return browser_page


@pytest.fixture
def trader(qbtc_system: QbtcSystem) -> Iterator[httpx.Client]:
    with qbtc_system.client("trader") as client:
        yield client


@pytest.fixture
def low_price(trader: httpx.Client) -> str:
    """A price that rests: inside the collar of the risk gate, well below the best bid."""
    book = until(lambda: trader.get("/api/hft/book", params={"symbol": "BTCUSDT", "depth": 5}).json()["bids"], what="a book")
    return f"{float(book[0][0]) * 0.995:.2f}"


def order_of(page: Page, price: str) -> Locator:
    shown = f"{float(price):,.2f}"
    return panel(page, "Desk").get_by_role("row", name=re.compile(re.escape(shown)))


def propose(trader: httpx.Client, price: str) -> None:
    """What a person writes in the chat; the assistant may propose, never place."""
    key = {"Idempotency-Key": uuid7()}
    body = {"conversation": uuid7(), "text": f"buy 0.002 BTC at {price}", "language": "en", "ui_context": {}}
    answer = trader.post("/api/commands/ce3.tools.request", json=body, headers=key)
    assert answer.status_code == 202, answer.text
    until(lambda: trader.get("/api/hft/proposals").json()["items"], what="a proposal that waits")


def test_a_limit_order_rests_among_the_open_orders_and_its_cancel_moves_it_to_history(
    page: Page, page_url: str, low_price: str
) -> None:
    open_page(page, page_url, "trade")
    page.locator("input[name=price]").fill(low_price)
    page.locator("input[name=quantity]").fill("0.002")
    expect(page.locator(".preview")).to_contain_text("rests in the book")
    page.get_by_role("button", name="Buy BTCUSDT").click()
    row = order_of(page, low_price)
    expect(row).to_be_visible(timeout=20_000)
    row.get_by_role("button", name=re.compile("^Cancel order")).click()
    expect(row).to_have_count(0, timeout=20_000)
    panel(page, "Desk").get_by_role("tab", name="History").click()
    expect(order_of(page, low_price).first).to_contain_text("cancelled", timeout=20_000)


def test_a_proposed_order_waits_for_a_person_and_approval_places_it(
    page: Page, page_url: str, low_price: str, trader: httpx.Client
) -> None:
    propose(trader, low_price)
    open_page(page, page_url, "trade")
    row = order_of(page, low_price).first
    row.get_by_role("button", name="Approve").click(timeout=20_000)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("goes to the risk gate")
    dialog.get_by_role("button", name="Approve").click()
    expect(dialog).to_have_count(0, timeout=20_000)
    panel(page, "Desk").get_by_role("tab", name=re.compile("Open orders")).click()
    placed = order_of(page, low_price)
    expect(placed).to_be_visible(timeout=20_000)
    placed.get_by_role("button", name=re.compile("^Cancel order")).click()
    expect(placed).to_have_count(0, timeout=20_000)


def test_a_dismissed_proposal_is_gone_and_was_never_placed(
    page: Page, page_url: str, low_price: str, trader: httpx.Client
) -> None:
    propose(trader, low_price)
    waiting = [row["client_order_id"] for row in trader.get("/api/hft/proposals").json()["items"]]
    open_page(page, page_url, "trade")
    order_of(page, low_price).first.get_by_role("button", name="Dismiss").click(timeout=20_000)
    page.get_by_role("dialog").get_by_role("button", name="Dismiss").click()
    until(lambda: not trader.get("/api/hft/proposals").json()["items"], what="no proposal waits")
    placed = [row["client_order_id"] for row in trader.get("/api/hft/orders", params={"status": "all"}).json()["items"]]
    assert not set(waiting) & set(placed)


def test_a_book_that_cannot_be_read_is_an_error_with_a_way_to_try_again(page: Page, page_url: str) -> None:
    broken = {"title": "The service does not answer", "status": 404}
    page.route("**/api/hft/book*", lambda route: route.fulfill(status=404, json=broken))
    page.route_web_socket(re.compile("/ws"), lambda socket: socket.close())
    open_page(page, page_url, "trade")
    book = panel(page, "Order book")
    expect(book.get_by_role("alert")).to_contain_text("does not answer", timeout=20_000)
    page.unroute("**/api/hft/book*")
    book.get_by_role("button", name="Try again").click()
    expect(book.locator(".ladder-bid button").first).to_be_visible(timeout=20_000)


def test_a_strategy_is_started_in_the_hot_loop_which_says_what_it_does(
    page: Page, page_url: str, trader: httpx.Client
) -> None:
    open_page(page, page_url, "trade")
    desk = panel(page, "Desk")
    desk.get_by_role("tab", name="Strategies").click()
    loop = desk.get_by_role("region", name="Hot loop")
    expect(loop).to_contain_text("No strategy runs in the hot loop", timeout=20_000)
    row = desk.get_by_role("listitem").filter(has=page.get_by_text("imbalance", exact=True))
    row.get_by_role("button", name="Stop").click()
    row.get_by_label("Runs in: imbalance").select_option("hot", timeout=20_000)
    expect(row.get_by_label("never sleep")).to_be_visible()
    row.get_by_role("button", name="Start").click()
    expect(row).to_contain_text("hot loop", timeout=20_000)
    expect(loop).to_contain_text("imbalance", timeout=20_000)
    expect(loop).to_contain_text("active", timeout=90_000)
    frames = loop.locator(".stat", has_text="Frames").locator(".num")
    expect(frames).to_have_text(re.compile("[1-9]"), timeout=20_000)
    loop.get_by_text("Latency by stage").click()
    expect(loop.get_by_role("row", name=re.compile("frame to sent"))).to_be_visible()
    row.get_by_role("button", name="Stop").click()
    expect(loop).to_contain_text("No strategy runs in the hot loop", timeout=30_000)
    trader.post("/api/hft/strategies/imbalance", json={"action": "start"})


def test_a_hot_loop_that_cannot_be_read_is_an_error_with_a_way_to_try_again(page: Page, page_url: str) -> None:
    broken = {"title": "The service does not answer", "status": 404}
    page.route("**/api/hft/latency", lambda route: route.fulfill(status=404, json=broken))
    page.route_web_socket(re.compile("/ws"), lambda socket: socket.close())
    open_page(page, page_url, "trade")
    desk = panel(page, "Desk")
    desk.get_by_role("tab", name="Strategies").click()
    loop = desk.get_by_role("region", name="Hot loop")
    expect(loop.get_by_role("alert")).to_contain_text("does not answer", timeout=20_000)
    page.unroute("**/api/hft/latency")
    loop.get_by_role("button", name="Try again").click()
    expect(loop).to_contain_text("No strategy runs in the hot loop", timeout=20_000)


def test_a_refusal_is_told_in_spanish_with_its_limit_once_and_goes_when_the_order_is_changed(
    page: Page, page_url: str
) -> None:
    open_page(page, page_url, "trade")
    page.get_by_role("button", name="Language").click()
    page.locator(".ladder-bid button").first.click()
    page.locator("input[name=quantity]").fill("1")
    page.get_by_role("button", name="Comprar BTCUSDT").click()
    refused = page.get_by_role("region", name="Orden nueva").get_by_role("alert")
    expect(refused).to_contain_text("El control de riesgo rechazó la orden")
    expect(refused).to_contain_text("permitido: hasta 25000")
    assert refused.inner_text().count("25000") == 1
    page.locator("input[name=quantity]").fill("0.01")
    expect(refused).to_have_count(0)


def test_a_new_file_of_a_strategy_is_listed_and_a_broken_one_says_what_is_wrong(
    page: Page, page_url: str, qbtc_system: QbtcSystem
) -> None:
    folder = qbtc_system.home / "strategies"
    folder.mkdir(exist_ok=True)
    (folder / "fresh.py").write_text(
        'class Fresh:\n    """Does nothing yet."""\n\n    def on_book(self, market, orders):\n        pass\n'
    )
    (folder / "broken.py").write_text("class Broken:\n    def on_book(self\n")
    try:
        open_page(page, page_url, "trade")
        page.get_by_role("tab", name="Strategies").click()
        expect(page.get_by_text("Does nothing yet.")).to_be_visible(timeout=15_000)
        expect(page.get_by_text("cannot be used")).to_be_visible()
        expect(page.get_by_text("broken.py:2: '(' was never closed")).to_be_visible()
    finally:
        for path in folder.glob("*.py"):
            path.unlink()
