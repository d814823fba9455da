"""The journal: whatever byte a crash stops at, recovery gives a prefix of what was written, and says real damage."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from qbtc.exchange.journal import MAGIC, JournalError, open_journal

RECORDS = [b"one", b"two" * 50, b"x", b"last"]


def written(path: Path) -> bytes:
    journal, found = open_journal(path)
    assert found == []
    for record in RECORDS:
        journal.append(record)
    journal.close()
    return path.read_bytes()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written(tmp_path / "j")
    journal, found = open_journal(tmp_path / "j")
    journal.close()
    assert found == RECORDS


def test_a_crash_at_any_byte_leaves_a_prefix(tmp_path: Path) -> None:
    data = written(tmp_path / "j")
    for cut in range(len(data)):
        path = tmp_path / "cut"
        path.write_bytes(data[:cut])
        journal, found = open_journal(path)
        assert found == RECORDS[: len(found)]
        journal.append(b"after")
        journal.close()
        again, found_again = open_journal(path)
        again.close()
        assert found_again == [*found, b"after"]


def test_damage_before_good_records_is_refused_and_not_cut_off(tmp_path: Path) -> None:
    data = bytearray(written(tmp_path / "j"))
    data[len(MAGIC) + 9] ^= 1
    (tmp_path / "j").write_bytes(data)
    with pytest.raises(JournalError, match="damaged"):
        open_journal(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == data


def test_a_second_writer_and_a_foreign_file_are_refused(tmp_path: Path) -> None:
    journal, _ = open_journal(tmp_path / "j")
    with pytest.raises(JournalError, match="in use"):
        open_journal(tmp_path / "j")
    journal.close()
    (tmp_path / "other").write_bytes(b"something else entirely")
    with pytest.raises(JournalError, match="not a venue journal"):
        open_journal(tmp_path / "other")


def test_concurrent_commits_share_one_write_and_are_on_disk_when_they_return(tmp_path: Path) -> None:
    async def scenario() -> int:
        journal, _ = open_journal(tmp_path / "j")
        writer = asyncio.create_task(journal.run())
        order: list[int] = []

        async def one(number: int) -> None:
            journal.append(f"record {number:03}".encode())
            journal.after_commit(lambda: order.append(number))
            await journal.commit()
            assert f"record {number:03}".encode() in (tmp_path / "j").read_bytes()

        await asyncio.gather(*(one(number) for number in range(100)))
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        assert order == list(range(100))
        journal.close()
        return journal.commits

    assert asyncio.run(scenario()) < 10
