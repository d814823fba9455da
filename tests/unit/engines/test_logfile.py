"""Log files: always the published schema, always bounded, never a password."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import jsonschema

from qbtc.engines.logfile import LogFile, normalise, record
from qbtc.kit.logs import SCHEMA


def test_plain_output_is_wrapped_in_the_published_schema() -> None:
    for line in ("LOG:  starting", '{"not": "a log line"}', "{broken", "Traceback (most recent call last):"):
        jsonschema.validate(json.loads(normalise("postgres", line)), SCHEMA)


def test_lines_that_keep_the_schema_pass_through_unchanged() -> None:
    line = record("hft", "info", "hello", {"symbol": "BTCUSDT"})
    assert normalise("hft", line) == line


def test_levels_of_engines_are_recognised() -> None:
    levels = [
        json.loads(normalise("x", line))["level"]
        for line in ("FATAL:  no", "ERROR:  no", "2026/01/01 [error] 5#5: no", "WARNING:  hm", "LOG:  fine")
    ]
    assert levels == ["critical", "error", "error", "warning", "info"]


def test_passwords_in_urls_are_masked() -> None:
    assert "hunter2" not in record("x", "error", "cannot reach postgresql://me:hunter2@db/qbtc")


def test_a_log_is_private_and_its_total_size_is_bounded(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "hft", max_bytes=2000, keep=2)
    for number in range(200):
        log.write(f"line {number}")
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["hft.log", "hft.log.1", "hft.log.2"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())
    assert stat.S_IMODE((tmp_path / "hft.log").stat().st_mode) == 0o600
    newest = (tmp_path / "hft.log").read_text() or (tmp_path / "hft.log.1").read_text()
    assert "line 199" in newest


def test_a_restarted_log_appends(tmp_path: Path) -> None:
    for text in ("one", "two"):
        log = LogFile(tmp_path, "hft")
        log.write(text)
        log.close()
    assert len((tmp_path / "hft.log").read_text().splitlines()) == 2


def test_lines_that_the_disk_refuses_are_counted_and_said_later(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "hft")
    real, log._file = log._file, -1
    log.write("lost")
    log._file = real
    log.write("kept")
    messages = [json.loads(line)["message"] for line in (tmp_path / "hft.log").read_text().splitlines()]
    assert messages == ["1 lines before this one could not be written", "kept"]
    log.close()
