"""What can be kept, and whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qbtc.cio.domain.memory import checked_text, content_hash, owner_of, state_of
from qbtc.cio.errors import BadMemory
from qbtc.cio.keeping import draft_of
from qbtc.contracts.memory import StoreMemory

NOW = datetime(2026, 1, 2, tzinfo=UTC)
UNIT = (1.0, *[0.0] * 25)
ZERO = (0.0,) * 26


def test_desk_memories_have_no_owner_and_private_ones_the_person() -> None:
    assert owner_of("desk", "ana") is None
    assert owner_of("market", None) is None
    assert owner_of("journal", "ana") == "ana"


def test_a_private_memory_without_a_person_is_refused() -> None:
    with pytest.raises(ValueError, match="person"):
        owner_of("journal", None)


@pytest.mark.parametrize("text", ["   ", "a\x00b", "\ud800"])
def test_text_that_cannot_be_kept_verbatim_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the text"):
        checked_text(text)


def test_the_same_words_in_another_unicode_form_have_one_hash() -> None:
    assert content_hash("caf\u00e9") == content_hash("cafe\u0301")
    assert content_hash("cafe") != content_hash("café")


def test_a_state_must_have_norm_one_and_a_finite_intensity() -> None:
    assert state_of(UNIT, ZERO, 2.0).vector.shape == (52,)
    for real, intensity in ((ZERO, 1.0), ((0.5, *[0.0] * 25), 1.0), (UNIT, -1.0), (UNIT, float("inf"))):
        with pytest.raises(ValueError, match=r"a state|an intensity"):
            state_of(real, ZERO, intensity)


def test_owner_comes_from_the_person_and_time_from_the_clock_when_not_given() -> None:
    draft = draft_of(StoreMemory(text="hola", scope="journal"), person="ana", now=NOW)
    assert (draft.owner, draft.happened_at, draft.text) == ("ana", NOW, "hola")


def test_a_time_without_offset_is_refused_and_says_what_is_allowed() -> None:
    body = StoreMemory(text="x", happened_at=datetime(2026, 1, 1))
    with pytest.raises(BadMemory) as refusal:
        draft_of(body, person=None, now=NOW)
    assert refusal.value.field == "happened_at"
    assert refusal.value.allowed == "2026-01-31T12:00:00Z"
