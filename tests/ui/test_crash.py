"""A service dies while somebody looks: the screen says so, and says that it is back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.ui.helpers import open_page, panel

from qbtc.testing.system import QbtcSystem

pytestmark = pytest.mark.browser


def test_a_killed_service_is_seen_to_fall_and_to_return_with_its_restart_counted(
    browser_page: Page, login: Callable[[Page], None], page_url: str, qbtc_system: QbtcSystem
) -> None:
    login(browser_page)
    open_page(browser_page, page_url, "system")
    row = panel(browser_page, "Services").get_by_role("row", name=re.compile("^QCS"))
    expect(row).to_contain_text("ready", timeout=30_000)
    before = int(row.get_by_role("cell").nth(6).inner_text())
    old = qbtc_system.kill("qcs")
    qbtc_system.wait_back("qcs", old)
    expect(row.get_by_role("cell").nth(6)).to_have_text(str(before + 1), timeout=30_000)
    expect(row).to_contain_text("ready", timeout=30_000)
    expect(row.get_by_role("cell").nth(4)).not_to_have_text(str(old))
