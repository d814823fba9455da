"""Text features follow a memory, with the session's velocity and the scope's novelty."""

from __future__ import annotations

import pytest
from tests.system.cio.conftest import NOW, Cio, unit

from qbtc.cio import describing
from qbtc.cio.adapters.text_states import Undescribed
from qbtc.cio.describing import Described, Describer, Describing, Known, describe
from qbtc.contracts.basis26 import INDEX
from qbtc.core.hilbert.types import Real
from qbtc.core.language.text26 import TextState, formula, session_states, text_state

pytestmark = pytest.mark.asyncio

ANA, BEA = "ana:viewer", "bea:viewer"
TALK = ["The market is calm today.", "It crashed! We lost money, maybe all of it.", "The market is calm today."]


async def keep(cio: Cio, token: str, text: str, **rest: object) -> str:
    answer = await cio.http.post("/memories", json={"text": text, "scope": "talk", **rest}, headers=cio.as_(token))
    return str(answer.json()["memory_id"])


async def shown(cio: Cio, token: str, key: str) -> dict[str, object] | None:
    found: dict[str, object] | None = (await cio.http.get(f"/memories/{key}", headers=cio.as_(token))).json()["features"]
    return found


async def describe_all(cio: Cio) -> None:
    task = Describing(cio.store, cio.keeper.undescribed)
    while await task.once():
        pass


def numbers(view: dict[str, object] | None, what: str) -> list[float | None]:
    assert view is not None
    return [d[what] for d in view["dimensions"]]  # type: ignore[attr-defined]


async def test_features_are_pending_and_then_those_of_the_session_in_order(cio: Cio) -> None:
    keys = [await keep(cio, ANA, text, session="s") for text in TALK]
    assert await shown(cio, ANA, keys[0]) is None
    assert (await cio.http.get("/scopes/talk", headers=cio.as_(ANA))).json()["pending_features"] == 3
    await describe_all(cio)
    views = [await shown(cio, ANA, key) for key in keys]
    without_n = session_states(TALK)
    for view, expected in zip(views, without_n, strict=True):
        assert view is not None and view["formula"] == formula() and view["language"] == "en"
        for letter in "ABEVY":
            i = INDEX[letter]
            assert numbers(view, "z")[i] == expected.z[i] and numbers(view, "v")[i] == expected.v[i]
    assert (await cio.http.get("/scopes/talk", headers=cio.as_(ANA))).json()["pending_features"] == 0


async def test_novelty_compares_with_earlier_memories_of_the_same_owner_and_scope_only(cio: Cio) -> None:
    first, again = [await keep(cio, ANA, TALK[0]) for _ in range(2)]
    elsewhere, other = await keep(cio, BEA, TALK[0]), await keep(cio, ANA, TALK[0], scope="other")
    await describe_all(cio)
    n = INDEX["N"]
    assert numbers(await shown(cio, ANA, again), "value")[n] == pytest.approx(0.0, abs=1e-9)
    for token, key in ((ANA, first), (BEA, elsewhere), (ANA, other)):
        assert numbers(await shown(cio, token, key), "value")[n] is None


async def test_one_after_another_or_all_at_once_gives_the_same_states(cio: Cio) -> None:
    slowly = []
    for text in TALK:
        slowly.append(await keep(cio, ANA, text, session="s"))
        await describe_all(cio)
    at_once = [await keep(cio, BEA, text, session="s") for text in TALK]
    await describe_all(cio)
    for a, b in zip(slowly, at_once, strict=True):
        one, two = await shown(cio, ANA, a), await shown(cio, BEA, b)
        assert one is not None and two is not None and one["state_hash"] == two["state_hash"]


async def test_features_go_with_the_memory(cio: Cio) -> None:
    key = await keep(cio, ANA, TALK[0])
    await describe_all(cio)
    await cio.http.delete(f"/memories/{key}", headers=cio.as_(ANA))
    assert await cio.store.fetch("SELECT 1 FROM text_states", user="ana") == []


async def test_a_market_moment_has_no_features_of_its_wording(cio: Cio) -> None:
    key = await keep(cio, ANA, "BTCUSDT at 61,000", kind="market", scope="market", state=unit(1.0), happened_at=NOW.isoformat())
    await describe_all(cio)
    assert await shown(cio, ANA, key) is None


async def test_a_text_that_an_extractor_fails_on_is_marked_and_holds_up_nobody(cio: Cio, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [await keep(cio, ANA, text, session="s") for text in TALK]

    def failing(portion: list[Undescribed], known: Known) -> Described:
        return describe(portion, known, fails_on(TALK[1]))

    monkeypatch.setattr(describing, "describe", failing)
    await describe_all(cio)
    shown_states = [await shown(cio, ANA, key) for key in keys]
    assert [state is None for state in shown_states] == [False, True, False]
    counts = (await cio.http.get("/scopes/talk", headers=cio.as_(ANA))).json()
    assert (counts["pending_features"], counts["failed_features"]) == (0, 1)


def fails_on(bad: str) -> Describer:
    def state_of(text: str, previous: TextState | None, /, *, earlier: Real) -> TextState:
        if text == bad:
            raise RecursionError("too deep")
        return text_state(text, previous, earlier=earlier)

    return state_of
