"""A small world with a seed: five modules that hear broadcasts, drifting topics, sources of unequal worth, two goals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qbtc.cio.domain.workspace import (
    Broadcast,
    Candidate,
    Goal,
    Indicators,
    Mechanism,
    Outcome,
    Rules,
    WorkspaceState,
    begin,
    cycle,
    indicators,
    learn,
)

SECOND = 1_000_000_000
RIGHT = {"ce3": 0.2, "cio": 0.5, "hft": 0.95, "qcs": 0.8, "web": 0.4}
MODULES = tuple(RIGHT)
SERVES = {"risk": {"safety": 0.9, "growth": 0.1}, "idea": {"safety": 0.1, "growth": 0.9}}
TWO_PLACES = Rules(places=2)
SAFETY_FIRST, GROWTH_FIRST = ((Goal("safety", a), Goal("growth", 1 - a)) for a in (0.9, 0.1))


@dataclass(frozen=True)
class Run:
    state: WorkspaceState
    told: Sequence[Broadcast]
    outcomes: Sequence[Outcome]

    def read(self) -> Indicators:
        return indicators(self.told, self.outcomes)


class World:
    """Offers two candidates a module and cycle; `drift` is the AR(1) coefficient of what topics look like."""

    def __init__(self, seed: int, drift: float = 0.9) -> None:
        self.draw, self.drift = random.Random(seed), drift
        self.heard = dict.fromkeys(MODULES, 0)
        self.looks = {f"{m}/{k}": [0.0] * 4 for m in MODULES for k in SERVES}

    def offers(self, number: int) -> list[Candidate]:
        return [self.offer(number, module, kind) for module in MODULES for kind in SERVES]

    def offer(self, number: int, module: str, kind: str) -> Candidate:
        topic = f"{module}/{kind}"
        self.looks[topic] = [self.drift * x + self.draw.gauss(0, 1) for x in self.looks[topic]]
        return Candidate(
            f"{number:05d}/{topic}",
            module,
            kind,
            topic,
            number * SECOND,
            self.draw.random(),
            tuple(self.looks[topic]),
            self.heard[module],
        )

    def outcome(self, one: Candidate) -> Outcome:
        rewards = {goal: min(1.0, max(0.0, self.draw.gauss(mean, 0.1))) for goal, mean in SERVES[one.kind].items()}
        return Outcome(one.name, one.source, one.kind, self.draw.random() < RIGHT[one.source], rewards)

    def hear(self, told: Broadcast) -> None:
        for module in told.recipients:
            self.heard[module] = told.number


def run(seed: int = 1, cycles: int = 150, drift: float = 0.9, *, rules: Rules = TWO_PLACES) -> Run:
    world, state = World(seed, drift), begin(MODULES, SAFETY_FIRST, rules)
    told: list[Broadcast] = []
    outcomes: list[Outcome] = []
    for number in range(1, cycles + 1):
        if number == cycles // 2:
            state = replace(state, goals=GROWTH_FIRST)
        state, heard = cycle(state, world.offers(number), number * SECOND)
        world.hear(heard)
        became = [world.outcome(one.candidate) for one in (*heard.winners, *heard.passed_over)]
        state = learn(state, became)
        told.append(heard)
        outcomes += became
    return Run(state, told, outcomes)


def ablated(mechanism: Mechanism, seed: int = 1) -> Run:
    return run(seed, rules=Rules(places=2, without=frozenset({mechanism})))
