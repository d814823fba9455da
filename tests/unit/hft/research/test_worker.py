"""A run in its own process: what it keeps, how it is cancelled and goes on, and what it says of what cannot be done."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qbtc.hft.adapters.research.store import ResearchStore, write
from qbtc.hft.adapters.research.tapes import store_name, tape_path, tapes
from qbtc.hft.adapters.research.worker import work
from qbtc.hft.errors import BadParameter, NoSuchRun, NoTape, NotWaiting, QueueFull
from qbtc.hft.research import MOST_WAITING, Research
from qbtc.testing.tide import write_strategy, write_tape
from qbtc.testing.waiting import eventually

BACKTEST = {
    "strategy": "tide", "tape": "made/btc", "parameters": {"way": 1.0}, "latency": "10ms", "queue": "power3", "fill": "whole",
    "fees": "maker=0,taker=0", "sample": "1s", "trials": 1.0,
}  # fmt: skip
BARS = {"deflated": 0.95, "overfitting": 0.2, "better": 0.9, "fills": 30, "windows": 4, "error": 0.05}
PROPOSAL = {
    **{k: v for k, v in BACKTEST.items() if k != "trials"}, "parameters": {"way": -1.0}, "grid": {"way": [-1.0, 0.0, 1.0]},
    "objective": "sharpe", "train": "4m", "test": "2m", "newest": None, "earlier": 0.0, "workers": 1, "bars": BARS,
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    write_strategy(made / "strategies")
    write_tape(made / "data" / "made" / "btc")
    return made


def done(home: Path, kind: str, asked: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """The outcome and the folder of a run in this process."""
    store = ResearchStore(home)
    run = store.add(kind, asked, "ada")
    return work(store.path(run), home), store.path(run)


def test_a_backtest_keeps_statistics_sentences_a_curve_and_its_report_in_both_languages(home: Path) -> None:
    outcome, folder = done(home, "backtest", BACKTEST)
    assert outcome == {}
    result = json.loads((folder / "result.json").read_text())
    assert result["stats"]["net"] > 0
    assert result["curve"][-1][1] == pytest.approx(result["stats"]["net"])
    assert set(result["texts"]) == {"en", "es"}
    assert [(folder / f"report.{lang}.html").read_text().startswith("<!DOCTYPE html>") for lang in ("en", "es")] == [True, True]


def test_a_search_finds_what_earns_and_says_what_it_rests_on(home: Path) -> None:
    outcome, folder = done(home, "proposal", PROPOSAL)
    assert outcome == {}
    result = json.loads((folder / "result.json").read_text())
    assert (result["reasons"], result["changes"]) == ([], {"way": [-1.0, 1.0]})
    assert result["outside"][1] > 0 > result["present"][1]
    assert result["deflated"] > 0.95 and result["overfitting"] <= 0.2 and result["better"] == 1.0
    assert result["hour"][0] < result["hour"][1] < result["hour"][2]
    assert result["prediction"]["least"] < result["prediction"]["mean"]
    assert len(result["data"]["digest"]) == len(result["code"]["digest"]) == 64


def test_what_already_does_best_is_no_reason_to_change_anything(home: Path) -> None:
    _, folder = done(home, "proposal", {**PROPOSAL, "parameters": {"way": 1.0}})
    result = json.loads((folder / "result.json").read_text())
    assert [reason[0] for reason in result["reasons"]] == ["same"]
    assert result["changes"] == {}


def test_with_the_fees_of_the_venue_the_same_search_says_that_it_only_loses(home: Path) -> None:
    _, folder = done(home, "proposal", {**PROPOSAL, "grid": {"way": [-1.0, 1.0]}, "fees": None})
    doubts = {reason[0] for reason in json.loads((folder / "result.json").read_text())["reasons"]}
    assert {"loss", "deflated"} <= doubts


def test_a_search_that_was_cut_off_goes_on_from_the_trials_it_has(home: Path) -> None:
    _, folder = done(home, "proposal", PROPOSAL)
    kept = (folder / "sweep" / "rows.jsonl").read_bytes()
    (folder / "result.json").unlink()
    assert work(folder, home) == {}
    assert (folder / "sweep" / "rows.jsonl").read_bytes() == kept
    assert (folder / "result.json").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tape": "nowhere"}, "no tape 'nowhere' in the store"),
        ({"strategy": "nobody"}, "there is no strategy 'nobody'"),
        ({"parameters": {"way": 7.0}}, "way"),
        ({"sample": "1us"}, r"allowed: 2,000,000"),
        ({"megabytes": 0}, "allowed beside trading: 0"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(home: Path, changed: dict[str, Any], said: str) -> None:
    outcome, _ = done(home, "backtest", {**BACKTEST, **changed})
    assert said in outcome["error"]["detail"]


@pytest.mark.parametrize("name", ["train", "test", "newest"])
def test_a_part_of_the_tape_that_is_shorter_than_a_period_is_refused(home: Path, name: str) -> None:
    outcome, folder = done(home, "proposal", {**PROPOSAL, name: "100ms"})
    assert f"{name} 100ms" in outcome["error"]["detail"] and "needs one period of 1s at least" in outcome["error"]["detail"]
    assert not (folder / "result.json").exists()


def test_a_strategy_that_fails_is_named_with_file_and_line(home: Path) -> None:
    (home / "strategies" / "broken.py").write_text(
        "from qbtc.hft.strategies.api import Market, Orders, buy\n\n\nclass Broken:\n    '''Divides.'''\n\n    seen: int = 0\n\n"
        "    def on_book(self, market: Market, orders: Orders) -> None:\n        buy(orders, market.bid, 1 // self.seen)\n"
    )
    outcome, _ = done(home, "backtest", {**BACKTEST, "strategy": "broken", "parameters": {}})
    assert outcome["error"]["title"] == "strategy-failed"
    assert "broken.py" in outcome["error"]["detail"]


# ---- the queue


async def test_runs_go_one_after_the_other_in_processes_of_their_own_at_low_priority(home: Path) -> None:
    research = Research(home, minutes=10, nice=3)
    runs = [research.submit("backtest", BACKTEST, "ada") for _ in range(2)]
    task = asyncio.create_task(research.run())
    try:
        await eventually(lambda: research.worker.pid is not None, 120, what="the first run begins")
        pid = research.worker.pid
        assert pid and pid != os.getpid()
        assert research.store.state(runs[1]) == "queued"
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        await eventually(lambda: os.getpriority(os.PRIO_PROCESS, pid) >= min(19, ours + 3), 120, what="it gives way")
        await eventually(lambda: {research.store.state(run) for run in runs} == {"done"}, 400, what="both are done")
    finally:
        task.cancel()
        await research.close()
    assert research.store.row(runs[0])["headline"]["net"] > 0


async def test_a_run_is_cancelled_while_it_waits_and_while_it_is_worked_on(home: Path) -> None:
    research = Research(home, minutes=10, nice=0)
    first, second = (research.submit("backtest", BACKTEST, "ada") for _ in range(2))
    research.cancel(second)
    assert research.store.state(second) == "cancelled"
    task = asyncio.create_task(research.run())
    try:
        await eventually(lambda: research.current == first, 120, what="the first run begins")
        pid = research.worker.pid
        with pytest.raises(NotWaiting, match="cancel it first"):
            research.remove(first)
        research.cancel(first)
        await eventually(lambda: research.store.state(first) == "cancelled", 30, what="it is cancelled")
        assert pid and not Path(f"/proc/{pid}").exists()
    finally:
        task.cancel()
        await research.close()
    with pytest.raises(NotWaiting):
        research.cancel(first)
    research.remove(first)
    with pytest.raises(NoSuchRun):
        research.store.row(first)


async def test_a_run_that_takes_too_long_is_ended_and_says_so(home: Path) -> None:
    research = Research(home, minutes=1e-4, nice=0)
    run = research.submit("backtest", BACKTEST, "ada")
    task = asyncio.create_task(research.run())
    try:
        await eventually(lambda: research.store.state(run) == "failed", 60, what="it is given up")
    finally:
        task.cancel()
        await research.close()
    assert "took longer than" in research.store.row(run)["error"]["detail"]


async def test_after_a_restart_the_queue_goes_on_and_what_ended_meanwhile_is_not_done_again(home: Path, tmp_path: Path) -> None:
    for name in ("data", "strategies"):
        (tmp_path / name).symlink_to(home / name)
    home, store = tmp_path, ResearchStore(tmp_path)
    ended, waiting = (store.add("backtest", BACKTEST, "ada", state=state) for state in ("running", "queued"))
    (store.path(ended) / "outcome.json").write_text("{}")
    told: list[str] = []
    research = Research(home, minutes=10, nice=0)

    async def hear(run: str, job: Mapping[str, Any]) -> None:
        told.append(run)

    research.on_done = hear
    task = asyncio.create_task(research.run())
    try:
        await eventually(lambda: sorted(told) == sorted([ended, waiting]), 400, what="both are told of")
    finally:
        task.cancel()
        await research.close()
    assert not (store.path(ended) / "worker.log").exists()


async def test_nobody_is_told_of_a_run_that_failed_whatever_it_left(tmp_path: Path) -> None:
    research, told = Research(tmp_path, minutes=1), list[str]()

    async def hear(run: str, _job: Mapping[str, Any]) -> None:
        told.append(run)

    research.on_done = hear
    failed, well = (research.submit("proposal", PROPOSAL, "ada") for _ in range(2))
    for run, outcome in ((failed, {"error": {"title": "not-possible", "detail": "no space left"}}), (well, {})):
        write(research.store.path(run) / "result.json", {"reasons": []})
        write(research.store.path(run) / "outcome.json", outcome)
        await research.step()
    assert (research.store.state(failed), research.store.state(well), told) == ("failed", "done", [well])


async def test_a_run_is_not_removed_while_its_end_is_being_stored(tmp_path: Path) -> None:
    research, refused = Research(tmp_path, minutes=1), list[str]()

    async def slow(run: str, _job: Mapping[str, Any]) -> None:
        with pytest.raises(NotWaiting):
            research.remove(run)
        refused.append(run)

    research.on_done = slow
    run = research.submit("proposal", PROPOSAL, "ada")
    write(research.store.path(run) / "outcome.json", {})
    await research.step()
    assert (refused, research.store.state(run), research.current) == ([run], "done", None)
    research.remove(run)


def test_a_search_whose_report_cannot_be_written_leaves_no_result(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qbtc.hft.adapters.report.write_html", full)
    outcome, folder = done(home, "proposal", PROPOSAL)
    assert "No space left" in outcome["error"]["detail"]
    assert not (folder / "result.json").exists()


def test_the_queue_has_an_end(tmp_path: Path) -> None:
    research = Research(tmp_path, minutes=1, nice=0)
    for _ in range(MOST_WAITING):
        research.submit("backtest", BACKTEST, "ada")
    with pytest.raises(QueueFull):
        research.submit("backtest", BACKTEST, "ada")


# ---- what is kept, and the store's walls


def test_only_the_newest_runs_are_kept_and_never_one_that_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbtc.hft.adapters.research.store.KEEP_RUNS", 3)
    store = ResearchStore(tmp_path)
    waiting = store.add("backtest", BACKTEST, "ada")
    time.sleep(0.002)
    runs = []
    for _ in range(5):
        runs.append(store.add("backtest", BACKTEST, "ada", state="done"))
        time.sleep(0.002)
    assert store.prune() == 2
    assert [row["id"] for row in store.rows()] == [*reversed(runs[2:]), waiting]


@pytest.mark.parametrize("run", ["..", "../x", "", "/etc", "0" * 36, "019283aa-0000-7000-8000-00000000000\n"])
def test_what_is_no_id_is_no_run(tmp_path: Path, run: str) -> None:
    (tmp_path / "job.json").write_text("{}")
    with pytest.raises(NoSuchRun):
        ResearchStore(tmp_path).path(run)


@pytest.mark.parametrize("name", ["../secrets", "/etc", "made/../../x", "a\0b", "a\ud800b", "link"])
def test_no_name_leads_out_of_the_store(home: Path, tmp_path: Path, name: str) -> None:
    if not (home / "data" / "link").exists():
        (home / "data" / "link").symlink_to("/etc")
    with pytest.raises(BadParameter, match="is not in the store"):
        tape_path(home, name)


def test_a_folder_of_the_store_means_its_newest_tape(home: Path) -> None:
    assert tape_path(home, "made") == tape_path(home, "made/btc")
    assert [row["name"] for row in tapes(home)] == ["made/btc"]
    assert store_name(home, home / "data" / "made") == "made"
    with pytest.raises(NoTape, match="no tape 'other'"):
        tape_path(home, "other")
    with pytest.raises(BadParameter) as caught:
        store_name(home, Path("/tmp"))
    assert "`qbtc data import` puts it there" in str(caught.value.allowed)
