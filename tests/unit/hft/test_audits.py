"""Comparisons with the venue come at their pace, and at once when somebody needs one."""

from __future__ import annotations

import asyncio

from qbtc.hft.audits import Audits

SHORT = 0.05


async def ends(audits: Audits, seconds: float) -> bool:
    try:
        async with asyncio.timeout(SHORT):
            await audits.pause(seconds)
    except TimeoutError:
        return False
    return True


async def test_one_that_is_asked_for_comes_at_once() -> None:
    audits = Audits()
    audits.end(audits.begin())
    assert not await ends(audits, 60)
    audits.ask()
    assert await ends(audits, 60)


async def test_one_that_had_begun_before_does_not_answer() -> None:
    audits = Audits()
    running = audits.begin()
    number = audits.ask()
    audits.end(running)
    assert audits.done < number
    assert await ends(audits, 60)
    audits.end(audits.begin())
    assert audits.done >= number


async def test_while_it_has_not_succeeded_the_next_comes_soon() -> None:
    audits = Audits()
    audits.ask()
    audits.begin()
    began = asyncio.get_running_loop().time()
    await audits.pause(60)
    assert asyncio.get_running_loop().time() - began < 5
