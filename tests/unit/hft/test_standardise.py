"""Robust z-scores and their reference."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.hft.domain.standardise import MINUTE_NS, Reference, robust, score

SECOND = 1_000_000_000


def rows(values: list[float]) -> list[np.ndarray]:
    return [np.full((1, 26), v) for v in values]


def test_median_and_mad_ignore_missing_values() -> None:
    history = np.array([[1.0], [np.nan], [2.0], [9.0], [np.nan]])
    median, scale, count = robust(history)
    assert (median[0], scale[0], count[0]) == (2.0, pytest.approx(1.4826), 3)


def test_an_even_number_of_values_takes_the_mean_of_the_middle_two() -> None:
    assert robust(np.array([[4.0], [1.0], [2.0], [3.0]]))[0][0] == 2.5


def test_scores_are_clipped_to_five_and_masked_where_there_is_no_scale() -> None:
    values = np.array([2.0 + 1.4826, 1e9, -1e9, 5.0, np.nan])
    scale = np.array([1.4826, 1.4826, 1.4826, 0.0, 1.0])
    z, present = score(values, np.full(5, 2.0), scale, np.full(5, 30))
    assert z.tolist() == [pytest.approx(1.0), 5.0, -5.0, 0.0, 0.0]
    assert present.tolist() == [True, True, True, False, False]


def test_under_thirty_bars_everything_is_masked_and_from_thirty_on_scored() -> None:
    reference = Reference(1)
    seen = [
        reference.standardise(v, i * SECOND)[1].any() for i, v in enumerate(rows([float(i % 7) for i in range(31)]))
    ]
    assert not any(seen[:29])
    assert all(seen[29:])


def test_the_reference_is_the_last_120_bars_until_there_are_120_minutes() -> None:
    reference = Reference(1)
    for i, v in enumerate(rows([1000.0 + i % 5 for i in range(200)] + [float(i % 5) for i in range(120)])):
        z, _ = reference.standardise(v, i * SECOND)
    assert abs(z).max() < 3


def test_from_120_minutes_on_the_minutes_are_the_reference() -> None:
    reference = Reference(1)
    for v in rows([float(i % 5) for i in range(119)]):
        reference.add_minute(v)
    reference.standardise(np.full((1, 26), 2.0), 10 * MINUTE_NS)
    for i in range(40):
        z, present = reference.standardise(np.full((1, 26), 3.4826), 10 * MINUTE_NS + (i + 1) * SECOND)
    assert reference.minutes == 120
    assert present.all()
    assert z[0, 0] == pytest.approx(1.0, abs=0.01)  # median 2, MAD 1, by the minutes; by the bars it would be masked


def test_one_value_a_minute_is_kept() -> None:
    reference = Reference(1)
    for i in range(180):
        reference.standardise(np.full((1, 26), float(i)), i * SECOND)
    assert reference.minutes == 3


def test_the_minutes_never_exceed_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qbtc.hft.domain.standardise.MAX_MINUTES", 130)
    reference = Reference(2)
    for i in range(500):
        reference.add_minute(np.full((2, 26), float(i)))
    assert reference.minutes == 130
