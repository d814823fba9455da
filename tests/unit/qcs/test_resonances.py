"""Verse on request: what is answered over HTTP and over the bus, and what is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from qbtc.contracts import Role
from qbtc.contracts.quantum import QuantumCompute
from qbtc.kit.errors import BadInput
from qbtc.kit.health import Health
from qbtc.kit.http import create_app
from qbtc.kit.security import Tokens, ensure_keys
from qbtc.qcs.api.bus import _computed
from qbtc.qcs.api.resonance import router
from qbtc.qcs.errors import LanguageUntold, TooFewLines, TooManyLines
from qbtc.qcs.resonances import EXAMPLE, LIRA, MOST_CHARACTERS, MOST_LINES, AskResonance, answer, asked

ENDPOINT = router().routes[0].endpoint  # type: ignore[attr-defined]


async def test_a_stanza_is_scanned_measured_and_judged_over_http() -> None:
    found = await ENDPOINT(AskResonance(text=EXAMPLE))
    assert [line["syllables"] for line in found["lines"]] == [8, 8, 8, 8]
    assert found["stanzas"][0]["name"] == "redondilla"
    assert found["verse_probability"] > 0.8
    assert set(found["measures"]["texture"]) == {"alliteration", "assonance", "consonance"}
    assert found["other"] is found["resonance"] is None


async def test_the_bus_answers_the_same_as_http() -> None:
    body = {"text": EXAMPLE, "other": LIRA, "language": "es", "seed": 1}
    over_http = await ENDPOINT(AskResonance(**body))
    over_bus = await _computed(QuantumCompute(kind="resonance", parameters=body), None)  # type: ignore[arg-type]
    assert over_bus == over_http
    assert 0 < over_http["resonance"]["fidelity"] <= 1
    assert over_http["other"]["language"] == "es"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "  \n"}, "text"), ({"text": "a" * (MOST_CHARACTERS + 1)}, "text"), ({"language": "fi"}, "language"),
        ({"permutations": 1}, "permutations"), ({"seed": -1}, "seed"), ({"poem": "x"}, "poem"),
    ],
)  # fmt: skip
def test_a_request_that_is_not_allowed_names_its_field(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError):
        AskResonance(**{"text": EXAMPLE, **wrong})
    with pytest.raises(BadInput) as caught:
        asked({"text": EXAMPLE, **wrong})  # type: ignore[dict-item]
    assert caught.value.field == field


def test_words_that_do_not_tell_their_language_need_it_said() -> None:
    with pytest.raises(LanguageUntold) as caught:
        answer(AskResonance(text="Bagdad"))
    assert (caught.value.field, caught.value.allowed) == ("language", ["en", "es"])
    assert answer(AskResonance(text="Bagdad", language="es"))["verse_probability"] is None


def test_too_many_lines_and_too_few_for_a_resonance_are_refused() -> None:
    with pytest.raises(TooManyLines) as many:
        answer(AskResonance(text="\n".join(["que a"] * (MOST_LINES + 1))))
    assert (many.value.field, many.value.allowed) == ("text", MOST_LINES)
    with pytest.raises(TooFewLines) as few:
        answer(AskResonance(text=EXAMPLE, other="que por mayo era, por mayo"))
    assert (few.value.field, few.value.allowed) == ("other", 4)


def test_the_same_seed_gives_the_same_answer() -> None:
    one, again = (answer(AskResonance(text=EXAMPLE, other=LIRA, seed=3)) for _ in range(2))
    assert one == again


async def test_over_http_a_token_is_needed_and_a_refusal_is_a_problem_with_its_slug(tmp_path: Path) -> None:
    tokens = Tokens(ensure_keys(tmp_path), "web", "local")
    app = create_app("QCS", health=Health("qcs", "0"), tokens=tokens)
    app.include_router(router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://qcs") as people:
        assert (await people.post("/resonance", json={"text": EXAMPLE})).status_code == 401
        people.headers["Authorization"] = f"Bearer {tokens.sign('ana', Role.VIEWER, seconds=300)}"
        assert (await people.post("/resonance", json={"text": EXAMPLE})).json()["lines"][0]["rhyme"] == "a"
        refused = await people.post("/resonance", json={"text": "Bagdad"})
        assert (refused.status_code, refused.json()["type"]) == (400, "urn:qbtc:problem:language-untold")
        wrong = await people.post("/resonance", json={"text": EXAMPLE, "permutations": 1})
        assert (wrong.status_code, wrong.json()["field"]) == (400, "permutations")
        described = app.openapi()["components"]["schemas"]["AskResonance"]
        assert described["examples"][0]["text"] == EXAMPLE
