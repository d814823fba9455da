"""The futures journal: nothing acknowledged is lost, a torn tail is cut off, damage is named, size stays bounded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from qbtc.exchange.futures.facts import Opened, decoder, encoder
from qbtc.exchange.futures.journal import FACT, MAGIC, STATE, FuturesJournalError, framed, open_journal
from qbtc.exchange.futures.state import State

from .house import House


def write(path: Path, *facts: bytes) -> None:
    journal, _ = open_journal(path)
    for fact in facts:
        journal.append(fact)
    journal.close()


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    write(tmp_path / "f.log", b"one", b"two")
    journal, found = open_journal(tmp_path / "f.log")
    journal.close()
    assert found == [b"Fone", b"Ftwo"]


def test_a_journal_torn_at_any_byte_gives_the_whole_records_before(tmp_path: Path) -> None:
    whole, path = MAGIC + framed(b"Fone") + framed(b"Ftwo"), tmp_path / "f.log"
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        journal, found = open_journal(path)
        journal.append(b"new")
        journal.close()
        again, after = open_journal(path)
        again.close()
        assert after == [*found, b"Fnew"]
        assert found == [b"Fone", b"Ftwo"][: len(found)]


def test_damage_before_good_records_is_named_and_not_skipped(tmp_path: Path) -> None:
    path = tmp_path / "f.log"
    body = bytearray(MAGIC + framed(b"Fone") + framed(b"Ftwo"))
    body[len(MAGIC) + 9] ^= 1
    path.write_bytes(bytes(body))
    with pytest.raises(FuturesJournalError, match="damaged"):
        open_journal(path)


def test_a_second_venue_is_refused(tmp_path: Path) -> None:
    first, _ = open_journal(tmp_path / "f.log")
    with pytest.raises(FuturesJournalError, match="in use"):
        open_journal(tmp_path / "f.log")
    first.close()


def test_another_files_bytes_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "f.log").write_bytes(b"something else entirely")
    with pytest.raises(FuturesJournalError, match="not a futures journal"):
        open_journal(tmp_path / "f.log")


async def test_a_grown_journal_is_replaced_by_its_state_and_goes_on(tmp_path: Path) -> None:
    house, path = House(), tmp_path / "f.log"
    journal, _ = open_journal(path, rotate=1000)
    journal.dump = house.venue.state.dump
    running = asyncio.create_task(journal.run())
    written = 0
    for _ in range(6):
        house.place("BUY", quantity="0.1")
        for fact in house.facts[written:]:
            journal.append(encoder.encode(fact))
        written = len(house.facts)
        await journal.commit()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    journal.close()
    again, found = open_journal(path)
    again.close()
    assert found[0][:1] == STATE
    state = State()
    for payload in found:
        if payload[:1] == FACT:
            state.apply(decoder.decode(payload[1:]))
        else:
            state = State.load(payload[1:])
    assert state.state_hash() == house.venue.state.state_hash()


async def test_a_call_after_the_commit_waits_for_the_disk_and_keeps_its_order(tmp_path: Path) -> None:
    journal, _ = open_journal(tmp_path / "f.log")
    seen: list[object] = []
    running = asyncio.create_task(journal.run())
    journal.after_commit(lambda: seen.append("at once, for nothing waits"))
    assert len(seen) == 1
    journal.append(encoder.encode(Opened(1, 1, 1)))
    journal.after_commit(lambda: seen.append(journal.commits))
    assert len(seen) == 1
    await journal.commit()
    assert seen[1] == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    journal.close()
