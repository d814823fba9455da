"""The books from disk: whatever byte a crash stops at, recovery gives what was acknowledged, and says real damage."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.unit.exchange.desk_house import FUNDS, ITEM, KEEP, House

from qbtc.core.market.engine.layout import Kind, ListKind, Side, Status, Tif
from qbtc.exchange import recovery, segments
from qbtc.exchange.books_state import KEEP as ALL
from qbtc.exchange.books_state import N_OPEN, state_hash
from qbtc.exchange.journal_folder import SPOT, strangers
from qbtc.exchange.journal_format import FRAME, HEADER
from qbtc.exchange.model import ListView, NewList, NewOrder
from qbtc.exchange.recovery import compact, recover
from qbtc.exchange.segments import Journal, JournalError, lock, segment_path
from qbtc.testing.waiting import eventually

BUY, SELL = Side.BUY, Side.SELL


def traded(folder: Path, rotate: int = 1 << 30) -> Iterator[tuple[str, int]]:
    """Trade, and give the state's hash and the segment's size after each write to disk."""
    house = House(folder, rotate=rotate)
    journal = house.journal
    assert isinstance(journal, Journal)
    for number in range(6):
        order = house.place(BUY, Kind.LIMIT, quantity="0.1", price=str(90 + number), name=f"n{number}")
        if number % 2:
            house.desk.cancel(1, order.order_id, 7)
        house.place(SELL, Kind.MARKET, quantity="0.1")
        if number == 3:
            house.desk.amend(1, 1, 60_000, 8, "renamed")
        asyncio.run(journal._flush())
        yield house.desk.keeper.books.state_hash(), journal.size
    journal.close()


def recovered(folder: Path) -> str:
    return state_hash(recover(folder, keep=KEEP).state)


def test_the_recovered_books_are_the_live_ones(tmp_path: Path) -> None:
    (*_, (last, _)) = traded(tmp_path)
    assert recovered(tmp_path) == last == recovered(tmp_path)
    house = House(tmp_path)
    assert [order.client_id for order in house.desk.open_orders(1)] == ["renamed", "n2", "n4"]
    assert house.desk.in_step and house.desk.keeper.consistent
    assert house.market.trade_id == 6
    assert house.place(BUY, Kind.MARKET, quantity="0.1").status is Status.FILLED


@pytest.mark.parametrize("window", [1, 7, 64, 1000])
def test_a_journal_is_read_through_a_window_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    (*_, (last, _)) = traded(tmp_path)
    monkeypatch.setattr(recovery, "WINDOW", window)
    assert recovered(tmp_path) == last
    path = segment_path(tmp_path, 1)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(JournalError, match="good ones follow at byte"):
        recovered(tmp_path)


def test_a_crash_at_any_byte_loses_nothing_that_was_written_before(tmp_path: Path) -> None:
    """Every byte with `exhaustive`; else every 13th, and all around the ends of frames."""
    steps = list(traded(tmp_path / "whole"))
    data = segment_path(tmp_path / "whole", 1).read_bytes()
    folder = tmp_path / "cut"
    folder.mkdir()
    first = steps[0][1]
    ends = [size for _, size in steps]
    every = 1 if os.environ.get("QBTC_TEST_SIZE") == "exhaustive" else 13
    near = {cut for end in ends for cut in range(end - 9, end + 9) if first <= cut < len(data)}
    for cut in sorted(near.union(range(first, len(data), every))):
        segment_path(folder, 1).write_bytes(data[:cut])
        wanted = [found for found, size in steps if size <= cut][-1]
        found = recover(folder, keep=KEEP)
        assert state_hash(found.state) == wanted, cut
        assert bool(found.notes) == (cut not in ends)
    for cut in range(0, first, every):
        segment_path(folder, 1).write_bytes(data[:cut])
        assert recover(folder, keep=KEEP).state.counts[2] <= 2


def test_frames_of_a_great_group_end_between_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step here is a buy order that takes twenty sell orders of another account: it is all there or not at all."""
    monkeypatch.setattr(segments, "BUFFER", 1024)
    monkeypatch.setattr(segments, "MAX_FRAME", 4096)
    house = House(tmp_path)
    house.desk.open_account(2, FUNDS, 0)
    for _ in range(20):
        for _ in range(20):
            house.place(SELL, Kind.LIMIT, account=2, quantity="0.06", price="100.50")
        assert house.place(BUY, Kind.LIMIT, quantity="1.2", price="100.50").status is Status.FILLED
        house.place(SELL, Kind.LIMIT, quantity="1.2", price="100.40")
        house.place(BUY, Kind.MARKET, account=2, quantity="1.2")
    house.journal.close()
    data, found = segment_path(tmp_path, 1).read_bytes(), set[int]()
    words = np.frombuffer(data, np.int64)
    at = HEADER
    while at < len(words):
        at += FRAME + int(words[at] & 0xFFFF_FFFF)
        (tmp_path / "cut").mkdir(exist_ok=True)
        segment_path(tmp_path / "cut", 1).write_bytes(data[: 8 * at])
        state = recover(tmp_path / "cut", keep=KEEP).state
        orders = state.orders[: state.counts[2]]
        taken = orders["filled"][orders["side"] == BUY]
        assert set(taken.tolist()) <= {1_200_000}
        found.add(at)
    assert len(found) > 5


