"""The guide to noise (noise.md) does what it says: its snippets run and print what they should."""

from __future__ import annotations

import contextlib
import io

import pytest
from tests.unit.docs.test_docs import FENCE, ROOT

from qbtc.qcs.domain.noise.reading import KINDS

PAGE = ROOT / "docs/guide/qcs/noise.md"


@pytest.fixture(scope="module")
def printed() -> list[list[str]]:
    """What each snippet of the page prints, by lines; later ones see the names of earlier ones."""
    names: dict[str, object] = {}
    found = []
    for body in [body for kind, body in FENCE.findall(PAGE.read_text()) if kind == "python"]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(body, str(PAGE), "exec"), names)
        found.append(out.getvalue().splitlines())
    return found


def test_the_first_snippet_prints_the_exact_probabilities_of_a_noisy_pair(printed: list[list[str]]) -> None:
    engine, probabilities = printed[0]
    assert engine.startswith("density - noise, 2 qubits")
    found = eval(probabilities)
    assert set(found) == {"00", "01", "10", "11"}
    assert sum(found.values()) == pytest.approx(1, abs=2e-4)
    assert 0.05 < found["01"] + found["10"] < 0.15


def test_a_noisy_chain_beyond_the_density_matrix_goes_to_trajectories(printed: list[list[str]]) -> None:
    [line] = printed[1]
    assert line.startswith("trajectories - ")


def test_the_guide_names_every_kind_of_channel() -> None:
    text = PAGE.read_text()
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
