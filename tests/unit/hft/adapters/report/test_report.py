"""The report: whole HTML that needs nothing else, and the numbers of the result in it."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hft.adapters.report.made import result

from qbtc.hft.adapters.report import compare_html, decimals, document, write_html, write_json, write_parquet
from qbtc.hft.adapters.report.charts import by_period
from qbtc.hft.adapters.report.html import html
from qbtc.hft.adapters.report.texts import REASONS, TEXTS, Words
from qbtc.hft.adapters.report.thinning import evenly, extremes
from qbtc.hft.backtest import Assumptions
from qbtc.hft.domain.statistics import summary
from qbtc.hft.domain.statistics.honesty import Trials

VOID = {"meta", "br", "link", "img", "input", "hr"}
ENGLISH, SPANISH = Words("en"), Words("es")


class Page(HTMLParser):
    """Checks that elements close in order; keeps ids, links, values and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.values: dict[str, float] = {}
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert tag not in ("script", "iframe", "object", "embed")
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag == "data":
            self.values[found["data-name"] or ""] = float(found["value"] or "nan")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def said(self) -> str:
        return " ".join(self.words)


@cache
def made(lang: str = "en") -> str:
    return html(result(), lang)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_report_is_balanced_html_with_ids_of_its_own_and_nothing_from_outside(lang: str) -> None:
    text = made(lang)
    page = Page(text)
    assert len(set(page.ids)) == len(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert set(re.findall(r"url\(#([^)]*)\)", text)) <= set(page.ids)
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", text)
    assert text.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')


def test_every_statistic_of_the_result_is_in_the_report_to_the_last_digit() -> None:
    stats = result().stats
    known = {name: value for name, value in stats.items() if math.isfinite(value)}
    assert Page(made()).values == known == Page(made("es")).values
    assert len(known) > 60


def test_what_cannot_be_known_is_a_dash_with_its_reason_in_the_readers_language() -> None:
    empty = result(every=0)
    assert math.isnan(empty.stats["sharpe"])
    for lang, reason in (("en", "profits do not vary"), ("es", "el resultado no varía")):
        said = Page(html(empty, lang)).said
        assert "—" in said and reason in said
        assert "nan" not in said.lower().split()


def test_the_report_follows_the_readers_theme_and_has_charts_for_both_widths() -> None:
    text = made()
    assert "prefers-color-scheme:dark" in text
    assert text.count('class="chart wide"') == text.count('class="chart narrow"') >= 5
    assert "var(--up)" in text and "var(--down)" in text
    assert not re.search(r"#0[0-9]fe0", text), "a colour that is only a stand-in"


def test_words_of_charts_keep_their_digits() -> None:
    wide = result(every=7.0, seconds=600)
    ticks = re.findall(r">(\u2212?[\d.,]+)</text>", html(wide))
    assert any(re.fullmatch(r"\u2212?\d\.\d{3,}", tick) for tick in ticks)


def test_names_from_outside_cannot_become_markup() -> None:
    hostile = result(name='<b>&"x"</b>', parameters={"<i>": 1.0})
    text = html(hostile, source="<script>alert(1)</script>")
    Page(text)
    assert "<b>&" not in text and "<script>" not in text and "<i>" not in text


def test_a_run_without_fills_says_so_and_draws_only_the_price() -> None:
    text = html(result(every=0))
    assert "No order was filled, so there is nothing to draw." in text
    assert text.count('class="chart wide"') == 1


def test_thousands_of_fills_are_thinned_out_and_the_report_says_how_many() -> None:
    page = html(result(seconds=3000, every=0.7))
    found = re.search(r"(\d+) of ([\d,]+) fills are drawn", page)
    assert found is not None
    assert int(found[1]) <= 500 < int(found[2].replace(",", ""))
    assert len(page) < 1_500_000


def test_delays_are_drawn_where_they_vary_and_said_where_they_do_not() -> None:
    assert "The way there takes 100\u00a0ms, the way back 3\u00a0ms, always." in made()
    uneven = result(assumptions=Assumptions("feed", "power3", "whole", (0.0, 0.0), True, 0))
    uneven.orders["arrived"] += np.arange(len(uneven.orders)) * 1000
    assert "What this run&#x27;s orders met" in html(uneven)


def test_honesty_is_in_the_report_with_trials_seed_and_assumptions() -> None:
    said = Page(html(result(trials=Trials(20)))).said
    for part in ("20", "seed 20140731", "Deflated Sharpe ratio", "The recorded market does not react"):
        assert part in said
    assert "least possible was taken" in said


def test_profits_of_periods_add_up_to_the_net_profit() -> None:
    whole = result(seconds=4000)
    unit, begins, profits = by_period(whole)
    assert unit == "minute" and begins.size > 60
    assert profits.sum() == pytest.approx(whole.net[-1])
    assert by_period(result(seconds=100))[0] == "second"


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="allowed: en, es"):
        html(result(), "fr")


