"""The journal on a disk that is full, and what a crash in mid-write leaves behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.errors import JournalBroken
from qbtc.testing.waiting import until


def numbers(journal: FileJournal) -> list[object]:
    return [r["n"] for r in journal.records()]


def test_half_a_record_is_taken_back_and_the_append_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    journal.append({"k": "sequence", "n": 1})
    real = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda fd, raw: real(fd, raw[:9]))
        with pytest.raises(JournalBroken, match="could not be written whole"):
            journal.append({"k": "sequence", "n": 2})
    assert (tmp_path / "journal.jsonl").read_bytes().endswith(b'"n":1}\n')
    journal.append({"k": "sequence", "n": 3})
    assert numbers(journal) == [1, 3]
    journal.close()
    again = FileJournal(tmp_path, epoch="other")
    assert (numbers(again), again.epoch) == ([1, 3], "e")
    again.close()


def test_half_a_record_that_could_not_be_taken_back_is_taken_back_before_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    real = os.write
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", lambda fd, raw: real(fd, raw[:9]))
        broken.setattr(os, "ftruncate", failing)
        with pytest.raises(JournalBroken):
            journal.append({"k": "sequence", "n": 1})
    journal.append({"k": "sequence", "n": 2})
    assert numbers(journal) == [2]
    journal.close()


def failing(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_a_flush_that_failed_is_tried_again_and_asks_for_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, tries = FileJournal(tmp_path, epoch="e"), list[int]()

    def full(fd: int) -> None:
        tries.append(fd)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    monkeypatch.setattr("qbtc.hft.adapters.journal.RETRY_SECONDS", 0.01)
    journal.append({"k": "sequence", "n": 1})
    until(lambda: len(tries) == 3, what="the flush was tried until it worked")
    assert journal.outworn
    journal.compact(journal.records())
    assert (journal.outworn, numbers(journal)) == (False, [1])
    journal.close()


def test_a_journal_is_closed_although_the_last_flush_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    monkeypatch.setattr(os, "fdatasync", failing)
    journal.close()
    assert not journal._thread.is_alive()


@pytest.mark.parametrize("tail", [b'{"k": "seq', b'{"k": "seq\n', b"\0\0\0\0\n", b'{"k":"sequence","n":9}'])
def test_a_torn_last_record_is_dropped_at_the_start(tmp_path: Path, tail: bytes) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    journal.append({"k": "sequence", "n": 1})
    journal.close()
    path = tmp_path / "journal.jsonl"
    path.write_bytes(path.read_bytes() + tail)
    again = FileJournal(tmp_path, epoch="other")
    again.append({"k": "sequence", "n": 2})
    assert (numbers(again), again.epoch) == ([1, 2], "e")
    again.close()


def test_a_compaction_that_fails_leaves_the_journal_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = FileJournal(tmp_path, epoch="e")
    journal.append({"k": "sequence", "n": 1})
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing)
        with pytest.raises(JournalBroken, match="not compacted"):
            journal.compact([])
    journal.append({"k": "sequence", "n": 2})
    assert numbers(journal) == [1, 2]
    journal.close()
