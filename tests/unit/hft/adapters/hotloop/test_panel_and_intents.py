"""Shared memory, its histograms and the journal behind it, without the compiled loop's sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.hft.adapters.hotloop import tape
from qbtc.hft.adapters.hotloop.codes import Verb
from qbtc.hft.adapters.hotloop.intents import Flusher, carry_over, copy, read_intents
from qbtc.hft.adapters.hotloop.intents import _open as open_journal
from qbtc.hft.adapters.hotloop.layout import COMMANDS, NOTE, STAGES, TAPE
from qbtc.hft.adapters.hotloop.panel import NoPanel, Panel, TapeReader, panel_path, quantile, upper_edge
from qbtc.testing.waiting import until


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    made = Panel.create(tmp_path / "panel")
    yield made
    made.path.unlink(missing_ok=True)


def write(panel: Panel, count: int) -> None:
    """What the loop does, in Python."""
    cursors = panel.record["tape_cursors"]
    for _ in range(count):
        number = int(cursors["head"])
        row = panel.record["tape"][number % TAPE]
        row["number"], row["sequence"] = number, number * 10
        cursors["head"] = number + 1


def test_a_second_process_sees_what_the_first_wrote(panel: Panel) -> None:
    write(panel, 3)
    reader = TapeReader(Panel.attach(panel.path), 0)
    assert [int(row["sequence"]) for row in reader.read()] == [0, 10, 20]
    assert list(reader.read()) == []


def test_a_reader_that_falls_a_whole_tape_behind_counts_what_it_lost(panel: Panel) -> None:
    reader = TapeReader(panel, 0)
    write(panel, TAPE + 5)
    seen = [int(row["number"]) for row in reader.read()]
    assert seen == list(range(6, TAPE + 5))
    assert reader.lost == 6


def test_no_panel_and_a_foreign_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoPanel, match="no engine has run"):
        Panel.attach(tmp_path / "none")
    (tmp_path / "short").write_bytes(b"x")
    with pytest.raises(NoPanel, match="another version"):
        Panel.attach(tmp_path / "short")


def test_homes_do_not_share_a_panel(tmp_path: Path) -> None:
    assert panel_path(tmp_path / "a") != panel_path(tmp_path / "b")


def test_commands_that_nobody_reads_are_refused_when_the_ring_is_full(panel: Panel) -> None:
    for _ in range(COMMANDS):
        panel.command(Verb.STOP)
    assert not panel.obeyed
    with pytest.raises(RuntimeError, match="does not read"):
        panel.command(Verb.STOP)


@given(st.integers(0, 1 << 50))
def test_a_bucket_is_at_most_two_percent_wide(nanoseconds: int) -> None:
    edge = upper_edge(int(tape.bucket(nanoseconds)))
    if nanoseconds < 1 << 41:
        assert nanoseconds <= edge <= nanoseconds * 1.02 + 1
    else:
        assert edge == (1 << 41) - 1


def test_quantiles_are_the_upper_edges_of_their_buckets(panel: Panel) -> None:
    for nanoseconds in range(1, 101):
        tape.took(panel.record, 0, nanoseconds * 1000)
    row = panel.latency()[0]
    assert (row["name"], row["n"]) == (STAGES[0], 100)
    assert row["p50_us"] == pytest.approx(50, rel=0.02)
    assert row["max_us"] == pytest.approx(100, rel=0.02)
    assert quantile(np.zeros(4, np.int64), 0.5) is None


def test_the_journal_takes_every_record_once(panel: Panel, tmp_path: Path) -> None:
    journal = tmp_path / "intents.bin"
    descriptor = open_journal(journal)
    write(panel, 3)
    assert copy(panel, descriptor) == 3
    assert copy(panel, descriptor) == 0
    write(panel, 2)
    assert carry_over(panel.path, journal) == 2
    assert read_intents(journal)["sequence"].tolist() == [0, 10, 20, 30, 40]


def test_a_torn_record_is_cut_off_and_the_rest_is_kept(panel: Panel, tmp_path: Path) -> None:
    journal = tmp_path / "intents.bin"
    write(panel, 2)
    carry_over(panel.path, journal)
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole[: NOTE.itemsize // 2])
    write(panel, 1)
    carry_over(panel.path, journal)
    assert read_intents(journal)["sequence"].tolist() == [0, 10, 20]


def test_a_journal_that_is_full_makes_room_and_keeps_the_one_before(panel: Panel, tmp_path: Path) -> None:
    journal = tmp_path / "intents.bin"
    flusher = Flusher(panel, journal, max_bytes=3 * NOTE.itemsize)
    for kept in ([0, 10, 20], [30, 40, 50]):
        write(panel, 3)
        until(lambda kept=kept: read_intents(tmp_path / "intents.bin.1")["sequence"].tolist() == kept, what="it is full")
    write(panel, 1)
    flusher.close()
    assert read_intents(journal)["sequence"].tolist() == [60]


def test_nothing_to_carry_over_is_no_error(tmp_path: Path) -> None:
    assert carry_over(tmp_path / "none", tmp_path / "intents.bin") == 0
