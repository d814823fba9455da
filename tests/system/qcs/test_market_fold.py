"""Bars through the real database and cache: once in effect, restart without a seam, invalid states refused."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import numpy as np
import pytest
from psycopg.errors import CheckViolation
from redis.asyncio import Redis

from qbtc.contracts import MarketMode
from qbtc.contracts.basis26 import SCHEMA_HASH
from qbtc.contracts.trading import MarketState
from qbtc.kit.store import Store
from qbtc.qcs.adapters.repository import PostgresStates
from qbtc.qcs.adapters.screen import RedisScreen
from qbtc.qcs.domain.events import quantum_state
from qbtc.qcs.domain.folding import SessionFold
from qbtc.qcs.errors import BadState, MatrixGone, UnknownState
from qbtc.qcs.market import MarketFold, _bar
from qbtc.qcs.queries import Queries

SYMBOLS = ("BTCUSDT", "ETHUSDT")
START = 1_723_161_254_000_000_000


def bars(count: int, session: str = "s1") -> list[MarketState]:
    rng, z, out = np.random.default_rng(11), np.zeros((2, 26)), []
    for bar in range(count):
        z = np.clip(0.95 * z + 0.3 * rng.normal(size=z.shape), -5, 5)
        present = np.ones((2, 26), dtype=bool)
        present[:, [13, 14]] = False
        rows = tuple(tuple(r) for r in np.where(present, z, 0.0).tolist())
        out.append(
            MarketState(
                bar_end=START + bar * 10**9,
                bar=bar,
                session=session,
                mode=MarketMode.REPLAY,
                schema_hash=SCHEMA_HASH,
                symbols=SYMBOLS,
                values=rows,
                scores=rows,
                present=tuple(tuple(r) for r in present.tolist()),
                prices=(60000.0, 2600.0),
            )
        )
    return out


def fresh(store: Store, redis: Redis) -> MarketFold:
    return MarketFold(PostgresStates(store), RedisScreen(redis, seconds=60))


async def feed(fold: MarketFold, store: Store, market: MarketState):
    async with store.transaction() as conn:
        return await fold.handle(conn, market)


async def test_a_restart_in_the_middle_changes_no_bit(store, redis):
    stream = bars(140)
    twin = SessionFold()
    expected = [quantum_state(m, twin.fold(_bar(m))) for m in stream]
    fold = fresh(store, redis)
    found = []
    for i, market in enumerate(stream):
        if i in (1, 70, 125):
            fold = fresh(store, redis)
        found.append((await feed(fold, store, market))[0])
    assert found == expected
    assert [s.state_hash for e in found for s in e.states] == [s.state_hash for e in expected for s in e.states]


async def test_a_redelivered_or_late_bar_has_no_second_effect(store, redis):
    fold, stream = fresh(store, redis), bars(5)
    for market in stream:
        assert await feed(fold, store, market) is not None
    assert await feed(fold, store, stream[4]) is None
    assert await feed(fold, store, stream[2]) is None
    assert await feed(fresh(store, redis), store, stream[4]) is None
    assert len(await store.fetch("SELECT 1 FROM states")) == 10


async def test_a_rolled_back_bar_is_folded_again_to_the_same_numbers(store, redis):
    fold, stream = fresh(store, redis), bars(40)
    for market in stream[:39]:
        await feed(fold, store, market)
    with pytest.raises(ZeroDivisionError):
        async with store.transaction() as conn:
            first = await fold.handle(conn, stream[39])
            raise ZeroDivisionError
    assert await feed(fold, store, stream[39]) == first


async def test_a_new_session_starts_a_new_history(store, redis):
    fold = fresh(store, redis)
    for market in bars(40):
        await feed(fold, store, market)
    event, _ = await feed(fold, store, bars(1, session="s2")[0])
    assert event.states[0].novelty is None
    assert event.states[0].shrinkage == 1
    assert (await PostgresStates(store).latest())[0].session == "s2"


async def test_stored_states_read_back_equal_to_the_event(store, redis):
    fold = fresh(store, redis)
    event = None
    for market in bars(50):
        event, _ = await feed(fold, store, market)
    states = PostgresStates(store)
    assert [k.state for k in await states.latest()] == list(event.states)
    assert (await states.one(event.states[0].state_id)).state == event.states[0]
    assert [k.bar for k in await states.of_symbol("ETHUSDT", 3)] == [49, 48, 47]
    series = await Queries(states, RedisScreen(redis, seconds=60)).coherence("BTCUSDT", 10)
    assert [p["bar"] for p in series] == list(range(40, 50))


async def test_the_matrix_is_computed_again_from_its_window_until_the_window_is_gone(store, redis):
    fold, twin, event = fresh(store, redis), SessionFold(), None
    for market in bars(80):
        event, _ = await feed(fold, store, market)
        folded = twin.fold(_bar(market))
    states = PostgresStates(store)
    found = await states.matrix(event.states[1].state_id)
    assert found.rho.tobytes() == folded.window.rho[1].tobytes()
    await store.execute("DELETE FROM states WHERE bar = 50")
    if not await store.fetch("SELECT 1 FROM matrices WHERE state_id = %s", (event.states[1].state_id,)):
        with pytest.raises(MatrixGone, match="past their retention"):
            await states.matrix(event.states[1].state_id)
    with pytest.raises(UnknownState):
        await states.one("00000000-0000-7000-8000-000000000000")


async def test_an_invalid_state_is_refused_and_nothing_of_the_bar_is_written(store):
    market, fold = bars(1)[0], SessionFold()
    folded = fold.fold(_bar(market))
    event = quantum_state(market, folded)
    broken = folded.pure.psi.copy()
    broken[1] *= 2
    with pytest.raises(BadState, match="ETHUSDT at bar 0: norm is 2"):
        async with store.transaction() as conn:
            await PostgresStates(store).save(conn, event, replace(folded, pure=replace(folded.pure, psi=broken)))
    assert await store.fetch("SELECT 1 FROM states") == []


async def test_the_database_itself_refuses_bytes_of_the_wrong_length(store, redis):
    await feed(fresh(store, redis), store, bars(1)[0])
    with pytest.raises(CheckViolation):
        await store.execute("UPDATE states SET psi = %s", (b"short",))


async def test_a_message_of_another_basis_is_refused(store, redis):
    market = bars(1)[0].model_copy(update={"schema_hash": "0" * 16})
    with pytest.raises(BadState, match="is not this basis"):
        await feed(fresh(store, redis), store, market)


async def test_the_cache_has_a_time_to_live_and_is_rebuilt_after_a_flush(store, redis):
    listener = redis.pubsub()
    await listener.subscribe("qcs:stream:quantum.BTCUSDT")
    fold = fresh(store, redis)
    event, _ = await feed(fold, store, bars(1)[0])
    assert 0 < await redis.ttl("qcs:quantum:state:BTCUSDT") <= 60
    async with asyncio.timeout(5):
        async for message in listener.listen():
            if message["type"] == "message":
                break
    assert json.loads(message["data"])["state_hash"] == event.states[0].state_hash
    await listener.aclose()
    await redis.flushall()
    queries = Queries(PostgresStates(store), RedisScreen(redis, seconds=60))
    assert (await queries.newest("BTCUSDT"))["state_hash"] == event.states[0].state_hash
    assert await redis.ttl("qcs:quantum:state:BTCUSDT") > 0


async def test_a_cache_that_is_away_does_not_stop_the_bars(store):
    away = Redis(unix_socket_path="/nonexistent/socket")
    assert await feed(fresh(store, away), store, bars(1)[0]) is not None


async def test_the_janitor_keeps_a_day_of_all_and_one_a_minute_for_ninety(store, redis):
    fold = fresh(store, redis)
    for market in bars(61):
        await feed(fold, store, market)
    states = PostgresStates(store)
    assert await states.purge(pure_hours=24, sampled_days=90) == 0
    await store.execute("UPDATE states SET created_at = now() - interval '25 hours'")
    await states.purge(pure_hours=24, sampled_days=90)
    left = await store.fetch("SELECT symbol, reference FROM states ORDER BY symbol")
    assert {row["symbol"] for row in left} == set(SYMBOLS)
    assert len(left) <= 4
    assert all(row["reference"] is not None for row in left)
    await store.execute("UPDATE states SET created_at = now() - interval '91 days'")
    await states.purge(pure_hours=24, sampled_days=90)
    assert await store.fetch("SELECT 1 FROM states") == []
