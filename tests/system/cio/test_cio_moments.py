"""Market moments: kept by rule, judged by what followed, told to the others."""

from __future__ import annotations

import math

import pytest
from tests.system.cio.conftest import NOW, Cio, unit

from qbtc.cio.domain.moments import SECOND, Bar
from qbtc.cio.observing import Observer, Outside
from qbtc.cio.service import rules_of
from qbtc.cio.settings import CioSettings
from qbtc.contracts import SCHEMA_HASH, Envelope, MarketMode, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.tools import ToolFinished
from qbtc.contracts.trading import OrderEvent, Signal
from qbtc.kit.store.pool import Connection

pytestmark = pytest.mark.asyncio

START = 1_700_000_000


def bar(
    second: int,
    *leading: float,
    session: str = "s1",
    regime: str = "calm",
    changed: bool = False,
    informative: bool = True,
) -> QuantumState:
    real, imaginary = unit(*(leading or (1.0,)))
    flat = (1 / 26,) * 26
    state = SymbolState(
        symbol="BTCUSDT",
        state_id=f"q{second}",
        state_hash="h",
        informative=informative,
        intensity=2.0,
        real=real,
        imaginary=imaginary,
        present=(True,) * 26,
        diagonal=flat,
        coherence_l1=0,
        coherence_relative=0,
        coherence=0,
        purity=1,
        entropy=0,
        effective_rank=1,
        participation=1,
        shrinkage=0,
        regime=regime,
        regime_probabilities={regime: 1.0},
        regime_changed=changed,
    )
    return QuantumState(
        bar_end=(START + second) * SECOND,
        bar=second,
        session=session,
        mode=MarketMode.REPLAY,
        schema_hash=SCHEMA_HASH,
        states=(state,),
    )


async def see(cio: Cio, *bars_seen: QuantumState) -> list[Reflection]:
    made: list[Reflection] = []
    for one in bars_seen:
        async with cio.store.transaction() as conn:
            made += await cio.observer.observe(conn, one)
    return made


def path(seconds: int, *, slope: float) -> list[Bar]:
    """A price that grows by `slope` a second with a small ripple."""
    return [Bar((START + s) * SECOND, 100.0 * (1 + slope * s + 1e-5 * math.sin(s))) for s in range(seconds + 1)]


async def silent(_conn: Connection, _key: str, _body: Message) -> None:
    """Nobody listens."""


async def reasons(cio: Cio) -> list[str]:
    rows = await cio.store.fetch("SELECT reason FROM moments ORDER BY bar_end")
    return [row["reason"] for row in rows]


async def test_a_minute_a_regime_and_a_fill_make_moments_and_ordinary_bars_do_not(cio: Cio) -> None:
    fill = OrderEvent.model_validate(
        {
            "client_order_id": "o1",
            "symbol": "BTCUSDT",
            "side": "BUY",
            "type": "MARKET",
            "quantity": "1",
            "status": "filled",
            "at": START * SECOND,
            "fill_price": "100",
            "fill_quantity": "1",
        }
    )
    await see(cio, *(bar(s) for s in range(62)), bar(70, changed=True, regime="storm"))
    async with cio.store.transaction() as conn:
        await cio.bus.orders(
            conn, Envelope(id="0", source="hft", type="hft.order.filled", time=NOW, dataschema="x", data={}), fill
        )
    await see(cio, bar(80), bar(81))
    assert await reasons(cio) == ["first", "minute", "regime", "fill"]
    kinds = await cio.store.fetch("SELECT kind, count(*) AS n FROM memories GROUP BY 1 ORDER BY 1")
    assert [(r["kind"], r["n"]) for r in kinds] == [("market", 4), ("trade", 1)]


async def test_a_regime_change_inside_the_least_gap_is_kept_when_the_gap_is_over(cio: Cio) -> None:
    await see(cio, bar(0), bar(2, changed=True), bar(3), bar(5))
    assert await reasons(cio) == ["first", "regime"]


async def test_a_state_without_information_is_no_moment(cio: Cio) -> None:
    assert await see(cio, bar(0, informative=False)) == []


