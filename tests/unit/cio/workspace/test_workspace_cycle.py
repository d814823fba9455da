"""A cycle of the workspace: few places, no order of arrival, inhibition of return, and a replay to the bit."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.every import every
from tests.unit.cio.workspace.workspace_world import MODULES, run

from qbtc.cio.domain.workspace import (
    Broadcast,
    Candidate,
    Goal,
    Outcome,
    Rules,
    WorkspaceState,
    begin,
    cycle,
    fingerprint,
    indicators,
    learn,
)

SECOND = 1_000_000_000
looks = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(tuple)


def offer(name: str, **given: Any) -> Candidate:
    return replace(Candidate(name, "hft", "risk", name, 0), **given)


candidates = st.lists(
    st.builds(
        Candidate,
        name=st.text("abcdef", min_size=1, max_size=3),
        source=st.sampled_from(MODULES),
        kind=st.sampled_from(["risk", "idea"]),
        topic=st.sampled_from(["t1", "t2", "t3"]),
        at=st.integers(0, SECOND),
        importance=st.floats(0, 1),
        observed=looks,
    ),
    max_size=12,
    unique_by=lambda one: one.name,
)


def names(told: Broadcast) -> list[str]:
    return [one.candidate.name for one in told.winners]


@settings(max_examples=80, deadline=None)
@given(rounds=st.lists(candidates, min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_neither_order_nor_repetition_of_candidates_leaves_a_trace(rounds: list[list[Candidate]], seed: int) -> None:
    draw, one, other = random.Random(seed), begin(MODULES), begin(MODULES)
    for number, offered in enumerate(rounds, start=1):
        shuffled = [*offered, *offered[:2]]
        draw.shuffle(shuffled)
        one, told = cycle(one, offered, number * SECOND)
        other, again = cycle(other, shuffled, number * SECOND)
        assert told == again
    assert fingerprint(one) == fingerprint(other)


@settings(max_examples=80, deadline=None)
@given(offered=candidates, places=st.integers(1, 5))
def test_places_are_filled_by_salience_and_everyone_is_told(offered: list[Candidate], places: int) -> None:
    _, told = cycle(begin(MODULES, rules=Rules(places=places)), offered, SECOND)
    assert len(told.winners) == min(places, len(offered))
    assert len(told.winners) + len(told.passed_over) == len(offered)
    ranks = [one.salience for one in (*told.winners, *told.passed_over)]
    assert ranks == sorted(ranks, reverse=True)
    assert told.recipients == MODULES


def test_a_run_replayed_has_the_same_fingerprint_and_another_seed_has_not() -> None:
    assert fingerprint(run(4, 30).state) == fingerprint(run(4, 30).state) != fingerprint(run(5, 30).state)


def test_a_cycle_does_not_change_the_state_it_was_given() -> None:
    state = run(1, 10).state
    before = fingerprint(state)
    cycle(state, [offer("x")], state.at + SECOND)
    assert fingerprint(state) == before


def one_place(**given: Any) -> WorkspaceState:
    return replace(begin(MODULES, rules=Rules(places=1)), **given)


def test_what_just_won_gives_way_and_returns_when_the_inhibition_has_faded() -> None:
    pair = [offer("a", importance=0.6), offer("b", importance=0.5)]
    state, told = cycle(one_place(), pair, SECOND)
    assert names(told) == ["a"]
    assert names(cycle(state, pair, 2 * SECOND)[1]) == ["b"]
    assert names(cycle(state, pair, 600 * SECOND)[1]) == ["a"]


def test_what_is_like_the_present_wins_over_its_exact_mirror() -> None:
    state = one_place(context=(0.6, 0.8))
    rally, crash = offer("z", observed=(0.6, 0.8)), offer("a", observed=(-0.6, -0.8))
    assert names(cycle(state, [rally, crash], SECOND)[1]) == ["z"]


def test_the_newer_wins_between_equals_of_all_other_kinds() -> None:
    assert names(cycle(one_place(), [offer("a"), offer("z", at=SECOND)], SECOND)[1]) == ["z"]


def test_a_source_that_proved_wrong_gives_way_to_one_that_proved_right() -> None:
    outcomes = [Outcome(f"{i}", source, "risk", source == "web") for i in range(5) for source in ("hft", "web")]
    state = learn(one_place(), outcomes)
    assert names(cycle(state, [offer("a"), offer("z", source="web")], SECOND)[1]) == ["z"]


def test_a_topic_that_breaks_its_habit_is_more_surprising_than_one_that_keeps_it() -> None:
    state = begin(MODULES)
    for number in range(1, 30):
        habit = 0.1 * (-1) ** number
        state, _ = cycle(state, [offer(name, at=number, observed=(habit,)) for name in "az"], number * SECOND)
    _, told = cycle(state, [offer("a", at=99, observed=(0.1,)), offer("z", at=99, observed=(3.0,))], 30 * SECOND)
    surprise = {one.candidate.name: one.parts["surprise"] for one in told.winners}
    assert surprise["z"] > 0.9 > surprise["a"]


def test_offering_the_same_observation_again_is_no_foresight_and_keeps_its_surprise() -> None:
    state, told = begin(MODULES, rules=Rules(places=1)), []
    for number, look in enumerate((0.1, -0.1, 0.2, 3.0), start=1):
        state, heard = cycle(state, [offer("x", at=number, observed=(look,))], number)
        told.append(heard)
    first = indicators(told).pp1
    for number in range(5, 15):
        state, heard = cycle(state, [offer("x", at=4, observed=(3.0,))], number)
        told.append(heard)
    assert indicators(told).pp1 == first
    assert told[-1].winners[0].parts["surprise"] == told[3].winners[0].parts["surprise"] > 0.9
    assert state.streams["x"].count == 4


def test_the_parts_of_a_salience_add_up_to_it_with_trust_on_what_speaks_for_it() -> None:
    for told in run(1, 5).told:
        for one in told.winners:
            speaks = sum(part for part in one.parts.values() if part > 0)
            taken = sum(part for part in one.parts.values() if part < 0)
            assert one.salience == pytest.approx(one.confidence * speaks + taken)


def test_what_is_remembered_of_topics_stays_bounded_and_the_oldest_goes_first() -> None:
    state = begin(MODULES, rules=Rules(most_topics=3))
    for number in range(1, 8):
        state, _ = cycle(state, [offer(f"t{number}", at=number, observed=(1.0,))], number * SECOND)
    assert set(state.streams) == set(state.won) == {"t5", "t6", "t7"}


def test_a_cycle_without_candidates_tells_nothing_and_counts() -> None:
    state, told = cycle(begin(MODULES), [], SECOND)
    assert (state.number, told.winners, told.passed_over) == (1, (), ())


@every(
    "offered, now, said",
    [
        ([offer("x", source="nsa")], 9, "source 'nsa' is no module"),
        ([offer("x", at=10)], 9, "it is of 10, after now (9)"),
        ([offer("x", importance=1.5)], 9, "importance is 1.5; it must lie in [0, 1]"),
        ([offer("x", importance=float("nan"))], 9, "importance is nan"),
        ([offer("x", observed=(float("inf"),))], 9, "not finite"),
        ([offer("x"), offer("x", importance=0.1)], 9, "two different candidates are named 'x'"),
        (
            [offer("x", topic="t", observed=(1.0,)), offer("y", topic="t", observed=(1.0, 2.0))],
            9,
            "the length is fixed",
        ),
        ([offer("x", topic="known", observed=(1.0,))], 9, "1 numbers observed where the topic had 2 before"),
        ([], 1, "now is 1, before the last cycle at 5"),
    ],
)
def test_bad_candidates_and_times_are_refused_in_words(offered: list[Candidate], now: int, said: str) -> None:
    state, _ = cycle(begin(MODULES), [offer("k", topic="known", observed=(1.0, 2.0))], 5)
    with pytest.raises(ValueError) as error:
        cycle(state, offered, now)
    assert said in str(error.value)


@every(
    "given, said",
    [
        ({"modules": []}, "at least one module"),
        ({"rules": Rules(places=0)}, "places is 0; it must be above 0"),
        ({"rules": Rules(without=frozenset({"soul"}))}, "no mechanism ['soul']"),  # type: ignore[arg-type]
        ({"goals": [Goal("g", -1.0)]}, "goal 'g' has weight -1.0"),
    ],
)
def test_a_workspace_that_cannot_work_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as error:
        begin(**{"modules": MODULES, **given})
    assert said in str(error.value)


def test_outcomes_of_strangers_and_rewards_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="which is no module"):
        learn(begin(MODULES), [Outcome("x", "nsa", "risk", True)])
    with pytest.raises(ValueError, match=r"reward 2\.0 for 'g'"):
        learn(begin(MODULES), [Outcome("x", "hft", "risk", True, {"g": 2.0})])
