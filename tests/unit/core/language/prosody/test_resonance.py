"""Resonance of two texts: its bounds, its symmetry, and what its null says of texts alike and unlike."""

from __future__ import annotations

import numpy as np
import pytest

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.resonance import FEATURES, profile, resonance

ELEGY = """The curfew tolls the knell of parting day,
The lowing herd wind slowly o'er the lea,
The plowman homeward plods his weary way,
And leaves the world to darkness and to me."""
LONG = "\n".join([ELEGY] * 3)
SHORT = "\n".join(
    [
        "The sun is up",
        "And birds awake",
        "Come fill the cup",
        "For pity's sake",
        "We go",
        "Elephants remember everything",
    ]
    * 2
)


def test_a_text_resonates_wholly_with_itself() -> None:
    poem = scan(ELEGY, "en")
    found = resonance(poem, poem, np.random.default_rng(1))
    assert found.fidelity == pytest.approx(1)
    assert found.p == 1


def test_resonance_is_symmetric_and_bounded() -> None:
    one, other = scan(LONG, "en"), scan(SHORT, "en")
    there, back = (resonance(a, b, np.random.default_rng(1)) for a, b in ((one, other), (other, one)))
    assert there.fidelity == pytest.approx(back.fidelity)
    assert 0 <= there.fidelity < 1
    assert -1 <= there.cosine <= 1


def test_texts_of_unlike_lines_are_told_apart_by_the_null() -> None:
    assert resonance(scan(LONG, "en"), scan(SHORT, "en"), np.random.default_rng(1)).p < 0.05


def test_a_line_has_the_profile_counted_by_hand() -> None:
    (line,) = scan("The curfew tolls the knell of parting day", "en").lines
    assert profile(line) == [10, 0.5, 2, 1, 1.25, 3.4, False]
    assert len(profile(line)) == len(FEATURES)


def test_too_few_lines_are_refused_with_what_is_needed() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        resonance(scan("one line", "en"), scan(ELEGY, "en"), np.random.default_rng(1))
