"""The futures journal: nothing acknowledged is lost, whenever it is killed; damage is named; what is read is bounded."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from qbtc.core.market.futures.facts import Fact, Insured, Opened, encoder
from qbtc.core.market.futures.state import State
from qbtc.exchange.futures import journal as journals
from qbtc.exchange.futures.journal import (
    FACT,
    MAGIC,
    ROTATE,
    STATE,
    FuturesJournal,
    FuturesJournalError,
    framed,
    grouped,
    lock,
    save,
)
from qbtc.exchange.futures.recovery import recover
from qbtc.exchange.journal_folder import FUTURES

from .house import ME, House, ruined

FACTS: list[Fact] = [Opened(1, 100, 1), *(Insured(1, "BTCUSDT", amount, 2) for amount in range(1, 12))]


def encoded(*facts: Fact) -> list[bytes]:
    return [FACT + encoder.encode(fact) for fact in facts]


def segment(folder: Path, number: int, *facts: Fact) -> Path:
    path = FUTURES.segment_path(folder, number)
    path.write_bytes(MAGIC + b"".join(map(framed, encoded(*facts))))
    return path


def state_of(*facts: Fact) -> State:
    state = State()
    for fact in facts:
        state.apply(fact)
    return state


def recovered(folder: Path) -> str:
    return recover(folder).state.state_hash()


@asynccontextmanager
async def running(folder: Path, state: State, rotate: int = ROTATE) -> AsyncIterator[FuturesJournal]:
    journal = FuturesJournal(folder, recover(folder).segment, lock_descriptor=lock(folder), rotate=rotate)
    journal.dump = state.dump
    task = asyncio.create_task(journal.run())
    yield journal
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await journal.written()
    journal.close()


async def test_what_was_committed_is_read_again(tmp_path: Path) -> None:
    state = State()
    async with running(tmp_path, state) as journal:
        for fact in FACTS[:3]:
            state.apply(fact)
            journal.append(encoder.encode(fact))
        await journal.commit()
    found = recover(tmp_path)
    assert (found.state.state_hash(), found.records, found.notes) == (state.state_hash(), 3, [])


def test_a_journal_torn_at_any_byte_gives_the_whole_records_before(tmp_path: Path) -> None:
    whole = segment(tmp_path, 1, *FACTS[:3]).read_bytes()
    hashes = [state_of(*FACTS[:count]).state_hash() for count in range(4)]
    for end in range(len(whole)):
        FUTURES.segment_path(tmp_path, 1).write_bytes(whole[:end])
        found = recover(tmp_path)
        assert found.state.state_hash() == hashes[found.records]
        again = recover(tmp_path)
        assert (again.records, again.notes) == (found.records, [])


async def test_a_step_is_in_the_journal_whole_or_not_at_all_wherever_the_write_ends(tmp_path: Path) -> None:
    """A liquidation by deleveraging: who was closed, who gave up and the fund."""
    house, live = ruined(), tmp_path / "live"
    live.mkdir()
    async with running(live, house.venue.state) as journal:
        before, written = house.venue.state.state_hash(), len(house.facts)
        for fact in house.facts:
            journal.append(encoder.encode(fact))
        await journal.commit()
        kept = FUTURES.segment_path(live, 1).stat().st_size
        house.quote(9_000)
        house.guard.watch(house.now)
        for fact in house.facts[written:]:
            journal.append(encoder.encode(fact))
        await journal.commit()
    whole = FUTURES.segment_path(live, 1).read_bytes()
    assert len(house.facts) - written > 10
    for end in range(kept, len(whole)):
        FUTURES.segment_path(tmp_path, 1).write_bytes(whole[:end])
        assert recovered(tmp_path) == before
    FUTURES.segment_path(tmp_path, 1).write_bytes(whole)
    assert recovered(tmp_path) == house.venue.state.state_hash()


async def test_a_journal_of_single_facts_of_an_earlier_version_goes_on_in_groups(tmp_path: Path) -> None:
    segment(tmp_path, 1, *FACTS[:3])
    async with running(tmp_path, State()) as journal:
        for fact in FACTS[3:6]:
            journal.append(encoder.encode(fact))
    found = recover(tmp_path)
    assert (found.state.state_hash(), found.records) == (state_of(*FACTS[:6]).state_hash(), 6)


def test_damage_before_groups_is_named_like_any_other(tmp_path: Path) -> None:
    path = segment(tmp_path, 1, FACTS[0])
    body = bytearray(path.read_bytes() + grouped(map(encoder.encode, FACTS[1:4])))
    body[len(MAGIC) + 1] ^= 0x10
    path.write_bytes(body)
    with pytest.raises(FuturesJournalError, match="byte 15 is damaged and good ones follow"):
        recover(tmp_path)


def test_damage_before_good_records_is_named_and_not_skipped(tmp_path: Path) -> None:
    path = segment(tmp_path, 1, *FACTS[:3])
    body = bytearray(path.read_bytes())
    body[len(MAGIC) + 9] ^= 1
    path.write_bytes(body)
    with pytest.raises(FuturesJournalError, match=r"futures-00000001\.log: the record at byte 15 is damaged"):
        recover(tmp_path)


@pytest.mark.parametrize("bit", range(32))
def test_a_wrong_length_is_damage_and_nothing_behind_it_is_cut_off(tmp_path: Path, bit: int) -> None:
    first = len(MAGIC) + len(framed(encoded(FACTS[0])[0]))
    path = segment(tmp_path, 1, *FACTS)
    body = bytearray(path.read_bytes())
    body[first + bit // 8] ^= 1 << bit % 8
    path.write_bytes(body)
    good = first + len(framed(encoded(FACTS[1])[0]))
    text = rf"futures-00000001\.log: the record at byte {first} is damaged and good ones follow at byte {good};"
    with pytest.raises(FuturesJournalError, match=text):
        recover(tmp_path)
    assert path.read_bytes() == body


@pytest.mark.parametrize("bit", range(32))
def test_a_wrong_length_of_the_last_record_is_damage_and_no_torn_tail(tmp_path: Path, bit: int) -> None:
    path = segment(tmp_path, 1, *FACTS[:2])
    last = path.stat().st_size - len(framed(encoded(FACTS[1])[0]))
    body = bytearray(path.read_bytes())
    body[last + bit // 8] ^= 1 << bit % 8
    path.write_bytes(body)
    with pytest.raises(FuturesJournalError, match=rf"the record at byte {last} is damaged in its length; restore"):
        recover(tmp_path)
    assert path.read_bytes() == body


def test_a_torn_segment_that_is_not_the_last_is_refused(tmp_path: Path) -> None:
    path = segment(tmp_path, 1, *FACTS[:3])
    path.write_bytes(path.read_bytes()[:-1])
    segment(tmp_path, 2)
    with pytest.raises(FuturesJournalError, match="damaged"):
        recover(tmp_path)


def test_a_second_venue_is_refused(tmp_path: Path) -> None:
    held = lock(tmp_path)
    with pytest.raises(FuturesJournalError, match="in use"):
        lock(tmp_path)
    os.close(held)


def test_another_files_bytes_are_left_alone(tmp_path: Path) -> None:
    FUTURES.segment_path(tmp_path, 1).write_bytes(b"something else entirely")
    with pytest.raises(FuturesJournalError, match="not a futures journal"):
        recover(tmp_path)


def test_a_fact_that_contradicts_the_state_is_refused_with_its_file(tmp_path: Path) -> None:
    segment(tmp_path, 1, FACTS[0], FACTS[0])
    with pytest.raises(FuturesJournalError, match=r"futures-00000001\.log.*account 1 exists"):
        recover(tmp_path)


def test_the_one_file_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    body = framed(STATE + state_of(*FACTS[:2]).dump()) + framed(encoded(FACTS[2])[0])
    (tmp_path / "futures.log").write_bytes(MAGIC + body)
    assert recovered(tmp_path) == state_of(*FACTS[:3]).state_hash()
    assert recovered(tmp_path) == state_of(*FACTS[:3]).state_hash()
    assert not (tmp_path / "futures.log").exists()
    save(tmp_path, 0, state_of(*FACTS[:3]).dump())
    segment(tmp_path, 1, FACTS[3])
    assert recovered(tmp_path) == state_of(*FACTS[:4]).state_hash()


# ---- checkpoints


def checkpointed(folder: Path) -> str:
    """Segments of three facts each, checkpoints behind the first two; returns the state's hash."""
    segment(folder, 1, *FACTS[:3])
    segment(folder, 2, *FACTS[3:6])
    segment(folder, 3, *FACTS[6:9])
    save(folder, 1, state_of(*FACTS[:3]).dump())
    save(folder, 2, state_of(*FACTS[:6]).dump())
    return state_of(*FACTS[:9]).state_hash()


