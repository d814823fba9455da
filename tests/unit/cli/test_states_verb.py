"""`qbtc states`: what it asks of QCS and what it shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qbtc.cli import states as verb
from qbtc.contracts.basis26 import LETTERS
from qbtc.contracts.quantum import FindStates
from qbtc.core.language.text26 import text_state
from qbtc.qcs.asking import MakeState
from qbtc.qcs.texts import described

ID = "018f0000-0000-7000-8000-000000000001"
STATE = {
    "bar_end": "1723161254000000000", "symbol": "BTCUSDT", "regime": "calm", "intensity": 4.25, "novelty": None,
    "state_id": ID, "signed": -0.5, "fidelity": 0.31, "intensity_ratio": 1.5,
}  # fmt: skip


class Qcs:
    """Answers with one state and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, object]] = []
        self.items = [STATE]

    def __call__(
        self, method: str, path: str, body: object = None, *, seconds: float = 1.0, service: str = "hft", user: str = "cli"
    ) -> object:
        assert service == "qcs"
        self.asked.append((method, path, body))
        if path == "/states":
            made = {"state_id": ID, "label": "calm", "state_hash": "ab" * 32, "intensity": 2.5, "user": user}
            return made | {"text": described(text_state("We will not sell it.", language="en"))}
        return {"items": self.items}


@pytest.fixture
def qcs(monkeypatch: pytest.MonkeyPatch) -> Qcs:
    found = Qcs()
    monkeypatch.setattr(verb, "call", found)
    return found


def run(*arguments: str) -> str:
    done = CliRunner().invoke(verb.states, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_the_newest_states_are_listed_with_time_regime_and_id(qcs: Qcs) -> None:
    out = run("list", "--symbol", "btcusdt", "--limit", "3")
    assert out.split() == ["2024-08-08", "23:54:14", "BTCUSDT", "calm", "4.25", "-", ID]
    assert qcs.asked == [("GET", "/states?limit=3&symbol=BTCUSDT", None)]
    assert json.loads(run("list", "--json")) == [STATE]


def test_a_search_by_symbol_asks_for_moments_a_minute_apart(qcs: Qcs) -> None:
    out = run("search", "btcusdt", "-k", "3", "--in", "ethusdt")
    assert "signed -0.500  fidelity  0.310  intensity x1.50" in out
    method, path, body = qcs.asked[0]
    assert (method, path) == ("POST", "/states/search")
    find = FindStates.model_validate(body)
    assert (find.symbol, find.k, find.apart, find.symbols, find.measure) == ("BTCUSDT", 3, 60, ("ETHUSDT",), "signed")


def test_a_search_by_id_asks_for_that_state(qcs: Qcs) -> None:
    run("search", ID, "--measure", "fidelity", "--apart", "0")
    find = FindStates.model_validate(qcs.asked[0][2])
    assert (find.state_id, find.symbol, find.apart, find.measure) == (ID, None, 0, "fidelity")
    assert json.loads(run("search", ID, "--json")) == {"items": [STATE]}


def test_nothing_found_says_why(qcs: Qcs) -> None:
    qcs.items = []
    assert "--apart 0 also finds" in run("search", "BTCUSDT")
    assert "No states are stored" in run("list")


def test_a_state_is_shown_by_its_id_only(qcs: Qcs) -> None:
    run("show", ID)
    assert qcs.asked == [("GET", f"/states/{ID}", None)]
    refused = CliRunner().invoke(verb.states, ["show", "BTCUSDT"])
    assert refused.exit_code == 2
    assert "is not a state id" in refused.output


def test_a_text_is_shown_as_its_26_numbers_and_kept_and_compared_as_asked(qcs: Qcs, tmp_path: Path) -> None:
    out = run("text", "We will not sell it.")
    assert [line[0] for line in out.splitlines()[:26]] == list(LETTERS)
    assert "A  Advance" in out and "mean valence of words" in out
    assert "language en, intensity 2.500, hash abababababababab" in out
    assert qcs.asked == [("POST", "/states", {"text": "We will not sell it."})]
    (tmp_path / "said.txt").write_text("No venderemos.", encoding="utf-8")
    out = run("text", str(tmp_path / "said.txt"), "--language", "es", "--keep", "calm", "--nearest", "2", "--user", "ana")
    assert f"kept as 'calm': {ID}" in out
    assert "signed -0.500  2024-08-08 23:54:14  BTCUSDT" in out
    said = {"text": "No venderemos.", "language": "es"}
    assert qcs.asked[1:] == [("POST", "/states", said | {"label": "calm"}), ("POST", "/states/search", said | {"k": 2})]
    for _, path, body in qcs.asked:
        (MakeState if path == "/states" else FindStates).model_validate(body)
    found = json.loads(run("text", "We will not sell it.", "--nearest", "1", "--json"))
    assert found["user"] == "admin" and found["nearest"] == [STATE]


def test_a_text_that_is_empty_is_refused_at_the_prompt(qcs: Qcs) -> None:
    done = CliRunner().invoke(verb.states, ["text", " "])
    assert done.exit_code == 1 and "The text is empty" in done.output
    assert qcs.asked == []
