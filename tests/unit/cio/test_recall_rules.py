"""Segments, evidence and ranking: what speaks for a memory, and that the answer says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.cio.domain.evidence import COSINE_UNIT, NAMES, Asked, candidates, evidence
from qbtc.cio.domain.marks import Mark, marks_of, mentions, wanted
from qbtc.cio.domain.memory import State
from qbtc.cio.domain.ranking import LEGS, LEXICAL, STATE, STATE_WEIGHT, VECTOR, WEIGHTS, plausible, rank, shortlist
from qbtc.cio.domain.segment import Entry, Segment
from qbtc.cio.recalling import best_alike
from qbtc.core.retrieval import Bm25Index


def segment(*rows: tuple[str, str, str, str, str | None]) -> Segment:
    built = Segment()
    for memory_id, text, scope, kind, session in rows:
        built.add(Entry(memory_id, text.split(), scope, kind, session))
    return built


ROWS = (
    ("m1", "lunch soup", "desk", "note", "a"),
    ("m2", "stop loss hit", "desk", "trade", "a"),
    ("m3", "weather rain", "desk", "note", "a"),
    ("m4", "stop sign", "journal", "note", "b"),
)


def best(built: Segment, words: str, scope: str | None = None, kinds: tuple[str, ...] = ()) -> list[str]:
    return list(built.best(words.split(), scope=scope, kinds=kinds, limit=10))


def weighed(
    built: Segment,
    words: str,
    cosines: dict[str, float] | None = None,
    scope: str | None = None,
    kinds: tuple[str, ...] = (),
) -> dict[str, dict[str, float]]:
    """Evidence by memory and column."""
    seeds = {*best(built, words, scope, kinds), *(cosines or {})}
    slots = candidates(built, seeds, scope=scope, kinds=kinds)
    rows = evidence(built, slots, Asked(words, tuple(words.split()), 0.8), cosines or {})
    return {built.ids[slot]: dict(zip(NAMES, row, strict=True)) for slot, row in zip(slots, rows, strict=True)}


def ranked(built: Segment, words: str, **filters: object) -> list[str]:
    found = {key: np.array(list(row.values())) for key, row in weighed(built, words, **filters).items()}  # type: ignore[arg-type]
    return [one.memory_id for one in rank(found, {}, 10)]


def test_the_turns_beside_a_hit_are_found_after_the_hit() -> None:
    assert ranked(segment(*ROWS), "loss")[0] == "m2"
    assert set(ranked(segment(*ROWS), "loss")) == {"m1", "m2", "m3"}


def test_filters_by_scope_and_kind_hold_for_neighbours_too() -> None:
    built = segment(*ROWS)
    assert ranked(built, "stop", scope="journal") == ["m4"]
    assert ranked(built, "stop", kinds=("trade",)) == ["m2"]
    assert ranked(built, "stop", scope="nowhere") == []


def test_no_matching_word_is_no_hit() -> None:
    assert ranked(segment(*ROWS), "zebra") == []
    assert best(Segment(), "stop") == []


def test_a_forgotten_memory_is_neither_hit_nor_neighbour() -> None:
    built = segment(*ROWS)
    built.remove("m2")
    built.remove("m2")
    assert ranked(built, "loss") == []
    assert built.around(built.slots_of(["m1"]), 1).tolist() == [[-1, 0, 2]]
    assert len(built) == 3


def test_what_follows_a_forgotten_last_turn_follows_the_one_before_it() -> None:
    built = segment(*ROWS[:3])
    built.remove("m3")
    built.add(Entry("m5", ["sun"], "desk", "note", "a"))
    assert built.around(built.slots_of(["m5"]), 1).tolist() == [[1, 3, -1]]


def test_a_session_is_one_of_its_scope() -> None:
    built = segment(("x", "one", "desk", "note", "a"), ("y", "two", "journal", "note", "a"))
    assert built.around(built.slots_of(["x", "y"]), 1).tolist() == [[-1, 0, -1], [-1, 1, -1]]


def test_memories_without_a_session_stand_alone() -> None:
    built = segment(("x", "one", "desk", "note", None), ("y", "two", "desk", "note", None))
    assert built.around(built.slots_of(["x"]), 2).tolist() == [[-1, -1, 0, -1, -1]]


def test_turns_of_two_sessions_that_arrive_in_turns_keep_to_their_own() -> None:
    built = segment(*((f"m{i}", "w", "desk", "chat", "ab"[i % 2]) for i in range(6)))
    assert built.around(built.slots_of(["m2"]), 3).tolist() == [[-1, -1, 0, 2, 4, -1, -1]]


def test_adding_twice_changes_nothing() -> None:
    assert len(segment(*ROWS, ROWS[0])) == 4


def test_words_alone_are_the_score_of_the_index_over_the_weights_of_the_query() -> None:
    built, index = segment(*ROWS), Bm25Index()
    for row in ROWS:
        index.add(row[1].split())
    total = sum(p.idf for p in index.postings(["stop", "loss"]))
    scores = index.scores(["stop", "loss"]) / total
    found = weighed(built, "stop loss")
    assert [found[row[0]]["words"] for row in ROWS] == pytest.approx(list(scores), abs=1e-12)


def test_what_the_neighbours_say_counts_as_one_text_with_the_memory() -> None:
    """By hand: one term, once in the three turns of seven terms, mean length 9/4, N 4, df 1."""
    found = weighed(segment(*ROWS), "loss")
    length = 7 / (9 / 4) / 3
    assert found["m2"]["words_near"] == pytest.approx(2.2 / (1 + 1.2 * (0.25 + 0.75 * length)))
    assert found["m1"]["words"] == 0.0
    assert found["m1"]["words_near"] > 0.0
    assert found["m1"]["session_words"] == found["m2"]["session_words"] == 1.0


def test_coverage_and_the_rarest_word_are_shares_of_the_query() -> None:
    found = weighed(segment(*ROWS), "stop loss")
    assert found["m2"]["coverage"] == pytest.approx(1.0)
    assert found["m2"]["rarest"] == pytest.approx(1.0)
    assert 0.0 < found["m4"]["coverage"] < 0.5
    assert 0.0 < found["m4"]["rarest"] < 1.0


def test_a_cosine_counts_above_the_floor_and_lifts_its_neighbour_and_session() -> None:
    found = weighed(segment(*ROWS), "zebra", {"m1": 0.8 + COSINE_UNIT, "m4": 0.8})
    assert [found[m]["cosine"] for m in ("m1", "m2", "m4")] == pytest.approx([1.0, 0.0, 0.0])
    assert found["m2"]["cosine_near"] == pytest.approx(1.0)
    assert found["m3"]["session_cosine"] == pytest.approx(1.0)


def test_a_cosine_that_words_brought_in_below_the_floor_counts_nothing() -> None:
    found = weighed(segment(*ROWS), "stop", {"m1": 0.8, "m4": 0.8 - COSINE_UNIT})
    assert [found[m]["cosine"] for m in ("m1", "m4")] == [0.0, 0.0]


def test_a_memory_by_the_person_whom_the_question_names_is_marked() -> None:
    built = Segment()
    built.add(Entry("a", ["went"], "desk", "chat", "s", "Caroline"))
    built.add(Entry("b", ["went"], "desk", "chat", "s", "Mel"))
    slots = candidates(built, {"a", "b"}, scope=None, kinds=())
    column = NAMES.index("author")
    for question, expected in (("When went caroline?", [1, 0]), ("Caroline or Mel?", [0, 0]), ("Who went?", [0, 0])):
        assert evidence(built, slots, Asked(question, ("went",), 0.8), {})[:, column].tolist() == expected


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz"), st.sampled_from("st")), max_size=12), st.data()
)
def test_evidence_is_finite_and_scores_are_the_sum_of_their_legs(
    rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    built = Segment()
    for number, (word, other, session) in enumerate(rows):
        built.add(Entry(f"m{number}", [word, other], "desk", "note", session))
    for number in data.draw(st.sets(st.integers(0, max(0, len(rows) - 1)), max_size=3)):
        built.remove(f"m{number}")
    found = {key: np.array(list(row.values())) for key, row in weighed(built, "a x q").items()}
    assert all(np.isfinite(row).all() for row in found.values())
    for one in rank(found, {}, 10):
        assert one.score == pytest.approx(sum(one.legs.values()))


def test_every_column_belongs_to_one_leg_and_has_a_weight() -> None:
    assert sorted(name for names in LEGS.values() for name in names) == sorted(NAMES) == sorted(WEIGHTS)
    assert all(WEIGHTS[name] >= 0 for leg in (LEXICAL, "around", "session", VECTOR) for name in LEGS[leg])


def row(**values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([values.get(name, 0.0) for name in NAMES])


def test_a_memory_for_which_only_its_form_or_its_session_speaks_is_not_listed() -> None:
    found = {
        "form": row(dated=1.0, length=3.0, author=1.0),
        "session": row(session_words=1.0),
        "said": row(coverage=0.1),
    }
    assert [one.memory_id for one in rank(found, {}, 5)] == ["said"]


def test_the_best_likeness_of_states_counts_in_full_and_the_others_as_its_shares() -> None:
    listed = rank({}, {"a": 0.4, "b": 0.2}, 5)
    assert [(one.memory_id, one.legs) for one in listed] == [
        ("a", {STATE: STATE_WEIGHT}),
        ("b", {STATE: STATE_WEIGHT / 2}),
    ]


def test_nothing_found_is_an_empty_answer_and_equal_scores_are_in_order_of_ids() -> None:
    assert rank({}, {}, 5) == []
    assert [one.memory_id for one in rank({k: row(coverage=0.5) for k in "cab"}, {}, 2)] == ["a", "b"]


def test_a_weak_cosine_counts_only_with_words_behind_it() -> None:
    assert plausible({"a": 0.9, "b": 0.7, "c": 0.7}, floor=0.8, lexical=["c"]) == {"a": 0.9, "c": 0.7}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("I went there yesterday", Mark.TIME),
        ("Nos vimos el martes con dos amigos", Mark.TIME | Mark.NUMBER),
        ("we met in Boston", Mark.NAME),
        ("How are you?", Mark.QUESTION),
        ("nothing", Mark.NONE),
    ],
)
def test_marks_of_a_text(text: str, marks: Mark) -> None:
    assert marks_of(text) == marks


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("When did she go?", Mark.TIME),
        ("¿Cuántas veces ganó?", Mark.NUMBER),
        ("¿Dónde y cuándo fue?", Mark.TIME | Mark.NAME),
        ("Is it so?", Mark.NONE),
    ],
)
def test_marks_that_a_question_asks_for(question: str, marks: Mark) -> None:
    assert wanted(question) == marks


def test_a_name_is_mentioned_as_a_word_whatever_its_case() -> None:
    assert mentions("what did MEL say?", "Mel")
    assert not mentions("a melody", "Mel")
    assert not mentions("anything", " ")


def test_the_state_leg_lists_likeness_and_never_a_mirror() -> None:
    unit = np.zeros(52)
    unit[0] = 1.0
    known = {"same": State(unit, 1.0), "quiet": State(unit, 0.5), "mirror": State(-unit, 1.0)}
    assert best_alike(State(unit, 1.0), known, 10) == {"same": pytest.approx(1.0), "quiet": pytest.approx(0.5)}
    assert list(best_alike(State(unit, 1.0), known, 1)) == ["same"]
    assert best_alike(State(unit, 1.0), {}, 5) == {}


@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=len(NAMES), max_size=len(NAMES)), max_size=25),
    st.integers(1, 8),
)
def test_the_shortlist_loses_none_of_the_best(rows: list[list[float]], limit: int) -> None:
    matrix = np.array(rows).reshape(-1, len(NAMES))
    everything = {f"m{i}": row for i, row in enumerate(matrix)}
    short = {f"m{i}": matrix[i] for i in shortlist(matrix, limit).tolist()}
    assert rank(short, {}, limit) == rank(everything, {}, limit)
