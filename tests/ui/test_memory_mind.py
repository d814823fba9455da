"""Every panel of the page "memory" in a real browser, against a whole system: what is asked, said and learned there is really kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.ui.helpers import assert_fits, open_page, panel

pytestmark = pytest.mark.browser

PANELS = (
    "Attention",
    "Seven mechanisms, measured",
    "What it can do",
    "What recall learned from use",
    "The same 26 numbers",
    "How a text tells its story",
)
PASSAGE = (
    "I set out alone before dawn, for the road had been calling me for years and the village had become too small. "
    "I did not know what I was looking for beyond the mountains, only that I would not find it by staying at home."
)


@pytest.fixture
def page(browser_page: Page, login: Callable[[Page], None], page_url: str) -> Page:
    login(browser_page)
    open_page(browser_page, page_url, "memory")
    return browser_page


def note(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Write a note to remember")
    box.fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(box).to_have_value("", timeout=20_000)


def recall(page: Page, text: str) -> Locator:
    found: Locator = panel(page, "Recall")
    found.get_by_role("searchbox", name="What to recall").fill(text)
    found.get_by_role("button", name="Recall").click()
    return found


def mind(page: Page, title: str) -> Locator:
    page.get_by_role("tab", name="Attention and learning").click()
    return panel(page, title)


def test_a_question_gets_a_hit_and_what_is_said_of_it_is_kept_once(page: Page, page_url: str) -> None:
    question = f"Where does the heron {uuid4().hex[:8]} nest near the windmill in Toledo?"  # said once of each question
    note(page, "The heron nests beside the windmill in Toledo")
    note(page, "The windmill in Toledo was painted by Carmen")
    found = recall(page, question)
    hit = found.locator(".hits > li").filter(has_text="The heron nests").first
    expect(hit).to_contain_text("score", timeout=30_000)
    expect(found).to_contain_text(re.compile("is here with probability|I don’t have that|is not judged"))
    learned = lambda: page.request.get(f"{page_url}/api/cio/evolution").json()["events"]  # noqa: E731
    before = learned()
    hit.get_by_role("button", name="Helped", exact=True).click()
    expect(hit).to_contain_text("Noted", timeout=20_000)
    assert learned() == before + 1
    page.reload()
    again = recall(page, question).locator(".hits > li").filter(has_text="The heron nests").first
    again.get_by_role("button", name="Helped", exact=True).click(timeout=30_000)
    expect(again).to_contain_text("You said that already.", timeout=20_000)
    assert learned() == before + 1
    expect(mind(page, "What recall learned from use")).to_contain_text(
        f"Judgements learned from: {before + 1}", timeout=20_000
    )


def test_filters_leave_out_what_somebody_else_said(page: Page) -> None:
    note(page, "The ferry to Ceuta sails at seven")
    found = panel(page, "Recall")
    found.get_by_text("Narrow it down").click()
    found.get_by_label("Who said it").fill("nobody-of-that-name")
    expect(recall(page, "When does the ferry to Ceuta sail?")).to_contain_text("Nothing similar", timeout=30_000)
    found.get_by_label("Who said it").fill("")
    expect(recall(page, "When does the ferry to Ceuta sail?").locator(".hits > li").first).to_contain_text(
        "ferry to Ceuta", timeout=30_000
    )


def test_a_fact_from_an_added_note_appears_and_opens_its_evidence(page: Page) -> None:
    note(page, "My name is Ximena and I live in Burgos.")
    facts = panel(page, "Facts")
    facts.get_by_role("searchbox", name="Filter by words").fill("Ximena")
    row = facts.locator("li").filter(has_text="Ximena").first
    expect(row).to_contain_text("confidence", timeout=30_000)
    row.get_by_role("button", name="memory 1").click()
    expect(page.get_by_role("dialog")).to_contain_text("My name is Ximena", timeout=20_000)


def test_reflecting_now_is_noted_and_each_view_opens(page: Page) -> None:
    reflections = panel(page, "Reflections")
    reflections.get_by_label("Which reflections").select_option("held")
    reflections.get_by_role("button", name="Reflect now").click()
    expect(reflections).to_contain_text("Somebody asked", timeout=30_000)
    reflections.get_by_label("Which reflections").select_option("rejected")
    expect(reflections).to_contain_text(re.compile("No claim was refused|Refused:"), timeout=20_000)


def test_like_now_compares_with_kept_moments_and_promises_nothing(page: Page) -> None:
    like = panel(page, "When was it like this before?")
    expect(like).to_contain_text(re.compile("promises nothing|No earlier moment of this session"), timeout=60_000)


def test_an_archetype_answer_carries_the_words_that_it_is_no_personality_test(page: Page) -> None:
    styles = mind(page, "How a text tells its story")
    styles.get_by_label("Text to label").fill(PASSAGE)
    styles.get_by_role("button", name="Label", exact=True).click()
    expect(styles.locator(".shares li")).to_have_count(13, timeout=60_000)
    expect(styles).to_contain_text("No personality test")
    shares = [int(text.rstrip("%")) for text in styles.locator(".shares .num").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    assert 93 <= sum(shares) <= 107  # each one is rounded


def test_weights_have_names_in_words_and_no_slug_is_shown(page: Page) -> None:
    evolution = mind(page, "What recall learned from use")
    evolution.get_by_text("Weights", exact=True).click(timeout=20_000)
    expect(evolution.locator(".shares li")).to_have_count(20)
    assert not re.search(r"[a-z]_[a-z]", evolution.inner_text())


def test_attention_measures_and_hashes_are_shown(page: Page) -> None:
    expect(mind(page, "Seven mechanisms, measured").locator(".indicators li")).to_have_count(7, timeout=60_000)
    expect(panel(page, "Attention")).to_contain_text("passed over", timeout=20_000)
    expect(panel(page, "The same 26 numbers")).to_contain_text("0 of them wrong", timeout=60_000)


@pytest.mark.parametrize("width", [390, 1440])
def test_attention_and_learning_fits_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    expect(mind(page, "Seven mechanisms, measured").locator(".indicators li").first).to_be_visible(timeout=60_000)
    for title in PANELS:
        expect(panel(page, title)).to_be_visible()
    assert_fits(page)
    cut = "[...document.querySelectorAll('.mind-grid .panel-body')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 40))"
    assert page.evaluate(cut) == []