def test_the_file_is_written_below_folders_that_did_not_exist(tmp_path: Path) -> None:
    path = write_html(result(), tmp_path / "a" / "b" / "report.html", source="tapes/btc")
    assert "tapes/btc" in path.read_text(encoding="utf-8")


# ---- several


def test_results_side_by_side_have_a_column_each(tmp_path: Path) -> None:
    both = [result(), result(seed=2, name="ema")]
    text = compare_html(both, tmp_path / "both.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "grid BTCUSDT" in page.said and "ema BTCUSDT" in page.said
    for one in both:
        assert decimals.amount(one.stats["net"], ENGLISH) in text


def test_long_names_and_names_that_begin_with_an_underline_are_drawn_in_the_legend(tmp_path: Path) -> None:
    names = ["x" * 60, "_hidden", "a $b$ c"]
    text = compare_html([result(seed=n) for n in range(3)], tmp_path / "x.html", names=names).read_text(encoding="utf-8")
    assert Page(text).said.count("x" * 27 + "…") == 2
    assert text.count(">hidden</text>") == text.count(">a $b$ c</text>") == 2


def test_more_results_than_can_be_told_apart_are_refused(tmp_path: Path) -> None:
    for many, names in (([], []), ([result()] * 9, []), ([result()], ["a", "b"])):
        with pytest.raises(ValueError, match="allowed: 1 to 8"):
            compare_html(many, tmp_path / "x.html", names=names)
    assert not (tmp_path / "x.html").exists()


# ---- for programs


def test_the_document_is_json_without_nan_and_says_why_values_are_missing(tmp_path: Path) -> None:
    empty = result(every=0)
    found = json.loads(write_json(empty, tmp_path / "r.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert found == json.loads(json.dumps(document(empty)))
    missing = {name for name, value in found["stats"].items() if value is None}
    assert missing == set(found["undefined"]) >= {"sharpe", "maker_share"}
    assert found["counts"] == {"fills": 0, "orders": 0, "samples": 600, "decisions": 1234, "position_lots": 0}
    assert found["honesty"]["sharpe_interval"]["seed"] == 20_140_731


def test_parquet_files_hold_the_records_in_decimals(tmp_path: Path) -> None:
    whole = result()
    paths = write_parquet(whole, tmp_path / "out")
    assert [path.name for path in paths] == ["fills.parquet", "orders.parquet", "equity.parquet"]
    frame = polars.read_parquet(paths[0])
    assert frame["price"].to_list() == pytest.approx((whole.fills["tick"] * whole.tick_size).tolist())
    assert frame["quantity"].sum() == pytest.approx(whole.stats["quantity"])


# ---- numbers, words, points


@pytest.mark.parametrize(
    ("value", "unit", "english", "spanish"),
    [
        (1234567.891, "quote", "1,234,567.89", "1.234.567,89"),
        (-12.34567, "quote", "−12.3457", "−12,3457"),
        (0.00012346, "quote", "0.0001235", "0,0001235"),
        (0.0, "quote", "0.00", "0,00"),
        (0.5, "share", "50.00", "50,00"),
        (1234.0, "n", "1,234", "1.234"),
        (0.002, "base", "0.002", "0,002"),
        (-0.0001, "bp", "0.000", "0,000"),
        (123456.7, "1", "123,457", "123.457"),
        (math.nan, "1", "—", "—"),
    ],
)
def test_numbers_are_written_as_the_language_does(value: float, unit: str, english: str, spanish: str) -> None:
    assert decimals.value(value, unit, ENGLISH) == english
    assert decimals.value(value, unit, SPANISH) == spanish


@given(st.floats(-1e12, 1e12))
def test_a_written_number_is_near_the_number(value: float) -> None:
    for shown in (decimals.plain(value, ENGLISH), decimals.amount(value, ENGLISH)):
        read = float(shown.replace(",", "").replace("\u2212", "-"))
        assert read == pytest.approx(value, rel=1e-3, abs=1e-8)


def test_every_text_and_every_reason_is_there_in_both_languages() -> None:
    assert all(len(both) == 2 and all(both) for both in TEXTS.values())
    reasons = {value for name, value in vars(summary).items() if name.isupper() and isinstance(value, str)}
    assert reasons == set(REASONS)
    fields = re.compile(r"{(\w+)}")
    assert all(sorted(fields.findall(english)) == sorted(fields.findall(spanish)) for english, spanish in TEXTS.values())


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(4, 60))
def test_fewer_points_keep_the_ends_and_the_extremes(values: list[float], most: int) -> None:
    x = np.array(values)
    kept = extremes(x, most)
    assert (np.diff(kept) > 0).all()
    assert {0, x.size - 1} <= set(kept.tolist())
    assert x[kept].min() == x.min() and x[kept].max() == x.max()
    assert kept.size <= max(most + 2, 4)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=300).map(sorted), st.integers(1, 50))
def test_chosen_fills_are_no_more_than_asked_for(times: list[int], most: int) -> None:
    kept = evenly(np.array(times, np.int64), most)
    assert 1 <= kept.size <= max(most, 1) or kept.size == len(times) <= most
    assert kept[0] == 0
