"""The whole question: what may be asked, what is read from it, and an answer that says "no gain" where there is none."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from qbtc.contracts import MarketMode
from qbtc.qcs import inference
from qbtc.qcs.domain.inference.answer import question
from qbtc.qcs.domain.inference.compare import base_rate
from qbtc.qcs.domain.inference.rows import edges_of, moves_ahead, of_bars, of_features
from qbtc.qcs.domain.inference.series import BadSeries
from qbtc.qcs.errors import JobRefused
from qbtc.qcs.inference import Infer, RowsOf, unbroken
from qbtc.qcs.ports import KeptState

RNG = np.random.default_rng(5)
NOISE = RNG.normal(size=(240, 2)).round(4)
SMALL = {"train": 150, "test": 45, "window": 20, "lag": 5}


def prices(count: int) -> list[list[float]]:
    close = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 1e-3, count)))
    return np.column_stack([close, close * 1.001, close * 0.999, close, np.full(count, 5.0)]).tolist()


@pytest.fixture(scope="module")
def noise():
    told: list[tuple[float, str]] = []
    asked = Infer.model_validate({"features": NOISE.tolist(), "target": "0", **SMALL})
    return inference.compute(asked, lambda share, step: told.append((share, step))), told


def test_on_noise_nothing_quantum_gains_and_the_answer_says_no_gain(noise):
    found, _ = noise
    assert found["words"].startswith("no gain")
    assert "gain" not in {row["against_base"]["verdict"] for row in found["models"] if row["model"].startswith("quantum")}
    assert {row["model"] for row in found["models"]} == {"base rate", "quantum filter", "quantum direct", "gaussian hmm", "kalman", "last outcome"}
    assert (found["rows"], found["held_out"], found["folds"], found["horizon"]) == (240, 89, 2, 1)
    assert "faster or better" in found["note"]


def test_progress_rises_to_the_end_and_names_each_model(noise):
    _, told = noise
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {"gaussian hmm", "kalman", "quantum filter", "change"} <= {step for _, step in told}


def test_the_next_outcome_has_probabilities_of_every_class_beside_the_base_rate(noise):
    found, _ = noise
    assert set(found["forecast"]) == {"quantum filter", "quantum direct", "base rate"}
    for p in found["forecast"].values():
        assert len(p) == 3
        assert sum(p) == pytest.approx(1)


def test_a_signal_in_the_rows_is_found_and_forecast():
    turn = 2 * np.pi * (np.arange(243) + 0.5) / 12
    rows = (np.column_stack([np.sin(turn), np.cos(turn)]) + 0.1 * RNG.normal(size=(243, 2))).tolist()
    asked = Infer.model_validate({"features": rows, "target": "0", "edges": [0.0], **SMALL})
    found = inference.compute(asked)
    judged = {row["model"]: row["against_base"]["verdict"] for row in found["models"]}
    assert judged["quantum direct"] == "gain"
    assert found["forecast"]["quantum direct"][1] > 0.6, "row 243 is near the top of the wave"


def test_values_that_are_all_known_leave_nothing_to_forecast():
    values = NOISE[:, 1].tolist()
    found = inference.compute(Infer.model_validate({"features": NOISE.tolist(), "values": values, **SMALL}))
    assert found["forecast"] is None
    assert found["held_out"] == 90


def test_a_break_of_the_newest_rows_has_a_small_p():
    rows = RNG.normal(size=(300, 3))
    rows[294:] = 4 * rows[294:, :1]
    change = inference.compute(Infer.model_validate({"features": rows.tolist(), "target": "0", **SMALL}))["change"]
    assert change["p"] <= 2 / (change["null"] + 1)
    assert max(change["series"]["p"][-3:]) <= 0.05
    assert change["alarms"]
    assert len(change["series"]["p"]) == change["judged"] == 300 - change["first"]


def test_too_few_rows_for_a_null_are_said_and_the_rest_is_answered():
    asked = {"features": NOISE.tolist(), "target": "0"} | SMALL | {"window": 100}
    found = inference.compute(Infer.model_validate(asked))
    assert found["change"] == {"why": "240 rows; a null of this window needs more than 315"}


def test_rows_and_classes_are_made_from_the_training_rows_alone():
    features, later = RNG.normal(size=(200, 3)), np.arange(200) >= 120
    changed = np.where(later[:, None], 50 + features, features)
    np.testing.assert_array_equal(of_features(features, 120)[:120], of_features(changed, 120)[:120])
    np.testing.assert_array_equal(edges_of(features[:, 0], 120, 4), edges_of(changed[:, 0], 120, 4))


def test_what_is_absent_counts_as_nothing():
    features = RNG.normal(size=(200, 3))
    features[150, 1] = np.nan
    found = of_features(features, 120)
    assert found[150, 1] == 0
    assert found[151, 1].imag == 0, "its velocity is not known either"


def test_features_of_a_bar_do_not_see_later_bars():
    bars = np.array(prices(200))
    np.testing.assert_allclose(of_bars(bars)[:150], of_bars(bars[:150]), atol=1e-12)
    assert of_bars(bars).shape == (200, 26)


def test_the_target_of_bars_is_the_move_of_the_next_ones():
    closes = np.array([1.0, 2.0, 4.0, 2.0])
    np.testing.assert_allclose(moves_ahead(closes, 1, size=False), np.log([2, 2, 0.5]))
    np.testing.assert_allclose(moves_ahead(closes, 2, size=True), np.log(np.log([4, 1]) + 1e-6))
    asked = question(Infer.model_validate({"bars": prices(260)}).filled(260))
    assert (asked.edges.tolist(), len(asked.values), asked.states.shape) == ([0.0], 259, (260, 26))


def test_the_forecast_of_the_newest_row_uses_only_outcomes_that_are_known(monkeypatch):
    seen = []

    def spy(data, train):
        seen.append(data.outcomes[: train - data.horizon + 1].copy())
        return base_rate(data, train)

    monkeypatch.setattr("qbtc.qcs.domain.inference.answer.base_rate", spy)
    asked = Infer.model_validate({"features": NOISE.tolist(), "target": "0", "horizon": 5, **SMALL})
    inference.compute(asked)
    outcomes = np.digitize(NOISE[5:, 0], edges_of(NOISE[5:, 0], 150, 3), right=True)
    np.testing.assert_array_equal(seen[-1], outcomes[-len(seen[-1]) :])


ROWS = NOISE.tolist()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({}, "exactly one of features, bars and symbol; none given"),
        ({"features": ROWS, "symbol": "BTCUSDT", "target": "0"}, "features and symbol given"),
        ({"features": ROWS}, "a target column or values"),
        ({"features": ROWS, "target": "2"}, "a column from 0 to 1"),
        ({"features": ROWS, "target": "B"}, "a column from 0 to 1"),
        ({"features": [[1.0] * 27] * 240, "target": "0"}, "one width from 2 to 26"),
        ({"features": [*ROWS, [1.0]], "target": "0"}, r"rows have \[1, 2\] numbers"),
        ({"features": ROWS, "values": [1.0]}, "as many as rows, or 1 fewer"),
        ({"features": ROWS[:100], "target": "0"}, "99 rows with a known outcome"),
        ({"features": ROWS, "target": "0", "horizon": 30}, "at least 300 to train on"),
        ({"bars": prices(240), "target": "A"}, "allowed: return or size"),
        ({"symbol": "BTCUSDT", "target": "AA"}, "a letter A to Z"),
        ({"bars": prices(5000), "train": 100, "test": 20}, "raise test"),
        ({"bars": [[1, 1, 1, 0, 1]] * 240}, "greater than 0"),
        ({"features": ROWS, "target": "0", "edges": [1.0, 0.0]}, "edges must rise"),
        ({"features": [[0.0, 1.0]] * 5001, "target": "0"}, "at most 5000"),
    ],
)
def test_what_is_over_a_limit_or_unclear_is_refused_in_words(asked, says):
    with pytest.raises(ValidationError, match=says):
        Infer.model_validate(asked)


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ([[1.0, i % 2] for i in range(240)], "too few different values"),
        ([[float(i), float(i * i % 7)] for i in range(239)] + [[None, 900.0]], "absent at row"),
        ([[0.0, None]] * 240, "say nothing"),
    ],
)
def test_rows_that_cannot_be_fitted_are_refused_in_words(features, says):
    with pytest.raises(BadSeries, match=says):
        inference.compute(Infer.model_validate({"features": features, "target": "0", **SMALL}))


class Stored:
    def __init__(self, kept):
        self.kept = kept

    async def of_symbol(self, symbol, limit):
        return self.kept[:limit]


def kept(states, bars, session="s") -> list[KeptState]:
    """Newest first."""
    found = [KeptState(session, bar, bar * 10**9, MarketMode.REPLAY, 0, state) for bar, state in zip(bars, states, strict=True)]
    return found[::-1]


@pytest.fixture(scope="module")
def states():
    from tests.unit.qcs.test_folding import run, walk

    from qbtc.qcs.domain.events import symbol_state
    from qbtc.qcs.domain.folding import SessionFold

    return [symbol_state("s", folded, 0) for folded in run(SessionFold(), walk(240))]


async def test_the_rows_of_a_symbol_are_its_newest_states_in_amplitudes(states):
    bring = RowsOf(Stored(kept(states, range(240))))
    asked = Infer.model_validate({"symbol": "BTCUSDT", "target": "B", **SMALL}).model_dump(mode="json")
    found = await bring(asked)
    read = question(found)
    assert read.states.shape == (240, 26)
    assert read.states[7, 1] == pytest.approx(complex(states[7].real[1], states[7].imaginary[1]) * states[7].intensity)
    assert read.values[0] == pytest.approx(read.states[1, 1].real)
    assert found["states"]["state_id"] == states[-1].state_id


def test_a_gap_a_new_session_or_a_state_without_information_ends_the_run(states):
    bars = list(range(240))
    assert len(unbroken(kept(states, bars))) == 240
    gap = kept(states, [*range(100), *range(101, 241)])
    assert next(row.bar for row in unbroken(gap)) == 101
    older = [replace(row, session="old") for row in kept(states, bars)[100:]]
    assert len(unbroken(kept(states, bars)[:100] + older)) == 100
    blank = kept([s.model_copy(update={"informative": i != 50}) for i, s in enumerate(states)], bars)
    assert next(row.bar for row in unbroken(blank)) == 51


async def test_too_few_states_in_a_row_are_refused_with_their_number(states):
    bring = RowsOf(Stored(kept(states[:90], range(90))))
    with pytest.raises(JobRefused, match="90 states of BTCUSDT stand in a row: 89 rows with a known outcome"):
        await bring(Infer.model_validate({"symbol": "BTCUSDT"}).model_dump(mode="json"))
