"""Ablations on recorded cycles: with all mechanisms a replay is what was lived, without one its number falls."""

from __future__ import annotations

from tests.every import every
from tests.unit.cio.workspace.workspace_world import MODULES, SAFETY_FIRST, TWO_PLACES, World

from qbtc.cio.domain.workspace import Lived, Outcome, ablations, begin, cycle, learn
from qbtc.cio.domain.workspace.replay import SWITCH, replayed


def lived(cycles: int = 120) -> list[Lived]:
    """Recorded as the service does: what a cycle taught is learned just before the next one."""
    world, state = World(1), begin(MODULES, SAFETY_FIRST, TWO_PLACES)
    became: tuple[Outcome, ...] = ()
    found: list[Lived] = []
    for number in range(1, cycles + 1):
        state, told = cycle(learn(state, became), world.offers(number), number * 1_000_000_000)
        found.append(Lived(told, (), became))
        world.hear(told)
        became = tuple(world.outcome(one.candidate) for one in (*told.winners, *told.passed_over))
    return found


LIVED = lived()
FOUND = ablations(LIVED, MODULES, TWO_PLACES)


def test_replayed_from_its_beginning_the_broadcasts_are_the_same() -> None:
    assert replayed(LIVED, MODULES, TWO_PLACES) == [one.told for one in LIVED]


def test_replayed_from_the_middle_the_numbers_stay_those_of_the_record() -> None:
    told = replayed(LIVED[40:], MODULES, TWO_PLACES)
    assert [one.number for one in told] == [one.told.number for one in LIVED[40:]]


@every("indicator", SWITCH)
def test_each_number_falls_when_its_mechanism_is_switched_off(indicator: str) -> None:
    one = FOUND[indicator]
    assert one.recorded == one.on
    assert one.on.value is not None and one.off.value is not None
    assert one.off.value < one.on.value - 0.1


def test_without_a_record_there_is_no_number() -> None:
    assert all(one.recorded.value is None and one.recorded.samples == 0 for one in ablations([], MODULES, TWO_PLACES).values())
