"""A job in parts: one result in the order asked for, one progress, and one end for all of them."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from pydantic import JsonValue

from qbtc.qcs.domain.results import MOST_RESULT
from qbtc.qcs.errors import JobRefused, JobTooLarge
from qbtc.qcs.jobs import Request
from qbtc.qcs.jobs.parts import computed
from qbtc.qcs.jobs.ports import Parameters, Told
from qbtc.testing.waiting import eventually


class Squares(Request):
    kind: ClassVar[str] = "squares"
    work: ClassVar[str] = "somewhere:squares"
    numbers: list[int]

    def parts(self, most: int) -> list[Parameters]:
        return [{"numbers": [*self.numbers[first::most]]} for first in range(most)]

    @staticmethod
    def whole(found: list[JsonValue]) -> JsonValue:
        return found


async def run_in(rooms: Rooms, request: Squares, told: Told, *, most: int) -> JsonValue:
    return await computed(rooms, request, request.parts(most), told)


class Rooms:
    """A runner that computes here, and remembers which parts began, ended and were cancelled."""

    def __init__(self, *, fails: int | None = None, result: JsonValue = None) -> None:
        self.began: list[int] = []
        self.cancelled: list[int] = []
        self._fails, self._result = fails, result

    async def run(self, work: str, parameters: Parameters, told: Told) -> JsonValue:
        assert work == "somewhere:squares"
        numbers = parameters["numbers"]
        assert isinstance(numbers, list)
        first = int(str(numbers[0]))
        self.began.append(first)
        await told(0.5, f"at {first}")
        if first == self._fails:
            raise JobRefused("not this one")
        try:
            if self._fails is not None:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.append(first)
            raise
        return self._result or [int(str(n)) ** 2 for n in numbers]

    async def close(self) -> None:
        return


async def test_parts_run_side_by_side_and_their_progress_is_one() -> None:
    seen: list[float] = []

    async def told(share: float, _step: str) -> None:
        seen.append(share)

    found = await run_in(Rooms(), Squares(numbers=[1, 2, 3, 4]), told, most=2)
    assert found == [[1, 9], [4, 16]]
    assert seen == [0.25, 0.75]


async def test_the_first_error_ends_the_other_parts_and_is_the_jobs() -> None:
    rooms = Rooms(fails=2)
    with pytest.raises(JobRefused, match="not this one"):
        await run_in(rooms, Squares(numbers=[1, 2, 3]), _nothing, most=3)
    assert sorted(rooms.began) == [1, 2, 3]
    assert sorted(rooms.cancelled) == [1, 3]


async def test_a_job_whose_parts_together_are_too_large_is_refused() -> None:
    half = "x" * (MOST_RESULT // 2)
    with pytest.raises(JobTooLarge, match="characters; allowed"):
        await run_in(Rooms(result=half), Squares(numbers=[1, 2]), _nothing, most=2)


async def test_to_cancel_a_job_is_to_cancel_every_part() -> None:
    rooms = Rooms(fails=0)
    task = asyncio.create_task(run_in(rooms, Squares(numbers=[1, 2, 3]), _nothing, most=3))
    await eventually(lambda: len(rooms.began) == 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(rooms.cancelled) == [1, 2, 3]


async def _nothing(_share: float, _step: str) -> None:
    return


def test_every_kind_divides_into_at_most_as_many_parts_as_there_are_processes() -> None:
    from qbtc.qcs.kinds import REQUESTS

    for request in REQUESTS:
        example = request.model_config["json_schema_extra"]["example"]  # type: ignore[index,call-overload]
        made = request.model_validate(example)
        assert 1 <= len(made.parts(3)) <= 3, request.kind
