"""The self-model: what it states, how it forgets, and what its statements are worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.cio.domain.selfmodel import SECOND, Belief, Outcome, OutcomeRefused, Rule, SelfModel, diff_told, worth
from qbtc.cio.domain.versions import begun

DAY = 86_400 * SECOND
NOW = 20_000 * DAY


def outcomes(*rows: tuple[str, str, bool, int]) -> list[Outcome]:
    return [Outcome(capability, context, won, NOW + at) for capability, context, won, at in rows]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["search", "trade"]), st.sampled_from(["calm", "wild"]), st.booleans(), st.integers(0, 90 * DAY)
    ),
    max_size=25,
)


def test_fresh_outcomes_give_the_estimate_worked_out_by_hand() -> None:
    model = SelfModel(Rule(pull=4.0)).learned(outcomes(*[("t", "a", True, 0)] * 3, ("t", "b", False, 0)))
    whole, here = model.can("t", None, NOW), model.can("t", "a", NOW)
    assert whole.probability == pytest.approx(4 / 6)
    assert here.probability == pytest.approx((3 + 4 * 4 / 6) / 7)
    assert (whole.evidence, here.evidence) == (4, 3)
    assert here.low < here.probability < here.high


def test_one_half_life_later_an_outcome_weighs_half() -> None:
    rule = Rule(half_life=86_400.0)
    model = SelfModel(rule).learned(outcomes(("t", "a", True, 0)))
    assert model.can("t", None, NOW + DAY).probability == pytest.approx(1.5 / 2.5)
    assert model.can("t", "a", NOW + DAY).evidence == pytest.approx(0.5)


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_outcomes_arrive_does_not_matter(
    events: list[tuple[str, str, bool, int]], shuffle: object
) -> None:
    ordered, mixed = outcomes(*events), outcomes(*events)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = SelfModel().learned(ordered), SelfModel().learned(mixed)
    for capability in ("search", "trade"):
        for context in (None, "calm", "wild"):
            a, b = (model.can(capability, context, NOW + 100 * DAY) for model in (one, other))
            assert a.probability == pytest.approx(b.probability, abs=1e-9)
            assert a.evidence == pytest.approx(b.evidence, abs=1e-9)


@given(EVENTS, st.booleans())
def test_a_success_never_lowers_and_a_failure_never_raises(events: list[tuple[str, str, bool, int]], won: bool) -> None:
    model, at = SelfModel().learned(outcomes(*events)), NOW + 100 * DAY
    before = model.can("search", "calm", at).probability
    after = model.learned([Outcome("search", "calm", won, at)]).can("search", "calm", at).probability
    assert after >= before - 1e-12 if won else after <= before + 1e-12


@given(EVENTS)
def test_probabilities_return_to_one_half_as_evidence_ages(events: list[tuple[str, str, bool, int]]) -> None:
    estimate = SelfModel().learned(outcomes(*events)).can("trade", "wild", NOW + 3_000 * DAY)
    assert estimate.probability == pytest.approx(0.5, abs=1e-6)
    assert estimate.high - estimate.low > 0.5


def test_an_unknown_context_takes_the_probability_of_the_capability() -> None:
    model = SelfModel().learned(outcomes(*[("t", "a", True, 0)] * 18))
    assert model.can("t", "never", NOW).probability == model.can("t", None, NOW).probability == pytest.approx(0.95)
    assert model.can("t", "never", NOW).evidence == 0
    assert model.can("other", "a", NOW).probability == 0.5


def test_one_capability_says_nothing_of_another_whose_name_begins_alike() -> None:
    model = SelfModel().learned(outcomes(*[("search", "a", True, 0)] * 9))
    assert model.can("search2", None, NOW).probability == 0.5
    assert model.can("sear", None, NOW).probability == 0.5


def test_on_worlds_that_hold_still_its_statements_are_calibrated_and_better_than_the_rate() -> None:
    rng = np.random.default_rng(7)
    rates = {"a": 0.9, "b": 0.6, "c": 0.15}
    drawn = [str(rng.choice(list(rates))) for _ in range(1500)]
    found = worth([Outcome("tool", c, bool(rng.random() < rates[c]), NOW + i * SECOND) for i, c in enumerate(drawn)])
    assert found.brier.high < found.ignorant
    assert found.ece.value < 0.05
    assert found.area.low > 0.7


def test_after_a_change_of_the_world_forgetting_beats_remembering_all() -> None:
    rng = np.random.default_rng(3)
    came = [bool(rng.random() < (0.95 if i < 400 else 0.1)) for i in range(800)]
    stream = [Outcome("tool", "x", won, NOW + i * DAY) for i, won in enumerate(came)]
    short, long = worth(stream, Rule(half_life=20 * 86_400.0)), worth(stream, Rule(half_life=1e12))
    assert short.brier.high < long.brier.low


def test_every_change_of_what_it_believes_can_be_read_and_undone() -> None:
    first = SelfModel().learned(outcomes(("trade", "calm", True, 0)))
    history = begun(first.beliefs, at=NOW, reason="start")
    then = first.learned(outcomes(("trade", "calm", False, 0)))
    history = history.commit(then.beliefs, at=NOW, reason="order 7 lost")
    assert diff_told(history.diff(0, 1)) == "trade @ calm  1.000 of 1.0 -> 0.500 of 2.0"
    back = SelfModel(then.rule, history.undo(at=NOW).current.values)
    assert back.can("trade", "calm", NOW) == first.can("trade", "calm", NOW)
    assert back.beliefs["trade @ calm"] == Belief(1.0, 0.0, NOW)


def test_a_bad_outcome_or_rule_is_refused_with_what_is_allowed() -> None:
    for name in ("", "  ", "a @ b", "line\nbreak", "x" * 121):
        with pytest.raises(OutcomeRefused, match="1 to 120 printable characters"):
            Outcome(name, "c", True, NOW)
    with pytest.raises(OutcomeRefused, match="since 1970"):
        Outcome("t", "c", True, -1)
    for half_life in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(OutcomeRefused, match="above 0 and finite"):
            Rule(half_life=half_life)
