"""The syntax alone: the same programs are accepted and refused as by the language's reference parser; no text crashes."""

import contextlib
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.every import every
from tests.sizes import examples
from tests.unit.qcs.qasm.test_language import FEEDBACK, FLAT, HEAD

from qbtc.qcs.domain.qasm import Limits, QasmError, Setting, load, parse_text
from qbtc.qcs.domain.qasm.printer import printed
from qbtc.testing.data import DATA

CORPUS = [HEAD + body for body, _ in (FLAT | FEEDBACK).values()]
WORDS = [
    "qubit", "bit", "int", "[", "]", "(", ")", "{", "}", ";", ",", "=", "->", "measure", "x", "q", "c", "0", "1", "2.5", "ctrl", "@",
    "if", "else", "for", "in", ":", "while", "def", "gate", "return", "const", "let", "++", "+", "-", "**", "==", "<<", "!", "~",
    "true", '"01"', "10ns", "im", "2 im", "reset", "barrier", "delay", "box", "switch", "case", "default", "array", "angle", "pi",
    "pow", "inv", "gphase", "input", "output", "extern", "end", "break", "cal", "defcal", "@note", "pragma a", "$0", "#dim", "readonly",
]  # fmt: skip
LATER = (
    "nop",
    "return",
    "break",
    "continue",
    "def ",
    "qubit",
    "qreg",
    "gate",
    "++",
    "extern",
    "input",
    "output",
    "include",
    "cal",
)
"""Words of rules that the reference parser's release has otherwise: context of statements and later grammar."""


def accepts(source: str) -> bool:
    try:
        parse_text(source)
    except QasmError:
        return False
    return True


def reference_accepts(source: str) -> bool | None:
    """None where the reference's own tree builder fails on what its grammar accepts."""
    reference = pytest.importorskip("openqasm3.parser", reason="the extra dev (openqasm3[parser]) is not installed")
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            reference.parse(source)
        except reference.QASM3ParsingError:
            return False
        except Exception:
            return None
    return True


def mutated(source: str, rng: random.Random) -> str:
    """One token dropped, doubled, swapped with the next or replaced."""
    words = (
        source.replace(";", " ; ")
        .replace("[", " [ ")
        .replace("]", " ] ")
        .replace("(", " ( ")
        .replace(")", " ) ")
        .split(" ")
    )
    at = rng.randrange(len(words))
    change = rng.randrange(4)
    if change == 0:
        del words[at]
    elif change == 1:
        words.insert(at, words[at])
    elif change == 2:
        words[at : at + 2] = reversed(words[at : at + 2])
    else:
        words[at] = rng.choice(WORDS)
    return " ".join(words)


@pytest.mark.parametrize("source", CORPUS[:: 1 if examples(40) == 40 else 6])
def test_the_corpus_is_accepted_as_by_the_reference(source):
    assert accepts(source)
    assert reference_accepts(source) is not False


def test_mutations_are_accepted_and_refused_as_by_the_reference():
    rng = random.Random(7)
    compared = 0
    for _ in range(examples(120)):
        source = mutated(rng.choice(CORPUS), rng)
        expected = reference_accepts(source)
        if expected is None or (not expected and accepts(source) and any(word in source for word in LATER)):
            continue
        compared += 1
        assert accepts(source) == expected, source
    assert compared > examples(120) // 3


@every("source", CORPUS)
def test_what_is_printed_parses_to_the_same_tree(source):
    tree = parse_text(source)
    assert parse_text(printed(tree)) == tree


@pytest.mark.skipif(not (DATA / "qasm").exists(), reason=f"no circuits in {DATA}; set QBTC_DATA")
def test_files_of_version_two_print_back_to_the_same_tree():
    for path in sorted((DATA / "qasm").glob("*.qasm")):
        tree = parse_text(path.read_text())
        assert parse_text(printed(tree)) == tree, path.name


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_no_sequence_of_words_raises_anything_but_a_refusal(text):
    with contextlib.suppress(QasmError):
        load(text, Setting(limits=Limits(operations=200, steps=500)))


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", "OPENQASM 2.0;", "OPENQASM 3.0;"]))
def test_no_text_raises_anything_but_a_refusal(text, header):
    with contextlib.suppress(QasmError):
        load(header + text, Setting(limits=Limits(operations=200, steps=500)))


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 10**9))
def test_no_mutation_of_a_program_raises_anything_but_a_refusal(seed):
    rng = random.Random(seed)
    source = mutated(mutated(rng.choice(CORPUS), rng), rng)
    with contextlib.suppress(QasmError):
        load(source, Setting(limits=Limits(operations=2000, steps=5000)))


@settings(max_examples=examples(300), deadline=None)
@given(st.integers(0, 10**9))
def test_whatever_parses_prints_back_to_the_same_tree(seed):
    rng = random.Random(seed)
    source = mutated(rng.choice(CORPUS), rng)
    with contextlib.suppress(QasmError):
        tree = parse_text(source)
        assert parse_text(printed(tree)) == tree, source
