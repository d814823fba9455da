"""The report of a backtest in a browser: it fits, follows the theme and asks nobody for anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser
from tests.unit.hft.adapters.report.made import result

from qbtc.hft.adapters.report import compare_html, write_html

pytestmark = pytest.mark.browser

LONG = "a_name_without_any_space_that_is_longer_than_a_telephone_is_wide_and_goes_on"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    into = tmp_path_factory.mktemp("reports")
    hostile: dict[str, Any] = {"parameters": {f"{LONG}_{n}": 1.23456789 * 10**n for n in range(9)}}
    return {
        "plain": write_html(result(), into / "plain.html"),
        "spanish": write_html(result(seconds=20_000), into / "spanish.html", lang="es"),
        "empty": write_html(result(every=0), into / "empty.html"),
        "hostile": write_html(result(name=f"<b>{LONG}", **hostile), into / "hostile.html", source=f"/{LONG}" * 4),
        "several": compare_html([result(seed=n) for n in range(4)], into / "several.html", names=[LONG + str(n) for n in range(4)]),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", ["plain", "spanish", "empty", "hostile", "several"])
def test_a_report_fits_its_page_and_shows_the_charts_made_for_it(
    name: str, width: int, scheme: Literal["light", "dark"], browser: Browser, pages: dict[str, Path]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[name].as_uri())
    assert asked == [pages[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    shown, hidden = ("narrow", "wide") if width == 390 else ("wide", "narrow")
    assert page.locator(f".chart.{shown}").first.is_visible()
    assert not page.locator(f".chart.{hidden}").first.is_visible()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in ground[4:-1].split(",")) < 200) == (scheme == "dark")
    sizes = page.evaluate(
        f"[...document.querySelectorAll('.chart.{shown} text')].map(t => t.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert min(sizes) >= 10
    context.close()