def test_only_the_checkpoint_and_the_segments_behind_it_are_read(tmp_path: Path) -> None:
    wanted = checkpointed(tmp_path)
    assert not FUTURES.segment_path(tmp_path, 1).exists()
    found = recover(tmp_path)
    assert (found.state.state_hash(), found.records, found.segment) == (wanted, 4, 3)


@pytest.mark.parametrize("at", [0, 20, -1])
def test_a_damaged_checkpoint_falls_back_to_the_one_before_and_is_put_aside(tmp_path: Path, at: int) -> None:
    wanted = checkpointed(tmp_path)
    path = FUTURES.checkpoint_path(tmp_path, 2)
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.write_bytes(body)
    found = recover(tmp_path)
    assert (found.state.state_hash(), found.records) == (wanted, 7)
    assert "is damaged" in found.notes[0]
    assert path.with_suffix(".damaged").exists()
    assert (recovered(tmp_path), recover(tmp_path).notes) == (wanted, [])


def test_a_damaged_first_checkpoint_falls_back_to_the_whole_journal(tmp_path: Path) -> None:
    segment(tmp_path, 1, *FACTS[:3])
    segment(tmp_path, 2, *FACTS[3:6])
    save(tmp_path, 1, b"{}")
    FUTURES.checkpoint_path(tmp_path, 1).write_bytes(b"")
    assert recovered(tmp_path) == state_of(*FACTS[:6]).state_hash()


