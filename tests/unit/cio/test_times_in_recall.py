"""Times in a question, filters and as-of: what may be found, and what a time that is named does to the order."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.every import every

from qbtc.cio.api.asking import narrowed
from qbtc.cio.domain.evidence import FADING, NAMES, Asked, candidates, evidence
from qbtc.cio.domain.judge import JUDGE, LEAST, probability_of
from qbtc.cio.domain.ranking import Question, rank
from qbtc.cio.domain.reading import ARCHIVE, named_time, seconds
from qbtc.cio.domain.segment import EVERYTHING, Entry, Filters, Segment
from qbtc.cio.errors import BadMemory
from qbtc.contracts.memory import MemoryFilters

NOW = datetime(2023, 6, 14, 12, tzinfo=UTC)  # a Wednesday
DAY = 86_400.0


def at(*date: int) -> float:
    return datetime(*date, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]


def segment(*rows: tuple[str, str, float, float, str | None]) -> Segment:
    """Rows of id, words, when it happened, when it was kept, author."""
    built = Segment()
    for memory_id, text, happened, kept, author in rows:
        built.add(Entry(memory_id, text.split(), "desk", "note", None, author, happened=happened, kept=kept))
    return built


MAY, JUNE = at(2023, 5, 10), at(2023, 6, 10)
ROWS = (
    ("may", "gold sold", MAY, 100.0, "Ana"),
    ("june", "gold sold", JUNE, 200.0, "Bea"),
    ("late", "silver", at(2023, 6, 20), 300.0, None),
)


def found(built: Segment, words: str, span: tuple[float, float] | None, filters: Filters = EVERYTHING) -> list[str]:
    seeds = built.best(words.split(), scope=None, kinds=(), filters=filters, limit=10)
    then = [] if span is None else built.within(*span, scope=None, kinds=(), filters=filters, limit=10)
    slots = candidates(built, {*seeds, *then}, scope=None, kinds=(), filters=filters)
    rows = evidence(built, slots, Asked(words, tuple(words.split()), 0.8, span), {})
    return [one.memory_id for one in rank({built.ids[s]: row for s, row in zip(slots, rows, strict=True)}, {}, 10)]


def test_the_time_that_a_question_names_decides_between_equal_words() -> None:
    built = segment(*ROWS)
    assert found(built, "gold sold", (at(2023, 6, 1), at(2023, 7, 1)))[0] == "june"
    assert found(built, "gold sold", (at(2023, 5, 1), at(2023, 6, 1)))[0] == "may"


def test_what_happened_then_is_found_without_a_common_word_and_what_was_only_near_is_not() -> None:
    built = segment(*ROWS)
    assert found(built, "zebra", (at(2023, 6, 19), at(2023, 6, 21))) == ["late"]
    assert found(built, "zebra", (at(2023, 6, 21), at(2023, 6, 22))) == []


def test_evidence_of_time_by_hand() -> None:
    built = segment(*ROWS)
    slots = built.slots_of(["may", "june", "late"])
    start, end = MAY + 10 * DAY, JUNE + 1.0
    rows = evidence(built, slots, Asked("x", (), 0.8, (start, end)), {})
    columns = {name: rows[:, NAMES.index(name)].tolist() for name in ("within", "after", "before")}
    assert columns["within"] == [0.0, 1.0, 0.0]
    assert columns["before"] == pytest.approx([math.exp(-10 * DAY / FADING), 0.0, 0.0])
    assert columns["after"] == pytest.approx([0.0, 0.0, math.exp(-(at(2023, 6, 20) - end) / FADING)])


def test_without_a_named_time_or_with_open_sides_the_evidence_is_finite() -> None:
    built = segment(*ROWS)
    for span in (None, (-math.inf, MAY), (JUNE, math.inf)):
        assert np.isfinite(evidence(built, built.slots_of(["may", "june"]), Asked("x", (), 0.8, span), {})).all()


@every(
    "filters, expected",
    [
        (Filters(authors=("Ana",)), ["may"]),
        (Filters(since=JUNE), ["june"]),
        (Filters(until=JUNE), ["may"]),
        (Filters(known_at=100.0), ["may"]),
        (Filters(known_at=99.0), []),
        (Filters(only=frozenset({"june", "gone"})), ["june"]),
        (Filters(only=frozenset()), []),
        (Filters(authors=("Nobody",)), []),
    ],
)
def test_filters_hold_for_what_is_searched(filters: Filters, expected: list[str]) -> None:
    assert found(segment(*ROWS), "gold", None, filters) == expected


def test_what_was_forgotten_is_neither_the_newest_nor_of_its_time() -> None:
    built = segment(*ROWS)
    built.remove("late")
    assert built.newest(None, (), EVERYTHING) == JUNE
    assert built.within(0.0, math.inf, scope=None, kinds=(), filters=EVERYTHING, limit=10) == ["june", "may"]
    assert built.within(0.0, math.inf, scope=None, kinds=(), filters=EVERYTHING, limit=1) == []
    assert Segment().newest(None, (), EVERYTHING) is None


def asked(text: str, newest: datetime | None, asked_at: datetime | None = None) -> tuple[float, float] | None:
    latest = None if newest is None else newest.timestamp()
    moment = None if asked_at is None else asked_at.timestamp()
    return seconds(named_time(text, clock=NOW, asked_at=moment, newest=lambda: latest))


def test_a_question_is_counted_from_now_while_memories_grow_and_from_the_end_of_an_archive() -> None:
    wednesday = at(2023, 6, 13), at(2023, 6, 14)
    assert asked("what did I sell yesterday?", NOW - timedelta(days=3)) == wednesday
    assert asked("what did I sell yesterday?", None) == wednesday
    old = datetime(2021, 3, 5, 9, tzinfo=UTC)
    assert NOW - old > ARCHIVE
    assert asked("¿qué vendí ayer?", old) == (at(2021, 3, 4), at(2021, 3, 5))
    assert asked("what happened in May 2023?", old) == (at(2023, 5, 1), at(2023, 6, 1))
    assert asked("what did I sell yesterday?", old, NOW) == wednesday


def test_open_sides_are_infinite_and_no_time_is_none() -> None:
    assert asked("before May 2023", NOW) == (-math.inf, at(2023, 5, 1))
    assert asked("who likes gold?", NOW) is None


def test_the_latest_memory_is_looked_up_only_for_a_question_with_a_time() -> None:
    def never() -> float | None:
        raise AssertionError("nobody asked for a time")

    assert named_time("who likes gold?", clock=NOW, asked_at=None, newest=never) is None


def test_a_span_that_holds_nothing_is_refused() -> None:
    with pytest.raises(BadMemory, match="nothing happened from"):
        narrowed(Question("x", None), MemoryFilters(since=NOW, until=NOW), None)
    plain = narrowed(Question("x", None), MemoryFilters(), None)
    assert plain.filters is EVERYTHING


def test_the_shipped_judge_gives_probabilities_and_knows_an_empty_answer() -> None:
    assert probability_of([], 5) == probability_of([], LEAST) == 0.0
    rng = np.random.default_rng(1)
    weak, strong = np.zeros(len(NAMES)), np.abs(rng.standard_normal(len(NAMES)))
    for name in ("words_around", "words_near", "coverage", "rarest", "session_words"):
        strong[NAMES.index(name)] = 1.0
    strong[NAMES.index("cosine")], strong[NAMES.index("session_cosine")] = 3.0, 3.0
    low, high = (probability_of([row], LEAST) for row in (weak, strong))
    assert low is not None and high is not None and 0.0 < low < high < 1.0
    assert probability_of([strong], LEAST - 1) is None
    assert np.isfinite(JUDGE.weights).all() and (JUDGE.scale > 0).all()
