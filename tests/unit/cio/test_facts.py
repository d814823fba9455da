"""Derived facts in two times: supersession, as-of, erasure, against a reference that replays every statement."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.every import every
from tests.sizes import SIZE, examples

from qbtc.cio.domain.facts import About, Assertion, Denial, Fact, Statement, belief
from qbtc.cio.domain.intervals import ALWAYS, Interval
from qbtc.cio.domain.ledger import Ledger

LIVES = About("Ana", "lives in")
LIKES = About("Ana", "likes", single=False)
NOW = 10**6


def said(value: str, memory: str, known_at: int, valid: Interval = ALWAYS, about: About = LIVES) -> Assertion:
    return Assertion(about, value, frozenset({memory}), known_at, valid, confidence=0.8)


def values(ledger: Ledger, valid_at: int, known_at: int = NOW, about: About = LIVES) -> list[str]:
    return sorted(
        row.value for row in ledger.about(about.subject, about.predicate, valid_at=valid_at, known_at=known_at)
    )


def test_a_new_value_supersedes_the_old_one_and_the_old_belief_stays_readable() -> None:
    ledger = Ledger([said("Lima", "m1", 10, Interval(0)), said("Madrid", "m2", 20, Interval(100))])
    assert values(ledger, valid_at=50) == ["Lima"]
    assert values(ledger, valid_at=150) == ["Madrid"]
    assert values(ledger, valid_at=150, known_at=15) == ["Lima"]
    assert values(ledger, valid_at=150, known_at=5) == []


def test_nothing_is_deleted_by_supersession() -> None:
    ledger = Ledger([said("Lima", "m1", 10, Interval(0)), said("Madrid", "m2", 20, Interval(100))])
    rows = [(row.value, row.superseded, row.valid.end == ALWAYS.end) for row in ledger.history("ana", "LIVES  in")]
    assert rows == [("Lima", True, True), ("Lima", False, False), ("Madrid", False, True)]


def test_a_correction_within_an_interval_leaves_both_sides() -> None:
    ledger = Ledger([said("Lima", "m1", 1, Interval(0, 30)), said("Cusco", "m2", 2, Interval(10, 20))])
    assert [values(ledger, t) for t in (5, 10, 19, 20, 30)] == [["Lima"], ["Cusco"], ["Cusco"], ["Lima"], []]


def test_the_same_value_said_again_adds_support_and_confidence() -> None:
    ledger = Ledger([said("Lima", "m1", 1), said("LIMA", "m2", 2), said("lima", "m2", 3)])
    (fact,) = ledger.about("Ana", "lives in", valid_at=0, known_at=NOW)
    assert fact.evidence == {"m1", "m2"}
    assert fact.confidence == pytest.approx(0.96)


def test_a_denial_ends_its_own_value_and_no_other() -> None:
    ledger = Ledger([said("Lima", "m1", 1), Denial(LIVES, "Quito", 2), Denial(LIVES, "lima", 3, Interval(50))])
    assert values(ledger, 49) == ["Lima"]
    assert values(ledger, 50) == []
    assert values(ledger, 50, known_at=2) == ["Lima"]


def test_values_of_a_predicate_that_is_not_single_stand_beside_each_other() -> None:
    ledger = Ledger([said("tea", "m1", 1, about=LIKES), said("mate", "m2", 2, about=LIKES)])
    assert values(ledger, 0, about=LIKES) == ["mate", "tea"]
    ledger.add(Denial(LIKES, "tea", 3))
    assert values(ledger, 0, about=LIKES) == ["mate"]
    ledger.add(Denial(LIKES, None, 4))
    assert values(ledger, 0, about=LIKES) == []


def test_erasing_a_memory_takes_the_facts_that_needed_it_and_leaves_those_otherwise_supported() -> None:
    ledger = Ledger([said("Lima", "m1", 1), said("Lima", "m2", 2)])
    assert ledger.erase(["m1"]).facts == 0
    assert values(ledger, 0) == ["Lima"]
    assert ledger.erase(["m2"]).facts == 1
    assert values(ledger, 0) == []
    assert list(ledger.rows()) == []


def test_a_fact_that_rests_on_two_memories_together_goes_with_either() -> None:
    both = Assertion(LIVES, "Lima", frozenset({"m1", "m2"}), 1)
    ledger = Ledger([both])
    assert ledger.erase(["m2"]).statements == 1
    assert list(ledger.rows()) == []


def test_what_an_erased_memory_had_superseded_is_believed_again() -> None:
    ledger = Ledger([said("Lima", "m1", 1), said("Madrid", "m2", 2)])
    ledger.erase(["m2", "unknown"])
    assert values(ledger, 0) == ["Lima"]
    assert ledger.history("Ana", "lives in")[0].superseded is False


@every(
    "make, message",
    [
        (lambda: Interval(5, 5), "starts before it ends"),
        (lambda: Interval(9, 5), "starts before it ends"),
        (lambda: Assertion(LIVES, "Lima", frozenset(), 1), "got no evidence"),
        (lambda: Assertion(LIVES, " ", frozenset({"m"}), 1), "has a value"),
        (lambda: Assertion(LIVES, "x" * 2001, frozenset({"m"}), 1), "at most 2000 characters"),
        (lambda: Assertion(LIVES, "Lima", frozenset({"m"}), 1, confidence=1.5), "above 0 and at most 1"),
        (lambda: Assertion(LIVES, "Lima", frozenset({"m"}), 1, confidence=float("nan")), "above 0 and at most 1"),
        (lambda: About("", "likes"), "has a subject"),
        (lambda: Ledger([said("Lima", "m", 5), said("Lima", "m", 4)]), "order they became known"),
        (
            lambda: Ledger([said("tea", "m", 1), said("tea", "m", 2, about=About("ana", "lives in", single=False))]),
            "never both",
        ),
    ],
)
def test_a_bad_statement_is_refused_with_what_is_allowed(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]


def reference(
    statements: Iterable[Statement], valid_at: int, known_at: int
) -> dict[tuple[str, str, str], tuple[Assertion, ...]]:
    """Every value believed, with its support: the statements replayed in order at one point of both times, and nothing else."""
    believed: dict[tuple[str, str], dict[str, tuple[Assertion, ...]]] = {}
    for one in statements:
        if one.known_at > known_at or not one.valid.start <= valid_at < one.valid.end:
            continue
        values_ = believed.setdefault((one.about.subject, one.about.predicate), {})
        if isinstance(one, Assertion):
            kept = values_.get(one.value, ())
            if one.about.single:
                values_.clear()
            values_[one.value] = (*kept, one)
        elif one.value is None:
            values_.clear()
        else:
            values_.pop(one.value, None)
    return {(*about, value): support for about, held in believed.items() for value, support in held.items()}


def believed(rows: Iterable[Fact]) -> dict[tuple[str, str, str], tuple[Assertion, ...]]:
    return {(row.about.subject, row.about.predicate, row.value): row.support for row in rows}


def generated(count: int, subjects: int, seed: int, span: int = 40) -> list[Statement]:
    """A ledger's worth of statements: several share an ingest time, intervals are open or closed, a fifth are denials."""
    rng, made = random.Random(seed), list[Statement]()
    known_at = 0
    for number in range(count):
        known_at += rng.choice((0, 1, 1, 3))
        subject, single = f"s{rng.randrange(subjects)}", rng.random() < 0.7
        about = About(subject, "is" if single else "has", single)
        start = rng.randrange(span)
        valid = Interval(start) if rng.random() < 0.4 else Interval(start, start + rng.randint(1, span // 2))
        value = f"v{rng.randrange(4)}"
        if rng.random() < 0.2:
            made.append(
                Denial(about, None if rng.random() < 0.3 else value, known_at, valid, frozenset({f"m{number}"}))
            )
        else:
            evidence = frozenset(f"m{number - back}" for back in range(rng.randint(1, 2)))
            made.append(Assertion(about, value, evidence, known_at, valid, rng.uniform(0.1, 1.0)))
    return made


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 3), st.data())
def test_every_as_of_answer_equals_the_replayed_reference(
    seed: int, count: int, subjects: int, data: st.DataObject
) -> None:
    statements = generated(count, subjects, seed)
    ledger = Ledger(statements)
    for _ in range(8):
        valid_at = data.draw(st.integers(-1, 70))
        known_at = data.draw(st.integers(-1, statements[-1].known_at + 1))
        rows = ledger.at(valid_at=valid_at, known_at=known_at)
        assert believed(rows) == reference(statements, valid_at, known_at)
        assert all(row.confidence == belief(row.support) for row in rows)


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), st.sets(st.integers(0, 60), max_size=12))
def test_after_an_erasure_the_ledger_is_as_if_the_memories_had_never_been(
    seed: int, count: int, erased: set[int]
) -> None:
    statements = generated(count, 2, seed)
    gone = {f"m{number}" for number in erased}
    ledger = Ledger(statements)
    ledger.erase(gone)
    never = Ledger(s for s in statements if gone.isdisjoint(s.evidence))
    assert sorted(map(repr, ledger.rows())) == sorted(map(repr, never.rows()))
    assert not any(row.evidence & gone for row in ledger.rows())


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_rows_of_one_value_never_overlap_in_both_times(seed: int, count: int) -> None:
    rows = list(Ledger(generated(count, 1, seed)).rows())
    for i, one in enumerate(rows):
        for other in rows[:i]:
            if one.about == other.about and (one.about.single or one.value == other.value):
                assert not (one.valid.overlaps(other.valid) and one.known.overlaps(other.known))


def test_a_ledger_of_many_events_is_exact_at_random_points_before_and_after_an_erasure() -> None:
    """A hundred thousand events at size `exhaustive`, three thousand otherwise."""
    count = 100_000 if SIZE == "exhaustive" else 3_000
    rng = random.Random(26)
    statements = generated(count, max(3, count // 60), seed=26, span=1_000)
    ledger = Ledger(statements)
    _agree(ledger, statements, rng)
    gone = {f"m{number}" for number in rng.sample(range(count), count // 50)}
    ledger.erase(gone)
    _agree(ledger, [s for s in statements if gone.isdisjoint(s.evidence)], rng)


def _agree(ledger: Ledger, statements: list[Statement], rng: random.Random) -> None:
    for _ in range(25):
        valid_at, known_at = rng.randrange(1_500), rng.randrange(statements[-1].known_at + 2)
        assert believed(ledger.at(valid_at=valid_at, known_at=known_at)) == reference(statements, valid_at, known_at)
