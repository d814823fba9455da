"""The README lists the limits that hold, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

import qbtc.qcs
from qbtc.qcs import limits
from qbtc.qcs.asked import RunCircuit
from qbtc.qcs.circuits import MAX_SOURCE, Job, refuse
from qbtc.qcs.errors import CircuitTooLarge
from qbtc.qcs.settings import QcsSettings

README = Path(qbtc.qcs.__file__).with_name("README.md")


def test_the_readme_lists_the_limits_as_they_are() -> None:
    assert limits.listed() in README.read_text(encoding="utf-8"), "put there what `python -m qbtc.qcs.limits` prints"


def test_a_list_follows_the_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CHANNELS", 7)
    assert "7 channels in a circuit" in limits.listed()


def test_a_source_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(CircuitTooLarge, match="the source has 500001 characters") as refused:
        refuse(Job("x" * (MAX_SOURCE + 1), 1, 1), QcsSettings())
    assert refused.value.allowed == MAX_SOURCE
    assert RunCircuit.model_json_schema()["properties"]["source"]["maxLength"] == MAX_SOURCE
