"""Histories of tables: every change can be read and undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.cio.domain.versions import Change, History, VersionRefused, begun, told

TABLES = st.dictionaries(st.sampled_from("abc"), st.floats(-3, 3), max_size=3)


def grown(tables: list[dict[str, float]]) -> History[float]:
    history = begun(tables[0], at=0, reason="start")
    for at, table in enumerate(tables[1:], 1):
        history = history.commit(table, at=at, reason=f"step {at}")
    return history


@given(st.lists(TABLES, min_size=1, max_size=8), st.data())
def test_undoing_as_often_as_it_was_changed_goes_back_step_by_step(
    tables: list[dict[str, float]], data: st.DataObject
) -> None:
    history = grown(tables)
    made = [dict(version.values) for version in history.versions]
    times = data.draw(st.integers(0, len(made) - 1))
    undone = history
    for step in range(times):
        undone = undone.undo(at=100 + step)
    assert dict(undone.current.values) == made[-1 - times]
    assert undone.versions[: len(made)] == history.versions, "nothing that was is lost"


@given(TABLES, TABLES)
def test_a_diff_applied_to_the_older_table_gives_the_newer(old: dict[str, float], new: dict[str, float]) -> None:
    history = grown([old, new])
    table: dict[str, float | None] = dict(old)
    for change in history.diff(0, history.current.number):
        assert table.get(change.key) == change.before
        table[change.key] = change.after
    assert {k: v for k, v in table.items() if v is not None} == new


def test_a_commit_after_an_undo_is_undone_to_what_it_was_made_from() -> None:
    history = grown([{"a": 1.0}, {"a": 2.0}]).undo(at=5).commit({"a": 3.0}, at=6, reason="again")
    assert history.undo(at=7).current.values == {"a": 1.0}
    assert history.undo(at=7).current.reason == "undo of version 3"


def test_a_restored_version_keeps_the_way_back_of_the_one_it_repeats() -> None:
    history = grown([{"a": 1.0}, {"a": 2.0}, {"a": 3.0}]).restore(1, at=9, reason="was better")
    assert history.current.values == {"a": 2.0}
    assert history.undo(at=10).current.values == {"a": 1.0}


def test_what_changes_nothing_makes_no_version() -> None:
    history = grown([{"a": 1.0}])
    assert history.commit({"a": 1.0}, at=1, reason="same") is history


def test_a_diff_reads_as_lines_with_what_came_and_went() -> None:
    changes = grown([{"a": 1.0, "bb": 2.0}, {"a": 1.5, "c": 0.0}]).diff(0, 1)
    assert told(changes, "{:.2f}".format) == "a   1.00 -> 1.50\nbb  2.00 -> none\nc   none -> 0.00"
    assert told((), str) == "no change"
    assert changes[0] == Change("a", 1.0, 1.5)


def test_what_cannot_be_done_says_what_can() -> None:
    history = grown([{"a": 1.0}])
    with pytest.raises(VersionRefused, match="version 0 is the first"):
        history.undo(at=1)
    with pytest.raises(VersionRefused, match="no version 4; there are 0 to 0"):
        history.restore(4, at=1, reason="x")
    with pytest.raises(VersionRefused, match="needs a reason"):
        history.commit({"a": 2.0}, at=1, reason=" ")