async def test_without_prices_the_moment_is_kept_and_the_reflection_says_there_is_not_enough(cio: Cio) -> None:
    [reflection] = await see(cio, bar(0))
    assert (reflection.sample, reflection.confidence, reflection.bias) == (0, 0.0, 0.0)
    assert "not enough earlier moments" in reflection.text_en
    assert [key for key, _ in cio.sent] == ["cio.memory.reflected"]
    text = (await cio.store.fetch("SELECT text FROM memories"))[0]["text"]
    assert "unknown price" in text


async def test_rises_that_followed_alike_moments_give_a_bias_with_evidence_and_a_signal(cio: Cio) -> None:
    cio.prices.known = path(700, slope=1e-5)
    made = await see(cio, *(bar(60 * i, 1.0, 0.1 * i) for i in range(10)))
    last = made[-1]
    assert last.sample == 9
    assert last.bias > 0.9
    assert 0.9 < last.confidence <= 1
    moments = {str(r["memory_id"]) for r in await cio.store.fetch("SELECT memory_id FROM moments")}
    assert set(last.evidence) < moments
    assert last.moment_id not in last.evidence
    signals = [body for key, body in cio.sent if key == "hft.trading.signal"]
    assert isinstance(signals[-1], Signal)
    assert signals[-1].valid_until == (START + 540 + 30) * SECOND
    stored = (await cio.http.get("/reflections", headers=cio.as_("ana:viewer"))).json()["items"]
    assert stored[0] == last.model_dump(mode="json") | {"private": False, "rejected": None, "parts": []}
    assert len(stored) == 10


async def test_what_followed_is_the_close_at_the_horizon(cio: Cio) -> None:
    cio.prices.known = path(120, slope=1e-5)
    await see(cio, bar(0), bar(60))
    row = (await cio.store.fetch("SELECT price, followed FROM moments ORDER BY bar_end LIMIT 1"))[0]
    at = {b.end: b.close for b in cio.prices.known}
    assert row["price"] == at[START * SECOND]
    assert row["followed"] == pytest.approx(at[(START + 30) * SECOND] / row["price"] - 1)


async def test_another_session_of_a_replay_is_not_asked(cio: Cio) -> None:
    cio.prices.known = path(1500, slope=1e-5)
    await see(cio, *(bar(60 * i) for i in range(8)))
    [reflection] = await see(cio, bar(1200, session="s2"))
    assert reflection.sample == 0


async def test_a_restart_goes_on_where_the_rows_stand(cio: Cio) -> None:
    await see(cio, bar(0))
    restarted = Observer(rules_of(CioSettings()), Outside(cio.keeper, cio.states, cio.prices, silent))
    async with cio.store.transaction() as conn:
        assert await restarted.observe(conn, bar(10)) == []
    assert await reasons(cio) == ["first"]


async def test_erasing_a_moment_takes_the_reflections_that_rest_on_it(cio: Cio) -> None:
    cio.prices.known = path(700, slope=1e-5)
    made = await see(cio, *(bar(60 * i) for i in range(8)))
    gone = made[-1].evidence[0]
    answer = await cio.http.delete(f"/memories/{gone}", headers=cio.as_("root:admin"))
    assert answer.status_code == 204
    rows = await cio.store.fetch("SELECT evidence, moment_id::text AS moment FROM reflections")
    assert all(gone not in row["evidence"] and row["moment"] != gone for row in rows)


async def test_tool_results_are_kept_for_their_person_only(cio: Cio) -> None:
    result = ToolFinished(
        conversation="c1", turn="t", call_id="k", tool="market_price", ok=True, milliseconds=1, result={"price": "1"}
    )
    envelope = Envelope(id="0", source="ce3", type="ce3.tools.finished", time=NOW, dataschema="x", data={})
    for user in ("ana", None):
        async with cio.store.transaction(user=user) as conn:
            await cio.bus.tools(conn, envelope, result)
    for user, expected in (("ana", ['market_price: {"price": "1"}']), ("bea", [])):
        rows = await cio.store.fetch("SELECT text FROM memories", user=user)
        assert [row["text"] for row in rows] == expected
