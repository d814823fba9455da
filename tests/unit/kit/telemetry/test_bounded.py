"""The bounded JSON-lines file: what is kept, what goes, and in which order it is read."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qbtc.kit.telemetry import BoundedLog, newest_lines


def rows(path: Path) -> list[int]:
    return [json.loads(line)["n"] for line in newest_lines(path)]


def test_lines_come_back_newest_first(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "a.jsonl")
    log.append({"n": 1}, {"n": 2})
    log.append({"n": 3})
    assert rows(log.path) == [3, 2, 1]


def test_reading_crosses_segments(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "a.jsonl", max_bytes=30, keep=3)
    for n in range(9):
        log.append({"n": n})
    assert rows(log.path) == list(range(8, -1, -1))
    assert (tmp_path / "a.jsonl.2").exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(st.integers(1, 5), max_size=60), max_bytes=st.integers(1, 200), keep=st.integers(0, 3))
def test_disk_use_is_bounded_and_what_remains_is_the_newest(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int], max_bytes: int, keep: int
) -> None:
    folder = tmp_path_factory.mktemp("bounded")
    log, n = BoundedLog(folder / "a.jsonl", max_bytes, keep), 0
    for size in batches:
        log.append(*({"n": n + i} for i in range(size)))
        n += size
    kept = rows(log.path)
    assert kept == list(range(n - 1, n - 1 - len(kept), -1))
    largest_batch = 5 * len('{"n":1000}\n')
    assert sum(f.stat().st_size for f in folder.iterdir()) <= (keep + 1) * max(max_bytes, largest_batch)
    log.close()


def test_a_line_still_being_written_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"n":1}\n{"n":2}\n{"n":')
    assert rows(path) == [2, 1]


def test_lines_longer_than_a_block_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"x" * 200_000 + b"\n" + b"y" * 70_000 + b"\n")
    assert [len(line) for line in newest_lines(path)] == [70_000, 200_000]


def test_the_reader_stops_at_its_budget(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(b'{"n":%d}\n' % n for n in range(1000)))
    assert 0 < len(list(newest_lines(path, max_bytes=500))) < 60


def test_a_restarted_writer_goes_on_in_the_same_file(tmp_path: Path) -> None:
    for n in range(3):
        log = BoundedLog(tmp_path / "a.jsonl")
        log.append({"n": n})
        log.close()
    assert rows(tmp_path / "a.jsonl") == [2, 1, 0]


def test_segments_older_than_a_day_are_removed(tmp_path: Path) -> None:
    old = tmp_path / "a.jsonl.1"
    old.write_bytes(b'{"n":0}\n')
    os.utime(old, (0, 0))
    BoundedLog(tmp_path / "a.jsonl").append({"n": 1})
    assert not old.exists()


def test_threads_never_tear_each_others_lines(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "a.jsonl", max_bytes=2_000, keep=200)
    workers = [threading.Thread(target=lambda: [log.append({"n": n}) for n in range(200)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(rows(log.path)) == sorted(list(range(200)) * 4)


def test_files_are_private_to_their_owner(tmp_path: Path) -> None:
    log = BoundedLog(tmp_path / "t" / "a.jsonl")
    log.append({"n": 1})
    assert log.path.stat().st_mode & 0o777 == 0o600


def test_a_senseless_bound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="max_bytes must be at least 1"):
        BoundedLog(tmp_path / "a", 0)