def test_what_follows_a_cut_is_recovered_too(tmp_path: Path) -> None:
    *_, (_, size) = traded(tmp_path)
    with segment_path(tmp_path, 1).open("r+b") as file:
        file.truncate(size - 3)
    house = House(tmp_path)
    assert "cut off" in house.notes[0]
    house.place(BUY, Kind.LIMIT, quantity="0.1", price="91")
    live = house.desk.keeper.books.state_hash()
    house.journal.close()  # type: ignore[union-attr]
    assert recovered(tmp_path) == live


def test_damage_before_good_frames_is_refused_with_file_and_byte(tmp_path: Path) -> None:
    *_, (_, size) = traded(tmp_path)
    path = segment_path(tmp_path, 1)
    good = path.read_bytes()
    for at in range(HEADER * 8, size // 2, 41):
        data = bytearray(good)
        data[at] ^= 4
        path.write_bytes(data)
        with pytest.raises(JournalError, match=r"journal-00000001\.log: the frame at byte \d+ is damaged"):
            recover(tmp_path, keep=KEEP)
        assert path.read_bytes() == data


def test_a_damaged_header_a_foreign_file_and_an_old_journal_are_refused(tmp_path: Path) -> None:
    list(traded(tmp_path))
    path = segment_path(tmp_path, 1)
    data = bytearray(path.read_bytes())
    path.write_bytes(b"something else entirely, and long enough")
    with pytest.raises(JournalError, match="not a journal of the venue"):
        recover(tmp_path)
    data[17] ^= 1
    path.write_bytes(data)
    with pytest.raises(JournalError, match="header is damaged"):
        recover(tmp_path)
    (tmp_path / "journal.log").write_bytes(b"QBTC-JOURNAL-1\nrest")
    with pytest.raises(JournalError, match="earlier version"):
        recover(tmp_path)


def test_a_second_venue_is_refused(tmp_path: Path) -> None:
    lock(tmp_path)
    with pytest.raises(JournalError, match="in use"):
        lock(tmp_path)


def test_checkpoint_and_tail_give_the_same_books_as_all_segments(tmp_path: Path) -> None:
    *_, (last, _) = traded(tmp_path, rotate=450)
    segments = sorted(tmp_path.glob("journal-*.log"))
    assert len(segments) > 2
    whole = tmp_path / "whole"
    shutil.copytree(tmp_path, whole)
    compact(tmp_path, 1, keep=KEEP)
    compact(tmp_path, 3, keep=KEEP)
    assert not segment_path(tmp_path, 1).exists()
    assert recovered(tmp_path) == recovered(whole) == last


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_damaged_checkpoint_is_put_aside_for_the_one_before(tmp_path: Path) -> None:
    *_, (last, _) = traded(tmp_path, rotate=450)
    compact(tmp_path, 1, keep=KEEP)
    damage(compact(tmp_path, 3, keep=KEEP))
    found = recover(tmp_path, keep=KEEP)
    assert state_hash(found.state) == last
    assert "is damaged" in found.notes[0]
    assert (tmp_path / "checkpoint-00000003.damaged").exists()
    again = recover(tmp_path, keep=KEEP)
    assert (again.notes, state_hash(again.state)) == ([], last)


@pytest.mark.parametrize("left", [0, 1, 40, 100_000])
def test_a_damaged_first_checkpoint_costs_nothing_for_the_journal_is_whole(tmp_path: Path, left: int) -> None:
    *_, (last, _) = traded(tmp_path, rotate=450)
    path = compact(tmp_path, 3, keep=KEEP)
    path.write_bytes(path.read_bytes()[:left].ljust(200_000 if left > 40 else 0, b"\1"))
    assert recovered(tmp_path) == last


def test_a_damaged_checkpoint_whose_segments_are_gone_is_refused_and_stays(tmp_path: Path) -> None:
    list(traded(tmp_path, rotate=450))
    compact(tmp_path, 1, keep=KEEP)
    newest = compact(tmp_path, 3, keep=KEEP)
    damage(newest)
    (tmp_path / "checkpoint-00000001").unlink()
    for _ in range(2):
        with pytest.raises(JournalError, match=r"no other checkpoint is good, and .*journal-00000001\.log is missing"):
            recover(tmp_path, keep=KEEP)
    for path in tmp_path.glob("journal-*"):
        path.unlink()
    with pytest.raises(JournalError, match="is missing"):
        recover(tmp_path, keep=KEEP)
    assert newest.exists()


def test_a_damaged_checkpoint_is_never_what_old_segments_are_deleted_for(tmp_path: Path) -> None:
    *_, (last, _) = traded(tmp_path, rotate=450)
    damage(compact(tmp_path, 1, keep=KEEP))
    compact(tmp_path, 2, keep=KEEP)
    assert segment_path(tmp_path, 1).exists()
    damage(SPOT.checkpoint_path(tmp_path, 2))
    assert recovered(tmp_path) == last


def test_strange_files_in_the_folder_are_passed_over_and_named(tmp_path: Path) -> None:
    *_, (last, _) = traded(tmp_path, rotate=450)
    compact(tmp_path, 1, keep=KEEP)
    names = ["journal-copy.log", "journal-1.log", "journal-00000009.log~", "checkpoint-old", "checkpoint-00000009.new"]
    for name in [*names, "notes.txt", "futures-00000001.log"]:
        (tmp_path / name).write_bytes(b"not the venue's")
    (tmp_path / "journal-00000077.log").mkdir()
    assert recovered(tmp_path) == last
    assert strangers(tmp_path) == sorted({*names[:4], "journal-00000077.log", "notes.txt"})
    compact(tmp_path, 3, keep=KEEP)
    assert recovered(tmp_path) == last
    assert (tmp_path / "notes.txt").exists()


def test_a_missing_segment_is_refused(tmp_path: Path) -> None:
    list(traded(tmp_path, rotate=450))
    segment_path(tmp_path, 2).unlink()
    with pytest.raises(JournalError, match=r"journal-00000002\.log is missing"):
        recover(tmp_path)


def test_history_beyond_the_retention_goes_and_open_orders_stay(tmp_path: Path) -> None:
    house = House(tmp_path)
    old = house.place(BUY, Kind.LIMIT, quantity="0.1", price="90", name="old")
    for number in range(3 * KEEP):
        order = house.place(BUY, Kind.LIMIT, quantity="0.1", price="91", name=f"n{number}")
        house.desk.cancel(1, order.order_id, 7)
    assert house.desk.order(1, "BTCUSDT", client_id="old") == old
    assert house.desk.order(1, "BTCUSDT", client_id="n5") is None
    assert house.desk.order(1, "BTCUSDT", client_id=f"n{3 * KEEP - 1}") is not None
    assert len(house.desk.all_orders(1, "BTCUSDT")) >= KEEP
    live = house.desk.keeper.books.state_hash()
    house.journal.close()  # type: ignore[union-attr]
    assert recovered(tmp_path) == live


def test_concurrent_commits_share_one_write_and_are_on_disk_when_they_return(tmp_path: Path) -> None:
    async def scenario() -> int:
        house = House(tmp_path)
        assert isinstance(house.journal, Journal)
        writer, order = asyncio.create_task(house.journal.run()), list[int]()

        async def one(number: int) -> None:
            house.place(BUY, Kind.LIMIT, quantity="0.06", price="90", name=f"record {number:03}")
            house.desk.after_commit(lambda: order.append(number))
            await house.desk.committed()
            assert f"record {number:03}".encode() in segment_path(tmp_path, 1).read_bytes()

        await asyncio.gather(*(one(number) for number in range(100)))
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        assert order == list(range(100))
        house.journal.close()
        return house.journal.commits

    assert asyncio.run(scenario()) < 10


def test_nothing_follows_a_write_that_failed_half_way_when_the_venue_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next start would find a damaged frame before good ones, and refuse."""

    async def scenario() -> None:
        house = House(tmp_path)
        assert isinstance(house.journal, Journal)
        writer = asyncio.create_task(house.journal.run())
        await house.desk.committed()
        fd, write, torn = house.journal._fd, os.write, list[bytes]()

        def half(descriptor: int, data: memoryview) -> int:
            if descriptor != fd or torn:
                return write(descriptor, data)
            torn.append(bytes(data[:24]))
            write(descriptor, torn[0])
            time.sleep(0.1)
            raise OSError(errno.ENOSPC, "no space")

        monkeypatch.setattr(os, "write", half)
        house.place(BUY, Kind.LIMIT, quantity="0.06", price="90")
        await eventually(lambda: torn)
        house.place(BUY, Kind.LIMIT, quantity="0.06", price="91")
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        await house.journal.written()
        house.journal.close()

    asyncio.run(scenario())
    monkeypatch.undo()
    assert recover(tmp_path, keep=KEEP).state.counts[N_OPEN] == 0


def test_at_least_a_million_orders_are_kept() -> None:
    assert ALL >= 1_000_000
    assert np.iinfo(np.int64).max > ALL


def crowd_trades(house: House, *prices: str, quantity: str = "0.1") -> None:
    for price in prices:
        house.market.traded(ITEM.to_ticks(price), ITEM.to_lots(quantity), SELL, 7)


def test_a_triggered_sale_keeps_what_it_sells_from_a_list_that_starts_in_the_same_step(tmp_path: Path) -> None:
    house = House(tmp_path)
    crowd_trades(house, "100.50")
    house.place(SELL, Kind.STOP_LOSS, quantity="2", stop="100")
    working = NewOrder(BUY, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks("100"), lots=ITEM.to_lots("0.1"))
    pending = NewOrder(SELL, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks("120"), lots=ITEM.to_lots("2"))
    house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, (working, pending)), 6)
    crowd_trades(house, "99.99", quantity="3")
    assert all(free >= 0 and locked >= 0 for free, locked in house.desk.balances(1).values())
    assert house.desk.in_step and house.desk.keeper.consistent
    live = house.desk.keeper.books.state_hash()
    house.journal.close()
    assert recovered(tmp_path) == live


def test_a_trailing_order_remembers_its_best_price_over_a_restart(tmp_path: Path) -> None:
    house = House(tmp_path)
    crowd_trades(house, "100.00")
    order = NewOrder(SELL, Kind.STOP_LOSS, Tif.GTC, lots=ITEM.to_lots("1"), trailing=500)
    placed = house.desk.place(1, "BTCUSDT", order, 5)
    crowd_trades(house, "100.10", "105", "110", "120")
    house.journal.close()
    again = House(tmp_path)
    kept = again.market.core.order(placed.order_id)
    assert kept is not None
    assert kept["mark"] == ITEM.to_ticks("120")
    crowd_trades(again, "110")
    assert again.desk.books.order_at(again.desk.books.row(placed.order_id)).status is Status.FILLED


def test_an_open_list_stays_however_many_come_and_go_after_it() -> None:
    house = House()
    crowd_trades(house, "100.50")

    def listed(price: str) -> ListView:
        working = NewOrder(BUY, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks(price), lots=ITEM.to_lots("0.1"))
        pending = NewOrder(SELL, Kind.LIMIT, Tif.GTC, tick=ITEM.to_ticks("120"), lots=ITEM.to_lots("0.05"))
        return house.desk.place_list(1, "BTCUSDT", NewList(ListKind.OTO, (working, pending)), 6)

    first = listed("90")
    for _ in range(house.desk.keeper.state.lists.size + 1):
        house.desk.cancel_list(1, listed("80").list_id, 6)
    assert house.desk.cancel(1, first.orders[0].order_id, 7).status is Status.CANCELED
    assert house.desk.in_step


def test_a_queue_is_in_the_order_of_time_at_work_after_a_restart_too(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.desk.open_account(2, FUNDS, 0)
    first = house.place(SELL, Kind.TAKE_PROFIT_LIMIT, price="100.50", stop="101.00", quantity="0.1")
    second = house.place(SELL, Kind.LIMIT, account=2, price="100.50", quantity="0.1")
    house.market.traded(ITEM.to_ticks("101.00"), ITEM.to_lots("0.01"), BUY, 6)
    house.journal.close()  # type: ignore[union-attr]
    again = House(tmp_path)
    again.place(BUY, Kind.MARKET, account=1, quantity="0.05")
    filled = [again.desk.books.order_at(again.desk.books.row(o.order_id)).filled for o in (first, second)]
    assert filled[0] < filled[1]
    again.journal.close()  # type: ignore[union-attr]
