"""The harness of LongMemEval: the official formulas by hand, and the form that it reads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from bench.longmemeval import BadHaystack, converted, dcg, ordered, parsed, scores, session_scores, time_of
from hypothesis import given
from hypothesis import strategies as st

from qbtc.kit.embedding import LOCAL_DIM

ROW: dict[str, Any] = {
    "question_id": "q1",
    "question_type": "single-session-user",
    "question": "Where did I buy the lamp?",
    "question_date": "2023/05/30 (Tue) 23:40",
    "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/21 (Sun) 10:00"],
    "haystack_session_ids": ["plain", "answer_1"],
    "haystack_sessions": [
        [{"role": "user", "content": "What is a good soup?"}, {"role": "assistant", "content": "Lentils."}],
        [
            {"role": "user", "content": "I bought the lamp in Oslo.", "has_answer": True},
            {"role": "assistant", "content": "A lamp from Oslo!", "has_answer": False},
            {"role": "user", "content": "Thanks.", "has_answer": False},
        ],
    ],
    "answer_session_ids": ["answer_1"],
}


def test_dcg_discounts_from_the_third_place_on() -> None:
    assert dcg([1, 1, 1], 3) == pytest.approx(1 + 1 / math.log2(2) + 1 / math.log2(3))
    assert (dcg([], 5), dcg([0, 0], 5)) == (0.0, 0.0)


def test_scores_by_hand() -> None:
    found = scores(["a", "x", "b"], {"b", "c"}, ["a", "b", "c", "x"], 3)
    assert (found["recall_any@3"], found["recall_all@3"]) == (1.0, 0.0)
    assert found["ndcg_any@3"] == pytest.approx((1 / math.log2(3)) / 2)
    assert scores(["b", "c"], {"b", "c"}, ["b", "c"], 5)["recall_all@5"] == 1.0


def test_at_session_level_it_looks_on_until_enough_sessions_are_met() -> None:
    order = ["s_1", "s_2", "s_3", "t_1"]
    found = session_scores(order, {"t_1"}, order, 2)
    assert (found["recall_any@2"], found["recall_all@2"]) == (1.0, 1.0)
    assert session_scores(order, {"t_1"}, order, 1)["recall_any@1"] == 0.0


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True), st.data())
def test_a_ranking_with_the_targets_first_has_full_marks_and_none_has_more(keys: list[str], data: st.DataObject) -> None:
    targets = data.draw(st.sets(st.sampled_from(keys), min_size=1))
    best = sorted(keys, key=lambda key: key not in targets)
    assert scores(best, targets, keys, len(keys))[f"ndcg_any@{len(keys)}"] == pytest.approx(1.0)
    shuffled = data.draw(st.permutations(keys))
    assert all(0.0 <= value <= 1.0 + 1e-12 for value in scores(shuffled, targets, keys, 3).values())


def test_the_published_form_is_read_and_only_turns_with_the_answer_find_its_session() -> None:
    (hay,) = parsed([ROW])
    assert [(turn.key, turn.target) for turn in hay.said] == [
        ("plain_1", False),
        ("plain_2", False),
        ("answer_1_1", True),
        ("answer_1-noans_2", False),
        ("answer_1-noans_3", False),
    ]
    assert hay.asked_at == time_of("2023-05-30T23:40:00+00:00") and not hay.abstaining
    assert parsed([ROW | {"question_id": "q1_abs"}])[0].abstaining


@pytest.mark.parametrize(
    "broken",
    [{"question_date": "soon"}, {"haystack_dates": []}, {"haystack_sessions": [[{"role": "user"}], []]}, {"answer_session_ids": None}],
)
def test_a_row_of_another_form_is_refused_with_its_number(broken: dict[str, Any]) -> None:
    with pytest.raises(BadHaystack, match="question 2: "):
        parsed([ROW, ROW | broken])


def test_every_ranking_orders_the_turns_of_the_user_and_no_other() -> None:
    (hay,) = parsed([ROW])
    rng = np.random.default_rng(1)
    matrix = rng.standard_normal((5, LOCAL_DIM)).astype(np.float32)
    orders = ordered(hay, matrix, matrix[2])
    assert orders["cio"][0] == orders["bm25"][0] == orders["dense"][0] == "answer_1_1"
    assert all(sorted(order) == ["answer_1-noans_3", "answer_1_1", "plain_1"] for order in orders.values())


def test_a_conversation_of_two_people_is_turned_into_the_published_form() -> None:
    talk = {
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [{"dia_id": "D1:1", "speaker": "Ana", "text": "I sold."}, {"dia_id": "D1:2", "speaker": "Bea", "text": "Why?"}],
    }
    asked = [
        {"question": "Who sold?", "evidence": ["D1:1"], "category": 4},
        {"question": "Who bought?", "evidence": [], "category": 5},
    ]
    answered, unanswered = parsed(converted([{"conversation": talk, "qa": asked}]))
    assert [turn.target for turn in answered.said] == [True, False] and not answered.abstaining
    assert answered.said[0].text == "Ana: I sold." and unanswered.abstaining
