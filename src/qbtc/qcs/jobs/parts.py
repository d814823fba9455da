"""One job as parts that run side by side: each in a process or on a machine of its own, with one progress and one end."""

from __future__ import annotations

import asyncio

from pydantic import JsonValue

from qbtc.kit.errors import QbtcError
from qbtc.qcs.domain.results import fault_of
from qbtc.qcs.errors import JobTooLarge

from .ports import Parameters, Runner, Told
from .request import Request


async def computed(runner: Runner, request: Request, parts: list[Parameters], told: Told) -> JsonValue:
    """The result of `request` in these parts. The first error ends all of them and is raised; JobTooLarge where their
    results together are."""
    if len(parts) == 1:
        return request.whole([await runner.run(request.work, parts[0], told)])
    result = request.whole(await _side_by_side(runner, request.work, parts, told))
    fault = fault_of(result)
    if fault is not None:
        raise JobTooLarge(fault)
    return result


async def _side_by_side(runner: Runner, work: str, parts: list[Parameters], told: Told) -> list[JsonValue]:
    shares = [0.0] * len(parts)

    async def one(place: int) -> JsonValue:
        async def mine(share: float, step: str) -> None:
            shares[place] = share
            await told(sum(shares) / len(shares), step)

        found = await runner.run(work, parts[place], mine)
        shares[place] = 1.0
        return found

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(place)) for place in range(len(parts))]
    except* QbtcError as errors:
        raise _first(errors) from None
    return [task.result() for task in tasks]


def _first(errors: BaseExceptionGroup[QbtcError]) -> QbtcError:
    """One of the errors, as the whole job's. Groups do not nest here: the tasks raise plain errors."""
    found = errors.exceptions[0]
    if not isinstance(found, QbtcError):
        raise TypeError(f"a group within a group: {found!r}")
    return found
