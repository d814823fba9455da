"""Many cases in one test: `@every("name", values)` is `pytest.mark.parametrize` for cases too many and too short to be tests.

A test of pytest costs milliseconds of its own, twice that with two workers, who both collect it. Here the cases of one
test run one after another; every failure is reported with its case, and none hides another. Fixtures and `parametrize`
work beside it; function-scoped fixtures are made once for all cases. Not for coroutines, hypothesis or cases that skip.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

SHOWN = 20
Test = Callable[..., None]


class Nothing(ValueError):
    """`every` was given no case: a test that cannot fail."""


def every(names: str, values: Iterable[Any]) -> Callable[[Test], Test]:
    """Run the test for each of `values`; of several `names` (`"a, b"`) each value is a tuple. Raises `Nothing`."""
    wanted = tuple(name.strip() for name in names.split(","))
    cases = [dict(zip(wanted, value if len(wanted) > 1 else (value,), strict=True)) for value in values]
    if not cases:
        raise Nothing(f"no case of {names!r}; give at least one")

    def of(test: Test) -> Test:
        @functools.wraps(test)
        def each(**given: Any) -> None:
            failed = [error for case in cases if (error := _failure(test, given, case)) is not None]
            _report(failed, len(cases))

        signature = inspect.signature(test)
        rest = [one for name, one in signature.parameters.items() if name not in wanted]
        each.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return each

    return of


def _failure(test: Test, given: dict[str, Any], case: dict[str, Any]) -> BaseException | None:
    """What this case raised, naming it. A skip is a failure: it would hide the cases after it."""
    try:
        test(**given, **case)
    except (Exception, pytest.skip.Exception, pytest.fail.Exception) as error:
        error.add_note(f"case: {', '.join(f'{name}={value!r}' for name, value in case.items())}")
        return error
    return None


def _report(failed: list[BaseException], of: int) -> None:
    if len(failed) == 1 and not isinstance(failed[0], pytest.skip.Exception):
        raise failed[0]
    if failed:
        raise BaseExceptionGroup(f"{len(failed)} of {of} cases failed; the first {SHOWN} at most", failed[:SHOWN])
