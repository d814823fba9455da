"""What a sentence says, when it holds, and what follows from several of them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.cio.domain.facts import Fact
from qbtc.cio.domain.intervals import FOREVER, Interval
from qbtc.cio.domain.statements import read, validity
from qbtc.cio.domain.tracking import Said, rows_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@every(
    "sentence, subject, predicate, value",
    [
        ("I live in Lima.", "ana", "lives in", "Lima"),
        ("I live in Lima since 2019.", "ana", "lives in", "Lima"),
        ("Vivo en La Paz desde 2019.", "ana", "lives in", "La Paz"),
        ("Ana Ruiz works at a bank in Lima.", "Ana Ruiz", "works at", "a bank in Lima"),
        ("Luis Mora trabaja en un banco.", "Luis Mora", "works at", "un banco"),
        ("My stop on BTCUSDT is 61,000 USDT.", "ana", "stop on btcusdt", "61,000 USDT"),
        ("Mi color favorito es el azul.", "ana", "color favorit azul", "Mi color favorito es el azul."),
        ("I am 40 years old.", "ana", "is aged", "40"),
        ("Me llamo Ana.", "ana", "is called", "Ana"),
        ("My sister has 3 dogs in Lima.", "ana", "sist dog lim", "My sister has 3 dogs in Lima."),
    ],
)
def test_what_a_sentence_says(sentence: str, subject: str, predicate: str, value: str) -> None:
    (found,) = read(sentence, "ana")
    assert (found.about.subject, found.about.predicate, found.value, found.denies) == (subject, predicate, value, False)


def test_a_denied_relation_ends_it_and_is_kept_as_said() -> None:
    denied, said = read("I no longer live in Lima.", "ana")
    assert (denied.about.predicate, denied.value, denied.denies) == ("lives in", "Lima", True)
    assert (said.value, said.denies) == ("I no longer live in Lima.", False)


def test_numbers_of_the_past_stand_beside_each_other_and_numbers_of_now_take_the_place_of_earlier_ones() -> None:
    bought = [read(f"I bought {n} boats in Lima.", "ana")[0].key for n in (2, 3)]
    owned = [read(f"I have {n} boats in Lima.", "ana")[0].key for n in (2, 3)]
    assert bought[0] != bought[1] and owned[0] == owned[1]


def test_what_a_topic_is_about_can_be_read() -> None:
    assert read("We moved the stop to 61,000 USDT in Lima.", "ana")[0].about.predicate == "mov stop lim USD:61000"


def test_who_did_it_to_whom_is_not_turned_round() -> None:
    assert read("My aunt paid my uncle.", "ana")[0].key != read("My uncle paid my aunt.", "ana")[0].key


@every(
    "sentence, start",
    [
        ("I live in Lima.", NOON),
        ("I live in Lima since 2019.", datetime(2019, 1, 1, tzinfo=UTC)),
        ("Vivo en Lima desde ayer.", datetime(2026, 4, 30, tzinfo=UTC)),
        ("I swim in Lima on Mondays.", NOON),
    ],
)
def test_a_sentence_holds_since_it_was_said_or_since_the_time_that_it_names(sentence: str, start: datetime) -> None:
    assert validity(sentence, NOON) == Interval(int(start.timestamp()) * 10**9, FOREVER)


def said(memory_id: str, sentence: str, at: int, known: int) -> Said:
    reading = read(sentence, "ana")[0]
    return Said(
        memory_id,
        known,
        sentence,
        reading.about,
        reading.value,
        reading.denies,
        Interval(at, FOREVER),
        known,
        reading.confidence,
    )


def now(rows: list[Fact]) -> list[tuple[str, int, int]]:
    return sorted((row.value, row.valid.start, row.valid.end) for row in rows if not row.superseded)


LIMA, QUITO = "I live in Lima.", "I live in Quito."


def test_a_later_value_supersedes_an_earlier_one_and_the_old_row_stays() -> None:
    rows = rows_of([said("m1", LIMA, 10, 100), said("m2", QUITO, 20, 200)])
    assert now(rows) == [("Lima", 10, 20), ("Quito", 20, FOREVER)]
    assert [(row.value, row.known) for row in rows if row.superseded] == [("Lima", Interval(100, 200))]


def test_what_was_said_about_earlier_times_does_not_override_what_was_said_about_later_ones() -> None:
    rows = rows_of([said("m2", QUITO, 20, 100), said("m1", LIMA, 10, 200)])
    assert now(rows) == [("Lima", 10, 20), ("Quito", 20, FOREVER)]


def test_a_denial_ends_what_was_believed() -> None:
    rows = rows_of([said("m1", LIMA, 10, 100), said("m2", "I no longer live in Lima.", 20, 200)])
    assert now(rows) == [("Lima", 10, 20)]


def test_the_same_in_other_words_supports_and_raises_confidence() -> None:
    rows = rows_of([said("m1", LIMA, 10, 100), said("m2", "I live in lima now.", 20, 200)])
    (believed,) = (row for row in rows if not row.superseded)
    assert (believed.value, believed.valid.start, believed.evidence) == ("Lima", 10, {"m1", "m2"})
    assert abs(believed.confidence - 0.99) < 1e-9


def test_support_does_not_reach_over_a_time_in_which_it_was_denied() -> None:
    rows = rows_of(
        [said("m1", LIMA, 10, 100), said("m2", "I no longer live in Lima.", 20, 200), said("m3", LIMA, 30, 300)]
    )
    assert now(rows) == [("Lima", 10, 20), ("Lima", 30, FOREVER)]


@given(
    st.lists(
        st.tuples(st.sampled_from([LIMA, QUITO, "I live in Oslo.", "I no longer live in Lima."]), st.integers(0, 9)),
        max_size=6,
    )
)
def test_rows_depend_on_what_was_said_and_not_on_the_order_in_which_it_is_read(told: list[tuple[str, int]]) -> None:
    statements = [said(f"m{i}", sentence, at, i) for i, (sentence, at) in enumerate(told)]
    assert all(rows_of(list(order)) == rows_of(statements) for order in list(permutations(statements))[:6])


@given(
    st.lists(
        st.tuples(st.sampled_from([LIMA, QUITO, "I live in Oslo.", "I no longer live in Lima."]), st.integers(0, 9)),
        max_size=6,
    )
)
def test_each_assertion_is_the_evidence_of_a_row_and_none_of_another_value(told: list[tuple[str, int]]) -> None:
    statements = [said(f"m{i}", sentence, at, i) for i, (sentence, at) in enumerate(told)]
    rows = rows_of(statements)
    values = {one.memory_id: one.value for one in statements if not one.denies}
    assert {key for row in rows for key in row.evidence} == set(values)
    assert all(values[key] == row.value for row in rows for key in row.evidence)
    assert len({(row.valid, row.known, row.value) for row in rows}) == len(rows)


@given(
    st.lists(st.tuples(st.sampled_from([LIMA, QUITO, "I live in Oslo."]), st.integers(0, 9)), max_size=6),
    st.integers(0, 12),
    st.integers(0, 7),
)
def test_at_any_time_and_knowledge_at_most_one_value_is_believed(
    told: list[tuple[str, int]], at: int, known: int
) -> None:
    rows = rows_of([said(f"m{i}", sentence, when, i) for i, (sentence, when) in enumerate(told)])
    assert sum(at in row.valid and known in row.known for row in rows) <= 1
