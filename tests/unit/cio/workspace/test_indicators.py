"""Seven indicators: each rests on its mechanism (switched off, the number falls) and says nothing where there is no cause."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, fields

import pytest
from tests.every import every
from tests.unit.cio.workspace.workspace_world import MODULES, RIGHT, Run, World, ablated, run

from qbtc.cio.domain.workspace import Indicators, Mechanism, Outcome, Rules, Weights, begin, cycle, indicators
from qbtc.cio.domain.workspace.texts import NOTICE, TEXTS

PAIRS: list[tuple[str, Mechanism, float]] = [
    ("gwt2", "bottleneck", 0.5),
    ("gwt3", "broadcast", 0.5),
    ("gwt4", "state", 0.3),
    ("hot2", "monitoring", 0.4),
    ("ast1", "schema", 0.3),
    ("ae1", "learning", 0.1),
    ("pp1", "prediction", 0.5),
]


def value(read: Indicators, name: str) -> float:
    found = getattr(read, name).value
    assert found is not None
    return float(found)


@every("name, mechanism, fall", PAIRS)
@every("seed", [1, 2])
def test_switching_a_mechanism_off_lowers_its_indicator(
    name: str, mechanism: Mechanism, fall: float, seed: int
) -> None:
    whole, without = value(run(seed).read(), name), value(ablated(mechanism, seed).read(), name)
    assert whole - without > fall


def test_selection_by_salience_with_two_of_ten_places_excludes_four_fifths() -> None:
    assert run().read().gwt2.value == pytest.approx(0.8)


def test_modules_that_hear_nothing_show_as_no_broadcast() -> None:
    world, state, told = World(1), begin(MODULES), []
    for number in range(1, 20):
        state, heard = cycle(state, world.offers(number), number * 10**9)
        told.append(heard)
    assert indicators(told).gwt3.value == 0.0


def test_attention_without_context_goals_or_return_is_no_different_from_that_of_the_blank_workspace() -> None:
    weights = Weights(relevance=0.0, goals=0.0, returning=0.0)
    assert value(run(rules=Rules(places=2, weights=weights)).read(), "gwt4") == 0.0


def test_confidence_says_nothing_about_sources_that_are_equally_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in MODULES:
        monkeypatch.setitem(RIGHT, module, 0.5)
    assert abs(value(run().read(), "hot2")) < 0.15


def test_the_schema_foretells_nothing_where_attention_has_no_habit() -> None:
    weights = Weights(surprise=0, importance=1, recency=0, relevance=0, goals=0, returning=0, crowding=0)
    chance = run(rules=Rules(places=2, weights=weights, without=frozenset({"monitoring"})))
    assert abs(value(chance.read(), "ast1")) < 0.15


def test_the_schema_steers_a_module_that_holds_much_of_the_attention_gets_less_of_it() -> None:
    def most(crowding: float) -> int:
        done = run(rules=Rules(places=2, weights=Weights(returning=0.0, crowding=crowding)))
        return max(Counter(one.candidate.source for told in done.told for one in told.winners).values())

    assert most(4.0) < most(0.0)


def test_agency_follows_goals_that_change() -> None:
    done = run(cycles=200)
    early, late = (_kinds(done, part) for part in (slice(50, 99), slice(150, 200)))
    assert early["risk"] > early["idea"]
    assert late["idea"] > late["risk"]


def _kinds(done: Run, part: slice) -> Counter[str]:
    return Counter(one.candidate.kind for told in done.told[part] for one in told.winners)


@every("drift, low, high", [(0.0, -0.1, 0.1), (0.9, 0.6, 0.9)])
def test_what_cannot_be_predicted_is_not_and_what_drifts_is(drift: float, low: float, high: float) -> None:
    assert low < value(run(drift=drift).read(), "pp1") < high


def test_without_observations_there_is_no_number_instead_of_a_zero() -> None:
    assert all(reading == {"value": None, "samples": 0} for reading in asdict(indicators([])).values())


def test_confidence_is_not_judged_when_everything_proved_right() -> None:
    done = run(cycles=5)
    right = [Outcome(one.name, one.source, one.kind, True) for one in done.outcomes]
    read = indicators(done.told, right)
    assert read.hot2.value is None
    assert read.hot2.samples == len(right)


def test_every_indicator_has_words_in_both_languages_and_a_notice_that_it_proves_no_experience() -> None:
    names = {field.name for field in fields(Indicators)}
    assert all(texts.keys() == names for texts in TEXTS.values())
    assert all(all(asdict(text).values()) for texts in TEXTS.values() for text in texts.values())
    assert "never added up" in NOTICE["en"]
    assert "nunca se suman" in NOTICE["es"]
