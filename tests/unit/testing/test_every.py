"""Many cases in one test: each failure names its case."""

from __future__ import annotations

import inspect

import pytest
from tests.every import Nothing, every


def test_each_case_runs_beside_what_fixtures_give() -> None:
    seen: list[tuple[int, str, str]] = []

    @every("a, b", [(1, "x"), (2, "y")])
    def test(a: int, b: str, given: str) -> None:
        seen.append((a, b, given))

    assert list(inspect.signature(test).parameters) == ["given"]
    test(given="made")
    assert seen == [(1, "x", "made"), (2, "y", "made")]


def test_stacked_cases_are_multiplied() -> None:
    seen: list[tuple[int, int]] = []

    @every("a", [1, 2])
    @every("b", [3, 4])
    def test(a: int, b: int) -> None:
        seen.append((a, b))

    test()
    assert seen == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_one_failure_is_raised_as_it_is_and_names_its_case() -> None:
    @every("n", range(5))
    def test(n: int) -> None:
        assert n != 3, "three"

    with pytest.raises(AssertionError, match="three") as found:
        test()
    assert found.value.__notes__ == ["case: n=3"]


def test_no_failure_hides_another() -> None:
    @every("n", range(5))
    def test(n: int) -> None:
        if n in (1, 4):
            raise KeyError(n)

    with pytest.raises(BaseExceptionGroup, match="2 of 5 cases failed") as found:
        test()
    assert [error.__notes__ for error in found.value.exceptions] == [["case: n=1"], ["case: n=4"]]


def test_a_case_that_skips_fails_because_it_would_hide_the_rest() -> None:
    @every("n", [1])
    def test(n: int) -> None:
        pytest.skip("not here")

    with pytest.raises(BaseExceptionGroup) as found:
        test()
    assert isinstance(found.value.exceptions[0], pytest.skip.Exception)


def test_no_cases_are_refused() -> None:
    with pytest.raises(Nothing, match="no case of 'n'; give at least one"):
        every("n", [])
