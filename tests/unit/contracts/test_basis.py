"""The frozen basis: a change of any name, unit or definition is a new version, never an edit."""

from __future__ import annotations

import string
from dataclasses import FrozenInstanceError

import pytest

from qbtc.contracts import DIMENSIONS, LETTERS, SCHEMA_HASH, basis26

FROZEN = "d9e6b5637d02b3dd"


def test_the_basis_has_26_dimensions_lettered_a_to_z() -> None:
    assert len(DIMENSIONS) == basis26.SIZE == 26
    assert string.ascii_uppercase == LETTERS
    assert [basis26.INDEX[letter] for letter in LETTERS] == list(range(26))


def test_every_name_begins_with_its_letter_and_is_used_once() -> None:
    assert [d.name[0] for d in DIMENSIONS] == [d.letter if d.letter != "X" else "C" for d in DIMENSIONS]
    assert len(set(basis26.NAMES)) == 26


def test_every_dimension_says_what_it_measures_in_both_worlds_and_in_which_unit() -> None:
    for dimension in DIMENSIONS:
        assert all((dimension.market, dimension.market_unit, dimension.text, dimension.text_unit)), dimension.letter


def test_the_schema_hash_is_the_one_that_stored_states_carry() -> None:
    assert SCHEMA_HASH == basis26.schema_hash() == FROZEN


def test_a_dimension_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(FrozenInstanceError):
        DIMENSIONS[0].name = "Other"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["VERSION", "BAR_SECONDS", "WINDOW_BARS", "LAG_BARS", "HALF_LIFE_BARS", "EPSILON", "CLIP"])
def test_the_hash_depends_on_every_constant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis26, name, getattr(basis26, name) + 1)
    assert basis26.schema_hash() != FROZEN
