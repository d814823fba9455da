"""The table of methods: what HTTP, bus and command line share."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest

from qbtc.kit.errors import BadInput
from qbtc.qcs.errors import BadStatistic
from qbtc.qcs.statistics import child
from qbtc.qcs.statistics.methods import METHODS, compute, read

HEAVY = ("scipy", "arch", "statsmodels", "hmmlearn", "sklearn", "pandas", "numba", "ruptures")


@pytest.mark.parametrize("name", METHODS)
def test_the_example_of_every_method_is_answered_in_words_and_json(name: str) -> None:
    found = compute(name, METHODS[name].example)
    assert found["method"] == name
    assert str(found["words"]).endswith(".")
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize("name", METHODS)
def test_every_input_is_a_field_of_its_body(name: str) -> None:
    method = METHODS[name]
    assert set(method.inputs) <= set(method.body.model_fields)
    assert method.example.keys() <= method.body.model_fields.keys()


def test_importing_the_table_imports_no_heavy_library() -> None:
    code = f"import sys, qbtc.qcs.statistics.desk; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


FIRST = {name: METHODS[name].inputs[0] for name in METHODS if not METHODS[name].table or len(METHODS[name].inputs) > 1}


@pytest.mark.parametrize("name", FIRST)
def test_a_value_that_is_not_a_number_is_named_with_its_place(name: str) -> None:
    example = dict(METHODS[name].example)
    example[FIRST[name]] = [*example[FIRST[name]][:3], math.nan, *example[FIRST[name]][4:]]
    with pytest.raises(BadStatistic, match="value 3 is nan"):
        compute(name, example)


CONSTANT = [n for n in FIRST if n not in {"har", "risk-backtest", "compare", "spa", "bayes"}]


@pytest.mark.parametrize("name", CONSTANT)
def test_a_constant_series_is_refused_in_plain_words(name: str) -> None:
    example = dict(METHODS[name].example)
    example[FIRST[name]] = [1.5] * len(example[FIRST[name]])
    with pytest.raises(BadStatistic, match=r"all .* values are equal"):
        compute(name, example)


@pytest.mark.parametrize("name", FIRST)
def test_too_few_values_are_refused_with_how_many_are_needed(name: str) -> None:
    example = dict(METHODS[name].example)
    example[FIRST[name]] = example[FIRST[name]][:2]
    with pytest.raises(BadStatistic, match=r"allowed|needed|rows for"):
        compute(name, example)


def test_an_unknown_method_is_refused_with_those_that_exist() -> None:
    with pytest.raises(BadStatistic, match="no method 'garhc'") as refused:
        compute("garhc", {})
    assert "garch" in (refused.value.allowed or [])


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "values: is missing"),
        ({"values": [1.0], "famly": "garch"}, "famly"),
        ({"values": [1.0], "family": "figarch"}, "family"),
        ({"values": [0.0] * 200_001}, "200000"),
        ({"values": [1.0, None]}, "values.1"),
    ],
)
def test_parameters_that_are_not_allowed_are_named(parameters: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read("garch", parameters)  # type: ignore[arg-type]


def test_the_child_answers_and_refuses_line_by_line() -> None:
    good = child.answer(json.dumps({"method": "compare", "parameters": METHODS["compare"].example}))
    assert good["answer"]["method"] == "compare"  # type: ignore[index, call-overload]
    bad = child.answer(json.dumps({"method": "hurst", "parameters": {"values": [1.0, 2.0]}}))
    assert bad["refused"]["kind"] == "statistic"  # type: ignore[index, call-overload]
    assert "2 values; allowed: 128" in str(bad["refused"])
