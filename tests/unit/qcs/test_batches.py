"""Batches of circuits: what is asked becomes entries, entries are shared out, and the answers come back in order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qbtc.qcs.asked import BELL, TURN
from qbtc.qcs.batches import MOST_POINTS, CircuitBatch, work

ZERO = [[{"paulis": "Z0"}]]
TURNED = {"source": TURN, "task": "expectation", "observables": ZERO}


def batch(**given: object) -> CircuitBatch:
    return CircuitBatch.model_validate(given)


def run(asked: CircuitBatch, processes: int) -> dict:
    return asked.whole([work(part, lambda _share, _step: None) for part in asked.parts(processes)])  # type: ignore[return-value]


def test_a_sweep_gives_the_cosine_of_its_angle_at_every_point():
    found = run(batch(sweep={"circuit": TURNED, "inputs": {"theta": {"start": 0, "stop": 3, "count": 7}}}), 2)
    assert [item["index"] for item in found["items"]] == list(range(7))
    for item in found["items"]:
        assert item["values"][0] == pytest.approx(math.cos(float(item["inputs"]["theta"])), abs=1e-12)


def test_inputs_may_be_expressions_and_all_combinations_are_taken():
    asked = batch(sweep={"circuit": TURNED, "inputs": {"theta": ["0", "pi/3", "pi"]}})
    assert [round(item["values"][0], 12) for item in run(asked, 1)["items"]] == [1, 0.5, -1]
    two = {"a": [1, 2], "b": ["x", "y", "z"]}
    grid = batch(sweep={"circuit": TURNED, "inputs": two}).entries()
    assert [e.inputs for e in grid][:2] == [{"a": "1.0", "b": "x"}, {"a": "1.0", "b": "y"}]
    assert len(grid) == 6


@given(count=st.integers(1, 40), processes=st.integers(1, 12))
def test_however_many_processes_share_them_every_entry_is_computed_once_in_order(count: int, processes: int):
    asked = batch(circuits=[{"source": f"{BELL}// {i}", "shots": 1} for i in range(count)])
    parts = asked.parts(processes)
    assert len(parts) == min(processes, count)
    answered = [[{"index": index, "source": body["source"]} for index, body in part["entries"]] for part in parts]
    whole = asked.whole(answered)  # type: ignore[arg-type]
    assert [item["source"] for item in whole["items"]] == [e.source for e in asked.entries()]  # type: ignore[index,call-overload]


def test_a_batch_gives_the_same_counts_however_it_is_shared_out():
    asked = batch(circuits=[{"source": BELL, "shots": 100}] * 5, seed=7)
    one, three = run(asked, 1), run(asked, 3)
    assert [i["counts"] for i in one["items"]] == [i["counts"] for i in three["items"]]
    assert len({str(i["counts"]) for i in one["items"]}) > 1, "every entry has a seed of its own"


def test_a_circuit_that_fails_is_an_entry_with_its_error_and_the_others_are_computed():
    found = run(batch(circuits=[{"source": BELL}, {"source": "OPENQASM 2.0; nonsense"}, {"source": BELL}]), 2)
    assert found["failed"] == 1
    error = found["items"][1]["error"]
    assert (error["type"], error["field"]) == ("urn:qbtc:problem:bad-circuit", "source")
    assert all("counts" in found["items"][place] for place in (0, 2))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "give either circuits or a sweep"),
        ({"circuits": []}, "at least 1 item"),
        ({"sweep": {"circuit": TURNED, "inputs": {}}}, "at least 1 item"),
        (
            {"sweep": {"circuit": TURNED, "inputs": {"a": [1, 2], "b": [1]}, "together": True}},
            "equally many values",
        ),
        (
            {"sweep": {"circuit": TURNED, "inputs": {n: {"start": 0, "stop": 1, "count": 101} for n in "ab"}}},
            f"10201 points; allowed are {MOST_POINTS}",
        ),
    ],
)
def test_what_is_not_allowed_is_refused_before_anything_is_computed(given: dict, says: str):
    with pytest.raises(ValidationError, match=says):
        batch(**given)
