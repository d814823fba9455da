"""Scansion against lines that were scanned by hand, on authors that were not looked at when prices and lists were made."""

from __future__ import annotations

import pytest
from bench.sonnets import folder, held_out, sonnets

from qbtc.core.language.prosody import scan


def share_right(*, held: bool) -> float:
    if not folder().is_dir():
        pytest.skip(f"no hand-scanned sonnets in {folder()}: set QBTC_DATA")
    right = total = 0
    for sonnet in sonnets():
        if held_out(sonnet.author) == held:
            found = [line.stresses for line in scan(sonnet.text, "es").lines]
            right += sum(a == b for a, b in zip(found, sonnet.beats, strict=True))
            total += len(found)
    return right / total


def test_lines_of_authors_held_apart_are_scanned_as_by_hand() -> None:
    assert share_right(held=True) >= 0.957  # measured: 0.960


def test_lines_of_the_development_authors_are_not_fitted_closer_than_that() -> None:
    assert 0.957 <= share_right(held=False) <= share_right(held=True) + 0.02
