"""Random syntax trees: what is printed parses to the same tree, and loading it ends or is refused."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.qcs.qasm.trees import source

from qbtc.qcs.domain.qasm import Limits, QasmError, Setting, load, parse_text
from qbtc.qcs.domain.qasm.printer import printed

SEEDS = st.integers(0, 10**12)


@settings(max_examples=examples(300), deadline=None)
@given(SEEDS)
def test_a_random_tree_is_printed_and_parsed_to_the_same_tree(seed):
    tree = source(seed)
    assert parse_text(printed(tree)) == tree


@settings(max_examples=examples(200), deadline=None)
@given(SEEDS)
def test_no_random_tree_raises_anything_but_a_refusal(seed):
    with contextlib.suppress(QasmError):
        load(printed(source(seed)), Setting(limits=Limits(operations=200, steps=500)))


@pytest.mark.parametrize(
    "text",
    [
        "duration a = durationof({@note\nx q;\ny q;});",
        "duration a = durationof({y q; pragma b\n});",
        "b = a[1:, 2];",
        "b = a[:, :2, 0:2:4];",
    ],
)
def test_what_ends_with_its_line_and_open_ranges_print_back(text):
    tree = parse_text(text)
    assert parse_text(printed(tree)) == tree