def test_a_damaged_checkpoint_whose_segments_are_gone_is_refused_again_and_again(tmp_path: Path) -> None:
    checkpointed(tmp_path)
    for number in (1, 2):
        FUTURES.checkpoint_path(tmp_path, number).write_bytes(b"nothing")
    for _ in range(2):
        with pytest.raises(FuturesJournalError, match="no other checkpoint is good"):
            recover(tmp_path)


def test_strange_files_are_passed_over(tmp_path: Path) -> None:
    wanted = checkpointed(tmp_path)
    for name in ("futures-copy.log", "futures-3.log", "futures-checkpoint-old", "futures-checkpoint-00000003.new"):
        (tmp_path / name).write_bytes(b"not the venue's")
    (tmp_path / "futures-00000009.log").mkdir()
    assert recovered(tmp_path) == wanted


async def change_on(journal: FuturesJournal, house: House, rounds: int, after: Callable[[], None]) -> None:
    """Trade once, then change settings, and call `after` when each round is acknowledged."""
    house.place("BUY", quantity="0.1")
    written = 0
    for number in range(rounds):
        for leverage in range(5, 15):
            house.accounts.leverage(ME, "BTCUSDT", leverage + number, house.now)
        for fact in house.facts[written:]:
            journal.append(encoder.encode(fact))
        written = len(house.facts)
        await journal.commit()
        after()


async def test_killed_at_any_step_of_rotating_and_checkpointing_nothing_acknowledged_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change of the folder is preceded by a copy of it, as a killed venue would have left it."""
    live, copies, house = tmp_path / "live", list[tuple[Path, int]](), House()
    live.mkdir()
    acknowledged: list[str] = []
    one = threading.Lock()

    def crash() -> None:
        copy = tmp_path / f"copy-{len(copies)}"
        shutil.copytree(live, copy)
        copies.append((copy, len(acknowledged)))

    for target, name in ((os, "fsync"), (os, "fdatasync"), (os, "write"), (Path, "replace"), (Path, "unlink")):
        monkeypatch.setattr(target, name, _before(crash, getattr(target, name), one))
    async with running(live, house.venue.state, rotate=1500) as journal:
        await change_on(journal, house, 20, lambda: acknowledged.append(house.venue.state.state_hash()))
    monkeypatch.undo()
    assert len(FUTURES.checkpoints(live)) == 2
    seen = set()
    for copy, count in copies:
        found = recovered(copy)
        assert found in acknowledged[max(count - 1, 0) : count + 1] or count == 0, copy
        seen.add(found)
    assert len(seen) >= 10


def _before(call: Callable[[], None], real: Callable[..., object], one: threading.Lock) -> Callable[..., object]:
    def patched(*args: object, **kwargs: object) -> object:
        with one:
            call()
            return real(*args, **kwargs)

    return patched


async def test_what_a_start_reads_does_not_grow_with_what_was_traded(tmp_path: Path) -> None:
    house = House()
    async with running(tmp_path, house.venue.state, rotate=4000) as journal:
        await change_on(journal, house, 60, lambda: None)
    size = sum(path.stat().st_size for path in tmp_path.glob("futures-0*.log"))
    whole = sum(len(framed(encoder.encode(fact))) for fact in house.facts)
    found = recover(tmp_path)
    assert found.state.state_hash() == house.venue.state.state_hash()
    assert found.records < len(house.facts) // 2
    assert size < whole


async def test_a_checkpoint_that_cannot_be_made_leaves_the_journal_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(journals, "save", full)
    house = House()
    async with running(tmp_path, house.venue.state, rotate=1500) as journal:
        await change_on(journal, house, 20, lambda: None)
    assert FUTURES.checkpoints(tmp_path) == []
    assert len(FUTURES.segments(tmp_path)) > 1
    assert recovered(tmp_path) == house.venue.state.state_hash()


async def test_a_call_after_the_commit_waits_for_the_disk_and_keeps_its_order(tmp_path: Path) -> None:
    async with running(tmp_path, State()) as journal:
        seen: list[object] = []
        journal.after_commit(lambda: seen.append("at once, for nothing waits"))
        assert len(seen) == 1
        journal.append(encoder.encode(Opened(1, 1, 1)))
        journal.after_commit(lambda: seen.append(journal.commits))
        assert len(seen) == 1
        await journal.commit()
        assert seen[1] == 1
